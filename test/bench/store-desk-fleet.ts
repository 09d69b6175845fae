import { argv } from 'node:process'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { DAY } from '../../src/core/time.ts'
import { deskFleet } from './desk-fleet.ts'
import { storeFleet } from './known-fleet.ts'

// Arguments: database, terminals, clients, terminals that need attention. In a process of its own, so that what it
// takes in memory does not slow who measures.

const [, , path = '', terminals, clients, attention] = argv
const now = Date.now()
const load = { terminals: Number(terminals), clients: Number(clients), attention: Number(attention) }
await storeFleet(path, deskFleet(load, now), now)

// The source has been listened to for long, so that silence is silence and not what nobody could have heard.
const stores = await openSqliteStores({ path })
await stores.settings.set('sources', JSON.stringify([{ id: 'push', observedFrom: now - 100 * DAY }]))
await stores.close()
