import type { Fleet } from '../core/fleet/fleet.ts'
import { encodeChunk } from '../core/fleet/register-codec.ts'
import { markDirty } from '../core/fleet/terminal-table.ts'
import { MINUTE, SECOND } from '../core/time.ts'
import type { BlindRow, Checkpoint, Clock, FleetFlush, FleetStore, Log, Metrics } from '../ports.ts'
import { collectDirty } from './dirty-rows.ts'
import { takeChanges } from './fleet-changes.ts'
import { createGapRounds } from './gap-rounds.ts'
import { inSlices } from './slices.ts'
import { boundBlind } from './unsaved.ts'
import { createUnsavedTransitions } from './unsaved-transitions.ts'

export type FleetWriterDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly store: FleetStore
  readonly log: Log
  readonly metrics: Metrics
  /** Blind stretches that are new or changed since the last call. */
  readonly takeBlind: () => readonly BlindRow[]
}

/** Chunks that are stored with a flush, what is forgotten then, and how many bytes of the journal that is. */
type Rewrite = Required<Pick<Checkpoint, 'chunks' | 'forget'>> & { readonly forgottenBytes: number }

const CHECKPOINT_EVERY = 5 * MINUTE
/** So many are in memory at once, 6 MB, and hold up neither other calls of the store nor its write-ahead log. */
const CHUNKS_AT_ONCE = 64
/** A journal of this size is read back in less than a second. Many messages fill it in half a minute. */
export const LONGEST_JOURNAL_BYTES = 128 * 1024 * 1024

