import { describe, expect, test } from 'vitest'
import { csvRecords, readingRecords } from '../../../src/core/fleet/csv-text.ts'
import { idFault, readingInventory } from '../../../src/core/fleet/inventory-csv.ts'
import { readInventoryCsv } from '../../support/inventory-file.ts'

// What people's programs make of a file, and files that are none.

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string) => readInventoryCsv(utf8(text))

describe('a bad row', () => {
  test('is told with everything that is wrong with it', () => {
    const file = read('terminal_id,imei,lifecycle,name\n,12,gone,ok\n1,3.54E+14,,\n')
    expect(file.rejected.map(({ reason }) => reason)).toEqual([
      'terminal_id is empty; imei: an IMEI has 14 to 16 digits; lifecycle: must be active, suspended or decommissioned',
      expect.stringMatching(/^imei: .*rounded/),
    ])
  })

  test.each([
    ['a bad cell', '1,x\n1,\n'],
    ['too many cells', '1,,x\n1,\n'],
    ['a bad quote', '1,"a"b\n1,\n'],
    ['a quote that is never closed', '1,"a\n1,\n'],
  ])('with %s makes the next row of its terminal a bad one, too', (_name, text) => {
    const { rows, rejected } = read(`terminal_id,imei\n${text}`)
    expect(rejected.map(({ line }) => line)).toEqual([2, 3])
    expect(rejected[1]?.reason).toBe('terminal 1 is already on line 2')
    expect(rows).toEqual([])
  })

  test('of a quote that is never closed does not hide the bad ones behind it', () => {
    const { rejected } = read('terminal_id,name\n1,"A\n,B\n3,C\n')
    expect(rejected.map(({ line }) => line)).toEqual([2, 3])
  })
})

describe('a cell that is a dash alone', () => {
  test('clears its field, and an empty one leaves it', () => {
    expect(read('terminal_id,name,imei,aliases,sim\n1,-, - ,-,\n').rows[0]?.cells).toEqual({
      name: '',
      imei: '',
      aliases: [],
    })
  })

  test("is a dash when an apostrophe stands before it, as in the program's own files", () => {
    expect(read("terminal_id,name\n1,'-\n").rows[0]?.cells).toEqual({ name: '-' })
  })

  test.each([
    ['terminal_id,name\n-,A', 'terminal_id is empty'],
    ['terminal_id,lifecycle\n1,-', 'lifecycle: must be active, suspended or decommissioned'],
  ])('is refused in %j', (text, reason) => {
    expect(read(text).rejected).toEqual([{ line: 2, reason }])
  })
})

describe('digits as spreadsheets write them', () => {
  test.each([
    ['="354002529"', '354002529'],
    ['"=""354002529"""', '354002529'],
    ['\u200b354002529\ufeff', '354002529'],
    ['354\u00ad002529', '354002529'],
    ['\u00a0354002529\u2009', '354002529'],
    ['A 7', 'A 7'],
    ['3.5', '3.5'],
  ])('%j is the id %j', (cell, id) => {
    expect(read(`terminal_id;name\n${cell};A`).rows).toEqual([{ line: 2, id, cells: { name: 'A' } }])
  })

  test.each([
    ['354 002 529', /digits in groups/],
    ['354\u00a0002\u00a0529', /digits in groups/],
    ['354\u2009002\u202f529', /digits in groups/],
    ['354,002,529', /digits in groups/],
    ['354002531,00', /places behind the point/],
    ['354002531.0', /places behind the point/],
    ['3,54E+08', /rounded/],
    ["'354002531", /apostrophe/],
  ])('%j is no id', (cell, reason) => {
    const { rows, rejected } = read(`terminal_id;name\n${cell};A`)
    expect(rows).toEqual([])
    expect(rejected).toEqual([{ line: 2, reason: expect.stringMatching(reason) }])
  })

  test('are understood or refused in the other columns, too', () => {
    const file = read(
      'terminal_id;imei;sim;aliases\n' +
        '1;="354002529000001";="8970";="S1"\n' +
        '2;354\u00a0002\u2009529 000001;+7 900 1\u200b2;S\u200b2 S3\n' +
        '3;354002529000001,0;8970.00;354 002 529\n',
    )
    expect(file.rows.map(({ cells }) => cells)).toEqual([
      { imei: '354002529000001', sim: '8970', aliases: ['S1'] },
      { imei: '354002529000001', sim: '+7 900 12', aliases: ['S2', 'S3'] },
    ])
    expect(file.rejected[0]?.reason).toMatch(/^imei: .*point.*; sim: .*point.*; aliases: .*groups/)
  })

  test('make no id that data or a tree could bring into the inventory either', () => {
    for (const id of ['354 002', '354.0', "'354", '35\u200b4', ' 354', '', '.', '..']) {
      expect([id, idFault(id)]).toEqual([id, expect.any(String)])
    }
    expect(idFault('354002531')).toBeUndefined()
  })
})

