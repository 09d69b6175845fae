import { version } from 'node:process'

/** Of the Node that runs this, as it writes it: `v24.1.0`. */
export const nodeVersion: string = version
