import { type AuditedRecipient, auditLetters, isAudited } from '../core/letters/audit.ts'
import type { Letter, LetterState, Recipient } from '../core/letters/letter.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import type { Outage } from '../core/outage/outage.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../core/time.ts'
import type { Clock, HttpCall, Log, Metrics, Notices, OutageStore, Outbox, Stop } from '../ports.ts'
import { lettersOf } from './subject-letters.ts'

export type AuditorDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly outages: Pick<OutageStore, 'outages'>
  readonly outbox: Pick<Outbox, 'list'>
  readonly recipients: () => readonly Recipient[]
  readonly notices: Notices
  readonly call: HttpCall
  /** What keeps the watch from storing what it sees: an outage that is not stored yet may owe letters. */
  readonly troubles?: () => readonly string[]
}

export type AuditorOptions = {
  /** Two rounds of probes: so long nobody misses the letter of a recipient who joins an outage. */
  readonly graceMs: number
  /** Called while all letters are in order; empty: nothing is called. */
  readonly watchdogUrl: string
}

export type Auditor = {
  /** Checks at once and then every minute. */
  start(): void
  stop(): Promise<void>
  /** What the newest check found; empty: every due letter is proven to be on its way. */
  findings(): readonly string[]
  /** One check; ends with the call of the watchdog. Never rejects. */
  check(): Promise<void>
}

const PAGE = 200
const CALL_MS = 10 * SECOND
/** Longer than outages are audited after their end; what is older need not be looked through. */
const LOOKED_BACK_MS = 7 * DAY
const STATES: readonly LetterState[] = [
  'pending',
  'sending',
  'sent',
  'retry',
  'ambiguous',
  'dead',
  'superseded',
  'filed',
]

/** Proves every minute that no due letter is missing (spec/letters.md, Auditor). */
export function createAuditor(deps: AuditorDeps, options: () => AuditorOptions): Auditor {
  const { clock, log, metrics } = deps
  const since = new Map<string, Instant>()
  /** Those who came after the first check. */
  const joined = new Set<string>()
  let looked = false
  /** Letters are carried from the start on; checks before it look at what is stored only. */
  let carriedSince = Number.NEGATIVE_INFINITY
  /** Attempts under way by letter and number, with the time of the first check that saw them. */
  let attempts = new Map<string, Instant>()
  let findings: readonly string[] = []
  /** Outages, or the store, of which it is not proven. */
  let failing: ReadonlySet<string> = new Set()
  let watchdogFails = false
  let stopTimer: Stop = () => {}
  let running: Promise<void> | undefined

  function known(): readonly AuditedRecipient[] {
    const recipients = deps.recipients()
    const keys = new Set(recipients.map(({ email }) => addressKey(email)))
    for (const key of since.keys()) if (!keys.has(key)) since.delete(key)
    for (const key of keys) {
      if (since.has(key)) continue
      since.set(key, clock.now())
      if (looked) joined.add(key)
    }
    looked = true
    return recipients.map(({ email }) => {
      const key = addressKey(email)
      return { email, since: since.get(key) ?? clock.now(), joined: joined.has(key) }
    })
  }

  /** Those that tell recipients of it; without an open outage there are none. */
  function showOutage(letters: readonly Letter[]): void {
    const telling = letters.filter(({ kind }) => kind === 'initial' || kind === 'update')
    for (const state of STATES) {
      const count = telling.filter((letter) => letter.state === state).length
      metrics.set('watch_outage_letters', count === 0 ? Number.NaN : count, { state })
    }
  }

  async function audit(): Promise<readonly { readonly key: string; readonly text: string }[]> {
    const now = clock.now()
    const recipients = known()
    const { graceMs } = options()
    const seen = new Map<string, Instant>()
    const found = (deps.troubles?.() ?? []).map((text) => ({ key: 'store', text }))
    let ofOpen: readonly Letter[] = []
    for (const outage of await auditedOutages(now)) {
      const letters = await lettersOf(deps.outbox, outage.id)
      if (outage.state === 'open') ofOpen = letters
      for (const letter of letters.filter(({ state }) => state === 'sending')) {
        seen.set(attemptKey(letter), attempts.get(attemptKey(letter)) ?? now)
      }
      const texts = auditLetters(outage, letters, recipients, now, {
        graceMs,
        attemptSince: (letter) => seen.get(attemptKey(letter)),
        carriedSince,
      })
      found.push(...texts.map((text) => ({ key: outage.id, text })))
    }
    attempts = seen
    showOutage(ofOpen)
    return found
  }

  async function auditedOutages(now: Instant): Promise<readonly Outage[]> {
    const found: Outage[] = []
    for (let before: string | undefined; ; ) {
      const page = await deps.outages.outages(PAGE, before)
      found.push(...page.filter((outage) => isAudited(outage, now)))
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) return found
      if (last.end !== null && last.end < now - LOOKED_BACK_MS) return found
      before = last.id
    }
  }

  function conclude(found: readonly { readonly key: string; readonly text: string }[]): void {
    const before = failing
    findings = found.map(({ text }) => text)
    metrics.set('watch_letters_audit_ok', findings.length === 0 ? 1 : 0)
    if (findings.length === 0) metrics.set('watch_letters_audit_ok_timestamp_seconds', clock.now() / SECOND)
    const byKey = Map.groupBy(found, ({ key }) => key)
    failing = new Set(byKey.keys())
    if (failing.size === 0 && before.size > 0) log.info('every due letter is proven again')
    for (const [key, texts] of byKey) {
      const reason = texts.map(({ text }) => text).join('; ')
      // Each time anew: operators are told once a day only.
      if (!before.has(key)) log.error('it is not proven that every due letter is sent', { key, reason })
      deps.notices.raise({ topic: 'audit-failed', key, reason })
    }
  }

  async function check(): Promise<void> {
    try {
      conclude(await audit())
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      conclude([{ key: 'store', text: `the letters cannot be read: ${text}` }])
    }
    const { watchdogUrl } = options()
    if (findings.length === 0 && watchdogUrl !== '') await callWatchdog(watchdogUrl)
  }

  /** The address is a secret in itself: whoever has it can say that all is well. So it is in no log. */
  async function callWatchdog(url: string): Promise<void> {
    const answer = await deps.call({ method: 'GET', url, maxBytes: 1024 }, CALL_MS)
    if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
      if (watchdogFails) log.info('the watchdog answers again')
      watchdogFails = false
      return
    }
    metrics.add('watch_watchdog_failures_total')
    if (!watchdogFails)
      log.warn('the watchdog cannot be called; check letters.watchdogUrl', { ...faultOf(answer) })
    watchdogFails = true
  }

  function run(): Promise<void> {
    running ??= check().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    start() {
      carriedSince = clock.now()
      // Not proven yet.
      metrics.set('watch_letters_audit_ok', 0)
      void run()
      stopTimer = clock.every(MINUTE, run)
    },
    async stop() {
      stopTimer()
      await running
    },
    findings: () => findings,
    check: run,
  }
}

function attemptKey({ id, attempts }: Letter): string {
  return `${id} ${attempts.length}`
}

function faultOf(answer: Awaited<ReturnType<HttpCall>>): Readonly<Record<string, unknown>> {
  switch (answer.kind) {
    case 'answered':
      return { status: answer.status }
    case 'failed':
      return { phase: answer.phase }
    case 'own-fault':
      return { reason: answer.reason }
  }
}
