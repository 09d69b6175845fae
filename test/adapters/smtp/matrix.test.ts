import { describe, expect, onTestFinished, test } from 'vitest'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { createSmtpTransport, SMTP_TIMEOUTS } from '../../../src/adapters/smtp/transport.ts'
import type { LetterState } from '../../../src/core/letters/letter.ts'
import type { Notice } from '../../../src/core/letters/notice.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { createCourier } from '../../../src/workers/courier.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createFaultySmtp, type SmtpFault } from '../../support/faulty-smtp.ts'
import { newLetter } from '../../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'

// The real courier and the real transport against a server that fails as told. Delays and time-outs are those of
// the specification, all made shorter by the same factor; the waiting times between attempts pass on the fake clock.

const FACTOR = 100
const scaled = (ms: number): number => ms / FACTOR
const TIMEOUTS = {
  connectionMs: scaled(SMTP_TIMEOUTS.connectionMs),
  greetingMs: scaled(SMTP_TIMEOUTS.greetingMs),
  silenceMs: scaled(SMTP_TIMEOUTS.silenceMs),
  attemptMs: scaled(SMTP_TIMEOUTS.attemptMs),
}
const LONG = scaled(SMTP_TIMEOUTS.silenceMs) + 5_000

const ANNA = 'anna@example.org'
const BOB = 'bob@example.org'
const CLARA = 'clara@example.org'

type Row = {
  readonly fault: SmtpFault | 'vanished'
  readonly recipients?: readonly string[]
  readonly extensions?: readonly string[]
  readonly user?: boolean
  /** What the first attempt makes of the letter to Anna, and how far it came. */
  readonly state: LetterState
  readonly handedOver: boolean
  /** Complete bodies that the server got for her in it. */
  readonly copies: number
  readonly relay: 'works' | 'fails' | 'refuses'
  /** And when the server works again and the time for it has come. */
  readonly after?: { readonly minutes: number; readonly state: LetterState; readonly copies: number }
}

const RETRIED = { minutes: 1, state: 'sent', copies: 1 } as const
const REPEATED = { minutes: 15, state: 'sent', copies: 2 } as const
const again = { state: 'retry', handedOver: false, copies: 0, after: RETRIED } as const
const failing = { ...again, relay: 'fails' } as const
const refusing = { ...again, relay: 'refuses' } as const
const dead = { state: 'dead', handedOver: false, copies: 0, relay: 'works' } as const
const unknown = { state: 'ambiguous', handedOver: true, copies: 1, relay: 'fails', after: REPEATED } as const
const seen = { handedOver: true, copies: 1, after: { ...RETRIED, copies: 2 } } as const
const sent = { state: 'sent', handedOver: true, copies: 1, relay: 'works' } as const
const three = { recipients: [ANNA, BOB, CLARA] }
const login = { user: true }
const tls = { extensions: ['STARTTLS'] }

const MATRIX: Readonly<Record<string, Row>> = {
  'nothing goes wrong': { ...sent, fault: { at: 'body', answer: 'good' } },
  'refused connection': { ...failing, fault: 'vanished' },
  '421 as greeting': { ...failing, fault: { at: 'greeting', answer: '421 4.3.2 too busy' } },
  '554 as greeting': { ...refusing, fault: { at: 'greeting', answer: '554 5.7.1 not you' } },
  'silence instead of the greeting': { ...failing, fault: { at: 'greeting', answer: 'silence' } },
  'greeting after 25 seconds': {
    ...sent,
    fault: { at: 'greeting', answer: 'good', afterMs: scaled(25_000) },
  },
  'STARTTLS refused for now': { ...failing, ...tls, fault: { at: 'starttls', answer: '454 4.7.0 no TLS' } },
  'STARTTLS refused for good': { ...refusing, ...tls, fault: { at: 'starttls', answer: '554 5.7.3 no TLS' } },
  'STARTTLS that is no TLS': { ...failing, ...tls, fault: { at: 'starttls', answer: '220 go on\r\n220 oh' } },
  'silence in the TLS handshake': { ...failing, ...tls, fault: { at: 'starttls', answer: '220 wait' } },
  '454 to the login': { ...failing, ...login, fault: { at: 'auth', answer: '454 4.7.0 later' } },
  '535 to the login': { ...refusing, ...login, fault: { at: 'auth', answer: '535 5.7.8 wrong' } },
  '451 at MAIL': { ...failing, fault: { at: 'mail', answer: '451 4.3.0 later' } },
  '550 5.1.1 at MAIL': { ...refusing, fault: { at: 'mail', answer: '550 5.1.1 who' } },
  '550 5.7.1 at MAIL': { ...refusing, fault: { at: 'mail', answer: '550 5.7.1 not you' } },
  '451 at RCPT (greylisting)': {
    ...again,
    relay: 'works',
    fault: { at: 'rcpt', answer: '451 4.7.1 come back' },
  },
  '550 5.1.1 at RCPT': { ...dead, fault: { at: 'rcpt', answer: '550 5.1.1 who' } },
  '550 5.2.1 at RCPT': { ...dead, fault: { at: 'rcpt', answer: '550 5.2.1 closed' } },
  '550 5.7.1 at RCPT': { ...refusing, fault: { at: 'rcpt', answer: '550 5.7.1 not you' } },
  '554 at RCPT': { ...refusing, fault: { at: 'rcpt', answer: '554 no' } },
  '550 5.1.8 at RCPT, about the sender': { ...refusing, fault: { at: 'rcpt', answer: '550 5.1.8 sender' } },
  'bare 550 at RCPT from a relay that took nothing yet': {
    ...refusing,
    fault: { at: 'rcpt', answer: '550 no' },
  },
  'one bad recipient of three': {
    ...dead,
    ...three,
    fault: { at: 'rcpt', answer: '550 5.1.1 no', to: ANNA },
  },
  '451 at DATA': { ...failing, fault: { at: 'data', answer: '451 4.3.0 later' } },
  '550 5.1.1 at DATA': { ...refusing, fault: { at: 'data', answer: '550 5.1.1 who' } },
  '550 5.7.1 at DATA': { ...refusing, fault: { at: 'data', answer: '550 5.7.1 not this' } },
  'drop at DATA': { ...failing, fault: { at: 'data', answer: 'drop' } },
  '451 after the dot': { ...failing, ...seen, fault: { at: 'body', answer: '451 4.3.0 later' } },
  '554 after the dot': { ...refusing, ...seen, fault: { at: 'body', answer: '554 5.7.1 spam' } },
  'drop after the dot': { ...unknown, fault: { at: 'body', answer: 'drop' } },
  'silence after the dot': { ...unknown, fault: { at: 'body', answer: 'silence' } },
  '250 after 9 minutes': {
    ...sent,
    fault: { at: 'body', answer: 'good', afterMs: scaled(9 * MINUTE) },
  },
  'one silent recipient of three': {
    ...unknown,
    ...three,
    fault: { at: 'body', answer: 'silence', to: ANNA },
  },
}

