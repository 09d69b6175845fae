import { relayName } from '../adapters/smtp/url.ts'
import type { Config } from '../config/schema.ts'
import type { ComposedLetter } from '../core/letters/compose.ts'
import type { Recipient } from '../core/letters/letter.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import type { PreviewQuery } from '../core/letters/preview.ts'
import { staleReason } from '../core/letters/stale.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type {
  Clock,
  HttpCall,
  Log,
  Metrics,
  Notices,
  OutageStore,
  Outbox,
  SettingsStore,
  Stop,
} from '../ports.ts'
import { createAuditor } from '../workers/auditor.ts'
import { type Courier, createCourier } from '../workers/courier.ts'
import { createLetterWriter, type LetterWriter } from '../workers/letter-writer.ts'
import { createOperatorNotices } from '../workers/operator-notices.ts'
import { readRelaySince } from '../workers/relay-since.ts'
import { mailBuilderOf, readDkimKey, transportOf } from './mail.ts'
import { readTemplates } from './templates.ts'

export type OutputsDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly outbox: Outbox
  readonly outages: Pick<OutageStore, 'outages'>
  readonly settings: SettingsStore
  /** Those who get letters now, of the file and of the page. */
  readonly recipients: () => readonly Recipient[]
  readonly call: HttpCall
  /** Both asked before each attempt to send. */
  readonly isCancelled: (outageId: string) => boolean
  readonly isOver: (outageId: string) => boolean
  /** Planned work, past and to come: letters name what lies inside an outage. */
  readonly plannedWork: () => readonly Span[]
}

/**
 * Letters: who writes them, who carries them away, who proves that none is missing, and what operators are told.
 * Writer and courier are replaced as a whole when what they rest on changes.
 */
export async function openOutputs(deps: OutputsDeps, first: Config) {
  let config = first
  let foundation = foundationOf(first)
  const notices = createOperatorNotices(
    {
      ...deps,
      write: (letter, at) => parts.writer.operatorLetter(letter, at),
      stored: () => parts.courier.wake(),
    },
    { timezone: () => config.timezone },
  )
  const auditor = createAuditor({ ...deps, notices }, () => ({
    graceMs: 2 * config.service.interval,
    watchdogUrl: config.letters.watchdogUrl,
  }))
  let parts = make({ ...deps, notices }, first, await relaySince(deps, first))
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
      parts.courier.start()
      notices.start()
      auditor.start()
      showReady()
      stopShowing = deps.clock.every(READY_EVERY_MS, showReady)
    },
    plan: (...args: Parameters<LetterWriter['plan']>) => parts.writer.plan(...args),
    announce: (...args: Parameters<LetterWriter['announce']>) => parts.writer.announce(...args),
    reminder: (...args: Parameters<LetterWriter['reminder']>) => parts.writer.reminder(...args),
    operatorLetter: (...args: Parameters<LetterWriter['operatorLetter']>) =>
      parts.writer.operatorLetter(...args),
    preview: (query: PreviewQuery): ComposedLetter => parts.writer.preview(query, deps.clock.now()),
    notices: notices as Notices,
    findings: auditor.findings,
    wake: (): void => parts.courier.wake(),
    troubles: () => parts.courier.troubles(),
    warnings: () => parts.courier.warnings(),
    /** Throws, with everything as it was, when the texts of the letters or the DKIM key have faults. */
    async reconfigure(next: Config): Promise<void> {
      const changed = foundationOf(next)
      if (changed !== foundation) {
        const made = make({ ...deps, notices }, next, await relaySince(deps, next))
        const retired = parts
        parts = made
        foundation = changed
        await retired.courier.stop()
        retired.close()
        if (started) parts.courier.start()
      }
      config = next
      if (started) showReady()
    },
    async stop(): Promise<void> {
      stopShowing()
      await auditor.stop()
      await notices.stop()
      await parts.courier.stop()
      parts.close()
    },
  }
}

const READY_EVERY_MS = 5 * SECOND

/** What another relay accepted says nothing about this one. */
async function relaySince(deps: OutputsDeps, { letters }: Config): Promise<Instant | undefined> {
  return letters.smtp === '' ? undefined : readRelaySince(deps, relayName(letters.smtp))
}

type Parts = { readonly writer: LetterWriter; readonly courier: Courier; readonly close: () => void }

/** Everything that letters and their sending depend on, as one text to compare. */
function foundationOf({ letters, service, timezone, language, data, http }: Config): string {
  const { recipients: _, watchdogUrl: __, ...rest } = letters
  const { name, baseUrl, noticeAfter, maintenancePauses } = service
  const key = readDkimKey({ letters })
  const from = [rest, name, baseUrl, noticeAfter, maintenancePauses, timezone, language, data, http.publicUrl]
  return JSON.stringify([from, key, readTemplates()])
}

function make(
  deps: OutputsDeps & { readonly notices: Notices },
  config: Config,
  since: Instant | undefined,
): Parts {
  const { letters } = config
  const writer = writerOf(deps, config)
  const transport = transportOf(config)
  const operators = new Set(letters.operators.map(addressKey))
  const recipientKeys = keysOf(deps.recipients)
  const courier = createCourier(
    { ...deps, transport },
    {
      cutOff: transport.close,
      ...(since !== undefined && { relaySince: since }),
      stale: (letter) => staleReason(letter, { ...deps, recipients: recipientKeys(), operators }),
    },
  )
  return { writer, courier, close: transport.close }
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

/** The list is asked for before every attempt; its keys are made anew only when it is another one. */
function keysOf(recipients: () => readonly Recipient[]): () => ReadonlySet<string> {
  let list: readonly Recipient[] | undefined
  let keys: ReadonlySet<string> = new Set()
  return () => {
    const now = recipients()
    if (now !== list) keys = new Set(now.map(({ email }) => addressKey(email)))
    list = now
    return keys
  }
}
