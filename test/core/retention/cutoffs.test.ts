import { expect, test } from 'vitest'
import { cutoffsAt, type RetentionPolicy } from '../../../src/core/retention/cutoffs.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { outage, T0 } from '../../support/store-rows.ts'

const NOW = T0 + 5 * HOUR + MINUTE
const POLICY: RetentionPolicy = {
  verdicts: 30 * DAY,
  uptime: 100 * DAY,
  routine: 35 * DAY,
  transitions: 40 * DAY,
  incidents: 80 * DAY,
  letters: 200 * DAY,
  operatorLetters: 70 * DAY,
  notes: 110 * DAY,
  requests: 120 * DAY,
  audit: 190 * DAY,
}

function removedBefore(policy: RetentionPolicy, ...outages: Parameters<typeof cutoffsAt>[2]) {
  const { remove } = cutoffsAt(NOW, policy, outages, 'UTC')
  return Object.fromEntries(remove.map(({ what, before }) => [what, before]))
}

test('each kind goes at its own age, letters before their outages, days of uptime as a whole', () => {
  const { join, remove } = cutoffsAt(NOW, POLICY, [], 'UTC')
  expect(join).toBe(T0 + 5 * HOUR - 30 * DAY)
  expect(remove).toEqual([
    { what: 'rounds', before: T0 - 100 * DAY },
    { what: 'uptime-hours', before: T0 - 100 * DAY },
    { what: 'routine-transitions', before: NOW - 35 * DAY },
    { what: 'transitions', before: NOW - 40 * DAY },
    { what: 'incidents', before: NOW - 80 * DAY },
    { what: 'letters', before: NOW - 200 * DAY },
    { what: 'outages', before: NOW - 200 * DAY },
    { what: 'windows', before: NOW - 200 * DAY },
    { what: 'operator-letters', before: NOW - 70 * DAY },
    { what: 'notes', before: NOW - 110 * DAY },
    { what: 'requests', before: NOW - 120 * DAY },
    { what: 'audit', before: NOW - 190 * DAY },
  ])
})

test('what is kept for ever is not looked at', () => {
  const never = Number.POSITIVE_INFINITY
  const all = Object.fromEntries(Object.keys(POLICY).map((key) => [key, never])) as RetentionPolicy
  expect(cutoffsAt(NOW, all, [], 'Asia/Kolkata')).toEqual({ join: null, remove: [] })
  expect(removedBefore({ ...POLICY, audit: never })).not.toHaveProperty('audit')
})

test('the rounds of an outage that has not ended stay as they are, with those of the two days before it', () => {
  const open = outage('o', NOW - 150 * DAY, { notBefore: NOW - 150 * DAY - MINUTE })
  const { join } = cutoffsAt(
    NOW,
    POLICY,
    [open, outage('over', T0 - 400 * DAY, { end: T0 - 399 * DAY })],
    'UTC',
  )
  expect(join).toBe(T0 + 5 * HOUR - 152 * DAY)
  expect(removedBefore(POLICY, open)).toMatchObject({
    rounds: T0 - 152 * DAY,
    'uptime-hours': T0 - 152 * DAY,
    transitions: NOW - 40 * DAY,
  })
})

test.each([
  ['Europe/Moscow', T0 - 3 * HOUR],
  ['Asia/Kolkata', T0 - 5.5 * HOUR],
  // It is still the evening before there.
  ['America/Los_Angeles', T0 - 16 * HOUR],
])('a day of uptime is one of the zone of the reports: in %s', (zone, midnight) => {
  const { remove } = cutoffsAt(NOW, { ...POLICY, uptime: 365 * DAY, letters: 400 * DAY }, [], zone)
  for (const one of ['rounds', 'uptime-hours']) {
    const before = remove.find(({ what }) => what === one)?.before
    expect(before).toBe(midnight - 365 * DAY)
  }
})

test('planned work stays as long as the rounds that it explains, and as the letters about it', () => {
  expect(removedBefore({ ...POLICY, uptime: 300 * DAY })['windows']).toBe(T0 - 300 * DAY)
  expect(removedBefore({ ...POLICY, letters: 300 * DAY })['windows']).toBe(NOW - 300 * DAY)
  expect(removedBefore({ ...POLICY, uptime: Number.POSITIVE_INFINITY })).not.toHaveProperty('windows')
})
