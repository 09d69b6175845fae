import { argv } from 'node:process'
import { storeKnownFleet } from './known-fleet.ts'

// Arguments: database, terminals, clients (500 when absent). In a process of its own, so that what it takes in memory does not slow who measures.

const [, , path = '', terminals = '', clients = '500'] = argv
await storeKnownFleet(path, Number(terminals), Number(clients))
