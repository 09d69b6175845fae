import { expect, test } from 'vitest'
import { silentWords } from '../../../src/core/flagging/words.ts'

test.each([
  [1, 41, 'молчит 1 из 41', '1 of 41 is silent'],
  [2, 41, 'молчат 2 из 41', '2 of 41 are silent'],
  [11, undefined, 'молчат 11', '11 are silent'],
  [21, undefined, 'молчит 21', '21 are silent'],
])('the verb fits %i silent ones of %s', (silent, among, ru, en) => {
  expect(silentWords(silent, 'ru', among)).toBe(ru)
  expect(silentWords(silent, 'en', among)).toBe(en)
})