async function setUp(row: Row) {
  const server = await createFaultySmtp(undefined, row.extensions ?? ['AUTH PLAIN LOGIN'])
  onTestFinished(server.close)
  if (row.fault === 'vanished') await server.vanish()
  else server.fail(row.fault)
  const clock = createFakeClock()
  const { outbox } = createMemoryStores()
  const metrics = createRecordingMetrics()
  const notices: Notice[] = []
  const url = `smtp://${row.user ? 'user:password@' : ''}127.0.0.1:${server.port}`
  const transport = createSmtpTransport({ url, timeouts: TIMEOUTS })
  const courier = createCourier({
    clock,
    outbox,
    transport,
    log: createRecordingLog(),
    metrics,
    notices: { raise: (notice) => notices.push(notice) },
  })
  onTestFinished(async () => {
    transport.close()
    const stopped = courier.stop()
    await clock.advance(10_000)
    await stopped
  })
  const letters = (row.recipients ?? [ANNA]).map((recipient) => newLetter({ recipient, dueAt: clock.now() }))
  await outbox.add(letters)
  const letter = letters[0] ?? newLetter()
  const anna = async () => (await outbox.get(letter.id))?.letter ?? expect.unreachable()
  const copies = () =>
    server.bodies.filter((body) => body === Buffer.from(letter.mime).toString('latin1')).length
  return { server, clock, outbox, courier, metrics, notices, letters, anna, copies }
}

describe.concurrent('letters and a server with a fault', { timeout: 4 * LONG }, () => {
  test.each(Object.entries(MATRIX))('%s', async (_name, row) => {
    const { server, clock, outbox, courier, metrics, notices, letters, anna, copies } = await setUp(row)
    courier.start()
    await until(async () => !['pending', 'sending'].includes((await anna()).state), LONG)
    const first = await anna()
    expect(first).toMatchObject({ state: row.state, bodyHandedOver: row.handedOver })
    expect(copies()).toBe(row.copies)
    expect(metrics.value('watch_letters_relay_failing')).toBe(row.relay === 'works' ? 0 : 1)
    expect(courier.warnings()).toHaveLength(row.relay === 'works' ? 0 : 1)
    expect(notices.map(({ topic }) => topic)).toEqual([
      ...(row.state === 'dead' ? ['letter-dead'] : []),
      ...(row.relay === 'refuses' ? ['relay-refuses'] : []),
    ])
    await until(async () => (await outbox.list({ state: 'sent', limit: 9 })).total >= letters.length - 1)
    if (row.after === undefined) {
      expect(first.nextAt).toBeNull()
      return
    }
    const { minutes, state, copies: total } = row.after
    expect(first.nextAt).toBe(clock.now() + minutes * MINUTE)
    if (row.fault === 'vanished') await server.appear()
    else server.fail(undefined)
    await clock.advance(minutes * MINUTE)
    await until(async () => (await anna()).state === state, LONG)
    expect(copies()).toBe(total)
    expect(server.bodies).toHaveLength(total + letters.length - 1)
    expect(metrics.value('watch_letters_relay_failing')).toBe(0)
    expect((await anna()).attempts).toHaveLength(2)
  })

  test('a relay that took a letter for Bob and refuses Anna with a bare 550 makes her letter dead', async () => {
    const row = { ...dead, fault: { at: 'rcpt', answer: '550 no', to: ANNA } } as const
    const { clock, outbox, courier, notices, anna } = await setUp(row)
    courier.start()
    await until(async () => (await anna()).state === 'retry')
    await outbox.add([newLetter({ recipient: BOB, dueAt: clock.now() })])
    courier.wake()
    await until(async () => (await outbox.list({ state: 'sent', limit: 1 })).total === 1)
    await clock.advance(MINUTE)
    await until(async () => (await anna()).state === 'dead')
    expect(notices.map(({ topic }) => topic)).toEqual(['relay-refuses', 'letter-dead'])
  })

  test('greylisting for a quarter of an hour ends with one copy', async () => {
    const row = { ...again, relay: 'works', fault: { at: 'rcpt', answer: '451 4.7.1 come back' } } as const
    const { server, clock, courier, anna, copies } = await setUp(row)
    courier.start()
    for (const [attempt, minutes] of [1, 2, 5, 10].entries()) {
      await until(async () => (await anna()).attempts.length === attempt + 1)
      if (attempt === 3) server.fail(undefined)
      await clock.advance(minutes * MINUTE)
    }
    await until(async () => (await anna()).state === 'sent')
    expect(copies()).toBe(1)
  })
})
