import { describe, expect, test } from 'vitest'
import { createLog, logFormat } from '../../../src/adapters/system/log.ts'

function record(format: 'json' | 'text', level: 'debug' | 'info' = 'info') {
  const lines: string[] = []
  return { lines, log: createLog({ format, level, write: (line) => lines.push(line) }) }
}

/** The only line, as JSON data. */
function written(fields: Record<string, unknown>): Record<string, unknown> {
  const { log, lines } = record('json')
  log.info('it happened', fields)
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? '')
}

describe('JSON', () => {
  test('a line has time, level, message and fields', () => {
    const { log, lines } = record('json', 'debug')
    log.debug('a')
    log.warn('b', { n: 1, who: 'x' })
    log.error('c')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'debug', message: 'a' },
      { time: expect.any(String), level: 'warn', message: 'b', n: 1, who: 'x' },
      { time: expect.any(String), level: 'error', message: 'c' },
    ])
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true)
  })

  test('lines below the level are left out', () => {
    const { log, lines } = record('json')
    log.debug('a')
    expect(lines).toEqual([])
  })

  test('errors are told with name, code, stack and cause', () => {
    const error = Object.assign(new Error('no route', { cause: new TypeError('inner') }), { code: 'EHOST' })
    expect(written({ error })['error']).toMatchObject({
      name: 'Error',
      message: 'no route',
      code: 'EHOST',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'TypeError', message: 'inner' },
    })
  })

  test('long texts, lists and records are cut', () => {
    const many = Array.from({ length: 1000 }, (_, i) => i)
    const fields = written({
      text: 'x'.repeat(10_000),
      list: many,
      record: Object.fromEntries(many.map((i) => [`k${i}`, i])),
      bytes: new Uint8Array(5),
    })
    expect(fields['text']).toBe(`${'x'.repeat(500)}…`)
    expect(fields['list']).toHaveLength(31)
    expect(Object.keys(Object(fields['record']))).toHaveLength(31)
    expect(fields['bytes']).toBe('[5 bytes]')
  })

  test('what cannot be written never throws', () => {
    const circle: Record<string, unknown> = { big: 5n, nan: Number.NaN, fn: () => 1, gone: undefined }
    circle['self'] = circle
    Object.defineProperty(circle, 'bad', {
      enumerable: true,
      get() {
        throw new Error('no')
      },
    })
    expect(written({ circle })['circle']).toMatchObject({ big: '5', nan: 'NaN', bad: '[unreadable]' })
  })

  test("a field cannot stand for the line's own time, level or message", () => {
    expect(written({ time: 'a', level: 'b', message: 'c' })).toMatchObject({
      level: 'info',
      message: 'it happened',
      time_: 'a',
      level_: 'b',
      message_: 'c',
    })
  })
})

describe('text', () => {
  test('a line reads as time, level, message, fields', () => {
    const { log, lines } = record('text')
    log.info('listening', { url: 'http://127.0.0.1:8080/', who: 'two words', n: 5 })
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\dZ info {2}listening url=http:\/\/127\.0\.0\.1:8080\/ who="two words" n=5\n$/,
    )
  })

  test('an error has its stack below', () => {
    const { log, lines } = record('text')
    log.error('failed', { error: new TypeError('boom') })
    expect(lines[0]).toMatch(/^\S+ error failed error="TypeError: boom"\n {4}at .*log\.test\.ts/)
  })

  test('what moves the cursor, colours or turns round the text is escaped, also line breaks', () => {
    const { log, lines } = record('text')
    log.warn('a\u001b[31m\nb', { 'k\r': '\u202e\u0007 \u0085' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('a\\u001b[31m\\u000ab')
    expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('the format', () => {
  test.each([
    [{ WATCH_LOG: 'text' }, false, 'text'],
    [{ WATCH_LOG: 'json' }, true, 'json'],
    [{}, true, 'text'],
    [{}, false, 'json'],
    [{ WATCH_LOG: 'nonsense' }, true, 'text'],
  ])('with %o and a terminal at standard error alone (%s) is %s', (env, isTerminal, format) => {
    const { stdout, stderr } = process
    const before = [stdout.isTTY, stderr.isTTY] as const
    try {
      ;[stdout.isTTY, stderr.isTTY] = [!isTerminal, isTerminal]
      expect(logFormat(env)).toBe(format)
    } finally {
      ;[stdout.isTTY, stderr.isTTY] = before
    }
  })
})