describe('an encoding', () => {
  const cyrillic = utf8('terminal_id;name\n1;Грузовик\n2;Самосвал\n')

  test.each([
    ['a byte that was overwritten', cyrillic.with(24, 0x20), 2],
    ['a byte of windows-1251', Uint8Array.from([...cyrillic, 0x33, 0x3b, 0xcf, 0x0a]), 4],
    ['an end that is cut off', cyrillic.subarray(0, -2), 3],
    ['a surrogate', Uint8Array.from([...cyrillic, 0xed, 0xa0, 0x80]), 4],
  ])('that is UTF-8 but for %s is refused and not taken for another one', (_name, bytes, line) => {
    const { rows, rejected } = readInventoryCsv(bytes)
    expect(rows).toEqual([])
    expect(rejected).toEqual([{ line, reason: expect.stringContaining('UTF-8') }])
  })

  test('is windows-1251 also where two letters look like one of UTF-8', () => {
    // ГРУЗ Я»
    const bytes = [0xc3, 0xd0, 0xd3, 0xc7, 0x20, 0xdf, 0xbb]
    const file = readInventoryCsv(Uint8Array.from([...utf8('terminal_id;name\n1;'), ...bytes]))
    expect(file.rows[0]?.cells.name).toBe('ГРУЗ Я»')
  })
})

test.each([
  ['sep=;\r\nterminal_id;name\r\n1;A, B\r\n', 3],
  ['"sep=\t"\nterminal_id\tname\n1\tA, B\n', 3],
  ['terminal_id;name\r1;A, B\r', 2],
  ['terminal_id;name\r1;"A, B"\r', 2],
])('%j is understood', (text, line) => {
  expect(read(text)).toMatchObject({ rows: [{ line, id: '1', cells: { name: 'A, B' } }], rejected: [] })
})

test('records are the same wherever the text is cut into pieces', () => {
  const cells = [
    '',
    'a',
    '"b""c"',
    '"d\ne"',
    'ООО "Ф"',
    '"f',
    'x'.repeat(3000),
    '"y\r\n"z',
    'w'.repeat(101_000),
  ]
  const line = (n: number): string =>
    [n, ...Array.from({ length: 4 }, (_, k) => cells[(n * (k + 3) + k) % (n % 50 === 0 ? 9 : 8)])].join(',')
  const text = Array.from({ length: 1200 }, (_, n) => (n % 7 === 0 ? '' : line(n))).join('\r\n')
  const whole = [...csvRecords(text, ',')]
  expect(whole.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(100)
  for (const size of [997, 65_536, 200_000]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
      text.slice(n * size, (n + 1) * size),
    )
    const read = [...readingRecords(pieces, ',')].filter((record) => record !== undefined)
    expect(read).toEqual(whole)
  }
})

describe('a file that is none', () => {
  /** Names of columns. */
  const columns = (count: number): string => Array.from({ length: count }, (_, n) => `c${n}`).join(',')

  test.each([
    ['60 MiB of commas', `terminal_id${','.repeat(60 * 1024 * 1024)}\n1`, 1, /longer than 100000/],
    ['201 columns', `terminal_id,${columns(200)}\n1`, 1, /more than 200 columns/],
    ['a row of 201 cells', `terminal_id\n1${','.repeat(200)}\n2`, 2, /more than 200 columns/],
    ['a row of 201 quoted cells', `terminal_id\n1${',""'.repeat(200)}\n2`, 2, /more than 200 columns/],
    ['a row without end', `terminal_id\n1${'x'.repeat(200_000)}\n2`, 2, /longer than 100000/],
    ['a cell without end', `terminal_id,name\n1,"${'""'.repeat(1_000_000)}"\n2`, 2, /longer than 100000/],
    ['a cell of many lines', `terminal_id,name\n1,"${'""\n'.repeat(100_000)}x"\n`, 2, /longer than 100000/],
  ])('(%s) is refused, and quickly', (_name, text, line, reason) => {
    const bytes = utf8(text)
    const started = performance.now()
    const { rejected } = readInventoryCsv(bytes)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(rejected[0]).toEqual({ line, reason: expect.stringMatching(reason) })
  })

  test('has up to 200 columns', () => {
    expect(read(`terminal_id,${columns(199)}\n1`)).toMatchObject({ rows: [{ id: '1' }], rejected: [] })
  })

  test('lists 100,000 bad rows and counts the others', () => {
    const { rows, rejected, rejectedTotal } = read(`terminal_id,imei\n${'x,1\n'.repeat(150_000)}`)
    expect(rows).toEqual([])
    expect([rejected.length, rejectedTotal]).toEqual([100_000, 150_000])
  })

  test.each<[string, Uint8Array, number?]>([
    ['wide rows', utf8(`terminal_id\n${`1${','.repeat(190)}\n`.repeat(5000)}`)],
    ['long rows', utf8(`terminal_id,name\n${`1,${'x'.repeat(50_000)}\n`.repeat(100)}`)],
    ['empty lines', utf8(`terminal_id\n${'\n'.repeat(1_000_000)}`)],
    // Each line seems to be one row with the two hundred behind it.
    ['rows that seem to have no end', utf8(`terminal_id\n${'a","b\n'.repeat(50_000)}`), 5000],
    ['another encoding', Uint8Array.from([...utf8(`terminal_id\n${'1\n'.repeat(2_000_000)}`), 0xff])],
  ])('gives everything else a turn in between (%s)', (_name, bytes, wanted = bytes.length / 150_000) => {
    const reading = readingInventory(bytes)
    let turns = 1
    while (reading.next().done !== true) turns += 1
    expect(turns).toBeGreaterThan(wanted)
  })
})
