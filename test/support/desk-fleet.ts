import { HOUR, type Instant, MINUTE } from '../../src/core/time.ts'
import type { Desk } from './desk-world.ts'

/** What a terminal does in the story of the desk. */
type Habit =
  | 'talks'
  /** Its newest data is hours old and still arrives. */
  | 'archive'
  | 'no-fix'
  /** Parked with its ignition off, and quiet for longer than a moving one may be. */
  | 'sleeps'
  | 'quiet-long'
  | 'quiet-lately'
  /** Falls silent together with the others of its operator. */
  | 'mass'
  | 'never'
  /** Known through Omnicomm Online alone. */
  | 'polled'

type DeskTerminal = {
  readonly id: string
  readonly name: string
  readonly client: string
  readonly dealer: string
  readonly operator: string
  readonly model: string
  readonly habit: Habit
}

const VOLGA = 'ООО «Волга-Транс»'
const SEVER = 'Северный карьер'
const AGRO = 'Агрохолдинг Заря'

/** Clients by dealer. */
export const DEALERS = { north: [VOLGA, SEVER], south: [AGRO] } as const

/** The terminal that a client calls about: silent for eleven minutes, and all else is in order. */
export const CALLED = { id: '200000101', name: 'КАМАЗ А123ВС 77', plate: 'А123ВС', client: VOLGA }
/** One that is fresh, whose firmware nobody knows yet. */
export const HEALTHY = {
  id: '200000103',
  name: 'МАЗ К456ОР 52',
  client: VOLGA,
  model: 'Profi 2.0',
  imei: '867900040000002',
}
/** Belongs to the other dealer. */
export const FOREIGN = { id: '200000301', name: 'Трактор 1', client: AGRO }
/** Terminals of one client that are silent, for the morning. */
export const SILENT_CLIENT = SEVER
/** Silent together. */
const MASS_OPERATOR = 'МегаФон'

const HABITS: readonly (readonly [string, string, readonly Habit[]])[] = [
  [
    VOLGA,
    '2000001',
    [
      'quiet-lately',
      'talks',
      'talks',
      'talks',
      'talks',
      'talks',
      'archive',
      'no-fix',
      'sleeps',
      'never',
      'polled',
    ],
  ],
  [
    SEVER,
    '2000002',
    [
      'quiet-long',
      'quiet-long',
      'quiet-lately',
      'talks',
      'talks',
      'talks',
      'talks',
      'talks',
      'talks',
      'talks',
    ],
  ],
  [
    AGRO,
    '2000003',
    ['talks', 'talks', 'mass', 'mass', 'mass', 'mass', 'mass', 'mass', 'mass', 'mass', 'talks', 'talks'],
  ],
]

const NAMES: Readonly<Record<string, string>> = {
  [CALLED.id]: CALLED.name,
  [HEALTHY.id]: HEALTHY.name,
  [FOREIGN.id]: FOREIGN.name,
}

const FLEET: readonly DeskTerminal[] = HABITS.flatMap(([client, prefix, habits]) =>
  habits.map((habit, index) => {
    const id = `${prefix}${String(index + 1).padStart(2, '0')}`
    const dealer = client === AGRO ? 'Дилер Юг' : 'Дилер Север'
    const operator = habit === 'mass' ? MASS_OPERATOR : 'МТС'
    return {
      id,
      name: NAMES[id] ?? `Машина ${id.slice(-3)}`,
      client,
      dealer,
      operator,
      model: id === HEALTHY.id ? HEALTHY.model : 'Smart 3.0',
      habit,
    }
  }),
)

const FIRST_IMEI = 867_900_040_000_000
const FIRST_SIM = 79_161_230_000

/** The story has so many minutes; before it everybody talks. */
export const STORY_MINUTES = 20
const QUIET_LATELY_FROM = 9
const SLEEPS_FROM = 9
const MASS_FROM = 8
/** Omnicomm Online answers no longer. */
const POLLED_UNTIL = 6

/** The inventory of the story. */
export function inventoryCsv(): string {
  const rows = FLEET.map(({ id, name, client, dealer, operator, model }, index) => [
    ...[id, name, client, dealer, `${dealer}/${client}`, operator, model],
    String(FIRST_IMEI + index),
    String(FIRST_SIM + index),
  ])
  const head = ['terminal_id', 'name', 'client', 'dealer', 'group', 'operator', 'model', 'imei', 'sim']
  return [head, ...rows].map((cells) => cells.join(';')).join('\n')
}

/** What is sent in the minute of the story with this number. */
export function messagesAt(minute: number, now: Instant): readonly object[] {
  return FLEET.filter(({ habit }) => talks(habit, minute)).map((terminal) => message(terminal, minute, now))
}

function talks(habit: Habit, minute: number): boolean {
  switch (habit) {
    case 'never':
    case 'polled':
      return false
    case 'quiet-long':
      return minute <= 0
    case 'quiet-lately':
      return minute < QUIET_LATELY_FROM
    case 'sleeps':
      return minute < SLEEPS_FROM
    case 'mass':
      return minute < MASS_FROM
    case 'talks':
    case 'archive':
    case 'no-fix':
      return true
  }
}

/** Terminals as Omnicomm Online tells of them in this minute; undefined: it does not answer. */
export function activityAt(minute: number, now: Instant): readonly object[] | undefined {
  if (minute > POLLED_UNTIL) return undefined
  return FLEET.filter(({ habit }) => habit === 'polled').map(({ id }) => ({ id: Number(id), dateID: now }))
}

function message({ id, habit }: DeskTerminal, minute: number, now: Instant): object {
  const at = habit === 'archive' && minute > 0 ? now - 3 * HOUR + minute * MINUTE : now
  const isParked = habit === 'sleeps'
  const fix = {
    lat: 56.3 + Number(id.slice(-2)) / 100,
    lon: 44 + (isParked ? 0 : minute / 200),
    satellites: 11,
    speed: isParked ? 0 : 48,
  }
  return {
    ident: id,
    ts: at,
    ignition: !isParked,
    voltage: 27.4,
    gsm: 80,
    ...(id === HEALTHY.id ? {} : { firmware: '120' }),
    ...(habit === 'no-fix' && minute > 0 ? { speed: 40 } : fix),
  }
}

/** What people have said about terminals before the day begins. */
export async function arrange({ put, clock }: Desk): Promise<void> {
  const [work, suspended, gone] = FLEET.slice(-3).map(({ id }) => `/api/v1/terminals/${id}`)
  const from = new Date(clock.now() - HOUR).toISOString()
  const to = new Date(clock.now() + 8 * HOUR).toISOString()
  await put('PUT', `${work}/maintenance`, { from, to, reason: 'ТО двигателя' })
  await put('PUT', `${suspended}/lifecycle`, { lifecycle: 'suspended' })
  await put('PUT', `${gone}/lifecycle`, { lifecycle: 'decommissioned' })
}
