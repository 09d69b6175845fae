import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { auditTrailContract } from '../../contract/audit-trail.ts'
import { flagStoreContract } from '../../contract/flag-store.ts'
import { fleetStoreContract } from '../../contract/fleet-store.ts'
import { outageStoreContract } from '../../contract/outage-store.ts'
import { outboxContract } from '../../contract/outbox.ts'
import { plannedWorkStoreContract } from '../../contract/planned-work-store.ts'
import { recipientStoreContract } from '../../contract/recipient-store.ts'
import { recordStoreContract } from '../../contract/record-store.ts'
import { retentionStoreContract } from '../../contract/retention-store.ts'
import { settingsStoreContract } from '../../contract/settings-store.ts'
import { uptimeStoreContract } from '../../contract/uptime-store.ts'

const create = async () => createMemoryStores()

fleetStoreContract('memory', async () => createMemoryStores().fleet)
flagStoreContract('memory', create)
outageStoreContract('memory', create)
plannedWorkStoreContract('memory', create)
uptimeStoreContract('memory', create)
outboxContract('memory', create)
recipientStoreContract('memory', create)
recordStoreContract('memory', create)
retentionStoreContract('memory', create)
auditTrailContract('memory', async () => createMemoryStores().audit)
settingsStoreContract('memory', async () => createMemoryStores().settings)
