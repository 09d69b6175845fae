import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTextPool, releaseText, useText } from '../../../src/core/fleet/text-pool.ts'

test('a pool knows exactly the texts that are in use, and gives the same text one number', () => {
  const uses = fc.array(fc.tuple(fc.nat(5), fc.constantFrom('1.0', '1.1', '2.0', '')), { maxLength: 60 })
  fc.assert(
    fc.property(uses, (list) => {
      const pool = createTextPool()
      const numbers = [0, 0, 0, 0, 0, 0]
      const texts = ['', '', '', '', '', '']
      for (const [row, text] of list) {
        const before = numbers[row] ?? 0
        numbers[row] = text === '' ? 0 : useText(pool, text)
        texts[row] = text
        releaseText(pool, before)
        expect(numbers.map((number) => pool.texts[number])).toEqual(texts)
        expect([...pool.numbers.keys()].sort()).toEqual([...new Set(texts)].filter(Boolean).sort())
      }
    }),
  )
})

test('a sender that invents a text with each message takes no more room than its last one', () => {
  const pool = createTextPool()
  let number = 0
  for (let n = 0; n < 1000; n++) {
    const next = useText(pool, `invented ${n}`)
    releaseText(pool, number)
    number = next
  }
  expect(pool.numbers.size).toBe(1)
  expect(pool.texts.length).toBeLessThan(5)
})
