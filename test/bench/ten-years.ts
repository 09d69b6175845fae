import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { createSystemClock } from '../../src/adapters/system/clock.ts'
import { NO_BULLETINS, UNHANDLED } from '../../src/core/outage/handling.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { periodsOf } from '../../src/core/reports/periods.ts'
import { DAY, HOUR, MINUTE, SECOND, toIso } from '../../src/core/time.ts'
import { createUptimeHours } from '../../src/workers/uptime-hours.ts'
import { startFailingService } from '../support/failing-service.ts'
import { freePort } from '../support/mosquitto.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { type Deployment, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { isReady } from './reactions.ts'

const ZONE = 'Europe/Moscow'
const INTERVAL_MS = MINUTE
const TIMEOUT_MS = 25 * SECOND
const READY_WITHIN_S = 1
const MONTH_WITHIN_MS = 100
const STARTS = 5
const COMPONENTS = [
  { id: 'web', kind: 'http' },
  { id: 'auth', kind: 'omnicomm-login' },
  { id: 'api', kind: 'omnicomm-state' },
  { id: 'tree', kind: 'omnicomm-tree' },
] as const

/**
 * A database with years of one-minute rounds whose hours are folded: the time from the start of the process to the
 * first good answer of /readyz, and to the uptime of each month over HTTP, beside a bare count of its rounds in SQL.
 */
export async function measureYears(years: number): Promise<Record<string, Figure>> {
  await using watched = await startFailingService()
  const port = await freePort()
  await using deployment = await deployService({
    http: { port },
    timezone: ZONE,
    sources: [],
    service: {
      baseUrl: `http://127.0.0.1:${watched.port}`,
      interval: `${INTERVAL_MS}ms`,
      timeout: `${TIMEOUT_MS}ms`,
      components: COMPONENTS.map(({ id }) => ({ id, kind: 'http', url: watched.url() })),
      controls: [`tcp://127.0.0.1:${watched.port}`, `tcp://localhost:${watched.port}`],
    },
  })
  const database = join(deployment.data, 'watch.sqlite')
  await mkdir(deployment.data, { recursive: true })
  const to = Math.floor(Date.now() / MINUTE) * MINUTE
  const from = to - Math.round(years * 365.25) * DAY
  const rounds = await fill(database, from, to)
  const foldSeconds = await fold(database)
  const ready = await measureReady(deployment, port)
  return {
    rounds: { value: rounds, unit: 'rounds' },
    folding: { value: round(foldSeconds), unit: 's' },
    readyAfterRestart: atMost(READY_WITHIN_S, 's', ready),
    ...(await measureMonths(deployment, database, from, to)),
  }
}

