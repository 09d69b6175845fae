import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryOutbox } from '../../src/adapters/memory/outbox.ts'
import type { Letter } from '../../src/core/letters/letter.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { type Delivery, type MailTransport, type Notices, type Outbox, StoreError } from '../../src/ports.ts'
import type { Claiming } from '../../src/workers/claim-hold.ts'
import { type CourierOptions, createCourier } from '../../src/workers/courier.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { newLetter } from '../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

type Sent = { readonly at: number; readonly to: string; readonly id: string; readonly bytes: string }
type Answer = Delivery | Promise<Delivery>

const ACCEPTED: Delivery = { kind: 'accepted', reply: '250 ok' }
const REFUSED: Delivery = { kind: 'refused', stage: 'mail', code: 550, reply: '550 no' }
const BROKEN: Delivery = { kind: 'broken', bodyHandedOver: false, reason: 'connection refused' }
const AMBIGUOUS: Delivery = { kind: 'broken', bodyHandedOver: true, reason: 'dropped' }

function setUp(
  answer: (sent: Sent, attempt: number) => Answer = () => ACCEPTED,
  options: CourierOptions = {},
  wrap: (outbox: Outbox) => Outbox = (outbox) => outbox,
) {
  const clock = createFakeClock()
  const outbox = wrap(createMemoryOutbox())
  const attempts: Sent[] = []
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const raised: Notice[] = []
  const notices: Notices = { raise: (notice) => raised.push(notice) }
  const transport: MailTransport = {
    async deliver({ to, id, mime }) {
      const sent = { at: clock.now(), to, id, bytes: Buffer.from(mime).toString('latin1') }
      attempts.push(sent)
      return answer(sent, attempts.filter((other) => other.id === id).length)
    },
  }
  const courier = createCourier({ clock, outbox, transport, log, metrics, notices }, options)
  const add = (change: Parameters<typeof newLetter>[0] = {}) =>
    outbox.add([newLetter({ dueAt: clock.now(), ...change })])
  const letters = async (): Promise<readonly Letter[]> => (await outbox.list({ limit: 1000 })).items
  const states = async () => (await letters()).map(({ state }) => state)
  return { clock, outbox, attempts, log, metrics, raised, courier, add, letters, states }
}

