import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import type { State, Transition } from '../../src/core/freshness/state.ts'
import { DAY, MINUTE } from '../../src/core/time.ts'
import golden from '../simulation/golden.json' with { type: 'json' }
import { flushOf, round as probeRound, T0 } from '../support/store-rows.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { walkSlices } from '../support/walk-slices.ts'
import { type Figure, round } from './figure.ts'
import { terminalId } from './sample.ts'

/** Of the simulated fleet whose changes are counted in golden.json. */
const GOLDEN = { terminals: 2000, days: 3 }
const TERMINALS = 1000
const SAMPLE_DAYS = 10
const YEAR_DAYS = 365

/**
 * How fast the database grows: the changes of state of a simulated fleet (test/simulation), written for some days and
 * measured; a year of probe rounds, one by one and joined. One terminal in the figures has an id of 9 digits.
 */
export async function measureGrowth(): Promise<Record<string, Figure>> {
  const perDay = transitionsPerDay()
  const bytesEach = await bytesOfTransitions(Math.round(perDay * TERMINALS * SAMPLE_DAYS))
  const { single, joined } = await bytesOfRounds()
  const year = (bytes: number): Figure => ({ value: round(bytes / 1e6), unit: 'MB' })
  return {
    transitionsPerTerminalAndDay: { value: round(perDay), unit: 'rows' },
    bytesPerTransition: { value: round(bytesEach), unit: 'bytes' },
    transitionsPer1000TerminalsAndYear: year(bytesEach * perDay * TERMINALS * YEAR_DAYS),
    roundsPerYear: year(single),
    joinedRoundsPerYear: year(joined),
  }
}

/** Without those by which a new terminal comes into being. */
function transitionsPerDay(): number {
  const counts = Object.entries(golden.changes).filter(([change]) => !change.startsWith('- '))
  return counts.reduce((sum, [, count]) => sum + count, 0) / (GOLDEN.terminals * GOLDEN.days)
}

async function bytesOfTransitions(count: number): Promise<number> {
  using folder = tempFolder()
  const path = folder.file('watch.sqlite')
  const stores = await openSqliteStores({ path })
  const empty = (await stores.retention.space()).bytes
  const changes = changesInTurn()
  for (let from = 0; from < count; from += 5000) {
    const length = Math.min(5000, count - from)
    const transitions = Array.from({ length }, (_, n) => changeAt(from + n, count, changes))
    await stores.fleet.flush(flushOf({ transitions }))
  }
  const { bytes, freeBytes } = await stores.retention.space()
  await stores.close()
  return (bytes - freeBytes - empty) / count
}

/** Every kind of change as often as in the simulated fleet. */
function changesInTurn(): readonly (readonly [State, State])[] {
  return Object.entries(golden.changes).flatMap(([change, count]) => {
    const [from, to] = change.split(' > ') as [State | '-', State]
    const often = Math.round(count / 100)
    return from === '-' ? [] : Array.from({ length: often }, () => [from, to] as const)
  })
}

function changeAt(n: number, count: number, changes: ReturnType<typeof changesInTurn>): Transition {
  const [from, to] = changes[(n * 7919) % changes.length] ?? ['fresh', 'sleeping']
  const at = T0 + Math.floor((n * SAMPLE_DAYS * DAY) / count)
  const isFlag = to === 'stale' || to === 'lost'
  return {
    terminalId: terminalId((n * 7907) % TERMINALS),
    at,
    from,
    to,
    contactAt: at - 30 * MINUTE,
    source: 'gate',
    ...(isFlag ? { alertId: `${terminalId(n % TERMINALS)}-${to}-${at}`, cause: 'unknown' as const } : {}),
  }
}

/** A year of one-minute rounds of one component, all of them good. */
async function bytesOfRounds(): Promise<{ readonly single: number; readonly joined: number }> {
  using folder = tempFolder()
  const path = folder.file('watch.sqlite')
  const stores = await openSqliteStores({ path })
  const db = new DatabaseSync(path)
  db.exec('PRAGMA synchronous = OFF; BEGIN')
  const insert = db.prepare(
    `INSERT INTO trace (kind, at, completed_at, interval_ms, timeout_ms, verdict, components)
     VALUES ('round', ?, ?, 60000, 25000, 'ok', ?)`,
  )
  for (let minute = 0; minute < YEAR_DAYS * 24 * 60; minute++) {
    const at = T0 + minute * MINUTE
    insert.run(at, at + 180, JSON.stringify(probeRound(at).components))
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  const single = statSync(path).size
  await walkSlices((after) => stores.retention.join(T0 + YEAR_DAYS * DAY, after))
  const { bytes, freeBytes } = await stores.retention.space()
  await stores.close()
  return { single, joined: bytes - freeBytes }
}
