import { setImmediate as turn } from 'node:timers/promises'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import { createSmtpTransport } from '../../src/adapters/smtp/transport.ts'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import type { ProbeResult } from '../../src/core/outage/verdict.ts'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import type { MailTransport, OutageStore, Outbox } from '../../src/ports.ts'
import { createClaimHold } from '../../src/workers/claim-hold.ts'
import { createCourier } from '../../src/workers/courier.ts'
import { createLetterWriter } from '../../src/workers/letter-writer.ts'
import { createProber, type ProberOptions } from '../../src/workers/prober.ts'
import { createServiceSeconds } from '../../src/workers/service-seconds.ts'
import { createFakeClock } from './fake-clock.ts'
import { ANNA, BOB, shippedTemplates } from './letters.ts'
import { createRecordingLog, createRecordingMetrics } from './recorders.ts'

// One outage from its first FAIL to its last letter: the real prober, letters, courier, database and SMTP, on the
// fake clock. It can be left at any point and taken up again on the same database.

/** The service is down in [FAILS_FROM, FAILS_TO). */
const START: Instant = Date.UTC(2026, 10, 23, 8)
const FAILS_FROM = START + MINUTE
const FAILS_TO = START + 7 * MINUTE
const MESSAGE_AT = START + 5 * MINUTE
const LAST = START + 3 * HOUR
/** A new run begins so long after the newest row of the one before. */
const RESUME_AFTER_MS = 30 * SECOND
const STEP_MS = 15 * SECOND

const OPTIONS: ProberOptions = {
  intervalMs: MINUTE,
  timeoutMs: 25 * SECOND,
  components: [{ id: 'web', kind: 'http', counts: 'outage' }],
  policy: {
    recoveryPeriodMs: 2 * MINUTE,
    noticeAfterMs: 3 * MINUTE,
    warnAfterMs: 2 * MINUTE,
    maintenancePauses: true,
  },
  updateEveryMs: 2 * MINUTE,
}

export const SCENARIO_RECIPIENTS = [ANNA.email, BOB.email]

export type ScenarioInput = {
  readonly database: string
  readonly smtpUrl: string
  /**
   * Called after each call that changed something outside the process: before the next one nothing has changed, so
   * these are all the states in which a kill can leave the world.
   */
  readonly point?: (name: string) => void
}

/** Plays the outage from where the database stands to its end; rejects when it has none within 3 hours. */
export async function playLetterScenario({
  database,
  smtpUrl,
  point = () => {},
}: ScenarioInput): Promise<void> {
  const stores = await openSqliteStores({ path: database })
  const rows = await stores.outages.trace(0, Number.MAX_SAFE_INTEGER)
  const newest = rows.at(-1)
  const clock = createFakeClock(newest === undefined ? START : newest.at + RESUME_AFTER_MS)
  let active = 0

  /** Counts the call, so that `quiet` waits for it, and names it when it is done. */
  function watched<Args extends readonly unknown[], Result>(
    call: (...args: Args) => Promise<Result>,
    name: (result: Result) => string | undefined,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      active++
      try {
        const result = await call(...args)
        const done = name(result)
        if (done !== undefined) point(done)
        return result
      } finally {
        active--
      }
    }
  }

  const outages: OutageStore = {
    ...stores.outages,
    append: watched(stores.outages.append, () => 'append'),
    commit: watched(stores.outages.commit, () => 'commit'),
  }
  const outbox: Outbox = {
    ...stores.outbox,
    claim: watched(stores.outbox.claim, ({ length }) => (length > 0 ? 'claim' : undefined)),
    settle: watched(stores.outbox.settle, () => 'settle'),
    recover: watched(stores.outbox.recover, (count) => (count > 0 ? 'recover' : undefined)),
    list: watched(stores.outbox.list, () => undefined),
  }
  const smtp = createSmtpTransport({ url: smtpUrl })
  const transport: MailTransport = { deliver: watched(smtp.deliver, () => 'delivery') }

  async function quiet(): Promise<void> {
    for (let turns = 0; turns < 10; turns = active === 0 ? turns + 1 : 0) await turn()
  }

  const surroundings = {
    clock,
    log: createRecordingLog(),
    metrics: createRecordingMetrics(),
    notices: { raise: () => {} },
  }
  const claims = createClaimHold()
  const courier = createCourier({ ...surroundings, outbox, transport }, { claiming: claims.claim })
  const letters = createLetterWriter(
    { outbox, builder: createMailBuilder() },
    {
      from: 'Watch <watch@example.org>',
      recipients: () => [ANNA, BOB],
      operators: ['duty@example.org'],
      templates: shippedTemplates(),
      timezone: 'Europe/Moscow',
      language: 'en',
      serviceName: 'Omnicomm Online',
      baseUrl: 'https://online.example',
      publicUrl: 'https://watch.example',
      updateEveryMs: OPTIONS.updateEveryMs,
      noticeAfterMs: OPTIONS.policy.noticeAfterMs,
      plannedWork: () => [],
    },
  )
  const prober = await createProber(
    {
      ...surroundings,
      store: outages,
      letters,
      holdClaims: claims.hold,
      lettersStored: courier.wake,
      seconds: createServiceSeconds(surroundings),
      windows: () => [],
      probes: new Map([['web', async () => answerAt(clock.now())]]),
      controls: async () => [{ url: 'https://a.example/', kind: 'answered', byName: true }],
    },
    OPTIONS,
  )
  courier.start()
  prober.start()
  await quiet()
  let spoken = false
  while (!(await isOver(stores))) {
    if (clock.now() > LAST)
      throw new Error(`the outage has no end: ${surroundings.log.lines.at(-1)?.message}`)
    await clock.advance(STEP_MS)
    await quiet()
    const open = prober.status().outage
    if (!spoken && clock.now() >= MESSAGE_AT && open?.letterDueAt != null) {
      spoken = true
      const text = 'We know the cause.'
      await prober.act(open.id, { kind: 'message', text }, { name: 'clara', via: 'session', address: '::1' })
      await quiet()
    }
  }
  const stopped = Promise.all([prober.stop(), courier.stop()])
  await clock.advance(10 * SECOND)
  await stopped
  smtp.close()
  await stores.close()
}

function answerAt(now: Instant): ProbeResult {
  if (now < FAILS_FROM || now >= FAILS_TO) return { kind: 'ok', latencyMs: 80, slow: false, status: 200 }
  return { kind: 'failed', phase: 'http', latencyMs: 5, evidence: 'status 503' }
}

async function isOver(stores: { readonly outages: OutageStore; readonly outbox: Outbox }): Promise<boolean> {
  const [outage] = await stores.outages.outages(1)
  if (outage === undefined || outage.end === null) return false
  const { items } = await stores.outbox.list({ limit: 1000 })
  return items.every(({ state }) => state === 'sent' || state === 'superseded')
}
