import { describe, expect, test } from 'vitest'
import { daysOfWeek, isWithinHours, timeOfDay } from '../../../src/core/flagging/office-hours.ts'
import { parseIso } from '../../../src/core/time.ts'

const OFFICE = { from: '08:00', to: '18:00', days: '1-5', zone: 'Europe/Moscow' }
const NIGHT = { ...OFFICE, from: '22:00', to: '06:00' }

describe('the hours in which people want to be disturbed', () => {
  test.each([
    ['a Thursday morning', OFFICE, '2026-11-26T05:00Z', true],
    ['a minute before', OFFICE, '2026-11-26T04:59Z', false],
    ['the end is outside', OFFICE, '2026-11-26T15:00Z', false],
    ['a Saturday', OFFICE, '2026-11-28T09:00Z', false],
    ['a Sunday that is named as 7', { ...OFFICE, days: '6-7' }, '2026-11-29T09:00Z', true],
    ['a Sunday that is named as 0', { ...OFFICE, days: '0' }, '2026-11-29T09:00Z', true],
    ['the whole day', { ...OFFICE, from: '00:00', to: '00:00', days: '*' }, '2026-11-28T23:30Z', true],
    ['the whole day to its end', { ...OFFICE, from: '00:00', to: '24:00' }, '2026-11-26T20:59Z', true],
    ['a night that begins on a Friday', NIGHT, '2026-11-27T20:00Z', true],
    ['its morning, on a Saturday', NIGHT, '2026-11-28T02:59Z', true],
    ['the night after it', NIGHT, '2026-11-28T20:00Z', false],
    ['the morning of a Monday, whose night began on a Sunday', NIGHT, '2026-11-30T01:00Z', false],
    ['the hour of the zone in summer', { ...OFFICE, zone: 'Europe/Berlin' }, '2026-07-01T06:00Z', true],
    ['and in winter', { ...OFFICE, zone: 'Europe/Berlin' }, '2026-11-26T06:59Z', false],
  ])('%s', (_name, hours, at, inside) => {
    expect(isWithinHours(parseIso(at) ?? Number.NaN, hours)).toBe(inside)
  })

  test.each(['', '8', '5-1', '1-8', 'mon', '1,,2', '1-2-3'])('%j names no days', (text) => {
    expect(daysOfWeek(text)).toBeUndefined()
  })

  test.each(['', '8:00', '24:01', '12:60', '99:00', '12:00:00'])('%j is no time of day', (text) => {
    expect(timeOfDay(text)).toBeUndefined()
  })
})
