import type { IPublishPacket } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { createReceiver, createTraffic, readStoredAt } from '../../../src/adapters/mqtt/message.ts'
import type { IncomingMessage } from '../../../src/ports.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'

const packet: IPublishPacket = {
  cmd: 'publish',
  topic: 'fleet/1',
  payload: Buffer.from('{}'),
  qos: 1,
  dup: false,
  retain: false,
}

function receiver(take: (message: IncomingMessage) => void, room: () => Promise<void> | null = () => null) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const traffic = createTraffic()
  const answers: (Error | undefined)[] = []
  const counts: string[] = []
  const broker = { topic: '$SYS/count', read: (payload: Uint8Array) => counts.push(`${payload}`) }
  const receive = createReceiver('gate', traffic, { received: take, room }, broker, { clock, log })
  return {
    counts,
    clock,
    log,
    traffic,
    answers,
    put: (p: IPublishPacket) => receive(p, (error) => answers.push(error)),
  }
}

describe('a received message', () => {
  test('comes with what the road says about it', () => {
    const seen: IncomingMessage[] = []
    const { clock, put, traffic } = receiver((message) => seen.push(message))
    put({ ...packet, dup: true })
    expect(seen[0]?.envelope).toEqual({
      source: 'gate',
      receivedAt: clock.now(),
      topic: 'fleet/1',
      retained: false,
      duplicate: true,
    })
    expect(traffic).toMatchObject({ lastPacketAt: clock.now(), duplicates: 1, retained: 0 })
  })

  test('carries the time of its value where the broker tells it, stored before or new', () => {
    const seen: IncomingMessage[] = []
    const { put, traffic } = receiver((message) => seen.push(message))
    put({ ...packet, retain: true, properties: { userProperties: { timestamp: '1700000000.25' } } })
    put({ ...packet, retain: true })
    put({ ...packet, properties: { userProperties: { timestamp: '1700000000' } } })
    expect(seen.map(({ envelope }) => envelope.storedAt)).toEqual([
      1_700_000_000_250,
      undefined,
      1_700_000_000_000,
    ])
    expect(traffic.retained).toBe(2)
  })

  test('is acknowledged although the receiver throws, and the bug is told once', () => {
    const { put, answers, log, traffic } = receiver(() => {
      throw new Error('bug')
    })
    put(packet)
    put(packet)
    expect(answers).toEqual([undefined, undefined])
    expect(log.lines.map((line) => line.level)).toEqual(['error'])
    expect(traffic.failures).toBe(2)
  })

  test('is answered only when there is room for the next one', async () => {
    const wait = Promise.withResolvers<void>()
    const rooms = [null, wait.promise]
    const { put, answers } = receiver(
      () => {},
      () => rooms.shift() ?? null,
    )
    put(packet)
    put(packet)
    await Promise.resolve()
    expect(answers).toEqual([undefined])
    wait.resolve()
    await wait.promise
    expect(answers).toEqual([undefined, undefined])
  })

  test('is left to the broker once we are stopping', () => {
    const { put, answers, traffic } = receiver(() => expect.unreachable())
    traffic.closed = true
    put(packet)
    expect(answers).toEqual([expect.any(Error)])
  })

  test('about the broker itself is no message of a terminal, but shows that the link works', () => {
    const { put, answers, counts, clock, traffic } = receiver(() => expect.unreachable())
    put({ ...packet, topic: '$SYS/count', payload: Buffer.from('17'), retain: true })
    expect(counts).toEqual(['17'])
    expect(answers).toEqual([undefined])
    expect(traffic).toMatchObject({ lastPacketAt: clock.now(), retained: 0 })
  })

  test.each([
    ['1700000000', 1_700_000_000_000],
    [['1700000000', '1'], 1_700_000_000_000],
    ['', undefined],
    ['-1', undefined],
    ['1e9', undefined],
    ['2026-01-01', undefined],
    ['1'.repeat(40), undefined],
    [[], undefined],
    [undefined, undefined],
  ])('the user property timestamp %j is %j', (text, expected) => {
    expect(readStoredAt(text)).toBe(expected)
  })
})
