import { createFleet, EMPTY, type Fleet } from '../../src/core/fleet/fleet.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { CODE, type State } from '../../src/core/freshness/state.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { terminalId } from './sample.ts'

/** How large the fleet of a dealer's desk is. */
export type DeskLoad = { readonly terminals: number; readonly clients: number; readonly attention: number }

const TOWNS = ['Нижний Новгород', 'Дзержинск', 'Арзамас', 'Саров', 'Бор']
const TRADES = ['Агропром', 'СтройТранс', 'Коммунальные машины', 'Лесной путь', 'Молоко']
const LETTERS = 'АВЕКМНОРСТУХ'
const CONCERNING: readonly State[] = ['lost', 'stale', 'stale', 'no-fix', 'backlog']

/** A fleet with Russian names in which so many terminals need attention, for as many reasons as the data allows. */
export function deskFleet({ terminals, clients, attention }: DeskLoad, now: number): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const oneIn = Math.max(1, Math.floor(terminals / attention))
  for (let n = 0; n < terminals; n++) {
    // Spread evenly, in no step that the terminals that need attention share (Weyl's sequence by the golden ratio).
    const client = Math.floor(((n * 0.618_033_988_749_895) % 1) * clients)
    const dealer = `Дилер ${client % 12}`
    const name = clientName(client)
    changeTerminal(fleet, {
      ...EMPTY,
      row: n,
      id: terminalId(n),
      name: plate(n),
      client: name,
      dealer,
      group: `${dealer}/${name}`,
      region: TOWNS[client % TOWNS.length] ?? '',
      operator: ['МТС', 'Билайн', 'МегаФон', 'Tele2'][n % 4] ?? '',
      model: ['Profi 3.0', 'Light 3.2', 'Optim 3.0'][n % 3] ?? '',
      imei: String(860_000_000_000_000 + n),
      firstSeenAt: now - 100 * DAY,
    })
    const isConcerning = n % oneIn === 0 && n / oneIn < attention
    hear(fleet, n, now, isConcerning ? (CONCERNING[(n / oneIn) % CONCERNING.length] ?? 'stale') : 'fresh')
  }
  return fleet
}

function clientName(client: number): string {
  return `ООО «${TRADES[client % TRADES.length]} ${TOWNS[client % TOWNS.length]} ${client}»`
}

function plate(n: number): string {
  const letter = (at: number): string => LETTERS[at % LETTERS.length] ?? ''
  return `${letter(n)}${String(n % 1000).padStart(3, '0')}${letter(n >> 3)}${letter(n >> 6)} ${52 + (n % 2) * 100}`
}

const SILENT_MS: Partial<Record<State, number>> = { lost: 3 * DAY, stale: 3 * HOUR, 'no-fix': 0, backlog: 0 }

function hear(fleet: Fleet, row: number, now: number, state: State): void {
  const { table } = fleet
  const receivedAt = now - (SILENT_MS[state] ?? 0) - (row % 60) * SECOND
  const readings = {
    ignition: state !== 'fresh' || row % 3 > 0,
    speedKmh: row % 70,
    voltage: row % 5 === 0 ? 9.8 : 24 + (row % 40) / 10,
    satellites: 7 + (row % 8),
    gsmPercent: 4 + (row % 90),
    firmware: `${100 + (row % 20)}`,
  }
  const eventAt = state === 'backlog' ? receivedAt - 5 * HOUR : receivedAt
  const fix = { latitude: 56 + (row % 10_007) / 100_000, longitude: 43, satellites: 7 + (row % 8) }
  const observation = { terminalId: terminalId(row), source: 'push', receivedAt, eventAt, readings } as const
  const kind = state === 'backlog' ? 'archive' : 'live'
  applyObservation(table, row, { ...observation, kind, ...(state === 'no-fix' ? {} : { fix }) }, 1)
  if (state === 'no-fix') table.fixAt[row] = receivedAt - 3 * HOUR
  table.state[row] = CODE[state]
  table.stateSince[row] = receivedAt + (state === 'fresh' ? 0 : 30 * MINUTE)
}
