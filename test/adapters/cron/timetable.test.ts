import { getTasks } from 'node-cron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTimetable } from '../../../src/adapters/cron/timetable.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { createRecordingLog } from '../../support/recorders.ts'

const log = createRecordingLog()
const timetable = createTimetable({ log })
const iso = (instants: readonly number[]): readonly string[] =>
  instants.map((at) => new Date(at).toISOString().replace(':00.000Z', 'Z'))

/** Node's own timers and clock, which is all that the library looks at. */
function startAt(text: string): void {
  vi.setSystemTime(text)
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'setTimeout', 'clearTimeout'],
    now: new Date('2026-01-15T10:00:00Z'),
  })
  log.lines.length = 0
})
afterEach(() => {
  expect(getTasks().size).toBe(0)
  vi.useRealTimers()
})

describe('a cron expression', () => {
  test.each([
    '0 9 1 * *',
    '*/15 * * * *',
    '  0  3 * * mon-fri ',
    '0 3 L * *',
    '0 3 29 2 *',
    '0 3 * * 1#2',
    '30 22 * * 7',
    `0 ${'0,'.repeat(45)}10 * * *`,
  ])('%j is good', (expression) => {
    expect(timetable.fault(expression)).toBeNull()
  })

  test.each([
    ['', 'five fields minute, hour, day of month, month, day of week, such as 0 3 * * 1; it has 0'],
    ['0 9 1 *', 'it has 4'],
    ['0 0 9 1 * *', 'it has 6'],
    ['@daily', 'it has 1'],
    ['60 * * * *', '60 is a invalid expression for minute'],
    ['0 24 * * *', 'hour'],
    ['0 0 31 2 *', 'impossible day'],
    ['0 0 L-30 2 *', 'never happens'],
    ['0 0 31W 6 *', 'never happens'],
    ['0-99999999999 * * * *', 'more than two digits'],
    ['0 0 * *\tmon', 'Latin letters'],
    ['0 ０ * * *', 'Latin letters'],
    [`0 ${'0,'.repeat(100)}0 * * *`, 'at most 100 characters'],
  ])('%j is refused in words', (expression, words) => {
    expect(timetable.fault(expression)?.text).toContain(words)
  })

  test.each([
    ['0 9 1 *', 'fields'],
    ['60 * * * *', 'values'],
    ['0 0 31 2 *', 'values'],
    ['0 0 L-30 2 *', 'never'],
    ['0-99999999999 * * * *', 'digits'],
    ['0 ０ * * *', 'signs'],
    [`0 ${'0,'.repeat(100)}0 * * *`, 'long'],
  ])('%j is refused as %s', (expression, code) => {
    expect(timetable.fault(expression)?.code).toBe(code)
  })

  test('with a fault is no schedule', () => {
    expect(() => timetable.next('0 0 31 2 *', 'UTC', 1)).toThrow('impossible day')
    expect(() => timetable.run('@daily', 'UTC', () => {})).toThrow('five fields')
  })
})

describe('the next times', () => {
  test('are those of the zone, oldest first', () => {
    expect(iso(timetable.next('0 9 1 * *', 'Europe/Moscow', 2))).toEqual([
      '2026-02-01T06:00Z',
      '2026-03-01T06:00Z',
    ])
    expect(iso(timetable.next('0 9 * * *', 'Asia/Kolkata', 1))).toEqual(['2026-01-16T03:30Z'])
  })

  test('do not begin with now', () => {
    startAt('2026-01-15T10:00:00Z')
    expect(iso(timetable.next('0 10 * * *', 'UTC', 1))).toEqual(['2026-01-16T10:00Z'])
  })

  test('need both the day of the month and the day of the week', () => {
    expect(iso(timetable.next('0 0 13 * fri', 'UTC', 2))).toEqual(['2026-02-13T00:00Z', '2026-03-13T00:00Z'])
  })

  test('skip a time that the clocks leave out and name one that they repeat once', () => {
    startAt('2026-03-28T12:00:00Z')
    expect(iso(timetable.next('30 2 * * *', 'Europe/Berlin', 2))).toEqual([
      '2026-03-30T00:30Z',
      '2026-03-31T00:30Z',
    ])
    startAt('2026-10-24T12:00:00Z')
    expect(iso(timetable.next('30 2 * * *', 'Europe/Berlin', 2))).toEqual([
      '2026-10-25T01:30Z',
      '2026-10-26T01:30Z',
    ])
  })
})

describe('a timed task', () => {
  test('is called at each of its times until it is stopped', async () => {
    const times: number[] = []
    const stop = timetable.run('0 9 1 * *', 'Europe/Moscow', () => void times.push(Date.now()))
    await vi.advanceTimersByTimeAsync(60 * DAY)
    stop()
    await vi.advanceTimersByTimeAsync(60 * DAY)
    expect(iso(times)).toEqual(['2026-02-01T06:00Z', '2026-03-01T06:00Z'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is still running makes the next one skipped', async () => {
    let calls = 0
    const stop = timetable.run('* * * * *', 'UTC', async () => {
      calls += 1
      await new Promise((resolve) => setTimeout(resolve, 90 * SECOND))
    })
    await vi.advanceTimersByTimeAsync(4 * MINUTE + SECOND)
    expect(calls).toBe(2)
    stop()
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(calls).toBe(2)
  })

  test('that fails is logged and called again', async () => {
    let calls = 0
    const stop = timetable.run('* * * * *', 'UTC', () => {
      calls += 1
      throw new Error('no disk')
    })
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    stop()
    expect(calls).toBe(2)
    expect(log.lines.map(({ level, fields }) => [level, fields['error'], fields['cron']])).toEqual([
      ['error', 'Error: no disk', '* * * * *'],
      ['error', 'Error: no disk', '* * * * *'],
    ])
  })

  test('is made up for once when the clock was set ahead over its times', async () => {
    const times: number[] = []
    const stop = timetable.run('0 * * * *', 'UTC', () => void times.push(Date.now()))
    startAt('2026-01-15T14:30:00Z')
    await vi.advanceTimersByTimeAsync(HOUR)
    stop()
    expect(times).toHaveLength(1)
  })

  test('waits for its time when the clock was set back', async () => {
    const times: number[] = []
    const stop = timetable.run('0 11 * * *', 'UTC', () => void times.push(Date.now()))
    startAt('2026-01-15T08:00:00Z')
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    expect(times).toEqual([])
    await vi.advanceTimersByTimeAsync(HOUR)
    stop()
    expect(iso(times)).toEqual(['2026-01-15T11:00Z'])
  })
})

test('a timed task does not keep the process alive', () => {
  vi.useRealTimers()
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const stop = timetable.run('0 0 1 1 *', 'UTC', () => {})
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before)
  stop()
})
