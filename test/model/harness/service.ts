import type { Recipient } from '../../../src/core/letters/letter.ts'
import { addressKey } from '../../../src/core/letters/mailbox.ts'
import { staleReason } from '../../../src/core/letters/stale.ts'
import { mergeWindows, type Span } from '../../../src/core/outage/planned-work.ts'
import type { ProbeResult } from '../../../src/core/outage/verdict.ts'
import type { Clock, ControlResult, Log, MailBuilder, Metrics } from '../../../src/ports.ts'
import { createAuditor } from '../../../src/workers/auditor.ts'
import { createClaimHold } from '../../../src/workers/claim-hold.ts'
import { createCourier } from '../../../src/workers/courier.ts'
import { letterFacts } from '../../../src/workers/letter-facts.ts'
import { createLetterWriter, type LetterWriter } from '../../../src/workers/letter-writer.ts'
import { createProber } from '../../../src/workers/prober.ts'
import { createServiceSeconds } from '../../../src/workers/service-seconds.ts'
import { shippedTemplates } from '../../support/letters.ts'
import type { LetterPolicy } from '../oracle/trace.ts'
import type { ModelClock } from './model-clock.ts'
import { connect, type World } from './world.ts'

export type ModelOptions = LetterPolicy & {
  readonly intervalMs: number
  readonly timeoutMs: number
  /** When the trace begins; default START. */
  readonly startAt?: number
  /** Default Europe/Moscow. */
  readonly timezone?: string
}

export const START = 1_767_225_600_000

/** What the watched service and the network do at the moment. */
export type Scene = {
  verdict: 'ok' | 'fail' | 'unknown'
  /** How long each attempt takes. */
  latencyMs: number
  windows: Span[]
  recipients: Recipient[]
}

/** One run of the program: the real workers, as compose.ts joins them. */
export async function startService(
  world: World,
  clock: ModelClock,
  scene: Scene,
  options: ModelOptions,
  died: () => void,
) {
  const own = clock.run()
  const log = logOf(world)
  const link = connect(world, clock, () => {
    own.kill()
    world.note({ kind: 'killed' })
    died()
  })
  const claims = createClaimHold()
  const writer = createLetterWriter(
    { outbox: link.outbox, builder },
    {
      from: 'Watch <watch@example.org>',
      recipients: () => scene.recipients,
      operators: options.operators,
      templates: TEMPLATES,
      timezone: options.timezone ?? 'Europe/Moscow',
      language: 'ru',
      serviceName: 'Omnicomm Online',
      baseUrl: 'https://online.example',
      publicUrl: 'https://watch.example',
      updateEveryMs: options.updateEveryMs,
      noticeAfterMs: options.noticeAfterMs,
      plannedWork: () => (options.maintenancePauses ? mergeWindows(scene.windows) : []),
    },
  )
  world.note({ kind: 'started' })
  const prober = await createProber(
    {
      clock: own,
      store: link.outages,
      letters: telling(writer, world),
      holdClaims: claims.hold,
      lettersStored: () => courier.wake(),
      windows: () => mergeWindows(scene.windows),
      probes: new Map([['web', () => probe(own, scene)]]),
      controls: async () => controls(scene),
      notices: { raise: () => {} },
      log,
      metrics: NO_METRICS,
      seconds: createServiceSeconds({ clock: own, metrics: NO_METRICS }),
    },
    {
      intervalMs: options.intervalMs,
      timeoutMs: options.timeoutMs,
      components: [{ id: 'web', kind: 'http', counts: 'outage' }],
      updateEveryMs: options.updateEveryMs,
      policy: options,
    },
  )
  const courier = createCourier(
    {
      clock: own,
      outbox: link.outbox,
      transport: link.transport,
      notices: { raise: () => {} },
      log,
      metrics: NO_METRICS,
    },
    {
      claiming: claims.claim,
      // As compose/carrier.ts asks it.
      stale: async (letter) => {
        const { isCancelled, isOver } = prober
        const facts = await letterFacts(letter, { outbox: link.outbox, outages: prober, isOver })
        const present = {
          recipients: new Set(scene.recipients.map(({ email }) => addressKey(email))),
          operators: new Set(options.operators),
          readers: new Set<string>(),
        }
        return staleReason(letter, { ...present, isCancelled, isOver, isPlanned: () => true }, facts)
      },
    },
  )
  const auditor = createAuditor(
    {
      clock: own,
      outages: link.outages,
      outbox: link.outbox,
      recipients: () => scene.recipients,
      notices: { raise: ({ topic, reason }) => world.findings.push(`${topic}: ${reason}`) },
      call: async () => ({ kind: 'own-fault', reason: 'there is no watchdog' }),
      log,
      metrics: NO_METRICS,
    },
    () => ({ graceMs: 2 * options.intervalMs, watchdogUrl: '' }),
  )

  prober.start()
  courier.start()
  auditor.start()
  return {
    prober,
    auditor,
    kill: link.kill,
    isDead: link.isDead,
    async stop(): Promise<void> {
      await Promise.all([prober.stop(), courier.stop(), auditor.stop()])
      if (!link.isDead()) link.kill()
    },
  }
}

export type Service = Awaited<ReturnType<typeof startService>>

/** Writes down what the letters that were really written say to be proven. */
function telling(writer: LetterWriter, world: World): Pick<LetterWriter, 'plan' | 'reminder'> {
  return {
    reminder: writer.reminder,
    async plan(owing, at) {
      const change = await writer.plan(owing, at)
      for (const { outage, proven } of owing) {
        const isWritten = change.add.some(({ subject }) => subject === outage.id)
        if (isWritten && outage.state === 'open') world.note({ kind: 'said', outage: outage.id, proven })
      }
      return change
    },
  }
}

async function probe(clock: Clock, { verdict, latencyMs }: Scene): Promise<ProbeResult> {
  if (latencyMs > 0) {
    await new Promise<void>((resolve) => {
      clock.after(latencyMs, resolve)
    })
  }
  if (verdict === 'ok') return { kind: 'ok', latencyMs, slow: false, status: 200 }
  return { kind: 'failed', phase: 'http', latencyMs, evidence: 'status 503' }
}

function controls({ verdict }: Scene): readonly ControlResult[] {
  const url = 'https://control.example/'
  return verdict === 'fail'
    ? [{ url, kind: 'answered', byName: true }]
    : [{ url, kind: 'silent', reason: 'timeout' }]
}

const TEMPLATES = shippedTemplates()

/** The texts as bytes: what MIME looks like is tested with the mail adapter. */
const builder: MailBuilder = {
  build: async ({ messageId, date, to, text }) =>
    new TextEncoder().encode(`${messageId} ${date} ${to}\n${text}`),
}

function logOf({ errors }: World): Log {
  return {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message, fields) => errors.push(`${message} ${JSON.stringify(fields)}`),
  }
}

const NO_METRICS: Metrics = { add: () => {}, set: () => {}, observe: () => {} }
