import { argv } from 'node:process'
import { storeKnownFleet } from './known-fleet.ts'

// Arguments: database, terminals. In a process of its own, so that what it takes in memory does not slow who measures.

const [, , path = '', terminals = ''] = argv
await storeKnownFleet(path, Number(terminals))
