import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, createBlockBuilder, halve } from '../../../src/core/history/block.ts'

function packed(lines: readonly string[]): Block {
  const builder = createBlockBuilder()
  for (const line of lines) builder.add(line)
  return builder.take()
}

const text = ({ bytes }: { readonly bytes: Uint8Array }): string => new TextDecoder().decode(bytes)

test('halves of a block hold its lines in their order, and each about half of them', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !one.includes('\n'))
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 9 }), (lines) => {
      const [older, newer] = halve(packed(lines))
      const middle = Math.floor(lines.length / 2)
      expect([older.points, newer.points]).toEqual([middle, lines.length - middle])
      expect(text(older)).toBe(lines.slice(0, middle).join('\n'))
      expect(text(newer)).toBe(lines.slice(middle).join('\n'))
    }),
  )
})

test('a builder takes lines of any length and begins anew after each block', () => {
  const builder = createBlockBuilder()
  const long = 'я'.repeat(400_000)
  builder.add('a')
  builder.add(long)
  const block = builder.take()
  expect([block.points, text(block)]).toEqual([2, `a\n${long}`])
  builder.add('b')
  expect(text(builder.take())).toBe('b')
  expect(text(block)).toBe(`a\n${long}`)
  expect(builder.take()).toEqual({ points: 0, bytes: new Uint8Array() })
})
