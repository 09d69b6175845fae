import { instantAfter } from '../freshness/blindness.ts'
import { isUnstable } from '../freshness/flaps.ts'
import { deafness, sourceBlindSince } from '../freshness/polled-watch.ts'
import { clockBehind, isParked } from '../freshness/registers.ts'
import { isSilent, type State, stateOf } from '../freshness/state.ts'
import { type Instant, SECOND } from '../time.ts'
import { aliasesOf } from './alias.ts'
import { type Fleet, sourceOf } from './fleet.ts'
import { readingsOf } from './reading-columns.ts'
import type { ReadingView, TerminalPage, TerminalQuery, TerminalSort, TerminalView } from './view.ts'

/** One terminal as it is shown at `now`; undefined when there is none with that id or alias. */
export function viewTerminal(fleet: Fleet, id: string, now: Instant): TerminalView | undefined {
  const row = fleet.rows.get(id)
  return row === undefined ? undefined : viewRow(fleet, row, now)
}

/** A page of terminals. A cursor goes on after its terminal, or at its position when that terminal is gone. */
export function listTerminals(fleet: Fleet, query: TerminalQuery, now: Instant): TerminalPage | 'bad-cursor' {
  if (query.cursor !== undefined && !/^\d{1,9}~./.test(query.cursor)) return 'bad-cursor'
  const rows = matchingRows(fleet, query)
  const order = comparison(fleet, query.sort)
  rows.sort(order)
  const start = query.cursor === undefined ? 0 : positionAfter(fleet, rows, query.cursor)
  const page = rows.slice(start, start + query.limit)
  const last = page.at(-1)
  const more = start + page.length < rows.length
  return {
    items: page.map((row) => viewRow(fleet, row, now)),
    next: more && last !== undefined ? cursorOf(start + page.length, fleet.inventory[last]?.id ?? '') : null,
    total: rows.length,
  }
}

function viewRow(fleet: Fleet, row: number, now: Instant): TerminalView {
  const { table, thresholds } = fleet
  const terminal = fleet.inventory[row]
  if (!terminal) throw new Error(`no terminal in row ${row}`)
  const code = table.state[row] ?? 0
  const parked = isParked(table, row)
  const source = sourceOf(fleet, row)
  const blind = source ? sourceBlindSince(source) : null
  const behind = clockBehind(table, row)
  const dataAt = table.dataAt[row] ?? 0
  const limitMs = (parked ? thresholds.parkedMs[row] : thresholds.movingMs[row]) ?? Infinity
  const limitFrom = (parked ? thresholds.parkedFrom[row] : thresholds.movingFrom[row]) ?? 'default'
  const state = stateOf(code) ?? 'unknown'
  return {
    id: terminal.id,
    name: terminal.name,
    client: terminal.client,
    dealer: terminal.dealer,
    group: terminal.group,
    state,
    stateSince: code === 0 ? terminal.firstSeenAt : (table.stateSince[row] ?? 0),
    ...(blind !== null && isSilent(code) ? { asOf: blind } : {}),
    contactAt: known(table.contactAt[row]),
    dataAt: known(dataAt),
    liveAt: known(behind ? table.contactAt[row] : table.liveAt[row]),
    fixAt: known(table.fixAt[row]),
    linkAt: known(table.linkAt[row]),
    dataAgeSeconds: dataAt === 0 ? null : Math.max(0, Math.floor((now - dataAt) / SECOND)),
    threshold: { seconds: Number.isFinite(limitMs) ? limitMs / SECOND : null, from: limitFrom },
    parked,
    source: source?.id ?? null,
    discovered: terminal.discovered,
    unstable: isUnstable(fleet.flaps.get(row), now),
    clockBehind: behind,
    ...backlogOf(fleet, row, state, behind, now),
    ...expectedOf(fleet, row, state),
    readings: readingsView(fleet, row),
  }
}

function known(at: Instant | undefined): Instant | null {
  return at ? at : null
}

/** How far an archive lags, and when it will have caught up if it goes on as it did since it began. */
function backlogOf(
  fleet: Fleet,
  row: number,
  state: State,
  behind: boolean,
  now: Instant,
): Pick<TerminalView, 'lagSeconds' | 'caughtUpAt'> {
  if (state !== 'backlog') return {}
  const { table } = fleet
  const lag = Math.max(0, now - (table.dataAt[row] ?? 0))
  const gained = (table.entryLagMs[row] ?? 0) - lag
  const elapsed = now - (table.stateSince[row] ?? 0)
  const lagSeconds = Math.floor(lag / SECOND)
  if (behind || gained <= 0 || elapsed <= 0) return { lagSeconds }
  return { lagSeconds, caughtUpAt: Math.round(now + (lag * elapsed) / gained) }
}

