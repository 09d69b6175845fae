import { afterEach } from 'vitest'
import { openSqliteStores, type SqliteStores } from '../../../src/adapters/sqlite/stores.ts'
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
import { tempFolder } from '../../support/temp-folder.ts'

let opened = new AsyncDisposableStack()

async function create(): Promise<SqliteStores> {
  const folder = tempFolder()
  const stores = await openSqliteStores({ path: folder.file('watch.db') })
  opened.use(folder)
  opened.defer(() => stores.close())
  return stores
}

afterEach(async () => {
  const ended = opened
  opened = new AsyncDisposableStack()
  await ended.disposeAsync()
})

fleetStoreContract('sqlite', async () => (await create()).fleet)
flagStoreContract('sqlite', create)
outageStoreContract('sqlite', create)
plannedWorkStoreContract('sqlite', create)
uptimeStoreContract('sqlite', create)
outboxContract('sqlite', create)
recipientStoreContract('sqlite', create)
recordStoreContract('sqlite', create)
retentionStoreContract('sqlite', create)
auditTrailContract('sqlite', async () => (await create()).audit)
settingsStoreContract('sqlite', async () => (await create()).settings)
