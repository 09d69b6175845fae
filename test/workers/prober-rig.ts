import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { Actor, AuditEntry } from '../../src/core/audit.ts'
import type { LetterKind, Recipient } from '../../src/core/letters/letter.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import type { OutageAction } from '../../src/core/outage/handling.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { mergeWindows, type Span } from '../../src/core/outage/planned-work.ts'
import type { ProbeResult } from '../../src/core/outage/verdict.ts'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import type { ControlResult, MailBuilder, OutageStore, Probe, Stores, TraceRow } from '../../src/ports.ts'
import { createClaimHold } from '../../src/workers/claim-hold.ts'
import { createLetterWriter } from '../../src/workers/letter-writer.ts'
import { createProber, type Prober, type ProberOptions } from '../../src/workers/prober.ts'
import { createServiceSeconds } from '../../src/workers/service-seconds.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { ANNA, BOB, shippedTemplates } from '../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

export const OK: ProbeResult = { kind: 'ok', latencyMs: 80, slow: false, status: 200 }
export const FAILED: ProbeResult = { kind: 'failed', phase: 'http', latencyMs: 5, evidence: 'status 503' }

export const OPTIONS: ProberOptions = {
  intervalMs: MINUTE,
  timeoutMs: 25 * SECOND,
  components: [{ id: 'web', kind: 'http', counts: 'outage' }],
  policy: {
    recoveryPeriodMs: 5 * MINUTE,
    noticeAfterMs: HOUR,
    warnAfterMs: 45 * MINUTE,
    maintenancePauses: true,
  },
  updateEveryMs: HOUR,
}

export const OPERATOR = 'duty@example.org'
export const CLARA: Actor = { name: 'clara', via: 'session', address: '192.0.2.7' }

/** The texts as bytes: what MIME looks like is tested with the mail adapter. */
const builder: MailBuilder = {
  build: async (mail) => new TextEncoder().encode(`${mail.messageId} ${mail.date}\n${mail.text}`),
}

