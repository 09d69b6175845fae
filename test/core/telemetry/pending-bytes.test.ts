import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPendingBytes } from '../../../src/core/telemetry/pending-bytes.ts'

const action = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((piece) => ({ piece })),
  fc.nat(60).map((drop) => ({ drop })),
)

test('what was not dropped comes out in the order in which it was put in', () => {
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const pending = createPendingBytes()
      let model: number[] = []
      for (const step of actions) {
        if ('piece' in step) {
          pending.append(step.piece)
          model.push(...step.piece)
        } else {
          pending.drop(step.drop)
          model = model.slice(step.drop)
        }
        expect([...pending.bytes()]).toEqual(model)
      }
    }),
  )
})

test('a piece may be used again by its owner', () => {
  const pending = createPendingBytes()
  const piece = Uint8Array.of(1, 2)
  pending.append(piece)
  piece.fill(9)
  expect([...pending.bytes()]).toEqual([1, 2])
})

test('single bytes hold at most twice the memory of what they are', () => {
  const pending = createPendingBytes()
  for (let i = 0; i < 10_000; i += 1) {
    pending.append(Uint8Array.of(i))
    expect(pending.bytes().buffer.byteLength).toBeLessThanOrEqual(2 * (i + 1))
  }
})

test('single bytes are not copied for each further one', () => {
  const pending = createPendingBytes()
  const buffers = new Set<ArrayBufferLike>()
  for (let i = 0; i < 10_000; i += 1) {
    pending.append(Uint8Array.of(i))
    buffers.add(pending.bytes().buffer)
  }
  expect(buffers.size).toBeLessThan(20)
})

test('memory does not grow with what has been taken', () => {
  const pending = createPendingBytes()
  for (let i = 0; i < 10_000; i += 1) {
    pending.append(new Uint8Array(100))
    pending.drop(i === 0 ? 50 : 100)
    expect(pending.bytes().length).toBe(50)
    expect(pending.bytes().buffer.byteLength).toBeLessThanOrEqual(400)
  }
  pending.drop(50)
  expect(pending.bytes().buffer.byteLength).toBe(0)
})