/** Lets every promise that can go on do so; the fake clock stands. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn()
}

async function pass(
  clock: ReturnType<typeof createFakeClock>,
  ms: number,
  stepMs = 5 * SECOND,
): Promise<void> {
  for (let rest = ms; rest > 0; rest -= stepMs) {
    await clock.advance(Math.min(rest, stepMs))
    await settle()
  }
}

describe('the courier', () => {
  test('sends what waits at once when it is woken', async () => {
    const { courier, add, attempts, states } = setUp()
    courier.start()
    await settle()
    await add()
    courier.wake()
    await settle()
    expect(attempts).toHaveLength(1)
    expect(await states()).toEqual(['sent'])
  })

  test('finds a letter within 5 seconds when nobody wakes it', async () => {
    const { courier, add, clock, states } = setUp()
    courier.start()
    await settle()
    await add()
    await pass(clock, 5 * SECOND)
    expect(await states()).toEqual(['sent'])
  })

  test('stores that a letter is being sent before the connection opens', async () => {
    const seen: unknown[] = []
    const parts = setUp(async () => {
      seen.push(...(await parts.states()))
      return ACCEPTED
    })
    await parts.add()
    parts.courier.start()
    await settle()
    expect(seen).toEqual(['sending'])
  })

  test('tries again after 1, 2, 5, 10, 15, 30, 30 minutes, with the same bytes', async () => {
    const { courier, add, clock, attempts } = setUp(() => BROKEN)
    await add()
    const start = clock.now()
    courier.start()
    await pass(clock, 94 * MINUTE)
    expect(attempts.map(({ at }) => Math.round((at - start) / MINUTE))).toEqual([0, 1, 3, 8, 18, 33, 63, 93])
    expect(new Set(attempts.map(({ bytes }) => bytes)).size).toBe(1)
  })

  test('gives up after 5 days and tells', async () => {
    const { courier, add, clock, letters, log, raised } = setUp(() => BROKEN)
    await add({ dueAt: clock.now() - 5 * DAY + MINUTE })
    courier.start()
    await pass(clock, 2 * MINUTE)
    const [letter] = await letters()
    expect(letter?.state).toBe('dead')
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    const reason = `${letter?.recipient}: connection refused`
    expect(raised).toEqual([{ topic: 'letter-dead', key: letter?.id, reason }])
  })

  test('tells of an operator who cannot be reached by his address, so that one letter a day can come of it', async () => {
    const gone: Delivery = { kind: 'refused', stage: 'rcpt', code: 550, enhanced: '5.1.1', reply: '550 no' }
    const { courier, add, raised } = setUp(() => gone)
    for (const subject of ['notice-a', 'notice-b'])
      await add({ kind: 'operator', subject, recipient: 'Op@Example.org' })
    courier.start()
    await settle()
    expect(new Set(raised.map(({ topic, key }) => `${topic} ${key}`))).toEqual(
      new Set(['letter-dead operator op@example.org']),
    )
  })

  test('sends a letter that an operator put back, and its waiting times begin anew', async () => {
    let answer: Delivery = BROKEN
    const { courier, add, clock, letters, outbox, attempts } = setUp(() => answer)
    await add({ dueAt: clock.now() - 5 * DAY })
    courier.start()
    await settle()
    const [dead] = await letters()
    expect(dead?.state).toBe('dead')
    const actor = { name: 'anna', via: 'session' as const, address: '127.0.0.1' }
    const entry = { at: clock.now(), actor, action: 'letter.requeue', subject: dead?.id ?? '' }
    expect(await outbox.requeue(dead?.id ?? '', clock.now(), { ...entry, before: null, after: null })).toBe(
      'requeued',
    )
    await pass(clock, 5 * SECOND)
    expect((await letters())[0]).toMatchObject({ state: 'retry', nextAt: clock.now() + MINUTE })
    answer = ACCEPTED
    await pass(clock, MINUTE)
    expect((await letters())[0]?.state).toBe('sent')
    expect(new Set(attempts.map(({ bytes }) => bytes)).size).toBe(1)
  })

  test('sends an ambiguous letter again after 15 minutes', async () => {
    const { courier, add, clock, attempts, letters } = setUp((_sent, n) => (n === 1 ? AMBIGUOUS : ACCEPTED))
    await add()
    courier.start()
    await pass(clock, 15 * MINUTE - SECOND)
    expect(await letters()).toMatchObject([{ state: 'ambiguous', bodyHandedOver: true }])
    await pass(clock, 10 * SECOND)
    expect(attempts).toHaveLength(2)
    expect(await letters()).toMatchObject([
      { state: 'sent', attempts: [{ result: 'ambiguous' }, { result: 'sent' }] },
    ])
  })

  test('is not held up by one recipient whose server is slow', async () => {
    const never = new Promise<Delivery>(() => {})
    const { courier, add, outbox } = setUp(({ to }) => (to === 'slow@example.org' ? never : ACCEPTED))
    await add({ recipient: 'slow@example.org' })
    for (let i = 0; i < 20; i++) await add({ recipient: `b${i}@example.org` })
    courier.start()
    await settle()
    expect((await outbox.list({ state: 'sent', limit: 100 })).total).toBe(20)
  })

  test('opens no more connections than allowed', async () => {
    let open = 0
    let most = 0
    const parts = setUp(
      async () => {
        most = Math.max(most, ++open)
        await turn()
        open--
        return ACCEPTED
      },
      { maxConnections: 3 },
    )
    for (let i = 0; i < 10; i++) await parts.add({ recipient: `b${i}@example.org` })
    parts.courier.start()
    await settle()
    await settle()
    expect(most).toBe(3)
    expect(parts.attempts).toHaveLength(10)
  })

  test('believes a bare 550 only when the relay works for others', async () => {
    const bare: Delivery = { kind: 'refused', stage: 'rcpt', code: 550, reply: '550 no' }
    const answer = ({ to }: Sent) => (to === 'bad@example.org' ? bare : ACCEPTED)
    const alone = setUp(answer)
    await alone.add({ recipient: 'bad@example.org' })
    alone.courier.start()
    await settle()
    expect(await alone.states()).toEqual(['retry'])
    await alone.add({ recipient: 'good@example.org' })
    await pass(alone.clock, MINUTE)
    expect(await alone.states()).toEqual(['sent', 'dead'])
  })

  test('believes no bare 550 because of what another relay accepted', async () => {
    const bare: Delivery = { kind: 'refused', stage: 'rcpt', code: 550, reply: '550 no' }
    const clock = createFakeClock()
    const { courier, add, states, ...parts } = setUp(
      ({ to }) => (to === 'bad@example.org' ? bare : ACCEPTED),
      { relaySince: clock.now() + MINUTE },
    )
    await add({ recipient: 'good@example.org' })
    courier.start()
    await settle()
    await add({ recipient: 'bad@example.org' })
    await pass(parts.clock, MINUTE)
    expect(await states()).toEqual(['retry', 'sent'])
    await add({ recipient: 'second@example.org' })
    await pass(parts.clock, 5 * MINUTE)
    expect(await states()).toEqual(['sent', 'dead', 'sent'])
  })

  test('tells people of a refusing relay, of each of its refusals, and when it works again', async () => {
    let answer: Delivery = BROKEN
    const { courier, add, clock, log, metrics, raised } = setUp(() => answer)
    await add()
    courier.start()
    await settle()
    expect(raised).toEqual([])
    expect(courier.warnings()).toEqual(['the mail relay fails: connection refused'])
    answer = REFUSED
    await pass(clock, 10 * MINUTE)
    const alarms = () => log.lines.filter(({ level }) => level === 'error')
    expect(alarms()).toHaveLength(1)
    expect(alarms()[0]?.message).toContain('letters.smtp')
    const refusal: Notice = { topic: 'relay-refuses', key: 'relay', reason: '550 no', code: 550 }
    // At each attempt: whoever hears it tells it once a day.
    expect(raised).toEqual([refusal, refusal, refusal])
    answer = { ...REFUSED, stage: 'auth', code: 535, reply: '535 wrong' }
    await pass(clock, 10 * MINUTE)
    expect(alarms().map(({ fields }) => fields?.['reason'])).toEqual(['550 no', '535 wrong'])
    expect(raised.at(-1)).toEqual({ ...refusal, reason: '535 wrong', code: 535 })
    expect(metrics.value('watch_letters_relay_failing')).toBe(1)
    answer = ACCEPTED
    await pass(clock, 30 * MINUTE)
    expect(courier.warnings()).toEqual([])
    expect(metrics.value('watch_letters_relay_failing')).toBe(0)
  })

  test('supersedes a letter that must not be sent any more instead of sending it', async () => {
    const stale = ({ recipient }: Letter) =>
      recipient === 'gone@example.org' ? 'the recipient was removed' : null
    const { courier, add, attempts, letters } = setUp(undefined, { stale })
    await add({ recipient: 'gone@example.org' })
    courier.start()
    await settle()
    expect(attempts).toEqual([])
    expect(await letters()).toMatchObject([
      { state: 'superseded', attempts: [{ result: 'superseded', reply: 'the recipient was removed' }] },
    ])
  })

  test('sends a letter of which nobody can tell whether it still holds', async () => {
    const stale = () => Promise.reject(new Error('the disk is full'))
    const { courier, add, letters } = setUp(undefined, { stale })
    await add()
    courier.start()
    await settle()
    expect(await letters()).toMatchObject([{ state: 'sent' }])
  })

  test('files letters without calling them sent', async () => {
    const { courier, add, letters } = setUp(() => ({ kind: 'filed', path: 'letters/x.eml' }))
    await add()
    courier.start()
    await settle()
    expect(await letters()).toMatchObject([
      { state: 'filed', sentAt: null, attempts: [{ reply: 'letters/x.eml' }] },
    ])
  })

  test('takes a transport that throws for one that may have sent', async () => {
    const { courier, add, states } = setUp(() => {
      throw new Error('bug')
    })
    await add()
    courier.start()
    await settle()
    expect(await states()).toEqual(['ambiguous'])
  })

  test('counts letters by state and the age of the oldest that waits', async () => {
    const { courier, add, clock, metrics } = setUp(() => BROKEN)
    await add({ dueAt: clock.now() - 100 * SECOND })
    courier.start()
    await pass(clock, 10 * SECOND)
    expect(metrics.value('watch_letters', { state: 'retry' })).toBe(1)
    expect(metrics.value('watch_letters', { state: 'sent' })).toBe(0)
    expect(metrics.value('watch_letters_oldest_due_seconds')).toBe(110)
  })
})

describe('a courier and slow, refusing or crowded servers', () => {
  const never = new Promise<Delivery>(() => {})
  const sent = async (outbox: Outbox) => (await outbox.list({ state: 'sent', limit: 1 })).total

  test('sends to all others within a minute although 20 recipients hang', async () => {
    const { courier, add, clock, outbox } = setUp(({ to }) => (to.startsWith('slow') ? never : ACCEPTED))
    for (let i = 0; i < 20; i++) await add({ recipient: `slow${i}@example.org` })
    for (let i = 0; i < 200; i++) await add({ recipient: `b${i}@example.org` })
    courier.start()
    await settle()
    expect(await sent(outbox)).toBe(0)
    await pass(clock, MINUTE)
    expect(await sent(outbox)).toBe(200)
  })

  test('has at most twice its connections open, however many hang', async () => {
    const { courier, add, clock, attempts } = setUp(() => never, { maxConnections: 3 })
    for (let i = 0; i < 20; i++) await add({ recipient: `slow${i}@example.org` })
    courier.start()
    await pass(clock, 10 * MINUTE)
    expect(attempts).toHaveLength(6)
  })

  test('keeps half of its connections for letters that were not tried yet', async () => {
    const { courier, add, clock, attempts, outbox } = setUp(({ to }, attempt) =>
      to.startsWith('slow') ? (attempt === 1 ? AMBIGUOUS : never) : ACCEPTED,
    )
    for (let i = 0; i < 20; i++) await add({ recipient: `slow${i}@example.org` })
    courier.start()
    await settle()
    await pass(clock, 15 * MINUTE)
    expect(attempts).toHaveLength(20 + 10)
    for (let i = 0; i < 100; i++) await add({ recipient: `b${i}@example.org` })
    courier.wake()
    await settle()
    await settle()
    expect(await sent(outbox)).toBe(100)
  })

  test('has a place at once for a letter about an outage, however many about terminals wait or hang', async () => {
    const { courier, add, clock, attempts, outbox } = setUp(({ id }) =>
      id.startsWith('digest') ? never : ACCEPTED,
    )
    const about = { kind: 'operator', subject: 'digest-north-7' } as const
    for (let i = 0; i < 200; i++) await add({ ...about, recipient: `reader${i}@example.org` })
    courier.start()
    await settle()
    expect(attempts).toHaveLength(5)
    await pass(clock, 10 * MINUTE)
    expect(attempts).toHaveLength(5)
    for (let i = 0; i < 15; i++) await add({ recipient: `b${i}@example.org` })
    courier.wake()
    await settle()
    expect(await sent(outbox)).toBe(15)
  })

  test('sends letters about outages before those about terminals that waited longer', async () => {
    const { courier, add, attempts } = setUp(() => ACCEPTED, { maxConnections: 1 })
    await add({ kind: 'operator', subject: 'note-north-7', recipient: 'reader@example.org' })
    for (let i = 0; i < 3; i++) await add({ recipient: `b${i}@example.org` })
    courier.start()
    await settle()
    await settle()
    expect(attempts.map(({ to }) => to)).toEqual([
      'b0@example.org',
      'b1@example.org',
      'b2@example.org',
      'reader@example.org',
    ])
  })

  test('sends letters that were never tried before those that were', async () => {
    const { courier, add, clock, attempts } = setUp((_sent, attempt) => (attempt === 1 ? BROKEN : ACCEPTED), {
      maxConnections: 1,
    })
    await add({ recipient: 'old@example.org' })
    courier.start()
    await settle()
    await clock.advance(MINUTE - 5 * SECOND)
    await add({ recipient: 'new@example.org', dueAt: clock.now() + 5 * SECOND })
    await clock.advance(5 * SECOND)
    await settle()
    expect(attempts.map(({ to }) => to)).toEqual(['old@example.org', 'new@example.org', 'old@example.org'])
  })

  test('uses fewer connections when the relay says that there are too many, and more as it accepts', async () => {
    let open = 0
    let most = 0
    let allowed = 4
    const busy: Delivery = { kind: 'refused', stage: 'greeting', code: 421, reply: '421 too many' }
    const parts = setUp(async () => {
      most = Math.max(most, ++open)
      const answer = open > allowed ? busy : ACCEPTED
      for (let i = 0; i < 5; i++) await turn()
      open--
      return answer
    })
    const burst = async (name: string) => {
      most = 0
      for (let i = 0; i < 100; i++) await parts.add({ recipient: `${name}${i}@example.org` })
      parts.courier.wake()
      await settle()
      await pass(parts.clock, 10 * MINUTE)
    }
    parts.courier.start()
    await burst('a')
    expect(most).toBe(20)
    expect(await sent(parts.outbox)).toBe(100)
    const refusals = parts.attempts.length - 100
    // 16 of the first 20, and a few more until the measure is found.
    expect(refusals).toBeLessThan(50)
    allowed = 100
    for (const name of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) await burst(name)
    expect(most).toBeGreaterThan(10)
    expect(await sent(parts.outbox)).toBe(900)
  })
})

describe('a courier whose wall clock is set', () => {
  test.each([10 * MINUTE, 2 * HOUR, DAY])(
    'back by %d ms sends what waits when it would have',
    async (step) => {
      const { courier, add, clock, attempts, states } = setUp((_sent, n) => (n < 3 ? BROKEN : ACCEPTED))
      await add()
      courier.start()
      await settle()
      clock.step(-step)
      await pass(clock, MINUTE)
      expect(attempts).toHaveLength(2)
      clock.step(-step)
      await pass(clock, MINUTE + 50 * SECOND)
      expect(attempts).toHaveLength(2)
      await pass(clock, 10 * SECOND)
      expect(await states()).toEqual(['sent'])
    },
  )

  test('back while the service was off does not wait longer than the longest pause', async () => {
    const { courier, add, clock, states } = setUp()
    await add({ dueAt: clock.now() + 2 * HOUR })
    courier.start()
    await settle()
    expect(await states()).toEqual(['sent'])
  })

  test('back while the store fails is made up for afterwards', async () => {
    let full = false
    const { courier, add, clock, attempts } = setUp(
      (_sent, n) => (n === 1 ? BROKEN : ACCEPTED),
      {},
      (outbox) => ({
        ...outbox,
        hasten: async (now, byMs) => {
          if (full) throw new StoreError('full', 'the disk is full')
          return outbox.hasten(now, byMs)
        },
      }),
    )
    await add()
    courier.start()
    await settle()
    full = true
    clock.step(-20 * MINUTE)
    await pass(clock, 30 * SECOND)
    expect(courier.troubles()).toEqual(['letters: the disk is full'])
    full = false
    await pass(clock, 30 * SECOND)
    expect(attempts).toHaveLength(2)
  })

  test('forward sends what waits at once', async () => {
    const { courier, add, clock, attempts } = setUp((_sent, n) => (n === 1 ? AMBIGUOUS : ACCEPTED))
    await add()
    courier.start()
    await settle()
    clock.step(2 * HOUR)
    await pass(clock, 5 * SECOND)
    expect(attempts).toHaveLength(2)
  })
})

describe('a courier whose process or store fails', () => {
  const failing =
    (fails: { claim: boolean; settle: boolean; answerLost?: boolean }) =>
    (outbox: Outbox): Outbox => ({
      ...outbox,
      claim: async (now, limit) => {
        if (fails.claim) throw new StoreError('full', 'the disk is full')
        return outbox.claim(now, limit)
      },
      settle: async (id, outcome) => {
        if (fails.answerLost) await outbox.settle(id, outcome)
        if (fails.settle) throw new StoreError('full', 'the disk is full')
        return outbox.settle(id, outcome)
      },
    })

  test('stores the outcome later and does not send again meanwhile', async () => {
    const fails = { claim: false, settle: true }
    const { courier, add, clock, attempts, states, log } = setUp(undefined, {}, failing(fails))
    await add()
    courier.start()
    await pass(clock, HOUR)
    expect(attempts).toHaveLength(1)
    expect(courier.troubles()).toEqual([expect.stringContaining('the disk is full')])
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    fails.settle = false
    await pass(clock, 5 * SECOND)
    expect(await states()).toEqual(['sent'])
    expect(courier.troubles()).toEqual([])
  })

  test('notices that an outcome was stored although the store reported a failure', async () => {
    const fails = { claim: false, settle: true, answerLost: true }
    const { courier, add, clock, attempts, states } = setUp(undefined, {}, failing(fails))
    await add()
    courier.start()
    await pass(clock, 10 * SECOND)
    expect(attempts).toHaveLength(1)
    expect(await states()).toEqual(['sent'])
    expect(courier.troubles()).toEqual([])
  })

  test('waits while the outbox cannot be read, says so once, and goes on', async () => {
    const fails = { claim: true, settle: false }
    const { courier, add, clock, states, log } = setUp(undefined, {}, failing(fails))
    await add()
    courier.start()
    await pass(clock, MINUTE)
    expect(courier.troubles()).toEqual(['letters: the disk is full'])
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    fails.claim = false
    await pass(clock, 5 * SECOND)
    expect(await states()).toEqual(['sent'])
    expect(courier.troubles()).toEqual([])
  })

  test('sends what a dead process was sending again 15 minutes after it was claimed', async () => {
    const { courier, add, clock, outbox, attempts } = setUp()
    await add()
    await outbox.claim(clock.now(), 1)
    await clock.advance(10 * MINUTE)
    courier.start()
    await pass(clock, 5 * MINUTE - SECOND)
    expect(attempts).toHaveLength(0)
    await pass(clock, 10 * SECOND)
    expect(attempts).toHaveLength(1)
  })

  test('counts what a dead process was sending as ambiguous', async () => {
    const { courier, add, clock, outbox, metrics } = setUp()
    await add()
    await outbox.claim(clock.now(), 1)
    courier.start()
    await settle()
    expect(metrics.value('watch_letter_attempts_total', { result: 'ambiguous' })).toBe(1)
  })

  test('leaves alone before its start what the one before it is still sending', async () => {
    const { courier, add, clock, outbox, states } = setUp()
    await add()
    await outbox.claim(clock.now(), 1)
    courier.wake()
    await settle()
    expect(await states()).toEqual(['sending'])
  })

  test('stops at once when nothing is under way, and claims nothing afterwards', async () => {
    const { courier, add, clock, attempts } = setUp()
    courier.start()
    await courier.stop()
    await add()
    courier.wake()
    await pass(clock, MINUTE)
    expect(attempts).toEqual([])
  })

  test('waits 5 seconds for an attempt at its stop; what ends later is not stored', async () => {
    const { promise, resolve } = Promise.withResolvers<Delivery>()
    const { courier, add, clock, states } = setUp(() => promise)
    await add()
    courier.start()
    await settle()
    let stopped = false
    const stopping = courier.stop().then(() => {
      stopped = true
    })
    await pass(clock, 4_999)
    expect(stopped).toBe(false)
    await pass(clock, 1)
    await stopping
    resolve(ACCEPTED)
    await settle()
    expect(await states()).toEqual(['sending'])
  })

  test('claims nothing, and sends nothing, when claims are held for longer than its stop waits', async () => {
    const hold = Promise.withResolvers<void>()
    const claiming: Claiming = async (take) => {
      await hold.promise
      return take()
    }
    const { courier, add, clock, attempts, states } = setUp(undefined, { claiming })
    await add()
    courier.start()
    await settle()
    const stopping = courier.stop()
    await pass(clock, 5 * SECOND, SECOND)
    await stopping
    hold.resolve()
    await settle()
    expect(await states()).toEqual(['pending'])
    expect(attempts).toEqual([])
  })

  test('sends nothing of what it claimed when claims are held until after its stop', async () => {
    const hold = Promise.withResolvers<void>()
    const claiming: Claiming = async (take) => {
      const claimed = await take()
      await hold.promise
      return claimed
    }
    const { courier, add, clock, attempts, states } = setUp(undefined, { claiming })
    await add()
    courier.start()
    await settle()
    const stopping = courier.stop()
    await pass(clock, 5 * SECOND, SECOND)
    await stopping
    hold.resolve()
    await settle()
    expect(await states()).toEqual(['sending'])
    expect(attempts).toEqual([])
  })

  test('cuts off at its stop what does not end, and stores that it never left', async () => {
    const { promise, resolve } = Promise.withResolvers<Delivery>()
    const cutOff = () => resolve({ ...BROKEN, reason: 'the service is stopping' })
    const { courier, add, clock, states, metrics, log } = setUp(() => promise, { cutOff })
    await add()
    courier.start()
    await settle()
    const stopping = courier.stop()
    await pass(clock, 4 * SECOND, SECOND)
    await stopping
    expect(await states()).toEqual(['retry'])
    expect(metrics.value('watch_letters_relay_failing')).toBe(0)
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  test('stores the end of an attempt that finishes during the stop', async () => {
    const { promise, resolve } = Promise.withResolvers<Delivery>()
    const { courier, add, states } = setUp(() => promise)
    await add()
    courier.start()
    await settle()
    const stopping = courier.stop()
    resolve(ACCEPTED)
    await stopping
    expect(await states()).toEqual(['sent'])
  })
})

describe('under any sequence of faults', () => {
  const fault = fc.constantFrom<Delivery>(
    ACCEPTED,
    REFUSED,
    BROKEN,
    AMBIGUOUS,
    { kind: 'refused', stage: 'body', code: 451, reply: '451 later' },
    { kind: 'refused', stage: 'rcpt', code: 450, reply: '450 later' },
    { kind: 'refused', stage: 'auth', code: 535, reply: '535 no' },
  )

  test('no letter is lost, none goes out twice with different bytes, recovery never overtakes initial', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 18 }), fc.array(fc.boolean()), async (faults, stops) => {
        const answers = [...faults]
        const parts = setUp(() => answers.shift() ?? ACCEPTED)
        const { clock, outbox, attempts, add } = parts
        const recipients = ['a@example.org', 'b@example.org', 'c@example.org']
        for (const recipient of recipients) await add({ recipient })
        for (const recipient of recipients) await add({ recipient, kind: 'recovery' })
        let courier = parts.courier
        courier.start()
        for (const stop of stops) {
          await pass(clock, MINUTE)
          if (!stop) continue
          await courier.stop()
          courier = restarted(parts, () => answers.shift() ?? ACCEPTED)
        }
        await pass(clock, 11 * HOUR, 10 * MINUTE)
        await courier.stop()
        expect((await outbox.list({ state: 'sent', limit: 10 })).total).toBe(6)
        for (const { id } of attempts) {
          const copies = attempts.filter((other) => other.id === id)
          expect(new Set(copies.map(({ bytes }) => bytes)).size).toBe(1)
        }
        for (const recipient of recipients) {
          const order = attempts.filter(({ to }) => to === recipient).map(({ id }) => id.includes('recovery'))
          expect(order).toEqual([...order].sort())
        }
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  function restarted(parts: ReturnType<typeof setUp>, answer: () => Delivery) {
    const { clock, outbox, attempts, log, metrics } = parts
    const transport: MailTransport = {
      async deliver({ to, id, mime }) {
        attempts.push({ at: clock.now(), to, id, bytes: Buffer.from(mime).toString('latin1') })
        return answer()
      },
    }
    const courier = createCourier({ clock, outbox, transport, log, metrics, notices: { raise: () => {} } })
    courier.start()
    return courier
  }
})
