import { decideDigest } from '../core/flagging/digest.ts'
import { type DigestState, newDigest } from '../core/flagging/digest-state.ts'
import type { FlagLetter } from '../core/flagging/flag-letter.ts'
import type { Explain } from '../core/flagging/flagged.ts'
import { type HappenedByRow, takeChanges } from '../core/flagging/happened.ts'
import type { Digested } from '../core/flagging/note.ts'
import { hasTerminals, type Scope } from '../core/flagging/scope.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { StoredIncident } from '../core/freshness/mass/incident.ts'
import type { NewLetter, Recipient } from '../core/letters/letter.ts'
import { type Instant, MINUTE } from '../core/time.ts'
import type { Clock, FlagStore, Log, Metrics, Stop, Timetable } from '../ports.ts'
import { readChanges } from './flag-changes.ts'
import type { FlagProgress } from './flag-progress.ts'

export type FlagDigestDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly timetable: Pick<Timetable, 'run' | 'next'>
  readonly fleet: Fleet
  readonly flags: FlagStore
  readonly progress: FlagProgress<DigestState>
  readonly explain: Explain
  /** Ids of terminals of whose silence an immediate note has told. */
  readonly noted: () => ReadonlySet<string>
  /** Whom readers about terminals of these scopes may ask; empty: the sender. */
  readonly contactOf: (scopes: readonly Scope[]) => string
  readonly write: (letter: FlagLetter, to: readonly Recipient[], at: Instant) => Promise<readonly NewLetter[]>
  /** Called when letters were stored, so that they leave at once. */
  readonly stored: () => void
}

export type FlagDigestOptions = {
  readonly id: string
  readonly scope: Scope
  readonly recipients: readonly Recipient[]
  /** When it is written: cron of five fields, in `zone`. */
  readonly cron: string
  readonly zone: string
}

/** After a start the terminals get this time to speak, before a digest that was missed is made up for. */
const SETTLE_MS = 5 * MINUTE
const RETRY_MS = MINUTE
/** So many incidents are told of at most: first those that go on. */
const INCIDENTS = 200

/**
 * Writes one digest at its times: what changed among its terminals since the last one. A time at which the service was
 * down is made up for once; what cannot be stored is tried again. A new digest begins with what changes from now on.
 */
export function createFlagDigest(deps: FlagDigestDeps, options: FlagDigestOptions) {
  const { clock, log, flags, fleet, progress, timetable } = deps
  const { id, scope, recipients, cron, zone } = options
  let state: DigestState | undefined
  let stops: readonly Stop[] = []
  let working: Promise<void> | undefined
  let owed = false
  let saidEmpty = false

  async function begin(): Promise<DigestState> {
    const known = await progress.load()
    if (known !== undefined) return onTime(known)
    const fresh = newDigest(await flags.newest(), clock.now(), nextTime())
    await progress.commit(fresh, fresh, [])
    return fresh
  }

  /** Its times may have been changed since, and the clock may have been ahead. What is due stays so. */
  async function onTime(known: DigestState): Promise<DigestState> {
    const dueAt = nextTime()
    if (known.dueAt <= clock.now() || known.dueAt === dueAt) return known
    const corrected = { ...known, dueAt }
    await progress.commit(known, corrected, [])
    return corrected
  }

  function nextTime(): Instant {
    return timetable.next(cron, zone, 1)[0] ?? Number.MAX_SAFE_INTEGER
  }

  /** Once, until there is one. */
  function warnIfEmpty(): void {
    const isEmpty = !hasTerminals(fleet, scope)
    if (isEmpty && !saidEmpty) {
      log.warn('a digest is about no terminal of the inventory: nothing is written', { digest: id, ...scope })
    }
    saidEmpty = isEmpty
  }

  async function digest(before: DigestState): Promise<DigestState> {
    const now = clock.now()
    warnIfEmpty()
    const happened: HappenedByRow = new Map()
    const after = await readChanges(flags, before.after, (page) => takeChanges(fleet, scope, happened, page))
    const incidents = await incidentsSince(before.at)
    const evidence = { happened, incidents, noted: deps.noted() }
    const { content, ...remembered } = decideDigest(fleet, scope, before, evidence, now, deps.explain)
    const number = content === null ? before.number : Math.max(before.number + 1, after)
    const next: DigestState = { after, number, at: now, dueAt: nextTime(), ...remembered }
    const letters =
      content === null
        ? []
        : await deps.write(
            { kind: 'digest', zone, contact: deps.contactOf([scope]), digest: id, number, content },
            recipients,
            now,
          )
    await progress.commit(before, next, letters)
    if (letters.length > 0) {
      deps.metrics.add('watch_flag_letters_total', { kind: 'digest' }, letters.length)
      deps.stored()
    }
    return next
  }

  async function incidentsSince(at: Instant): Promise<readonly StoredIncident[]> {
    const known = await flags.incidentsSince(at, INCIDENTS)
    const stored = await Promise.all(known.map(({ id: incidentId }) => flags.incident(incidentId)))
    return stored.filter((incident) => incident !== undefined)
  }

  async function work(): Promise<void> {
    try {
      state ??= await begin()
      if (owed) state = await digest(state)
      owed = false
    } catch (error) {
      log.warn('a digest of terminals cannot be written, trying again', { digest: id, error: String(error) })
    }
  }

  /** One at a time. Resolves when the digest is stored, or could not be: then it is tried again. */
  function look(): Promise<void> {
    working ??= work().finally(() => {
      working = undefined
    })
    return working
  }

  function writeNow(): Promise<void> {
    owed = true
    return look()
  }

  return {
    /** Resolves when it is known what was told before, or the store cannot say it yet. */
    async start(): Promise<void> {
      stops = [
        timetable.run(cron, zone, writeNow),
        clock.every(RETRY_MS, () => (owed || state === undefined ? look() : undefined)),
        clock.after(SETTLE_MS, () => (isMissed() ? writeNow() : undefined)),
      ]
      await look()
    },
    /** What a note need not tell any more. */
    digested: (): Digested => ({
      silences: new Map(state?.told),
      at: state?.at ?? Number.NEGATIVE_INFINITY,
    }),
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      await working
    },
  }

  function isMissed(): boolean {
    return state !== undefined && state.dueAt <= clock.now()
  }
}
