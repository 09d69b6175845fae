import { audienceOf, type Reader } from '../core/flagging/audience.ts'
import { type FlagLetter, incidentSubject } from '../core/flagging/flag-letter.ts'
import type { IncidentNews } from '../core/flagging/incident-news.ts'
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
  readonly flags: Pick<FlagStore, 'incidentsSince' | 'incident'>
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
/** So many incidents are looked at, the open ones first. */
const MOST = 1000
/** The end of an incident that is older is no news any more. */
const NEWS_MS = DAY

/**
 * Tells everybody concerned once when terminals fall silent together, whoever's first terminal joins later then, and
 * once when that is over. The stored incidents say what there is to tell, the letters in the outbox who has been told:
 * a crash repeats nothing and loses nothing.
 */
export function createIncidentLetters(deps: IncidentLettersDeps) {
  const { clock, log, flags, outbox } = deps
  /** Addresses that were told of an open incident, by its id. */
  const told = new Map<string, Set<string>>()
  /** Ids of incidents of whose end all were told. */
  const over = new Set<string>()
  let stopTimer: Stop = () => {}
  let working: Promise<void> | undefined
  let failing = false

  async function tell(incident: Incident, now: Instant): Promise<void> {
    if (incident.closedAt === null) await tellBegun(incident, now)
    else if (!over.has(incident.id)) {
      await tellOver(incident, now)
      over.add(incident.id)
      told.delete(incident.id)
    }
  }

  async function tellBegun({ id, openedAt }: Incident, now: Instant): Promise<void> {
    if (now - openedAt < HOLD_MS) return
    const had = told.get(id) ?? addressesOf(await lettersOf(outbox, incidentSubject(id)))
    told.set(id, had)
    const untold = deps.readers().filter(({ recipient }) => !had.has(addressKey(recipient.email)))
    const written = await write('incident', id, untold, now)
    for (const { recipient } of written) had.add(addressKey(recipient))
  }

  /** Nobody is told of the end who was not told of the beginning. */
  async function tellOver({ id }: Incident, now: Instant): Promise<void> {
    const letters = await lettersOf(outbox, incidentSubject(id))
    if (letters.some(({ sequence }) => sequence > 1)) return
    const had = addressesOf(letters)
    const readers = deps.readers().filter(({ recipient }) => had.has(addressKey(recipient.email)))
    await write('incident-over', id, readers, now)
  }

  async function write(
    kind: 'incident' | 'incident-over',
    id: string,
    readers: readonly Reader[],
    now: Instant,
  ): Promise<readonly NewLetter[]> {
    const stored = readers.length === 0 ? undefined : await flags.incident(id)
    if (stored === undefined || (kind === 'incident' && !isOpen(deps.fleet, id))) return []
    const letters: NewLetter[] = []
    for (const { recipient, zone, scopes, news } of audienceOf(deps.fleet, stored, readers)) {
      if (kind === 'incident' && !isSilentNow(news)) continue
      const letter = { kind, zone, contact: deps.contactOf(scopes), news }
      letters.push(...(await deps.write(letter, [recipient], now)))
    }
    if (letters.length === 0) return []
    await outbox.add(letters)
    deps.metrics.add('watch_flag_letters_total', { kind: 'incident' }, letters.length)
    deps.stored()
    return letters
  }

  async function work(): Promise<void> {
    try {
      const now = clock.now()
      const incidents = await flags.incidentsSince(now - NEWS_MS, MOST)
      for (const incident of incidents.toReversed()) await tell(incident, now)
      const known = new Set(incidents.map(({ id }) => id))
      for (const id of told.keys()) if (!known.has(id)) told.delete(id)
      for (const id of over) if (!known.has(id)) over.delete(id)
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

function addressesOf(letters: readonly Letter[]): Set<string> {
  return new Set(letters.map(({ recipient }) => addressKey(recipient)))
}

/** One that has just ended is stored as an open one for a moment. */
function isOpen({ incidents }: Fleet, id: string): boolean {
  return incidents.values().some((incident) => incident.id === id)
}

/** Who has all terminals back is told nothing. Of a source that is blind no members need be known. */
function isSilentNow({ incident, isWhole }: IncidentNews): boolean {
  if (isWhole && incident.dimension === 'ingest' && incident.clearSince === null) return true
  return incident.silent > 0
}
