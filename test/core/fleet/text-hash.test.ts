import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashText } from '../../../src/core/fleet/text-hash.ts'

const half = fc.integer({ min: 0, max: 0xffff_ffff })
const keys = fc.tuple(half, half)

test('the hash of a text is the same each time, and a signed number of 32 bits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), keys, (text, key) => {
      const hash = hashText(text, key)
      expect(hash).toBe(hashText(`${text}`, key))
      expect(hash).toBe(hash | 0)
    }),
  )
})

test('texts that collide under one key do not under another', () => {
  const first = [1, 2] as const
  const byHash = new Map<number, string>()
  const pairs: [string, string][] = []
  for (let n = 0; pairs.length < 5; n++) {
    const text = `2${n}`
    const hash = hashText(text, first)
    const twin = byHash.get(hash)
    if (twin !== undefined) pairs.push([twin, text])
    byHash.set(hash, text)
  }
  for (const key of [
    [1, 3],
    [3, 2],
  ] as const) {
    for (const [one, other] of pairs) expect(hashText(one, key)).not.toBe(hashText(other, key))
  }
})

test('neighbouring ids spread evenly over the slots of a table', () => {
  const slots = new Uint32Array(1024)
  for (let n = 0; n < 1024 * 64; n++) {
    const slot = hashText(String(300_000_000 + n), [7, 9]) & (slots.length - 1)
    slots[slot] = (slots[slot] ?? 0) + 1
  }
  // 64 on average with a deviation of 8: 5 deviations to both sides.
  expect(Math.min(...slots)).toBeGreaterThan(64 - 40)
  expect(Math.max(...slots)).toBeLessThan(64 + 40)
})

test('a blank text, a text of zeros and a longer text of zeros are three texts', () => {
  const hashes = ['', '\0', '\0\0', '\0\0\0'].map((text) => hashText(text, [5, 6]))
  expect(new Set(hashes).size).toBe(4)
})

// Worked out by another implementation of the published algorithm (Aumasson and Bernstein, HalfSipHash-1-3).
test.each([
  ['', 1_477_757_078],
  ['300000123', 153_040_514],
  ['Ромашка', 1_745_113_663],
])('the hash of "%s" is that of the published algorithm', (text, hash) => {
  expect(hashText(text, [0x0302_0100, 0x0706_0504])).toBe(hash)
})
