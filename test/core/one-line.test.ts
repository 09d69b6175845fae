import { expect, test } from 'vitest'
import { oneLine, pageTitle } from '../../src/core/one-line.ts'

test.each([
  ['a\r\n\tb', 200, 'a b'],
  ['\u001b[31mred\u0000', 200, '[31mred'],
  ['right\u202eleft\u2066', 200, 'right left'],
  ['two\u2028lines', 200, 'two lines'],
  ['12345', 5, '12345'],
  ['123456', 5, '1234…'],
  ['😀😀😀', 4, '😀…'],
  ['lone \ud800 half', 200, 'lone \ufffd half'],
])('%j within %i is %j', (text, length, line) => {
  expect(oneLine(text, length)).toBe(line)
})

test('the title of a page is found whatever its case and attributes', () => {
  expect([pageTitle('<TITLE lang=ru>Вход\n</TITLE>'), pageTitle('<h1>503</h1>'), pageTitle('')]).toEqual([
    'Вход',
    '',
    '',
  ])
})
