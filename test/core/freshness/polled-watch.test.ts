import { expect, test } from 'vitest'
import { isBlind } from '../../../src/core/freshness/blindness.ts'
import {
  deafness,
  heardUntil,
  lookAtPolls,
  loseLink,
  notePoll,
  sourceBlindSince,
} from '../../../src/core/freshness/polled-watch.ts'
import { noteMissing, toldUntil } from '../../../src/core/freshness/polls.ts'
import {
  beginBlind,
  createSourceWatch,
  endCause,
  observedAt,
  setBack,
  useWatchSettings,
} from '../../../src/core/freshness/source-watch.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { T0 } from '../../support/fleet-scenario.ts'
import { POLLING, polledWatch } from '../../support/polled-scenario.ts'

const PUSHED = { id: 'gate', intervalMs: MINUTE, liveLagMs: 2 * MINUTE }

const at = (ms: number) => ({ sentAt: T0 + ms, answeredAt: T0 + ms })

test('a source that was never heard is blind since it was opened, whatever kind it is', () => {
  const pushed = createSourceWatch(PUSHED, T0, T0, [])
  beginBlind(pushed, 'link', T0)
  expect([pushed, polledWatch()].map(sourceBlindSince)).toEqual([T0, T0])
})

test('a single good poll between failing ones is when a polled source is blind since', () => {
  const watch = polledWatch()
  notePoll(watch, at(MINUTE))
  expect(sourceBlindSince(watch)).toBeNull()
  expect(lookAtPolls(watch, T0 + MINUTE + 150 * SECOND)).toBe(false)
  expect(lookAtPolls(watch, T0 + MINUTE + 150 * SECOND + 1)).toBe(true)
  expect(lookAtPolls(watch, T0 + HOUR)).toBe(false)
  expect(sourceBlindSince(watch)).toBe(T0 + MINUTE)
})

test('an outage that began before the last good poll is when it is blind since', () => {
  const watch = polledWatch()
  notePoll(watch, at(HOUR))
  beginBlind(watch, 'outage', T0 + 50 * MINUTE)
  lookAtPolls(watch, T0 + 2 * HOUR)
  expect(sourceBlindSince(watch)).toBe(T0 + 50 * MINUTE)
  endCause(watch, 'outage', T0 + 2 * HOUR)
  notePoll(watch, at(2 * HOUR))
  expect(sourceBlindSince(watch)).toBeNull()
})

test('a clock that is set back leaves nobody missing in the future', () => {
  const watch = polledWatch()
  const { polls } = watch
  if (!polls) throw new Error('not polled')
  notePoll(watch, at(DAY))
  noteMissing(polls, 1, T0 + HOUR)
  setBack(watch, T0 + 2 * HOUR)
  expect([toldUntil(polls, 0), toldUntil(polls, 1)]).toEqual([Infinity, T0 + 2 * HOUR])
})

test('a clock that is set back leaves no source blind since the future', () => {
  const watch = polledWatch()
  notePoll(watch, at(DAY))
  beginBlind(watch, 'outage', T0 + DAY)
  lookAtPolls(watch, T0 + DAY + HOUR)
  setBack(watch, T0 + 2 * HOUR)
  expect(sourceBlindSince(watch)).toBe(T0 + 2 * HOUR)
})

test('polls that come twice or out of order tell no less than the newest', () => {
  const watch = polledWatch()
  for (const minute of [3, 1, 3, 2]) notePoll(watch, at(minute * MINUTE))
  expect(heardUntil(watch, T0 + HOUR)).toBe(T0 + 3 * MINUTE)
  expect(heardUntil(watch, T0 + MINUTE)).toBe(T0 + MINUTE)
})

test('of a pushed source silence is heard until now, and its blindness is none', () => {
  const watch = createSourceWatch(PUSHED, T0, T0, [])
  expect(heardUntil(watch, T0 + HOUR)).toBe(T0 + HOUR)
  expect(deafness(watch)).toBe(watch.blindness)
  expect(observedAt(watch)).toBe(T0 + MINUTE)
  notePoll(watch, at(HOUR))
  expect(lookAtPolls(watch, T0 + HOUR)).toBe(false)
})

test('a source that is closed has been heard until its last good poll', () => {
  const watch = polledWatch()
  loseLink(watch, T0 + MINUTE)
  expect(sourceBlindSince(watch)).toBe(T0)
  notePoll(watch, at(10 * MINUTE))
  loseLink(watch, T0 + 11 * MINUTE)
  expect(sourceBlindSince(watch)).toBe(T0 + 10 * MINUTE)
})

test('a reload changes how it is polled, or makes it a pushed one and back', () => {
  const watch = polledWatch()
  notePoll(watch, at(MINUTE))
  useWatchSettings(watch, { ...PUSHED, id: 'online', polling: { ...POLLING, everyMs: HOUR } }, T0)
  expect(watch.polls).toMatchObject({ everyMs: HOUR, answeredAt: T0 + MINUTE })
  useWatchSettings(watch, { ...PUSHED, id: 'online' }, T0)
  expect([watch.polls, watch.intervalMs]).toEqual([null, MINUTE])
  useWatchSettings(watch, { ...PUSHED, id: 'online', polling: POLLING }, T0 + HOUR)
  expect(watch.polls).toMatchObject({ answeredAt: -Infinity })
  expect(isBlind(watch.blindness)).toBe(true)
})

test('what earlier runs found is kept by kind', () => {
  const settings = { ...PUSHED, polling: POLLING }
  const own = [{ from: T0 + MINUTE, to: T0 + 10 * MINUTE }]
  const service = [{ from: T0 + 5 * MINUTE, to: T0 + 8 * MINUTE }]
  const watch = createSourceWatch(settings, T0 + HOUR, T0, own, service)
  expect(deafness(watch)).toMatchObject({ from: [T0 + 5 * MINUTE], to: [T0 + 8 * MINUTE] })
  expect(watch.blindness.from).toEqual([-Infinity, T0 + MINUTE, T0 + HOUR])
  expect(observedAt(watch)).toBe(T0)
})
