import type { TerminalListenerOptions } from './hub.ts'

/** Why the port cannot be listened at, and what to do about it. */
export function reasonOf(error: NodeJS.ErrnoException, { id, host, port }: TerminalListenerOptions): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use: end the program that has it, or set port of source ${id} to another one`
    case 'EACCES':
      return `no right to listen on port ${port}: set port of source ${id} to one above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: set host of source ${id} to one of its addresses, or to 0.0.0.0 for all`
    default:
      return `cannot listen on ${host} port ${port}: ${error.message}`
  }
}
