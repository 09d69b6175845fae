import { describe, expect, test } from 'vitest'
import { createTraceReader } from '../../../src/core/outage/trace-file.ts'

const SETTINGS = { intervalMs: 60_000, timeoutMs: 30_000 }

function read(...lines: readonly unknown[]) {
  const reader = createTraceReader(SETTINGS)
  for (const line of lines) reader.read(typeof line === 'string' ? line : JSON.stringify(line))
  return reader
}

const at = (time: string): string => `2026-01-15T${time}Z`
const ok = (time: string) => ({ at: at(time), verdict: 'ok' })
const step = (time: string, deltaMs: unknown) => ({ step: { at: at(time), deltaMs } })
const late = (time: string): string =>
  `${at(time).replace('Z', '.000Z')} is earlier than the line before it: put the lines in order of time`
const iso = (name: string): string =>
  `"${name}" must be an ISO 8601 time with Z or an offset, such as "2026-01-15T10:20:30Z"`

describe('a line of a trace', () => {
  test.each([
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['7', 'not a JSON object'],
    ['{', 'not a JSON object'],
    [{}, 'exactly one of "verdict", "maintenance" and "step" is needed'],
    [
      { ...ok('10:00:00'), ...step('10:00:00', 5) },
      'exactly one of "verdict", "maintenance" and "step" is needed',
    ],
    [{ at: 7, verdict: 'ok' }, iso('at')],
    [{ at: at('10:00:00'), verdict: 'maybe' }, '"verdict" must be "ok", "fail" or "unknown"'],
    [{ maintenance: null }, '"maintenance" must be an object with "from" and "to"'],
    [{ maintenance: { to: at('10:00:00') } }, iso('maintenance.from')],
    [{ maintenance: { from: at('10:00:00'), to: 'noon' } }, iso('maintenance.to')],
    [
      { maintenance: { from: at('10:00:01'), to: at('10:00:00') } },
      '"maintenance.to" is earlier than "maintenance.from"',
    ],
    [{ step: 'back' }, '"step" must be an object with "at" and "deltaMs"'],
    [{ step: { deltaMs: 5000 } }, iso('step.at')],
    [step('10:00:00', '5000'), '"step.deltaMs" must be a whole number of milliseconds'],
    [step('10:00:00', 0.5), '"step.deltaMs" must be a whole number of milliseconds'],
    [
      `{"at":"${at('10:00:00')}","verdict":"ok","note":"${'x'.repeat(10_000)}"}`,
      'longer than 10,000 characters',
    ],
  ])('%j is refused with its reason', (line, reason) => {
    expect(read(line)).toMatchObject({ rows: [], windows: [], faults: [{ line: 1, reason }] })
  })

  test('may have 10,000 characters, blanks around it and nothing in it', () => {
    const line = `{"at":"${at('10:00:00')}","verdict":"ok","note":""}`
    const longest = line.replace('""}', `"${'x'.repeat(10_000 - line.length)}"}`)
    expect(longest).toHaveLength(10_000)
    expect(read('', ` ${longest} `, '\t')).toMatchObject({ rows: [{ verdict: 'ok' }], faults: [] })
  })

  test('may plan work of no length', () => {
    const window = { from: at('10:00:00'), to: at('10:00:00') }
    expect(read({ maintenance: window })).toMatchObject({ windows: [{}], faults: [] })
  })
})

describe('the order of the lines', () => {
  test('is that of time, with several lines of one time', () => {
    expect(read(ok('10:00:00'), ok('10:00:00'), ok('09:59:59'), ok('10:00:01'))).toMatchObject({
      rows: [{}, {}, {}],
      faults: [{ line: 3, reason: late('09:59:59') }],
    })
  })

  test('is that of elapsed time behind a step of the clock', () => {
    const back = -3_600_000
    const reader = read(ok('10:00:00'), step('09:00:10', back), ok('09:01:00'), ok('08:59:00'))
    expect(reader).toMatchObject({ rows: [{}, {}, {}], faults: [{ line: 4, reason: late('08:59:00') }] })
  })

  test('is not changed by a step that was refused', () => {
    const lines = [ok('10:00:00'), step('09:00:00', 5_000), ok('10:00:03')]
    expect(read(...lines)).toMatchObject({ rows: [{}, {}], faults: [{ line: 2, reason: late('09:00:00') }] })
  })

  test('is not changed by a line that was refused', () => {
    const lines = [step('10:00:10', 10_000), ok('09:00:00'), ok('10:00:20')]
    expect(read(...lines)).toMatchObject({ rows: [{}, {}], faults: [{ line: 2 }] })
    const again = [...lines.slice(0, 2), step('10:00:11', -10_000), ok('10:00:05')]
    expect(read(...again).faults.map(({ line }) => line)).toEqual([2, 4])
  })
})
