import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Block } from '../../src/core/history/block.ts'
import type { HistoryPoint } from '../../src/core/history/point.ts'
import { createHistoryQueue } from '../../src/workers/history-queue.ts'

function point(number: number): HistoryPoint {
  return { measurement: 'm', tags: {}, fields: { number }, at: 0 }
}

/** A queue of numbered points, each of which is a line with its number. */
function numbered(mostPoints: number) {
  let dropped = 0
  let offered = 0
  const queue = createHistoryQueue({
    line: ({ fields }) => String(fields['number']),
    mostPoints: () => mostPoints,
    dropped: (points) => {
      dropped += points
    },
  })
  return {
    queue,
    dropped: () => dropped,
    offered: () => offered,
    offer(count: number): void {
      queue.offer(
        Array.from({ length: count }, () => offered++),
        point,
      )
    },
    pack(most = Infinity): void {
      let packed = 0
      for (const _ of queue.packing()) if (++packed >= most) break
    },
  }
}

function numbersIn({ bytes }: Block): number[] {
  return new TextDecoder().decode(bytes).split('\n').map(Number)
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('offer' as const), count: fc.integer({ min: 0, max: 3000 }) }),
  fc.record({ kind: fc.constant('pack' as const), count: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ kind: fc.constant('write' as const), count: fc.constant(1) }),
  fc.record({ kind: fc.constant('fail' as const), count: fc.integer({ min: 0, max: 1000 }) }),
  fc.record({ kind: fc.constant('narrow' as const), count: fc.integer({ min: 1, max: 5000 }) }),
)

test('never more wait than may; what is written is in order, the newest are kept, and the counts add up', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 6000 }), (steps, most) => {
      const { queue, offer, pack, dropped, offered } = numbered(most)
      const written: number[] = []
      const write = (block: Block): void => void written.push(...numbersIn(block))
      for (const { kind, count } of steps) {
        if (kind === 'offer') offer(count)
        if (kind === 'pack') pack(count)
        if (kind === 'narrow') queue.narrow(count)
        const block = kind === 'write' || kind === 'fail' ? queue.take() : undefined
        if (block && kind === 'write') write(block)
        if (block && kind === 'fail') {
          // More comes while it is under way.
          offer(count)
          queue.giveBack([block])
        }
        expect(queue.waiting()).toBeLessThanOrEqual(most)
        expect(written.length + dropped() + queue.waiting()).toBe(offered())
      }
      const rest = queue.waiting()
      pack()
      for (let block = queue.take(); block; block = queue.take()) write(block)
      expect(written).toEqual([...new Set(written)].sort((a, b) => a - b))
      // What waited at the end was the newest of all.
      expect(written.slice(written.length - rest)).toEqual(
        Array.from({ length: rest }, (_, i) => offered() - rest + i),
      )
    }),
    { numRuns: 60 },
  )
})

test('a block is dropped as a whole at most: nearly as many as may wait are kept', () => {
  const { queue, offer, pack, dropped } = numbered(10_000)
  for (let i = 0; i < 30; i++) {
    offer(1000)
    pack()
  }
  expect(queue.waiting()).toBeGreaterThan(7500)
  expect(queue.waiting() + dropped()).toBe(30_000)
})

test('points that come back are dropped when newer ones were dropped meanwhile', () => {
  const { queue, offer, pack, dropped } = numbered(3000)
  offer(1)
  pack()
  const taken = queue.take()
  for (let i = 0; i < 2; i++) {
    offer(2500)
    pack()
  }
  expect([queue.waiting(), dropped()]).toEqual([2500, 2500])
  queue.giveBack(taken ? [taken] : [])
  expect([queue.waiting(), dropped()]).toEqual([2500, 2501])
})

test('a block is no larger than the database takes, and a single line is taken however large it is', () => {
  const { queue, offer, pack } = numbered(10_000)
  offer(1000)
  pack()
  queue.narrow(100)
  const blocks: Block[] = []
  for (let block = queue.take(); block; block = queue.take()) blocks.push(block)
  expect(Math.max(...blocks.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(100)
  expect(blocks.flatMap(numbersIn)).toHaveLength(1000)
  queue.narrow(1)
  offer(2)
  pack()
  expect(queue.take()?.points).toBe(1)
})

test('an item of which no point can be made is left out and keeps no other one back', () => {
  const { queue } = numbered(10)
  queue.offer([1, 2, 3], (number) => {
    if (number === 2) throw new Error('a defect')
    return number === 1 ? null : point(number)
  })
  expect(() => [...queue.packing()]).toThrow('a defect')
  expect([...queue.packing()]).toHaveLength(1)
  const block = queue.take()
  expect(block && numbersIn(block)).toEqual([3])
  expect(queue.waiting()).toBe(0)
})
