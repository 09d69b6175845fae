import { SECOND } from '../../core/time.ts'

/** What the service's own API says at a moment, as far as it is told in the commentary. */
export type Snapshot = {
  readonly freshCount: number
  readonly totalCount: number
  /** State of the watched service. */
  readonly serviceState: string
  /** The newest outage. */
  readonly outage: OutageNews | null
  /** Silent ones: `stale` and `lost`. */
  readonly silent: readonly SilentTerminal[]
}

export type OutageNews = {
  readonly id: string
  readonly state: string
  readonly downMs: number
  readonly letterIsDue: boolean
}

export type SilentTerminal = {
  readonly id: string
  readonly name: string
  readonly client: string
  readonly state: 'stale' | 'lost'
  readonly ageSeconds: number
}

/** What has been told. */
export type Told = {
  readonly fleetIsUp: boolean
  readonly serviceState: string
  readonly outage: OutageNews | null
  readonly silent: ReadonlyMap<string, SilentTerminal>
}

export const NOTHING_TOLD: Told = {
  fleetIsUp: false,
  serviceState: 'unknown',
  outage: null,
  silent: new Map(),
}

/** More terminals than this at a time are told as a number. */
const MOST_NAMES = 3

/** The lines that tell what is new in a snapshot. */
export function comment(
  told: Told,
  snapshot: Snapshot,
): { readonly told: Told; readonly lines: readonly string[] } {
  const { outage, serviceState, freshCount, totalCount } = snapshot
  const fleetIsUp = told.fleetIsUp || freshCount > totalCount / 2
  const silent = new Map(snapshot.silent.map((terminal) => [terminal.id, terminal]))
  const lines = [
    ...(fleetIsUp && !told.fleetIsUp ? [`the fleet is heard: ${freshCount} of ${totalCount} are fresh`] : []),
    ...silenceNews(told.silent, silent),
    ...(serviceState === told.serviceState ? [] : [`omnicomm-watch says: the service is ${serviceState}`]),
    ...outageNews(told.outage, outage),
  ]
  return { told: { fleetIsUp, serviceState, outage, silent }, lines }
}

function silenceNews(before: Told['silent'], now: Told['silent']): readonly string[] {
  const inState = (state: SilentTerminal['state']): readonly SilentTerminal[] =>
    [...now.values()].filter((one) => one.state === state && before.get(one.id)?.state !== state)
  const back = [...before.values()].filter(({ id }) => !now.has(id))
  return [
    ...told('stale', inState('stale'), ({ ageSeconds }) => `, last data ${ageSeconds} s ago`),
    ...told('lost', inState('lost'), ({ ageSeconds }) => `, last data ${ageSeconds} s ago`),
    ...told('heard again', back, () => ''),
  ]
}

function told(
  what: string,
  terminals: readonly SilentTerminal[],
  detail: (terminal: SilentTerminal) => string,
): readonly string[] {
  if (terminals.length === 0) return []
  const names = terminals
    .slice(0, MOST_NAMES)
    .map((one) => `${one.name} (${one.client}${detail(one)})`)
    .join('; ')
  const more = terminals.length - MOST_NAMES
  return [`${what}: ${names}${more > 0 ? ` and ${more} more` : ''}`]
}

function outageNews(before: OutageNews | null, now: OutageNews | null): readonly string[] {
  if (now === null) return []
  const same = before?.id === now.id ? before : null
  const down = `${Math.floor(now.downMs / SECOND)} s`
  return [
    ...(same === null ? [`outage ${now.id} is open; its clock runs`] : []),
    ...(now.letterIsDue && same?.letterIsDue !== true
      ? [`certainly down for ${down}: the letter is due`]
      : []),
    ...(now.state === 'closed' && same?.state !== 'closed'
      ? [`outage ${now.id} is closed: certainly down for ${down}`]
      : []),
  ]
}
