import type { OnlineAccount } from '../../../src/adapters/omnicomm-online/account.ts'
import { createOnlineClients } from '../../../src/adapters/omnicomm-online/clients.ts'
import { createHttpCall } from '../../../src/adapters/probe/http-call.ts'
import { createNameResolver } from '../../../src/adapters/probe/name-resolver.ts'
import type { HttpCall } from '../../../src/ports.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { type FakeOnline, startFakeOnline } from '../../support/fake-online.ts'
import { createRecordingLog } from '../../support/recorders.ts'

export const PASSWORD = 'pass-word-1'

/** Clients over real sockets to a simulated Omnicomm Online; only a test moves the clock. */
export async function setUp(wrap: (call: HttpCall, clock: FakeClock) => HttpCall = (call) => call) {
  const clock = createFakeClock()
  const online: FakeOnline = await startFakeOnline()
  const log = createRecordingLog()
  const call = wrap(
    createHttpCall({ clock, resolveName: createNameResolver({ clock }), version: '1.2.3' }),
    clock,
  )
  const clients = createOnlineClients({ clock, log, call })
  const account = (more: Partial<OnlineAccount> = {}): OnlineAccount => ({
    id: 'main',
    baseUrl: `${online.baseUrl}/`,
    login: 'watcher',
    password: PASSWORD,
    ...more,
  })
  return {
    clock,
    online,
    log,
    clients,
    account,
    client: clients.of(account()),
    [Symbol.asyncDispose]: () => online[Symbol.asyncDispose](),
  }
}
