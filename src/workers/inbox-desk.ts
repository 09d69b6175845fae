import type { ImportProgress } from '../core/fleet/inventory.ts'
import { DAY, SECOND } from '../core/time.ts'
import type { Clock, HandedFile, Inbox, Log, Stop } from '../ports.ts'
import type { FleetDesk } from './fleet-desk.ts'

export type InboxDeskDeps = {
  readonly clock: Clock
  readonly inbox: Inbox
  readonly desk: Pick<FleetDesk, 'importCsv'>
  readonly log: Log
}

const LOOK_EVERY = SECOND / 2
const PROGRESS_EVERY = SECOND / 2
const TIDY_EVERY = DAY / 24
/** What nobody has fetched by then is nobody's. */
const KEPT_MS = DAY

/** Imports inventory files that commands hand over, one at a time. */
export function createInboxDesk({ clock, inbox, desk, log }: InboxDeskDeps) {
  let stops: Stop[] = []
  let working: Promise<void> = Promise.resolve()
  let isUnreadable = false

  async function look(): Promise<void> {
    const file = await inbox.take()
    isUnreadable = false
    if (file) await importFile(file)
  }

  async function importFile(file: HandedFile): Promise<void> {
    log.info('an inventory file was handed over', { bytes: file.bytes.length })
    const told = progressOf(file)
    await told.begin()
    try {
      const report = await desk.importCsv(file.bytes, { told: told.progress })
      await told.written()
      await file.answer({ kind: 'done', report })
      const { created, updated, merged, replaced, rejected } = report
      const counts = { created, updated, merged, replaced: replaced.length, rejected: rejected.length }
      log.info('the handed file was worked off', counts)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.error('the handed file could not be imported', { error: reason })
      await told.written()
      await file.answer({ kind: 'failed', reason: `${reason}${LATER}` })
    }
  }

  /** Writes now and then; the import does not wait for it. */
  function progressOf(file: HandedFile) {
    let writing: Promise<void> = Promise.resolve()
    let writtenAt = clock.monotonic()
    const write = (progress: ImportProgress): void => {
      writing = writing.then(() => file.progress(progress)).catch(() => {})
    }
    return {
      begin: (): Promise<void> => {
        write({ phase: 'reading', done: 0, total: 0 })
        return writing
      },
      progress: (progress: ImportProgress): void => {
        if (clock.monotonic() - writtenAt < PROGRESS_EVERY) return
        writtenAt = clock.monotonic()
        write(progress)
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

  function inTurn(work: () => Promise<void>): Promise<void> {
    working = working.then(work).catch((error: unknown) => {
      if (!isUnreadable) log.error('the inbox cannot be worked on', { error: String(error) })
      isUnreadable = true
    })
    return working
  }

  return {
    async start(): Promise<void> {
      await inTurn(tidy)
      stops = [clock.every(LOOK_EVERY, () => inTurn(look)), clock.every(TIDY_EVERY, () => inTurn(tidy))]
    },
    /** Lets the file that is being worked on come to its end. */
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      await working
    },
  }
}

/** A storing that failed is tried again by itself: what was taken into the memory stays there. */
const LATER =
  ' The service keeps what it has taken and tries again to store it; import the file again when it can.'
