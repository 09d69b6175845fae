import type { OnlineAccount } from '../adapters/omnicomm-online/account.ts'
import type { OnlineClients } from '../adapters/omnicomm-online/clients.ts'
import { createVehicleService } from '../adapters/omnicomm-online/vehicles.ts'
import type { Config } from '../config/schema.ts'
import { accountIdOf, type SourceConfig } from '../config/source-schema.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import { suspectsOf } from '../core/online/suspects.ts'
import type { InventoryFromTree } from '../core/online/tree-inventory.ts'
import type { Clock, Log, Metrics, Notices, SettingsStore } from '../ports.ts'
import { createOnlineIntake } from '../workers/online-intake.ts'
import { createOnlinePoller, type OnlinePoller } from '../workers/online-poller.ts'
import { readOnlineSize } from '../workers/online-size.ts'
import type { RecordingTap } from '../workers/recorder.ts'
import type { SourceWatches } from '../workers/source-watches.ts'

export type OnlineSourceConfig = Extract<SourceConfig, { kind: 'omnicomm-online' }>

export type OnlineSourceDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** What operators have to look at. */
  readonly notices: Notices
  readonly fleet: Fleet
  readonly watches: Pick<SourceWatches, 'find' | 'pollEvents'>
  readonly settings: SettingsStore
  /** The one of the process, which the probes use too: an account has one budget of calls. */
  readonly clients: OnlineClients
  /** Who records what is taken in. */
  readonly recording?: RecordingTap
  /** Takes the tree of a source over as inventory; resolves when it is stored. */
  readonly applyTree: (source: string, vehicles: readonly InventoryFromTree[]) => Promise<unknown>
}

/** Polls a source at Omnicomm Online from now on. The source must be watched and numbered. */
export async function openOnlineSource(
  deps: OnlineSourceDeps,
  source: OnlineSourceConfig,
  accounts: Config['accounts'],
): Promise<OnlinePoller> {
  const { clock, fleet, watches } = deps
  const { id } = source
  const watch = watches.find(id)
  const number = fleet.sourceNumbers.get(id)
  if (!watch || number === undefined) throw new Error(`source ${id} is not watched`)
  const client = deps.clients.of(accountOf(source, accounts))
  return createOnlinePoller(
    {
      clock,
      log: deps.log,
      notices: deps.notices,
      service: createVehicleService(client, { timeoutMs: source.timeout }),
      intake: createOnlineIntake(deps, id),
      lastSize: await readOnlineSize(deps, id),
      events: watches.pollEvents(watch),
      suspects: () => suspectsOf(fleet, number, clock.now()),
      tree: source.inventory ? (vehicles) => deps.applyTree(id, vehicles) : null,
    },
    {
      id,
      account: client.account,
      pollEveryMs: source.pollEvery,
      treeEveryMs: source.treeEvery,
      statesPerMinute: source.statesPerMinute,
      client: source.client,
      dealer: source.dealer,
    },
  )
}

/** The account of a source, which may be one of its own. */
function accountOf(source: OnlineSourceConfig, accounts: Config['accounts']): OnlineAccount {
  const { baseUrl, login, password } = source
  const id = accountIdOf(source)
  const known = accounts.find((one) => one.id === id)
  if (known) return known
  if (baseUrl === undefined || login === undefined || password === undefined) {
    throw new Error(`source ${source.id} has no account`)
  }
  return { id, baseUrl, login, password }
}
