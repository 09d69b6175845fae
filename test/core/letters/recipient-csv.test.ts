import { describe, expect, test } from 'vitest'
import { readRecipientCsv } from '../../../src/core/letters/recipient-csv.ts'

const read = (text: string) => readRecipientCsv(new TextEncoder().encode(text))
/** windows-1251, as spreadsheets in Russia save it. */
const cyrillic = (text: string): Uint8Array =>
  Uint8Array.from(text, (char) => {
    const code = char.charCodeAt(0)
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code
  })

describe('a file of recipients', () => {
  test.each([
    ['commas', 'email,name,language\nanna@example.org,Anna,ru\n'],
    ['semicolons, another order and capital letters', 'Name;LANGUAGE;Email\r\nAnna;RU;anna@example.org\r\n'],
    ['tabs and quotes', '"email"\t"name"\t"language"\n"anna@example.org"\tAnna\tru'],
    ['a byte order mark and empty columns', '\uFEFFemail,name,language,,\n\nanna@example.org , Anna,ru,,\n'],
    ['what the program gave out', 'id,email,name,language,origin\nr1,anna@example.org,Anna,ru,page\n'],
  ])('is read with %s', (_name, text) => {
    const { rows, rejected } = read(text)
    expect(rejected).toEqual([])
    expect(rows.map(({ line: _line, ...row }) => row)).toEqual([
      { email: 'anna@example.org', name: 'Anna', language: 'ru' },
    ])
  })

  test('is read as windows-1251 when it is no UTF-8', () => {
    expect(readRecipientCsv(cyrillic('email;name\nanna@example.org;Анна Петрова\n')).rows).toEqual([
      { line: 2, email: 'anna@example.org', name: 'Анна Петрова' },
    ])
  })

  test('is read without the apostrophe that keeps spreadsheets from running a cell', () => {
    expect(read("email,name\n'+anna@example.org,'=Anna\n").rows).toEqual([
      { line: 2, email: '+anna@example.org', name: '=Anna' },
    ])
  })

  test('is read no further after a thousand bad lines, or twenty thousand good ones', () => {
    const bad = read(`email,name\n${'a","b\n'.repeat(5000)}`)
    expect([bad.rows.length, bad.rejected.length]).toEqual([0, 1001])
    expect(bad.rejected.at(-1)).toEqual({
      line: 1001,
      reason: 'too many lines, or too many bad ones: no further ones were read',
    })
    const good = read(`email\n${Array.from({ length: 30_000 }, (_, n) => `r${n}@example.org\n`).join('')}`)
    expect([good.rows.length, good.rejected.length]).toEqual([20_001, 1])
  })

  test('leaves out what an empty cell does not say', () => {
    expect(read('email,name,language\nanna@example.org,,\nold@example.org').rows).toEqual([
      { line: 2, email: 'anna@example.org' },
      { line: 3, email: 'old@example.org' },
    ])
  })

  test('takes a name of 200 characters', () => {
    expect(read(`email,name\nanna@example.org,${'x'.repeat(200)}\n`).rejected).toEqual([])
  })

  test('tells every bad row, by its line', () => {
    const text = [
      'email,name,language',
      'anna@example.org,Anna,ru',
      'not an address,Bad,ru',
      ',Nobody,ru',
      `long@example.org,${'x'.repeat(201)},ru`,
      'tongue@example.org,T,de',
      'Anna@Example.org,Again,en',
      'more@example.org,More,ru,surplus',
      'control@example.org,a\u0007b,ru',
      '"open@example.org,x,ru',
    ].join('\n')
    const { rejected } = read(text)
    expect(rejected).toEqual([
      { line: 3, reason: 'email: "not an address" is no e-mail address' },
      { line: 4, reason: 'email: "" is no e-mail address' },
      { line: 5, reason: 'name: longer than 200 characters' },
      { line: 6, reason: 'language: must be ru or en' },
      { line: 7, reason: 'Anna@Example.org is already on line 2' },
      { line: 8, reason: '4 cells, but the header has 3; quote cells that hold the delimiter' },
      { line: 9, reason: 'name: has line breaks or control characters in it' },
      { line: 10, reason: 'a quoted cell begins here and is never closed' },
    ])
  })

  test.each([
    ['', 'the file is empty; its first line must be email,name,language'],
    [
      'anna@example.org,Anna,ru\n',
      '"anna@example.org" is no column; the first line must be email,name,language',
    ],
    ['email,langage\n', '"langage" is no column; the first line must be email,name,language'],
    ['name,language\n', 'the first line has no column email; it must be email,name,language'],
    ['email,email\n', 'column email is there twice'],
  ])('%j is refused as a whole', (text, reason) => {
    expect(read(text)).toEqual({ rows: [], rejected: [{ line: 1, reason }] })
  })
})
