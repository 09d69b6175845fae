import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readInventoryCsv } from '../../support/inventory-file.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string) => readInventoryCsv(utf8(text))

/** Windows-1251 of ASCII and Russian letters. */
function windows1251(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0
    return code < 0x80 ? code : code - 0x410 + 0xc0
  })
}

describe('an inventory file', () => {
  test('has all the columns of the contract, in any order, in any case', () => {
    const file = read(
      'UUID,profile,sim,imei,firmware,model,region,operator,group,dealer,client,name,terminal_id,lifecycle\n' +
        'u-1,tractor,89701,354002529000001,1.2,Profi,Moscow,MTS,D/C/G,D,C,Truck,200000123,Suspended\n',
    )
    expect(file).toEqual({
      rows: [
        {
          line: 2,
          id: '200000123',
          cells: {
            uuid: 'u-1',
            profile: 'tractor',
            sim: '89701',
            imei: '354002529000001',
            firmware: '1.2',
            model: 'Profi',
            region: 'Moscow',
            operator: 'MTS',
            group: 'D/C/G',
            dealer: 'D',
            client: 'C',
            name: 'Truck',
            lifecycle: 'suspended',
          },
        },
      ],
      rejected: [],
      rejectedTotal: 0,
      warnings: [],
    })
  })

  test.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('may be delimited by %s', (_name, delimiter) => {
    const text = `terminal_id,name,client\n1,A,\n2,,B`.replaceAll(',', delimiter)
    expect(read(text).rows).toEqual([
      { line: 2, id: '1', cells: { name: 'A' } },
      { line: 3, id: '2', cells: { client: 'B' } },
    ])
  })

  test('may hold the other delimiters in its cells', () => {
    expect(read('terminal_id;name\n1;A, B').rows[0]?.cells).toEqual({ name: 'A, B' })
    expect(read('terminal_id\tname\n1\tA, B; C').rows[0]?.cells).toEqual({ name: 'A, B; C' })
  })

  test('may be of one column', () => {
    expect(read('terminal_id\r\n1\r\n2\r\n').rows.map(({ id }) => id)).toEqual(['1', '2'])
    expect(read('terminal_id\n1,,\n').rows.map(({ id }) => id)).toEqual(['1'])
  })

  test.each([
    ['UTF-8', utf8('terminal_id;name\n1;Грузовик'), []],
    ['UTF-8 with its mark', utf8('\ufeffterminal_id;name\n1;Грузовик'), []],
    [
      'windows-1251',
      windows1251('terminal_id;name\n1;Грузовик'),
      ['the file is not UTF-8 and was read as windows-1251'],
    ],
    ['UTF-16 as spreadsheets save it', utf16('terminal_id;name\n1;Грузовик'), []],
  ])('may be in %s', (_name, bytes, warnings) => {
    expect(readInventoryCsv(bytes)).toEqual({
      rows: [{ line: 2, id: '1', cells: { name: 'Грузовик' } }],
      rejected: [],
      rejectedTotal: 0,
      warnings,
    })
  })

  test('may quote its cells, with delimiters and doubled quotes inside', () => {
    expect(read('"terminal_id","name","client"\r\n"1","A, ""B""" ,"C"\r\n2,D,E\r\n').rows).toEqual([
      { line: 2, id: '1', cells: { name: 'A, "B"', client: 'C' } },
      { line: 3, id: '2', cells: { name: 'D', client: 'E' } },
    ])
  })

  test('may have quotes inside of cells that are not quoted', () => {
    expect(read('terminal_id;client\n1;ООО "Ромашка"').rows[0]?.cells).toEqual({ client: 'ООО "Ромашка"' })
  })

  test('counts the lines that a quoted cell runs over', () => {
    const file = read('terminal_id,name\n1,"a\nb\nc"\n2,ok\n,x\n')
    expect(file.rows).toEqual([{ line: 5, id: '2', cells: { name: 'ok' } }])
    expect(file.rejected).toEqual([
      { line: 2, reason: 'name: has line breaks or control characters in it' },
      { line: 6, reason: 'terminal_id is empty' },
    ])
  })

  test('may have empty lines, short rows and empty cells beyond the header', () => {
    const file = read('\nterminal_id,name,client\n\n1\n  \n2,A,B,,\n')
    expect(file.rows).toEqual([
      { line: 4, id: '1', cells: {} },
      { line: 6, id: '2', cells: { name: 'A', client: 'B' } },
    ])
    expect(file.rejected).toEqual([])
  })

  test('may have columns that are not known: they are a warning', () => {
    const file = read('terminal_id,colour,name\n1,red,A')
    expect(file.rows[0]?.cells).toEqual({ name: 'A' })
    expect(file.warnings).toEqual(['column "colour" is not known and was left out'])
  })

  test('without rows is a warning', () => {
    expect(read('terminal_id,name\n').warnings).toEqual(['the file has a header and no rows'])
  })
})