/** A prober on the fake clock with memory stores, the real letters, and a service that answers what `answers` says. */
export function createRig(change: Partial<ProberOptions> = {}) {
  const options = { ...OPTIONS, ...change }
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const claims = createClaimHold()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const answers = new Map<string, ProbeResult | Probe>(options.components.map(({ id }) => [id, OK]))
  const probed: string[] = []
  const windows: Span[] = []
  const notices: Notice[] = []
  const rig = {
    clock,
    /** Planned work. */
    windows,
    notices,
    timezone: 'Europe/Moscow',
    recipients: [ANNA, BOB] as readonly Recipient[],
    stores,
    log,
    metrics,
    answers,
    /** Ids in the order of their attempts. */
    probed,
    controls: [{ url: 'https://a.example/', kind: 'answered', byName: true }] as readonly ControlResult[],
    controlChecks: 0,
    woken: 0,
    /** Claims as a courier does. */
    claim: () => claims.claim(() => stores.outbox.claim(clock.now(), 10)),
    store: stores.outages as OutageStore,
    timer: clock as FakeClock,
    /** A new one is a new process. */
    seconds: createServiceSeconds({ clock, metrics }),
    prober: undefined as Prober | undefined,
    /** Starts a prober on what the stores hold; the first round is over when it resolves. */
    async start(): Promise<Prober> {
      const writer = createLetterWriter(
        { outbox: stores.outbox, builder },
        {
          from: 'Watch <watch@example.org>',
          recipients: () => rig.recipients,
          operators: [OPERATOR],
          templates: shippedTemplates(),
          timezone: rig.timezone,
          language: 'en',
          serviceName: 'Omnicomm Online',
          baseUrl: 'https://online.example',
          publicUrl: 'https://watch.example',
          updateEveryMs: options.updateEveryMs,
          noticeAfterMs: options.policy.noticeAfterMs,
          plannedWork: () => mergeWindows(windows),
        },
      )
      const deps = { clock: rig.timer, store: rig.store, letters: writer, log, metrics, seconds: rig.seconds }
      const prober = await createProber(
        {
          ...deps,
          holdClaims: claims.hold,
          windows: () => mergeWindows(windows),
          notices: { raise: (notice) => notices.push(notice) },
          probes: new Map(options.components.map(({ id }) => [id, probeOf(id)])),
          controls: async () => {
            rig.controlChecks++
            return rig.controls
          },
          lettersStored: () => {
            rig.woken++
          },
        },
        options,
      )
      rig.prober = prober
      prober.start()
      await settled()
      return prober
    },
    /** All components answer this for so long. */
    async answer(result: ProbeResult | Probe, ms: number): Promise<void> {
      for (const id of answers.keys()) answers.set(id, result)
      await clock.advance(ms)
      await settled()
    },
    /** Moves the clock only when a round is still running. */
    async kill(): Promise<void> {
      let stopped = false
      const stopping = rig.prober?.stop().then(() => {
        stopped = true
      })
      await settled()
      if (!stopped) await clock.advance(3 * SECOND)
      await stopping
    },
    /** Moves the clock in seconds without waiting for the rounds that begin on the way. */
    async pass(ms: number): Promise<void> {
      rig.timer = { ...clock, after: (delay, tick) => clock.after(delay, () => void tick()) }
      for (let rest = ms; rest > 0; rest -= SECOND) {
        await clock.advance(Math.min(SECOND, rest))
        await settled()
      }
    },
    rows: (): Promise<readonly TraceRow[]> => stores.outages.trace(0, Number.MAX_SAFE_INTEGER),
    async newest(): Promise<Outage | undefined> {
      return (await stores.outages.outages(1))[0]
    },
    letters: () => lettersOf(stores, (kind) => kind !== 'operator'),
    /** The same of those to the operator, with their subjects in place of their recipients. */
    async told(): Promise<readonly string[]> {
      const { items } = await stores.outbox.list({ kind: 'operator', limit: 1000 })
      return items.map(({ subject, sequence }) => `${subject.replace(/-\d{8}T.*/, '')} ${sequence}`).reverse()
    },
    /** The finished texts of all letters of a kind. */
    async texts(kind: LetterKind): Promise<readonly string[]> {
      const { items } = await stores.outbox.list({ kind, limit: 1000 })
      const claimed = await Promise.all(items.map(({ id }) => stores.outbox.get(id)))
      return claimed.map((letter) => new TextDecoder().decode(letter?.mime))
    },
    /** Every letter that waits is taken and accepted. */
    async deliver(): Promise<void> {
      const now = rig.clock.now()
      for (const { letter } of await stores.outbox.claim(now, 1000)) {
        const attempt = { at: now, result: 'sent', reply: '250' }
        await stores.outbox.settle(letter.id, {
          state: 'sent',
          nextAt: null,
          sentAt: now,
          bodyHandedOver: true,
          attempt,
        })
      }
    },
    act(action: OutageAction, id?: string): ReturnType<Prober['act']> {
      if (!rig.prober) throw new Error('start the prober first')
      return rig.prober.act(id ?? rig.prober.status().outage?.id ?? 'none', action, CLARA)
    },
    audit: async (): Promise<readonly AuditEntry[]> =>
      (await stores.audit.list({ limit: 1000 })).toReversed(),
  }

  function probeOf(id: string): Probe {
    return async (timeoutMs) => {
      probed.push(id)
      const answer = answers.get(id) ?? OK
      return typeof answer === 'function' ? answer(timeoutMs) : answer
    }
  }
  return rig
}

export type Rig = ReturnType<typeof createRig>

/** `kind recipient state` of every letter, in order of the alphabet. */
async function lettersOf(stores: Stores, wanted: (kind: LetterKind) => boolean): Promise<readonly string[]> {
  const { items } = await stores.outbox.list({ limit: 1000 })
  const letters = items.filter(({ kind }) => wanted(kind))
  return letters.map(({ kind, recipient, state }) => `${kind} ${recipient} ${state}`).sort()
}

/** Lets everything run that waits for no timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Minutes since the start of the fake clock. */
export function minutes(at: Instant | null | undefined): number | null {
  return at == null ? null : (at - 1_767_225_600_000) / MINUTE
}
