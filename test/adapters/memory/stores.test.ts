import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { fleetStoreContract } from '../../contract/fleet-store.ts'
import { outageStoreContract } from '../../contract/outage-store.ts'
import { outboxContract } from '../../contract/outbox.ts'
import { settingsStoreContract } from '../../contract/settings-store.ts'

fleetStoreContract('memory', async () => createMemoryStores().fleet)
outageStoreContract('memory', async () => createMemoryStores())
outboxContract('memory', async () => createMemoryStores().outbox)
settingsStoreContract('memory', async () => createMemoryStores().settings)