describe('a fault', () => {
  test.each([
    ['an empty file', '', 1, /empty/],
    ['a header without terminal_id', 'name,client\nA,B', 1, /no column terminal_id/],
    ['a file without a header', '200000123,Truck\n', 1, /must name the columns/],
    ['a column that is there twice', 'terminal_id,name,Name\n1,A,B', 1, /name is there twice/],
    ['an empty terminal_id', 'terminal_id,name\n ,A', 2, /terminal_id is empty/],
    ['a terminal that is there twice', 'terminal_id\n1\n2\n1', 4, /already on line 2/],
    ['too many cells', 'terminal_id,name\n1,A,B', 2, /3 cells, but the header has 2/],
    ['an endless cell', `terminal_id,name\n1,${'x'.repeat(201)}`, 2, /longer than 200/],
    ['an endless id', `terminal_id\n${'1'.repeat(65)}`, 2, /longer than 64/],
    ['a control character', 'terminal_id,name\n1,A\u0007', 2, /control characters/],
    ['a rounded id', 'terminal_id;name\n3,54003E+08;A', 2, /rounded/],
    ['a rounded IMEI', 'terminal_id;imei\n1;3.54E+14', 2, /rounded/],
    ['a short IMEI', 'terminal_id,imei\n1,1234', 2, /14 to 16 digits/],
    ['a strange lifecycle', 'terminal_id,lifecycle\n1,gone', 2, /active, suspended or decommissioned/],
    ['a quote that is never closed', 'terminal_id,name\n1,"A\n2,B', 2, /never closed/],
    ['text behind a quote', 'terminal_id,name\n1,"A"B', 2, /behind the closing quote/],
  ])('is %s', (_name, text, line, reason) => {
    const { rejected } = read(text)
    expect(rejected).toHaveLength(1)
    expect(rejected[0]?.line).toBe(line)
    expect(rejected[0]?.reason).toMatch(reason)
  })

  test('does not hide the next one', () => {
    const file = read('terminal_id,imei\n,1\n2,x\n3,354002529000001\n2\n')
    expect(file.rejected.map(({ line }) => line)).toEqual([2, 3, 5])
    expect(file.rows.map(({ id }) => id)).toEqual(['3'])
  })
})

test('an IMEI may be written with blanks and dashes', () => {
  expect(read('terminal_id,imei\n1,35-400252 900000-1').rows[0]?.cells).toEqual({ imei: '354002529000001' })
})

test('every value that can stand in a cell is read back as it was written', () => {
  const value = fc
    .string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\t', '1', 'я') })
    .map((text) => text.replaceAll('\t', ' ').trim())
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value)),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      (pairs, delimiter, end) => {
        const lines = pairs.map(([name, client], index) =>
          [String(index), quote(name), quote(client)].join(delimiter),
        )
        const file = read([['terminal_id', 'name', 'client'].join(delimiter), ...lines].join(end))
        expect(file.rejected).toEqual([])
        expect(file.rows.map(({ cells }) => [cells.name ?? '', cells.client ?? ''])).toEqual(pairs)
      },
    ),
  )
})

test('bytes of any kind never make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, withHeader) => {
      const file = readInventoryCsv(
        withHeader ? Uint8Array.from([...utf8('terminal_id,name\n'), ...bytes]) : bytes,
      )
      for (const { line } of file.rejected) expect(line).toBeGreaterThan(0)
    }),
  )
})

test('100,000 rows are read within 10 s', () => {
  const row = (n: number): string =>
    `${n};"Truck ""${n}""";ООО "Ромашка";D;D/C/G;MTS;Moscow;Profi;1.2;;89701;tractor;u`
  const text = `terminal_id;name;client;dealer;group;operator;region;model;firmware;imei;sim;profile;uuid\n${Array.from({ length: 100_000 }, (_, n) => row(n)).join('\n')}`
  const started = performance.now()
  expect(read(text).rows).toHaveLength(100_000)
  expect(performance.now() - started).toBeLessThan(10_000)
})

function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
}
