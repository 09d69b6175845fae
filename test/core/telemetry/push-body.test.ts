import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecords } from '../../../src/core/telemetry/push-body.ts'
import { splitRecords } from '../../../src/core/telemetry/records.ts'
import { drained } from '../../support/names-world.ts'

const record = (value: unknown) => ({ kind: 'record', value })
const NOT_JSON = { kind: 'bad', reason: 'not-json' }
const TOO_LARGE = { kind: 'bad', reason: 'too-large' }
const KIB_256 = 256 * 1024

const read = (...body: Parameters<typeof readRecords>) => drained(readRecords(...body))

describe('the body of a push', () => {
  test.each<[string, string, unknown[]]>([
    ['one object', '{"a":1}', [record({ a: 1 })]],
    ['one object and blank lines', ' \n{"a":1}\r\n\n', [record({ a: 1 })]],
    ['one pretty-printed object', '{\n  "a": 1,\n  "b": [\n    2\n  ]\n}\n', [record({ a: 1, b: [2] })]],
    ['a byte order mark', '\ufeff{"a":1}', [record({ a: 1 })]],
    ['an array', ' [{"a":1}, 2]', [record({ a: 1 }), record(2)]],
    ['an empty array', '[]', []],
    ['NDJSON', '{"a":1}\n{"a":2}', [record({ a: 1 }), record({ a: 2 })]],
    ['NDJSON with Windows line ends', '{"a":1}\r\n{"a":2}\r\n', [record({ a: 1 }), record({ a: 2 })]],
    [
      'NDJSON with a bad line, counted, and an empty one, not counted',
      '{"a":1}\n\n{"a":\n{"a":3}\n',
      [record({ a: 1 }), NOT_JSON, record({ a: 3 })],
    ],
    ['NDJSON with a bad first line', '{"a":\n{"a":2}', [NOT_JSON, record({ a: 2 })]],
    [
      'two lines that only together would be JSON',
      '{"a":[1\n2]}\n{"b":1}',
      [NOT_JSON, NOT_JSON, record({ b: 1 })],
    ],
    [
      'a Telegraf batch',
      '{"metrics":[{"name":"a"},{"name":"b"}]}',
      [record({ name: 'a' }), record({ name: 'b' })],
    ],
    ['a Telegraf batch with blanks', ' {\n "metrics" : [ 1 ]\n}\n', [record(1)]],
    ['a Telegraf batch of nothing', '{"metrics":[]}', []],
    ['no batch, as it has more', '{"metrics":[1],"a":2}', [record({ metrics: [1], a: 2 })]],
    [
      'lines of batches',
      '{"metrics":[1]}\n{"metrics":[2]}',
      [record({ metrics: [1] }), record({ metrics: [2] })],
    ],
  ])('that is %s is taken apart', (_name, body, records) => {
    expect(read(body)).toEqual({ kind: 'records', records })
  })

  test.each([
    ['nothing', '', /empty/],
    ['blanks', ' \n\t ', /empty/],
    ['a word', 'hello', /first byte/],
    ['a text', '"hello"', /first byte/],
    ['a broken array', '[{"a":1},', /array/],
    ['an array with something behind it', '[{"a":1}] {}', /array/],
    ['an array with a comma too many', '[{"a":1},]', /array/],
    ['a long array whose end is broken', `[${'{"a":1},'.repeat(10_000)}{"a"}]`, /array/],
    ['a broken object', '{"a":1', /no line/],
    ['broken lines only', '{a}\n{b}', /no line/],
  ])('that is %s is unreadable', (_name, text, reason) => {
    const body = read(text)
    expect(body.kind).toBe('unreadable')
    expect('reason' in body && body.reason).toMatch(reason)
  })

  test('may hold as many records as the limit, and no more', () => {
    expect(read('[1,2,3]', 3)).toMatchObject({ kind: 'records' })
    expect(read('[1,2,3,4]', 3)).toMatchObject({ kind: 'too-large' })
    expect(read('{}\n{}\n{}\n\n', 3)).toMatchObject({ kind: 'records' })
    expect(read('{}\n{}\n{}\n{}', 3)).toMatchObject({ kind: 'too-large' })
  })

  test.each([
    ['lines', (count: number) => '{}\n'.repeat(count)],
    ['elements', (count: number) => `[${'{},'.repeat(count - 1)}{}]`],
  ])('may hold 100,000 %s when nobody sets another limit, and no more', (_name, body) => {
    const most = read(body(100_000))
    expect('records' in most && most.records.length).toBe(100_000)
    expect(read(body(100_001)).kind).toBe('too-large')
  })

  test.each([
    ['a line', (text: string) => `{"a":1}\n{"t":"${text}"}\n{"a":3}`],
    ['an element', (text: string) => `[{"a":1},{"t":"${text}"},{"a":3}]`],
  ])('with %s over 256 KiB loses that record only', (_name, body) => {
    const fits = read(body('x'.repeat(KIB_256 - 100)))
    expect(fits).toMatchObject({ records: [{ kind: 'record' }, { kind: 'record' }, { kind: 'record' }] })
    expect(read(body('x'.repeat(KIB_256)))).toEqual({
      kind: 'records',
      records: [record({ a: 1 }), TOO_LARGE, record({ a: 3 })],
    })
    // 2 bytes per character: half as many characters are as large.
    expect(read(body('я'.repeat(KIB_256 / 2)))).toMatchObject({ records: [{}, TOO_LARGE, {}] })
  })

  test('that is a Telegraf batch may be larger than one of its metrics', () => {
    const metrics = Array.from({ length: 2000 }, (_, n) => ({
      name: 'gps',
      tags: { n },
      pad: 'x'.repeat(200),
    }))
    expect(read(JSON.stringify({ metrics }))).toEqual({ kind: 'records', records: metrics.map(record) })
    expect(read(JSON.stringify({ metrics }, null, 2))).toEqual({
      kind: 'records',
      records: metrics.map(record),
    })
  })

  test('with an element over 256 KiB does not parse it, which may take long: not even whether it is JSON is known', () => {
    const keys = Array.from({ length: 40_000 }, (_, n) => `"${n}k"`).join(',')
    expect(read(`[{"a":1},{${keys}},{"a":3}]`)).toEqual({
      kind: 'records',
      records: [record({ a: 1 }), TOO_LARGE, record({ a: 3 })],
    })
  })

  test('that is one object over several lines has 1 MiB at most', () => {
    const body = (size: number): string => `{\n"metrics":\n[\n"${'x'.repeat(size)}",\n1]}`
    expect(read(body(1024 * 1024 - 100))).toMatchObject({ records: [TOO_LARGE, record(1)] })
    const object = (size: number): string => `{\n"a":${' '.repeat(size)}\n1}`
    expect(read(object(1024 * 1024 - 100))).toEqual({ kind: 'records', records: [record({ a: 1 })] })
    expect(read(object(1024 * 1024))).toEqual({ kind: 'records', records: [TOO_LARGE] })
    const batch = `{"data":[\n${'{"a":1},\n'.repeat(150_000)}{"a":1}\n]}`
    expect(read(batch, 1_000_000)).toEqual({ kind: 'records', records: [TOO_LARGE] })
    const lines = `{"a":\n${'{"a":1}\n'.repeat(150_000)}`
    const { records } = read(lines, 1_000_000) as { readonly records: readonly unknown[] }
    expect([records.length, records[0], records[1]]).toEqual([150_001, NOT_JSON, record({ a: 1 })])
  })

  test.each([
    ['large lines', `{"a":1}\n`.concat(`{"t":"${'x'.repeat(100_000)}"}\n`.repeat(100)), 100],
    ['blank lines', `{"a":1}${'\n'.repeat(1000)}{"a":2}`, 1000],
  ])('of %s has a pause after each', (_name, body, pauses) => {
    expect([...readRecords(body)].length).toBeGreaterThanOrEqual(pauses)
  })

  test('that nests without end is refused record by record', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(read(`[{"a":1},${deep}]`)).toEqual({
      kind: 'records',
      records: [record({ a: 1 }), TOO_LARGE],
    })
  })

  test('is the same as an array and as lines', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 })
    fc.assert(
      fc.property(objects, (values) => {
        const lines = values.map((value) => JSON.stringify(value))
        const expected = { kind: 'records', records: lines.map((line) => record(JSON.parse(line))) }
        expect(read(`[${lines.join(',')}]`)).toEqual(expected)
        if (values.length > 1) expect(read(lines.join('\n'))).toEqual(expected)
      }),
    )
  })

  test.each([
    ['an array', (lines: string[]) => `[${lines.join(',')}]`],
    ['lines', (lines: string[]) => lines.join('\n')],
  ])('that is long is taken apart in many steps when it is %s', (_name, body) => {
    const lines = Array.from({ length: 5000 }, (_, n) => JSON.stringify({ n, text: 'x'.repeat(50) }))
    const steps = [...readRecords(body(lines))]
    expect(steps.length).toBeGreaterThan(20)
    expect(read(body(lines))).toEqual({
      kind: 'records',
      records: lines.map((line) => record(JSON.parse(line))),
    })
  })

  test('never makes it throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '[', ']', '"a"', ':', '1', ',', '\n', ' ', '\ufeff', '\\')),
        (parts) => {
          expect(['records', 'unreadable', 'too-large']).toContain(read(parts.join('')).kind)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

test.each([
  [
    [1, 2],
    [1, 2],
  ],
  [{ metrics: [1, 2] }, [1, 2]],
  [{ metrics: [1], timestamp: 5 }, [{ metrics: [1], timestamp: 5 }]],
  [{ metrics: 5 }, [{ metrics: 5 }]],
  [{ a: 1 }, [{ a: 1 }]],
  [null, [null]],
])('the records in %j are %j', (parsed, records) => {
  expect(splitRecords(parsed)).toEqual(records)
})
