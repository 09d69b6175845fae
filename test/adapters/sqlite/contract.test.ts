import { afterEach } from 'vitest'
import { openSqliteStores, type SqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { fleetStoreContract } from '../../contract/fleet-store.ts'
import { outageStoreContract } from '../../contract/outage-store.ts'
import { outboxContract } from '../../contract/outbox.ts'
import { settingsStoreContract } from '../../contract/settings-store.ts'
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
outageStoreContract('sqlite', create)
outboxContract('sqlite', async () => (await create()).outbox)
settingsStoreContract('sqlite', async () => (await create()).settings)