async function fill(database: string, from: number, to: number): Promise<number> {
  const stores = await openSqliteStores({ path: database, log: createRecordingLog() })
  const faults = faultsOf(from, to)
  await stores.outages.commit({ outages: faults, letters: { add: [], supersede: [] }, audit: [] })
  await stores.close()
  const db = new DatabaseSync(database)
  db.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; BEGIN')
  const insert = db.prepare(
    `INSERT INTO trace (kind, at, completed_at, interval_ms, timeout_ms, verdict, components)
     VALUES ('round', ?, ?, ${INTERVAL_MS}, ${TIMEOUT_MS}, ?, ?)`,
  )
  let next = 0
  let count = 0
  for (let at = from; at < to; at += INTERVAL_MS) {
    while ((faults[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next += 1
    const fails = at >= (faults[next]?.start ?? Number.POSITIVE_INFINITY)
    insert.run(at, at + 180, fails ? 'fail' : 'ok', componentsAt(at, fails))
    count += 1
  }
  db.exec('COMMIT')
  db.close()
  return count
}

/** Some forty a year, of 5 minutes to two hours, the newest a few days ago. */
function faultsOf(from: number, to: number): readonly Outage[] {
  const random = seededRandom(7)
  const faults: Outage[] = []
  let at = from + DAY
  while (at < to - 3 * DAY) {
    const end = at + Math.round(5 + random() * 115) * MINUTE
    faults.push(faultBetween(at, end))
    at = end + Math.round((1 + random() * 16) * 24 * 60) * MINUTE
  }
  return faults
}

function faultBetween(start: number, end: number): Outage {
  return {
    id: toIso(start).replaceAll(/[-:]|\.\d+/g, ''),
    state: 'closed',
    start,
    notBefore: start - MINUTE,
    end,
    downMs: end - start - MINUTE,
    possibleMs: end - start,
    latestFailAt: end - MINUTE,
    letterDueAt: null,
    operatorAlarmAt: null,
    warnedAt: null,
    intermittent: false,
    failed: ['web'],
    handling: UNHANDLED,
    bulletins: NO_BULLETINS,
  }
}

function componentsAt(at: number, fails: boolean): string {
  const readings = COMPONENTS.map(({ id, kind }, place) => {
    const latencyMs = 40 + ((at / MINUTE + 7 * place) % 300) / 2
    const result =
      fails && id === 'web'
        ? { kind: 'failed', phase: 'http', latencyMs, status: 503, evidence: 'status 503 instead of 200' }
        : { kind: 'ok', latencyMs, slow: false, status: 200 }
    return { id, kind, counts: id === 'tree' ? 'degraded' : 'outage', checkedAt: at, result }
  })
  return JSON.stringify(readings)
}

/** By the worker of the service; s. */
async function fold(database: string): Promise<number> {
  const log = createRecordingLog()
  const stores = await openSqliteStores({ path: database, log })
  const startedAt = performance.now()
  const clock = createSystemClock({
    onError: (error) => {
      throw error
    },
  })
  const worker = createUptimeHours(
    {
      clock,
      trace: stores.outages,
      hours: stores.uptime,
      settings: stores.settings,
      windows: () => [],
      log,
    },
    { largestGapMs: () => 2 * INTERVAL_MS + TIMEOUT_MS, pauses: () => true },
  )
  await worker.fold()
  await stores.close()
  if (log.lines.length > 0) throw new Error(`the hours were not folded: ${JSON.stringify(log.lines[0])}`)
  return (performance.now() - startedAt) / 1000
}

async function measureReady(deployment: Deployment, port: number): Promise<readonly number[]> {
  const seconds: number[] = []
  for (let n = 0; n < STARTS; n += 1) {
    const startedAt = performance.now()
    const ready = until(() => isReady(port), 60_000, 'the service is ready').then(() => performance.now())
    const [service, readyAt] = await Promise.all([deployment.start(), ready])
    seconds.push((readyAt - startedAt) / 1000)
    await service.end('SIGTERM')
  }
  return seconds
}

async function measureMonths(
  deployment: Deployment,
  database: string,
  from: number,
  to: number,
): Promise<Record<string, Figure>> {
  const { api } = await deployment.start()
  const db = new DatabaseSync(database, { readOnly: true })
  const count = db.prepare('SELECT count(*) AS n FROM trace WHERE at >= ? AND at < ?')
  const months = periodsOf('month', { from, to: to - HOUR }, ZONE, 1000)
  const overHttp: number[] = []
  const bare: number[] = []
  for (const month of months) {
    const query = new URLSearchParams({ from: toIso(month.from), to: toIso(month.to) })
    const startedAt = performance.now()
    const response = await api.request(`/api/v1/uptime?${query}`)
    const text = await response.text()
    overHttp.push(performance.now() - startedAt)
    if (!response.ok) throw new Error(`${response.status} ${text}`)
    const countedAt = performance.now()
    count.get(month.from, month.to)
    bare.push(performance.now() - countedAt)
  }
  db.close()
  const { runs: _runs, ...worst } = atMost(MONTH_WITHIN_MS, 'ms', overHttp)
  const [usual, reference] = [median(overHttp), median(bare)]
  return {
    months: { value: months.length, unit: 'months' },
    uptimeOfMonth: worst,
    uptimeOfMonthMedian: {
      value: round(usual),
      unit: 'ms',
      reference: round(reference),
      ratio: round(reference / usual),
    },
  }
}
