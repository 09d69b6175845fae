import type { FlagLetter } from '../core/flagging/flag-letter.ts'
import type { Explain } from '../core/flagging/flagged.ts'
import { awaitChanges, type Digested, decideNote, type NoteRules } from '../core/flagging/note.ts'
import { type NoteState, newNotes } from '../core/flagging/note-state.ts'
import type { Scope } from '../core/flagging/scope.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { NewLetter, Recipient } from '../core/letters/letter.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, FlagStore, Log, Metrics, Stop } from '../ports.ts'
import { readChanges } from './flag-changes.ts'
import type { FlagProgress } from './flag-progress.ts'

export type FlagNotesDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly fleet: Fleet
  readonly flags: Pick<FlagStore, 'changes' | 'newest'>
  readonly progress: FlagProgress<NoteState>
  readonly explain: Explain
  readonly digested: () => Digested
  /** Whom readers about terminals of these scopes may ask; empty: the sender. */
  readonly contactOf: (scopes: readonly Scope[]) => string
  readonly write: (letter: FlagLetter, to: readonly Recipient[], at: Instant) => Promise<readonly NewLetter[]>
  /** Called when letters were stored, so that they leave at once. */
  readonly stored: () => void
}

export type FlagNotesOptions = NoteRules & {
  /** Of the digest to which the notes belong. */
  readonly id: string
  readonly recipients: readonly Recipient[]
}

const LOOK_EVERY_MS = 20 * SECOND

/** Writes notes about terminals that have been stale for a while, between two digests (core/flagging/note.ts). */
export function createFlagNotes(deps: FlagNotesDeps, options: FlagNotesOptions) {
  const { clock, log, flags, fleet, progress } = deps
  const { id, recipients, hours } = options
  let state: NoteState | undefined
  let stopTimer: Stop = () => {}
  let working: Promise<void> | undefined
  let failing = false

  async function begin(): Promise<NoteState> {
    const known = await progress.load()
    if (known !== undefined) return known
    const fresh = newNotes(await flags.newest())
    await progress.commit(fresh, fresh, [])
    return fresh
  }

  async function note(before: NoteState): Promise<NoteState> {
    const now = clock.now()
    let seen = before
    await readChanges(flags, before.after, (page) => {
      seen = awaitChanges(seen, page, page.at(-1)?.number ?? seen.after, options)
    })
    const decided = decideNote(fleet, seen, options, now, deps.explain, deps.digested())
    const { content } = decided
    const { number } = decided.state
    const letters =
      content === null
        ? []
        : await deps.write(
            {
              kind: 'note',
              zone: hours.zone,
              contact: deps.contactOf([options.scope]),
              digest: id,
              number,
              content,
            },
            recipients,
            now,
          )
    // What nobody waits for is read again after a restart.
    const changed =
      letters.length > 0 || JSON.stringify(decided.state.waiting) !== JSON.stringify(before.waiting)
    if (changed) await progress.commit(before, decided.state, letters)
    if (letters.length > 0) {
      deps.metrics.add('watch_flag_letters_total', { kind: 'note' }, letters.length)
      deps.stored()
    }
    return decided.state
  }

  async function work(): Promise<void> {
    try {
      state ??= await begin()
      state = await note(state)
      if (failing) log.info('notes about terminals can be written again', { digest: id })
      failing = false
    } catch (error) {
      if (!failing) {
        log.warn('notes about terminals cannot be written, trying again', {
          digest: id,
          error: String(error),
        })
      }
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
    /** Resolves when it is known what was told before, or the store cannot say it yet. */
    async start(): Promise<void> {
      stopTimer = clock.every(LOOK_EVERY_MS, look)
      await look()
    },
    /** Ids of the silent terminals of which a note has told. */
    noted: (): ReadonlySet<string> => new Set(state?.told.map(([terminal]) => terminal)),
    async stop(): Promise<void> {
      stopTimer()
      await working
    },
  }
}
