import { describe, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/ports.ts'
import { createIngestQueue, WAITING_BYTES, WAITING_MESSAGES } from '../../src/workers/ingest-queue.ts'

const KIB = 1024

function message(bytes: number, receivedAt = 0): IncomingMessage {
  return { payload: new Uint8Array(bytes), envelope: { source: 'gate', receivedAt } }
}

describe('the queue of messages', () => {
  test('gives them back in the order in which they came', () => {
    const queue = createIngestQueue()
    for (const at of [1, 2, 3]) queue.offer(message(1, at))
    expect(queue.oldest()?.envelope.receivedAt).toBe(1)
    const taken = [queue.take(), queue.take()]
    queue.offer(message(1, 4))
    taken.push(queue.take(), queue.take(), queue.take())
    expect(taken.map((one) => one?.envelope.receivedAt)).toEqual([1, 2, 3, 4, undefined])
    expect([queue.depth(), queue.oldest()]).toEqual([0, undefined])
  })

  test('holds so many messages and no more, however small', () => {
    const queue = createIngestQueue()
    const one = message(0)
    for (let n = 0; n < WAITING_MESSAGES; n++) queue.offer(one)
    expect(queue.depth()).toBe(WAITING_MESSAGES)
    expect(queue.offer(one)).toBe(false)
    expect(queue.depth()).toBe(WAITING_MESSAGES)
    queue.take()
    expect(queue.offer(one)).toBe(true)
  })

  test('holds so many bytes and no more, however few the messages; the newest is the one that is dropped', () => {
    const queue = createIngestQueue()
    const large = message(256 * KIB)
    for (let n = 0; n < WAITING_BYTES / (256 * KIB); n++) expect(queue.offer(large)).toBe(true)
    expect(queue.offer(message(1))).toBe(false)
    expect(queue.offer(message(0))).toBe(true)
    queue.take()
    expect(queue.offer(message(256 * KIB + 1))).toBe(false)
    expect(queue.offer(large)).toBe(true)
  })

  test('has all its room again when it was emptied', () => {
    const queue = createIngestQueue()
    const large = message(WAITING_BYTES)
    for (let n = 0; n < 3; n++) {
      expect(queue.offer(large)).toBe(true)
      expect(queue.take()).toBe(large)
    }
  })
})
