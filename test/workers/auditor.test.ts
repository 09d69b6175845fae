import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { Recipient } from '../../src/core/letters/letter.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { type HttpAnswer, type HttpRequest, StoreError } from '../../src/ports.ts'
import { type AuditorDeps, createAuditor } from '../../src/workers/auditor.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { ANNA, BOB, closedOutage, exampleOutage, newLetter, OUTAGE_START } from '../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

const START = OUTAGE_START + HOUR
const PING = 'https://ping.example.org/secret'
const OK: HttpAnswer = { kind: 'answered', status: 200, headers: {}, body: '', latencyMs: 1 }

function setUp(change: Partial<AuditorDeps> = {}) {
  const clock = createFakeClock(START)
  const stores = createMemoryStores()
  const metrics = createRecordingMetrics()
  const log = createRecordingLog()
  const raised: Notice[] = []
  const calls: HttpRequest[] = []
  const world = { recipients: [ANNA] as readonly Recipient[], answer: OK, watchdogUrl: PING }
  const auditor = createAuditor(
    {
      clock,
      log,
      metrics,
      outages: stores.outages,
      outbox: stores.outbox,
      recipients: () => world.recipients,
      notices: { raise: (notice) => raised.push(notice) },
      call: async (request) => {
        calls.push(request)
        return world.answer
      },
      ...change,
    },
    () => ({ graceMs: 2 * MINUTE, watchdogUrl: world.watchdogUrl }),
  )
  const ok = () => metrics.value('watch_letters_audit_ok')
  return { clock, stores, log, metrics, raised, calls, world, auditor, ok }
}

type Rig = ReturnType<typeof setUp>

async function due({ stores }: Rig, recipients: readonly Recipient[] = [ANNA]): Promise<void> {
  const add = recipients.map(({ email }) => newLetter({ recipient: email, dueAt: START }))
  const outages = [exampleOutage({ latestFailAt: START })]
  await stores.outages.commit({ outages, letters: { add, supersede: [] }, audit: [] })
}

async function send({ stores, clock }: Rig): Promise<void> {
  const at = clock.now()
  for (const { letter } of await stores.outbox.claim(at, 100)) {
    const attempt = { at, result: 'sent', reply: '250 ok' }
    await stores.outbox.settle(letter.id, {
      state: 'sent',
      nextAt: null,
      sentAt: at,
      bodyHandedOver: true,
      attempt,
    })
  }
}

describe('the auditor', () => {
  test('is not content before its first check, and is without any outage', async () => {
    const rig = setUp()
    rig.auditor.start()
    expect(rig.ok()).toBe(0)
    await rig.auditor.check()
    expect(rig.ok()).toBe(1)
    await rig.auditor.stop()
  })

  test('shows when all was last proven, and the letters of the open outage by state', async () => {
    const rig = setUp()
    const shown = (state: string) => rig.metrics.value('watch_outage_letters', { state })
    const provenAt = () => rig.metrics.value('watch_letters_audit_ok_timestamp_seconds')
    rig.auditor.start()
    await rig.auditor.check()
    expect([shown('sent'), shown('pending'), provenAt()]).toEqual([Number.NaN, Number.NaN, START / SECOND])
    await due(rig, [ANNA])
    await rig.clock.advance(2 * MINUTE)
    expect([shown('sent'), shown('pending'), provenAt()]).toEqual([Number.NaN, 1, START / SECOND + 60])
    await send(rig)
    await rig.clock.advance(MINUTE)
    expect([shown('sent'), shown('pending'), provenAt()]).toEqual([1, Number.NaN, START / SECOND + 180])
    await rig.auditor.stop()
  })

  test('finds a letter whose turn does not come, and is content when it was sent', async () => {
    const rig = setUp()
    await due(rig)
    rig.auditor.start()
    await rig.clock.advance(2 * MINUTE)
    expect(rig.ok()).toBe(0)
    expect(rig.auditor.findings()).toEqual([
      'outage 20261123T080410Z: no next attempt for the letter to anna@example.org',
    ])
    expect(rig.raised[0]).toMatchObject({ topic: 'audit-failed', key: '20261123T080410Z' })
    await send(rig)
    await rig.clock.advance(MINUTE)
    expect(rig.ok()).toBe(1)
    expect(rig.auditor.findings()).toEqual([])
    await rig.auditor.stop()
  })

  test('says each time in the log that it is not content, once, and that it is again', async () => {
    const rig = setUp()
    const told = () => rig.log.lines.map(({ level, message }) => `${level}: ${message}`)
    const troubles = { texts: [] as readonly string[] }
    const auditor = setUp({ log: rig.log, troubles: () => troubles.texts }).auditor
    const failed = 'error: it is not proven that every due letter is sent'
    const again = 'info: every due letter is proven again'
    for (const texts of [['a'], ['b'], [], [], ['a'], []]) {
      troubles.texts = texts
      await auditor.check()
    }
    expect(told()).toEqual([failed, again, failed, again])
  })

  test('knows how long an attempt is under way', async () => {
    const rig = setUp()
    await due(rig)
    await rig.stores.outbox.claim(START, 1)
    rig.auditor.start()
    await rig.clock.advance(31 * MINUTE)
    expect(rig.ok()).toBe(1)
    await rig.clock.advance(MINUTE)
    expect(rig.ok()).toBe(0)
    await rig.auditor.stop()
  })

  test('asks for the letter of one who joined when two rounds have passed and a FAIL was seen since', async () => {
    const rig = setUp()
    await due(rig)
    await send(rig)
    await rig.auditor.check()
    rig.world.recipients = [ANNA, BOB]
    await rig.auditor.check()
    await rig.clock.advance(10 * MINUTE)
    await rig.auditor.check()
    expect(rig.ok()).toBe(1)
    const failed = [exampleOutage({ latestFailAt: rig.clock.now() })]
    await rig.stores.outages.commit({ outages: failed, letters: { add: [], supersede: [] }, audit: [] })
    await rig.auditor.check()
    expect(rig.auditor.findings()).toEqual(['outage 20261123T080410Z: no letter to bob@example.org'])
  })

  test('starts anew with one who was removed and has come back', async () => {
    const rig = setUp()
    await due(rig)
    await send(rig)
    rig.world.recipients = [ANNA, BOB]
    await rig.auditor.check()
    rig.world.recipients = [ANNA]
    await rig.clock.advance(10 * MINUTE)
    await rig.auditor.check()
    rig.world.recipients = [ANNA, BOB]
    await rig.auditor.check()
    const failed = [exampleOutage({ latestFailAt: rig.clock.now() + MINUTE })]
    await rig.stores.outages.commit({ outages: failed, letters: { add: [], supersede: [] }, audit: [] })
    await rig.auditor.check()
    expect(rig.ok()).toBe(1)
  })

  test('looks through more outages than one page', async () => {
    const rig = setUp()
    const many = Array.from({ length: 450 }, (_, i) =>
      closedOutage({ id: `o${i}`, start: START - i * MINUTE, end: START - i * MINUTE, letterDueAt: null }),
    )
    const oldest = closedOutage({
      id: 'oldest',
      start: START - DAY,
      end: START - DAY,
      latestFailAt: START - DAY,
    })
    const letter = newLetter({ subject: 'oldest', dueAt: START - DAY })
    const letters = { add: [letter], supersede: [] }
    await rig.stores.outages.commit({ outages: [...many, oldest], letters, audit: [] })
    await rig.auditor.check()
    expect(rig.auditor.findings()).toEqual(['outage oldest: no letter to anna@example.org'])
  })

  test('is not content while the store cannot be read', async () => {
    const failing = { list: () => Promise.reject(new StoreError('locked', 'the database is locked')) }
    const rig = setUp({ outbox: failing })
    await due(rig)
    await rig.auditor.check()
    expect(rig.ok()).toBe(0)
    expect(rig.auditor.findings()).toEqual(['the letters cannot be read: the database is locked'])
    expect(rig.calls).toEqual([])
  })
})

