import { LIKE_NPM_START, type LogLine, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Senders, startSenders } from './senders.ts'
import { INTERVAL_MS, type Stage, setStage, TOKEN } from './stage.ts'
import { startVitals, type Vitals } from './vitals.ts'

export type Stretch = { readonly from: number; readonly to: number }

/** A running soak: the service, what is around it, and what is known of both. */
export type World = AsyncDisposable & {
  readonly stage: Stage
  readonly ledger: Ledger
  readonly senders: Senders
  readonly vitals: Vitals
  /** When InfluxDB was away; a phase adds each stretch, Unix ms. */
  readonly influxAway: Stretch[]
  /** The process that runs now. */
  service(): ServiceProcess
  /** Starts a process in place of the one that has ended. */
  restart(): Promise<void>
  isReady(): Promise<boolean>
  /** Messages that the process which runs now has taken in, duplicates too. */
  taken(): Promise<number>
  /** All lines of the log of all processes, oldest first. */
  log(): readonly LogLine[]
  /** Data instants that the service knows, by terminal. */
  registers(): Promise<ReadonlyMap<string, number>>
}

export async function createWorld(terminals: number): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const stage = stack.use(await setStage())
  const ledger = createLedger()
  const vitals = stack.use(startVitals())
  const earlier: LogLine[] = []
  let service = await start()
  const ports = { brokerPort: stage.broker.port, httpPort: stage.httpPort }
  const senders = stack.use(
    await startSenders({ ...ports, token: TOKEN, terminals, intervalMs: INTERVAL_MS }, ledger),
  )
  const owned = stack.move()

  async function start(): Promise<ServiceProcess> {
    const started = await stage.deployment.start(LIKE_NPM_START)
    const metrics = async (): Promise<string> => (await started.api.request('/metrics')).text()
    vitals.follow({ pid: started.pid, metrics })
    return started
  }

  async function isReady(): Promise<boolean> {
    try {
      return (await service.api.readiness()).status === 200
    } catch {
      return false
    }
  }

  return {
    stage,
    ledger,
    senders,
    vitals,
    influxAway: [],
    service: () => service,
    isReady,
    async restart() {
      earlier.push(...service.log)
      service = await start()
      await until(isReady, 30_000, 'the service is ready')
    },
    taken: () => service.api.metric('watch_messages_total'),
    log: () => [...earlier, ...service.log],
    async registers() {
      const known = new Map<string, number>()
      for (let cursor: string | null = ''; cursor !== null; ) {
        const path = `/api/v1/terminals?limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
        const page = (await (await service.api.request(path)).json()) as {
          items: readonly { id: string; dataAt: string | null }[]
          next: string | null
        }
        for (const { id, dataAt } of page.items) known.set(id, Date.parse(dataAt ?? ''))
        cursor = page.next
      }
      return known
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
