import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine } from '../../src/http/csv.ts'

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['a;b', '"a;b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  ['', ''],
  [null, ''],
  [-1.5, '-1.5'],
  ['=1+1', "'=1+1"],
  ['+7 900', "'+7 900"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', '"\'\tx"'],
  ['\rx', '"\'\rx"'],
  ['1=1', '1=1'],
])('the cell %j is written as %s', (cell, text) => {
  expect(csvLine([cell])).toBe(`${text}\r\n`)
})

const difficult = fc.string({ unit: fc.constantFrom(...'",;\r\n\t=+-@\' a') })

test('any texts are read back as they were, but for the apostrophe before a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), difficult), { minLength: 1 }), (cells) => {
      const expected = cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
      expect(read(csvLine(cells))).toEqual(expected)
    }),
  )
})

/** One record by RFC 4180. */
function read(line: string): string[] {
  const cells = line.replace(/\r\n$/, ',').matchAll(/(?:"((?:[^"]|"")*)"|([^",]*)),/g)
  return [...cells].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
}
