import type { Config } from '../config/schema.ts'
import type { ComposedLetter } from '../core/letters/compose.ts'
import type { PreviewQuery } from '../core/letters/preview.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { SECOND } from '../core/time.ts'
import type { HttpCall, Notices, Stop } from '../ports.ts'
import { createAuditor } from '../workers/auditor.ts'
import { createLetterWriter, type LetterWriter } from '../workers/letter-writer.ts'
import { createOperatorNotices } from '../workers/operator-notices.ts'
import { type CarrierDeps, openCarrier } from './carrier.ts'
import { mailBuilderOf, readDkimKey } from './mail.ts'
import { readTemplates } from './templates.ts'

export type OutputsDeps = Omit<CarrierDeps, 'notices' | 'operators' | 'readers'> & {
  readonly call: HttpCall
  /** Planned work, past and to come: letters name what lies inside an outage. */
  readonly plannedWork: () => readonly Span[]
  /** What keeps the watch from storing what it sees: while there is anything, nothing is proven. */
  readonly troubles: () => readonly string[]
}

/**
 * Letters: who writes them, who carries them away, who proves that none is missing, and what operators are told. The
 * writer is replaced when what letters rest on changes.
 */
export async function openOutputs(deps: OutputsDeps, first: Config) {
  let config = first
  let foundation = foundationOf(first)
  let writer = writerOf(deps, first)
  const notices = createOperatorNotices(
    {
      ...deps,
      write: (letter, at) => writer.operatorLetter(letter, at),
      stored: () => carrier.wake(),
    },
    { timezone: () => config.timezone },
  )
  const auditor = createAuditor({ ...deps, notices }, () => ({
    graceMs: 2 * config.service.interval,
    watchdogUrl: config.letters.watchdogUrl,
  }))
  const operators = (): readonly string[] => config.letters.operators
  let readers = readersOf(first)
  const carrier = await openCarrier({ ...deps, operators, readers: () => readers, notices }, first)
  let started = false
  let stopShowing: Stop = () => {}

  function showReady(): void {
    const ready = config.letters.smtp !== '' && deps.recipients().length > 0
    deps.metrics.set('watch_letters_ready', ready ? 1 : 0)
  }

  return {
    /** To be called when those whom the letters ask about their outages are there. */
    start(): void {
      started = true
      carrier.start()
      notices.start()
      auditor.start()
      showReady()
      stopShowing = deps.clock.every(READY_EVERY_MS, showReady)
    },
    plan: (...args: Parameters<LetterWriter['plan']>) => writer.plan(...args),
    announce: (...args: Parameters<LetterWriter['announce']>) => writer.announce(...args),
    reminder: (...args: Parameters<LetterWriter['reminder']>) => writer.reminder(...args),
    operatorLetter: (...args: Parameters<LetterWriter['operatorLetter']>) => writer.operatorLetter(...args),
    flagLetter: (...args: Parameters<LetterWriter['flagLetter']>) => writer.flagLetter(...args),
    preview: (query: PreviewQuery): ComposedLetter => writer.preview(query, deps.clock.now()),
    notices: notices as Notices,
    findings: auditor.findings,
    wake: carrier.wake,
    troubles: carrier.troubles,
    warnings: carrier.warnings,
    /** Throws, with everything as it was, when the texts of the letters or the DKIM key have faults. */
    async reconfigure(next: Config): Promise<void> {
      const changed = foundationOf(next)
      const rewritten = changed === foundation ? writer : writerOf(deps, next)
      await carrier.reconfigure(next)
      writer = rewritten
      foundation = changed
      config = next
      readers = readersOf(next)
      if (started) showReady()
    },
    async stop(): Promise<void> {
      stopShowing()
      await auditor.stop()
      await notices.stop()
      await carrier.stop()
    },
  }
}

const READY_EVERY_MS = 5 * SECOND

/** Operators are told of incidents, too. */
function readersOf({ letters, flagging }: Config): readonly string[] {
  const addresses = flagging.digests.flatMap(({ recipients }) => recipients.map(({ email }) => email))
  return [...letters.operators, ...addresses]
}

/** Everything that letters rest on, as one text to compare. */
function foundationOf({ letters, service, timezone, language, http }: Config): string {
  const { recipients: _, watchdogUrl: __, ...rest } = letters
  const { name, baseUrl, noticeAfter, maintenancePauses } = service
  const key = readDkimKey({ letters })
  const from = [rest, name, baseUrl, noticeAfter, maintenancePauses, timezone, language, http.publicUrl]
  return JSON.stringify([from, key, readTemplates()])
}

function writerOf(deps: OutputsDeps, config: Config): LetterWriter {
  const { letters, service } = config
  return createLetterWriter(
    { outbox: deps.outbox, builder: mailBuilderOf(config) },
    {
      from: letters.from,
      recipients: deps.recipients,
      operators: letters.operators,
      templates: readTemplates(),
      timezone: config.timezone,
      language: config.language,
      serviceName: service.name,
      baseUrl: service.baseUrl,
      publicUrl: config.http.publicUrl,
      updateEveryMs: letters.updateEvery,
      noticeAfterMs: service.noticeAfter,
      plannedWork: () => (service.maintenancePauses ? deps.plannedWork() : []),
      filedIsLeft: letters.smtp === '',
    },
  )
}