/** Stores what changed in the fleet; whoever calls lets one call end before the next (spec/freshness.md 6). */
export function createFleetWriter({ clock, fleet, store, log, metrics, takeBlind }: FleetWriterDeps) {
  const unsaved = createUnsavedTransitions({ fleet, log, metrics })
  const gapRounds = createGapRounds(fleet.gaps, clock)
  let flushedAt = -Infinity
  let checkpointAt = clock.monotonic()
  /** What a restart would read back, and how much of it there was when a checkpoint was last begun without an end. */
  let journalBytes = 0
  let bytesAtCheckpoint = 0
  let unsavedBlind: BlindRow[] = []
  let trouble: string | null = null
  /** Who waits for what was changed so far to be stored. */
  let waiting: ((stored: boolean) => void)[] = []

  function hasChanged(): boolean {
    const { table, changedCounters, changedIncidents, changedBaselines } = fleet
    const isWaiting = waiting.length > 0 || changedIncidents.length > 0 || changedBaselines.length > 0
    return table.dirty.length > 0 || changedCounters.size > 0 || isWaiting
  }

  /** `all`: also what is stored now and then only. Tells whether it was stored. */
  async function write(all: boolean, rewrite?: Rewrite): Promise<boolean> {
    const dirty = collectDirty(fleet.table)
    await inSlices(dirty.steps(), { clock })
    // From here on everything is taken in one turn: what is stored together was so at one moment.
    dirty.end()
    const { rows, journal } = dirty
    unsaved.fileUnderSurvivors()
    const { giveBack, ...changes } = takeChanges(fleet)
    const transitions = unsaved.take()
    const asked = waiting
    waiting = []
    const blind = unsavedBlind.concat(takeBlind())
    unsavedBlind = []
    const gaps = rewrite?.forget === 'none' ? gapRounds.forgotten() : gapRounds.take(all)
    const started = clock.monotonic()
    const batch: FleetFlush = { at: clock.now(), journal, transitions, blind, gaps, ...changes }
    // The bytes are no longer ours after the call.
    const bytes = journal.reduce((sum, entry) => sum + entry.length, 0)
    try {
      if (rewrite) {
        const { forgottenBytes, ...part } = rewrite
        await store.checkpoint({ ...part, flush: batch })
        journalBytes -= forgottenBytes
      } else {
        await store.flush(batch)
      }
      journalBytes += bytes
      flushedAt = clock.monotonic()
      unsaved.stored()
      metrics.set('watch_store_flushed_timestamp_seconds', clock.now() / SECOND)
      recovered()
      for (const answer of asked) answer(true)
      return true
    } catch (error) {
      // Nothing was stored: everything goes into the next flush.
      for (const row of rows) markDirty(fleet.table, row)
      giveBack()
      gapRounds.giveBack(gaps)
      unsaved.giveBack(transitions)
      unsavedBlind = boundBlind(blind.concat(unsavedBlind))
      for (const answer of asked) answer(false)
      failed(error)
      return false
    } finally {
      metrics.observe('watch_store_flush_seconds', (clock.monotonic() - started) / SECOND)
      metrics.set('watch_store_journal_bytes', journalBytes)
    }
  }

  /** Encodes chunks over several turns, in which messages are taken in and terminals judged. */
  function* encoding(numbers: readonly number[]): Generator<number, Checkpoint['chunks']> {
    const chunks: { readonly number: number; readonly bytes: Uint8Array }[] = []
    for (const number of numbers) {
      fleet.table.dirtyChunks.delete(number)
      chunks.push({ number, bytes: encodeChunk(fleet.table, number) })
      yield chunks.length
    }
    return chunks
  }

  /** Tells whether they were stored; if not, they will be with the next checkpoint. */
  async function storeChunks(
    numbers: readonly number[],
    all: boolean,
    forget: Omit<Rewrite, 'chunks'>,
  ): Promise<boolean> {
    let isStored = false
    try {
      isStored = await write(all, { chunks: await inSlices(encoding(numbers), { clock }), ...forget })
    } finally {
      if (!isStored) for (const number of numbers) fleet.table.dirtyChunks.add(number)
    }
    return isStored
  }

  function failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (trouble === null)
      log.error('last-seen data cannot be stored; it is kept in memory and tried again', { error: message })
    trouble = `store: ${message}`
  }

  function recovered(): void {
    if (trouble !== null) log.info('last-seen data is stored again')
    trouble = null
  }

  return {
    unsaved,
    write,
    failed,
    /** How long ago anything was stored, ms. */
    waitedMs: (): number => clock.monotonic() - flushedAt,
    hasChanged,
    isCheckpointDue: (): boolean =>
      journalBytes - bytesAtCheckpoint >= LONGEST_JOURNAL_BYTES ||
      clock.monotonic() - checkpointAt >= CHECKPOINT_EVERY,
    /**
     * Rewrites the changed chunks, some at a time. With each part, in one transaction, is stored what has changed until
     * it is encoded: a state in a chunk never is without the transition that led to it, nor newer than the journal. The
     * last part forgets the journal that was there at the beginning; cut off before, all of it is read back as ever.
     * A stop that begins meanwhile ends it after the present part.
     */
    async checkpoint(isStopping: () => boolean): Promise<void> {
      const all = isStopping()
      // One that fails is not tried again with each flush.
      checkpointAt = clock.monotonic()
      bytesAtCheckpoint = journalBytes
      const end = await store.journalEnd().catch(failed)
      if (end === undefined) return
      const numbers = [...fleet.table.dirtyChunks]
      // A store that is full takes nothing until the journal has made room.
      const most = trouble === null ? CHUNKS_AT_ONCE : Infinity
      for (let first = 0; all || !isStopping(); first += most) {
        const part = numbers.slice(first, first + most)
        const isLast = first + most >= numbers.length
        const forget = isLast
          ? { forget: end, forgottenBytes: bytesAtCheckpoint }
          : ({ forget: 'none', forgottenBytes: 0 } as const)
        if (!(await storeChunks(part, all && isLast, forget))) return
        if (isLast) {
          bytesAtCheckpoint = 0
          return
        }
      }
    },
    /** Resolves with the next flush that succeeds or fails: whether all that was changed before this call is stored. */
    stored: (): Promise<boolean> =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    troubles: (): readonly string[] => (trouble === null ? [] : [trouble, ...unsaved.troubles()]),
  }
}
