import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryOutbox } from '../../src/adapters/memory/outbox.ts'
import { createSmtpTransport } from '../../src/adapters/smtp/transport.ts'
import { MINUTE } from '../../src/core/time.ts'
import type { Outbox } from '../../src/ports.ts'
import { createCourier } from '../../src/workers/courier.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createFaultySmtp } from '../support/faulty-smtp.ts'
import { newLetter } from '../support/letters.ts'
import { createMailCatcher } from '../support/mail-catcher.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { until } from '../support/until.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function setUp(url: string) {
  const clock = createFakeClock()
  const outbox = createMemoryOutbox()
  const timeouts = { connectionMs: 500, greetingMs: 500, silenceMs: 500, attemptMs: 5_000 }
  const transport = createSmtpTransport({ url, timeouts })
  const courier = createCourier({
    clock,
    outbox,
    transport,
    log: createRecordingLog(),
    metrics: createRecordingMetrics(),
    notices: { raise: () => {} },
  })
  closers.push(transport.close, () => courier.stop())
  return { clock, outbox, courier }
}

const inState = async (outbox: Outbox, state: 'sent' | 'dead' | 'retry' | 'ambiguous') =>
  (await outbox.list({ state, limit: 100 })).total

describe('letters over real SMTP', () => {
  test('one bad recipient of three is dead, the others have their letter, byte for byte', async () => {
    const catcher = await createMailCatcher()
    closers.push(catcher.close)
    catcher.refuse('bad@example.org', 550, '5.1.1 no such user')
    const { clock, outbox, courier } = setUp(catcher.url)
    const letters = ['a@example.org', 'bad@example.org', 'c@example.org'].map((recipient) =>
      newLetter({ recipient, dueAt: clock.now() }),
    )
    await outbox.add(letters)
    courier.start()
    await until(async () => (await inState(outbox, 'sent')) === 2 && (await inState(outbox, 'dead')) === 1)
    const received = catcher.mails.map(({ bytes }) => bytes.toString()).sort()
    const stored = [letters[0], letters[2]].map((letter) => Buffer.from(letter?.mime ?? []).toString()).sort()
    expect(received).toEqual(stored)
  })

  test('after a lost answer the same bytes go out again, and recovery comes after them', async () => {
    const server = await createFaultySmtp({ at: 'body', answer: 'drop' })
    closers.push(server.close)
    const { clock, outbox, courier } = setUp(server.url)
    const initial = newLetter({ dueAt: clock.now() })
    const recovery = newLetter({ kind: 'recovery', dueAt: clock.now() })
    await outbox.add([initial, recovery])
    courier.start()
    await until(async () => (await inState(outbox, 'ambiguous')) === 1)
    server.fail(undefined)
    await clock.advance(15 * MINUTE)
    await until(async () => (await inState(outbox, 'sent')) === 2)
    const text = (letter: typeof initial) => Buffer.from(letter.mime).toString()
    expect(server.bodies).toEqual([text(initial), text(initial), text(recovery)])
  })

  test('a relay that is not there leaves the letter waiting, and people are warned', async () => {
    const gone = await createFaultySmtp()
    await gone.close()
    const { clock, outbox, courier } = setUp(gone.url)
    await outbox.add([newLetter({ dueAt: clock.now() })])
    courier.start()
    await until(async () => (await inState(outbox, 'retry')) === 1)
    expect(courier.warnings()).toEqual([expect.stringContaining('ECONNREFUSED')])
  })
})
