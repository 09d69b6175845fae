import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFrameGuard } from '../../../src/adapters/broker/frame-guard.ts'
import { createInFlight } from '../../../src/adapters/broker/in-flight.ts'
import { createRetainedBudget } from '../../../src/adapters/broker/retained-budget.ts'

function frame(bodyBytes: number): Buffer {
  const head = [0x30]
  let rest = bodyBytes
  do {
    head.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.concat([Buffer.from(head), Buffer.alloc(bodyBytes, 0xff)])
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const edges = [0, ...[...at].map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end))
}

describe('frame guard', () => {
  test('lets every packet up to the limit pass, however the bytes are cut', () => {
    const sizes = fc.array(fc.nat(300), { maxLength: 20 })
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 30 }), (bodies, cuts) => {
        const guard = createFrameGuard(300)
        expect(cut(Buffer.concat(bodies.map(frame)), cuts).every(guard)).toBe(true)
      }),
    )
  })

  test('refuses the first larger one at its header, however the bytes are cut', () => {
    const sizes = fc.array(fc.nat(300), { maxLength: 20 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 301, max: 70_000 }), fc.array(fc.nat()), (bodies, large, cuts) => {
        const guard = createFrameGuard(300)
        const header = frame(large).subarray(0, 4)
        expect(cut(Buffer.concat([...bodies.map(frame), header]), cuts).every(guard)).toBe(false)
      }),
    )
  })

  test('refuses a length of more than four bytes', () => {
    expect(createFrameGuard(300)(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x00]))).toBe(false)
  })
})

describe('retained budget', () => {
  test('bounds the number of topics; known ones may change', () => {
    const budget = createRetainedBudget(2, 1000)
    expect([budget.admit('a', 1), budget.admit('b', 1), budget.admit('c', 1), budget.admit('a', 2)]).toEqual([
      true,
      true,
      false,
      true,
    ])
  })

  test('bounds the bytes, and a deleted value gives its room back', () => {
    const budget = createRetainedBudget(10, 100)
    expect(budget.admit('a', 60)).toBe(true)
    expect(budget.admit('b', 60)).toBe(false)
    expect(budget.admit('a', 0)).toBe(true)
    expect(budget.admit('b', 60)).toBe(true)
  })
})

describe('what is in flight', () => {
  const packet = (messageId: number, bytes: number) => ({ messageId, payload: Buffer.alloc(bytes) })

  test('is bounded in bytes, each client by itself; what was released or is sent again takes no further room', () => {
    const inFlight = createInFlight(10_000)
    const unreleased = new Set<number>()
    const admit = (id: number, bytes: number): boolean => {
      const admitted = inFlight.admit(unreleased, packet(id, bytes))
      if (admitted) unreleased.add(id)
      return admitted
    }
    expect([admit(1, 4000), admit(2, 3000), admit(3, 2000)]).toEqual([true, true, false])
    expect(admit(2, 3000)).toBe(true)
    expect(inFlight.admit(new Set(), packet(1, 8000))).toBe(true)
    unreleased.delete(1)
    expect([admit(3, 2000), admit(4, 2000)]).toEqual([true, false])
  })
})