describe('what the watch cannot store', () => {
  test('may owe letters, so nothing is proven and nobody is told that all is well', async () => {
    const troubles = ['an outage and its letters cannot be saved: the disk is full']
    const rig = setUp({ troubles: () => troubles })
    await rig.auditor.check()
    expect(rig.ok()).toBe(0)
    expect(rig.auditor.findings()).toEqual(troubles)
    expect(rig.calls).toEqual([])
    troubles.pop()
    await rig.auditor.check()
    expect(rig.ok()).toBe(1)
    expect(rig.calls).toHaveLength(1)
  })
})

describe('the watchdog', () => {
  test('is called every minute while all is well, and not otherwise', async () => {
    const rig = setUp()
    rig.auditor.start()
    await rig.auditor.check()
    await rig.clock.advance(2 * MINUTE + SECOND)
    expect(rig.calls).toHaveLength(3)
    expect(rig.calls[0]).toMatchObject({ method: 'GET', url: PING })
    rig.world.recipients = []
    await due(rig)
    await rig.clock.advance(5 * MINUTE)
    expect(rig.calls).toHaveLength(3)
    await rig.auditor.stop()
    await rig.clock.advance(5 * MINUTE)
    expect(rig.ok()).toBe(0)
  })

  test('is not called without an address', async () => {
    const rig = setUp()
    rig.world.watchdogUrl = ''
    await rig.auditor.check()
    expect(rig.calls).toEqual([])
  })

  test.each([
    [{ ...OK, status: 302 }, { status: 302 }],
    [{ kind: 'failed', phase: 'dns', latencyMs: 1, evidence: `no ${PING}` }, { phase: 'dns' }],
    [{ kind: 'own-fault', reason: 'no file handles' }, { reason: 'no file handles' }],
  ] as const)(
    'that fails is logged once, counted, and says nothing about the letters: %j',
    async (answer, fields) => {
      const rig = setUp()
      rig.world.answer = answer
      await rig.auditor.check()
      await rig.auditor.check()
      expect(rig.ok()).toBe(1)
      expect(rig.metrics.value('watch_watchdog_failures_total')).toBe(2)
      expect(rig.log.lines).toMatchObject([{ level: 'warn', fields }])
      expect(JSON.stringify(rig.log.lines)).not.toContain('secret')
      rig.world.answer = OK
      await rig.auditor.check()
      expect(rig.log.lines.at(-1)).toMatchObject({ level: 'info', message: 'the watchdog answers again' })
    },
  )
})
