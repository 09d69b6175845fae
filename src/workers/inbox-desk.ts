import type { Actor } from '../core/audit.ts'
import type { ImportProgress } from '../core/fleet/inventory.ts'
import { DAY, SECOND } from '../core/time.ts'
import {
  type Clock,
  type HandedAnswer,
  type HandedFile,
  type Inbox,
  type Log,
  ServiceStopping,
  type Stop,
} from '../ports.ts'
import type { FleetDesk } from './fleet-desk.ts'

export type InboxDeskDeps = {
  readonly clock: Clock
  readonly inbox: Inbox
  readonly desk: Pick<FleetDesk, 'importCsv' | 'end'>
  readonly log: Log
}

const LOOK_EVERY = SECOND / 2
const PROGRESS_EVERY = SECOND / 2
const TIDY_EVERY = DAY / 24
/** What nobody has fetched by then is nobody's. */
const KEPT_MS = DAY
/** Files that are taken before the first of them is done; each may be 64 MiB of memory. */
const MOST_TAKEN = 3

/** Who hands files over, for the audit trail. */
export const COMMAND: Actor = { name: 'import-terminals', via: 'command', address: '' }

/** Imports inventory files that commands hand over, in the order in which they come. */
export function createInboxDesk({ clock, inbox, desk, log }: InboxDeskDeps) {
  let stops: Stop[] = []
  let looking: Promise<void> = Promise.resolve()
  const importing = new Set<Promise<void>>()
  let isUnreadable = false
  let isStopped = false

  async function look(): Promise<void> {
    while (!isStopped && importing.size < MOST_TAKEN) {
      const file = await inbox.take()
      isUnreadable = false
      if (!file) return
      const work = importFile(file).catch(report)
      importing.add(work)
      void work.finally(() => importing.delete(work))
    }
  }

  async function importFile(file: HandedFile): Promise<void> {
    log.info('an inventory file was handed over', { bytes: file.bytes.length })
    const told = progressOf(file)
    const answer = await answerOf(file, told.progress)
    await told.written()
    await file.answer(answer)
  }

  async function answerOf(
    { bytes }: HandedFile,
    told: (progress: ImportProgress) => void,
  ): Promise<HandedAnswer> {
    try {
      const report = await desk.importCsv(bytes, { actor: COMMAND, told })
      const { created, updated, merged, replaced, rejectedTotal: rejected } = report
      const counts = { created, updated, merged, replaced: replaced.length, rejected }
      log.info('the handed file was worked off', counts)
      return { kind: 'done', report }
    } catch (error) {
      if (error instanceof ServiceStopping) {
        log.info('the service stops: nothing of the handed file was imported')
        return { kind: 'failed', reason: STOPPING }
      }
      const reason = error instanceof Error ? error.message : String(error)
      log.error('the handed file could not be imported', { error: reason })
      return { kind: 'failed', reason: `${reason}${isStopped ? UNKNOWN : LATER}` }
    }
  }

  /** Writes the beginning of each phase, and within it now and then; the import does not wait for it. */
  function progressOf(file: HandedFile) {
    let writing: Promise<void> = Promise.resolve()
    let writtenAt = 0
    let phase: ImportProgress['phase'] | undefined
    return {
      progress: (progress: ImportProgress): void => {
        const now = clock.monotonic()
        if (progress.phase === phase && now - writtenAt < PROGRESS_EVERY) return
        writtenAt = now
        phase = progress.phase
        writing = writing.then(() => file.progress(progress)).catch(() => {})
      },
      written: (): Promise<void> => writing,
    }
  }

  async function tidy(): Promise<void> {
    const { interrupted } = await inbox.tidy(clock.now() - KEPT_MS)
    if (interrupted > 0) {
      log.warn('files that were handed over were being imported when the service ended; import them again', {
        count: interrupted,
      })
    }
  }

  function report(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (!isUnreadable) log.error('the inbox cannot be worked on', { error: reason })
    isUnreadable = true
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    looking = looking.then(work).catch(report)
    return looking
  }

  return {
    async start(): Promise<void> {
      await inTurn(tidy)
      stops = [clock.every(LOOK_EVERY, () => inTurn(look)), clock.every(TIDY_EVERY, () => inTurn(tidy))]
    },
    /** What is not being taken over yet is given up; the rest is waited for, and everybody gets an answer. */
    async stop(): Promise<void> {
      isStopped = true
      for (const stop of stops) stop()
      desk.end()
      await looking
      await Promise.all(importing)
    },
  }
}

const STOPPING =
  'The service is stopping; nothing was imported. Run the command again: it imports by itself while no service runs.'
const UNKNOWN =
  ' The service stopped meanwhile; the file was imported as a whole or not at all. Import it again to be sure.'
/** A storing that failed is tried again by itself: what was taken into the memory stays there. */
const LATER =
  ' The service keeps what it has taken and tries again to store it; import the file again when it can.'
