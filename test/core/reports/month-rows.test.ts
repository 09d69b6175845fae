import { describe, expect, test } from 'vitest'
import { NO_BULLETINS, UNHANDLED } from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { NO_TIME, type Totals } from '../../../src/core/outage/uptime.ts'
import { monthRow, outagesWithin } from '../../../src/core/reports/month-rows.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'

const row = (totals: Partial<Totals>, language: 'ru' | 'en' = 'en', outages = 0): string =>
  monthRow({ name: 'web', totals: { ...NO_TIME, ...totals }, outages }, language)

describe('a line of the monthly report', () => {
  test('says uptime, coverage, certain downtime and outages', () => {
    const totals = { up: 30 * DAY - 22 * MINUTE, down: 22 * MINUTE }
    expect(row(totals, 'en', 1)).toBe(
      'web: 99.94 %, 100 % of the time observed, down for 22 min for certain, outages: 1',
    )
    expect(row(totals, 'ru', 1)).toBe(
      'web: 99,94 %, под наблюдением 100 % времени, достоверно недоступно 22 мин, сбоев: 1',
    )
  })

  test('says only the bounds when less than 90 % was observed', () => {
    expect(row({ up: 89 * HOUR, unknown: 11 * HOUR })).toBe(
      'web: between 89 % and 100 %, 89 % of the time observed, no proven downtime, outages: 0',
    )
    expect(row({})).toBe(
      'web: between 0 % and 100 %, 0 % of the time observed, no proven downtime, outages: 0',
    )
    expect(row({ up: HOUR, unknown: 2 * HOUR, down: 1 }, 'ru')).toBe(
      'web: от 33,33 % до 100 %, под наблюдением 33,33 % времени, достоверно недоступно 0 с, сбоев: 0',
    )
  })

  test('never rounds downtime away', () => {
    expect(row({ up: 31 * DAY - 1000, down: 1000 })).toContain('web: 99.99 %,')
    expect(row({ up: 7, down: 3 })).toContain('web: 70 %,')
    expect(row({ up: 31 * DAY })).toContain('web: 100 %,')
    expect(row({ up: 1, down: 7 * HOUR, unknown: 3 * HOUR })).toContain('between 0 % and 30.01 %')
  })
})

describe('outages of a month', () => {
  const month = { from: 100, to: 200 }
  const outage = (start: number, end: number | null, more: Partial<Outage> = {}): Outage => ({
    id: `o${start}`,
    state: end === null ? 'open' : 'closed',
    start,
    notBefore: null,
    end,
    downMs: 1,
    possibleMs: 1,
    latestFailAt: start,
    letterDueAt: null,
    operatorAlarmAt: null,
    warnedAt: null,
    intermittent: false,
    failed: ['web'],
    handling: UNHANDLED,
    bulletins: NO_BULLETINS,
    ...more,
  })

  test.each([
    ['inside', outage(120, 130), 1],
    ['that began before', outage(50, 101), 1],
    ['that ended just as it began', outage(50, 100), 0],
    ['that began just as it ended', outage(200, 210), 0],
    ['that went on over it', outage(50, 300), 1],
    ['that still goes on', outage(150, null), 1],
    ['that was cancelled as false', outage(120, 130, { state: 'cancelled' }), 0],
  ])('one %s counts as %#', (_name, one, count) => {
    expect(outagesWithin([one], month)).toBe(count)
  })

  test('of a component are those in which it failed', () => {
    const list = [outage(110, 120), outage(130, 140, { failed: ['api', 'web'] })]
    expect(outagesWithin(list, month)).toBe(2)
    expect(outagesWithin(list, month, 'api')).toBe(1)
    expect(outagesWithin(list, month, 'web')).toBe(2)
    expect(outagesWithin(list, month, 'dns')).toBe(0)
  })
})
