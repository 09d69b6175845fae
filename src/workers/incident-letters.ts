import { audienceOf, type Reader } from '../core/flagging/audience.ts'
import { type FlagLetter, incidentSubject } from '../core/flagging/flag-letter.ts'
import type { Scope } from '../core/flagging/scope.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { Incident } from '../core/freshness/mass/incident.ts'
import type { Letter, NewLetter, Recipient } from '../core/letters/letter.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import { DAY, type Instant, MINUTE } from '../core/time.ts'
import type { Clock, FlagStore, Log, Metrics, Outbox, Stop } from '../ports.ts'
import { lettersOf } from './subject-letters.ts'

export type IncidentLettersDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly fleet: Fleet
  readonly flags: Pick<FlagStore, 'incidents' | 'incident'>
  readonly outbox: Pick<Outbox, 'add' | 'list'>
  /** Operators, and those who get digests. */
  readonly readers: () => readonly Reader[]
  /** Whom readers about terminals of these scopes may ask; empty: the sender. */
  readonly contactOf: (scopes: readonly Scope[]) => string
  readonly write: (letter: FlagLetter, to: readonly Recipient[], at: Instant) => Promise<readonly NewLetter[]>
  /** Called when letters were stored, so that they leave at once. */
  readonly stored: () => void
}

/** An incident that is over sooner is told of in digests only. */
const HOLD_MS = 5 * MINUTE
const LOOK_EVERY_MS = MINUTE
const NEWEST = 100
/** The end of an incident that is older is no news any more. */
const NEWS_MS = DAY

/**
 * Tells everybody concerned once when terminals fall silent together, and once when that is over. The stored incidents
 * say what there is to tell, the letters in the outbox what has been told: a crash repeats nothing and loses nothing.
 */
export function createIncidentLetters(deps: IncidentLettersDeps) {
  const { clock, log, flags, outbox } = deps
  /** What needs no further look in the outbox, by id. */
  const told = new Map<string, 'begun' | 'over'>()
  let stopTimer: Stop = () => {}
  let working: Promise<void> | undefined
  let failing = false

  async function tell(incident: Incident, now: Instant): Promise<void> {
    if (told.get(incident.id) === (incident.closedAt === null ? 'begun' : 'over')) return
    if (incident.closedAt === null && now - incident.openedAt < HOLD_MS) return
    const letters = await lettersOf(outbox, incidentSubject(incident.id))
    if (incident.closedAt === null) {
      if (letters.length === 0) await write('incident', incident, () => true, now)
      told.set(incident.id, 'begun')
    } else {
      const isOpen = !letters.some(({ sequence }) => sequence > 1)
      if (isOpen && incident.closedAt > now - NEWS_MS) {
        await write('incident-over', incident, hadOne(letters), now)
      }
      told.set(incident.id, 'over')
    }
  }

  async function write(
    kind: 'incident' | 'incident-over',
    { id }: Incident,
    isMeant: (recipient: Recipient) => boolean,
    now: Instant,
  ): Promise<void> {
    const stored = await flags.incident(id)
    if (stored === undefined) return
    const letters: NewLetter[] = []
    for (const { recipient, zone, scopes, news } of audienceOf(deps.fleet, stored, deps.readers())) {
      if (!isMeant(recipient)) continue
      const letter = { kind, zone, contact: deps.contactOf(scopes), news }
      letters.push(...(await deps.write(letter, [recipient], now)))
    }
    if (letters.length === 0) return
    await outbox.add(letters)
    deps.metrics.add('watch_flag_letters_total', { kind: 'incident' }, letters.length)
    deps.stored()
  }

  async function work(): Promise<void> {
    try {
      const incidents = await flags.incidents(NEWEST)
      for (const incident of incidents.toReversed()) await tell(incident, clock.now())
      const known = new Set(incidents.map(({ id }) => id))
      for (const id of told.keys()) if (!known.has(id)) told.delete(id)
      if (failing) log.info('letters about mass silence can be written again')
      failing = false
    } catch (error) {
      if (!failing)
        log.warn('letters about mass silence cannot be written, trying again', { error: String(error) })
      failing = true
    }
  }

  function look(): Promise<void> {
    working ??= work().finally(() => {
      working = undefined
    })
    return working
  }

  return {
    start(): void {
      stopTimer = clock.every(LOOK_EVERY_MS, look)
    },
    async stop(): Promise<void> {
      stopTimer()
      await working
    },
  }
}

/** Nobody is told of the end who was not told of the beginning. */
function hadOne(letters: readonly Letter[]): (recipient: Recipient) => boolean {
  const had = new Set(letters.map(({ recipient }) => addressKey(recipient)))
  return ({ email }) => had.has(addressKey(email))
}
