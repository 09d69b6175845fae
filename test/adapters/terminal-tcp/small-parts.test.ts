import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createExpiry } from '../../../src/adapters/terminal-tcp/expiry.ts'
import { affordableConnections, readOpenFileLimit } from '../../../src/adapters/terminal-tcp/open-files.ts'
import {
  addReply,
  emptyQueue,
  openGroup,
  takeStored,
} from '../../../src/adapters/terminal-tcp/reply-queue.ts'

describe('expiry', () => {
  test('gives out what has not been touched for the lifetime, each once', () => {
    const expiry = createExpiry<string>(10)
    expiry.touch('a', 0)
    expiry.touch('b', 1)
    expiry.touch('a', 5)
    expect(expiry.expired(10)).toEqual([])
    expect(expiry.expired(11)).toEqual(['b'])
    expect(expiry.expired(14)).toEqual([])
    expect(expiry.expired(15)).toEqual(['a'])
    expect(expiry.expired(100)).toEqual([])
    expect(expiry.size()).toBe(0)
  })

  test('does not start anew what is merely started twice', () => {
    const expiry = createExpiry<string>(10)
    expiry.start('a', 0)
    expiry.start('a', 9)
    expect(expiry.expired(10)).toEqual(['a'])
  })

  test('is as a look at every single one would be', () => {
    const moves = fc.array(
      fc.record({ item: fc.nat(5), what: fc.constantFrom('touch', 'forget', 'look'), after: fc.nat(5) }),
    )
    fc.assert(
      fc.property(moves, (list) => {
        const expiry = createExpiry<number>(10)
        const model = new Map<number, number>()
        let now = 0
        for (const { item, what, after } of list) {
          now += after
          if (what === 'touch') {
            expiry.touch(item, now)
            model.set(item, now)
          } else if (what === 'forget') {
            expiry.forget(item)
            model.delete(item)
          } else {
            const over = [...model].filter(([, at]) => now - at >= 10).map(([one]) => one)
            expect([...expiry.expired(now)].sort()).toEqual(over.sort())
            for (const one of over) model.delete(one)
          }
        }
      }),
    )
  })
})

describe('the queue of replies', () => {
  test('gives out each reply once and in order, in whatever order the groups are stored', () => {
    const groups = fc.array(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 4 }), { maxLength: 6 })
    fc.assert(
      fc.property(groups, fc.infiniteStream(fc.nat()), (parts, order) => {
        const queue = emptyQueue()
        const waiting = parts.map((replies) => {
          const group = openGroup(queue)
          for (const bytes of replies) addReply(queue, group, bytes)
          return group
        })
        const taken: Uint8Array[] = []
        while (waiting.length > 0) {
          const [group] = waiting.splice((order.next().value ?? 0) % waiting.length, 1)
          if (group) group.stored = true
          taken.push(...takeStored(queue))
        }
        expect(taken).toEqual(parts.flat())
        expect(queue.bytes).toBe(0)
      }),
    )
  })
})

describe('open files', () => {
  test('are read from the limits of the process', () => {
    const limits =
      'Max processes   1  2  processes\nMax open files            1024                 524288  files\n'
    expect(readOpenFileLimit(limits)).toBe(1024)
    expect(readOpenFileLimit(limits.replace('1024', 'unlimited'))).toBeNull()
    expect(readOpenFileLimit('')).toBeNull()
  })

  test.each([
    [null, Number.POSITIVE_INFINITY],
    [100_000, 99_744],
    [1024, 768],
    [256, 128],
    [1, 1],
  ])('leave room: with a limit of %s there may be %d connections', (limit, affordable) => {
    expect(affordableConnections(limit)).toBe(affordable)
  })
})