/** A sleeping terminal is expected before its parked threshold is over. */
function expectedOf(fleet: Fleet, row: number, state: State): Pick<TerminalView, 'expectedAt'> {
  const parkedMs = fleet.thresholds.parkedMs[row] ?? Infinity
  const source = sourceOf(fleet, row)
  if (state !== 'sleeping' || !source || !Number.isFinite(parkedMs)) return {}
  const at = instantAfter(deafness(source), fleet.table.contactAt[row] ?? 0, parkedMs)
  return Number.isFinite(at) ? { expectedAt: at } : {}
}

function readingsView(fleet: Fleet, row: number): Record<string, ReadingView> {
  const { table } = fleet
  const readings: Record<string, ReadingView> = {}
  const ignitionAt = table.ignitionAt[row] ?? 0
  if (ignitionAt > 0) readings['ignition'] = { value: table.ignition[row] === 2, at: ignitionAt }
  const speedAt = table.speedAt[row] ?? 0
  if (speedAt > 0) readings['speedKmh'] = { value: table.speedKmh[row] ?? 0, at: speedAt }
  for (const { name, value, at } of readingsOf(table.readings, row)) readings[name] = { value, at }
  return readings
}

function matchingRows(fleet: Fleet, query: TerminalQuery): number[] {
  const needle = query.q?.trim().toLocaleLowerCase() ?? ''
  const rows: number[] = []
  for (const terminal of fleet.inventory) {
    if (terminal.mergedInto !== '') continue
    const state = stateOf(fleet.table.state[terminal.row] ?? 0) ?? 'unknown'
    if (query.state !== undefined && state !== query.state) continue
    if (query.client !== undefined && terminal.client !== query.client) continue
    if (query.dealer !== undefined && terminal.dealer !== query.dealer) continue
    if (query.group !== undefined && !isWithin(terminal.group, query.group)) continue
    if (needle !== '') {
      const { name, id, sim } = terminal
      const text = [name, id, sim, ...aliasesOf(terminal)].join('\n').toLocaleLowerCase()
      if (!text.includes(needle)) continue
    }
    rows.push(terminal.row)
  }
  return rows
}

function isWithin(group: string, asked: string): boolean {
  return group === asked || group.startsWith(`${asked}/`)
}

function comparison(fleet: Fleet, sort: TerminalSort): (a: number, b: number) => number {
  const byId = (a: number, b: number): number => compareText(idOf(fleet, a), idOf(fleet, b))
  switch (sort) {
    case 'name':
      return (a, b) => compareText(nameOf(fleet, a), nameOf(fleet, b)) || byId(a, b)
    case '-name':
      return (a, b) => compareText(nameOf(fleet, b), nameOf(fleet, a)) || byId(a, b)
    case 'dataAt':
      return (a, b) => (fleet.table.dataAt[a] ?? 0) - (fleet.table.dataAt[b] ?? 0) || byId(a, b)
    case '-dataAt':
      return (a, b) => (fleet.table.dataAt[b] ?? 0) - (fleet.table.dataAt[a] ?? 0) || byId(a, b)
    case 'stateSince':
      return (a, b) => (fleet.table.stateSince[a] ?? 0) - (fleet.table.stateSince[b] ?? 0) || byId(a, b)
  }
}

const collator = new Intl.Collator('ru', { numeric: true, sensitivity: 'base' })

function compareText(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

function nameOf(fleet: Fleet, row: number): string {
  return fleet.inventory[row]?.name || idOf(fleet, row)
}

function idOf(fleet: Fleet, row: number): string {
  return fleet.inventory[row]?.id ?? ''
}

/** Position and last id: where a page goes on even if the order has shifted since. */
function cursorOf(position: number, id: string): string {
  return `${position}~${id}`
}

function positionAfter(fleet: Fleet, rows: readonly number[], cursor: string): number {
  const separator = cursor.indexOf('~')
  const position = Number(cursor.slice(0, separator))
  const last = fleet.rows.get(cursor.slice(separator + 1))
  if (last !== undefined) {
    const found = rows.indexOf(last)
    if (found >= 0) return found + 1
  }
  return Number.isSafeInteger(position) && position > 0 ? Math.min(position, rows.length) : 0
}
