import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validFix } from '../../../src/core/telemetry/fix.ts'
import { judge } from '../../../src/core/telemetry/judge.ts'
import type { Fix, Observation } from '../../../src/core/telemetry/observation.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'

const policy = { liveLagMs: 2 * MINUTE }
const WEEK = 7 * DAY
const live: Observation = { terminalId: '1', source: 's', receivedAt: SAMPLE_AT, kind: 'live' }
const YEAR_2010 = Date.UTC(2010)

describe('judging', () => {
  test.each<[string, Partial<Observation>, Partial<Observation>, string | undefined]>([
    ['a good observation changes nothing', { eventAt: SAMPLE_AT - 1000 }, {}, undefined],
    ['an observation without an event time changes nothing', {}, {}, undefined],
    ['live data at the live lag leaves it live', { eventAt: SAMPLE_AT - 2 * MINUTE }, {}, undefined],
    [
      'live data over the live lag makes it archive',
      { eventAt: SAMPLE_AT - 2 * MINUTE - 1 },
      { kind: 'archive' },
      undefined,
    ],
    [
      'the lag counts from the server that heard it first',
      { heardAt: SAMPLE_AT - HOUR, eventAt: SAMPLE_AT - HOUR - MINUTE },
      {},
      undefined,
    ],
    ['old presence stays presence', { kind: 'presence', eventAt: SAMPLE_AT - HOUR }, {}, undefined],
    ['an old snapshot stays a snapshot', { kind: 'snapshot', eventAt: SAMPLE_AT - HOUR }, {}, undefined],
    ['a server time in our future is ours', { heardAt: SAMPLE_AT + HOUR }, { heardAt: SAMPLE_AT }, undefined],
    ['an event time 120 s ahead is believed', { eventAt: SAMPLE_AT + 2 * MINUTE }, {}, undefined],
    [
      'a later event time is clamped',
      { eventAt: SAMPLE_AT + 2 * MINUTE + 1 },
      { eventAt: SAMPLE_AT },
      'clock-ahead',
    ],
    [
      'a later event time is clamped to what the server says',
      { heardAt: SAMPLE_AT - MINUTE, eventAt: SAMPLE_AT + HOUR },
      { eventAt: SAMPLE_AT - MINUTE },
      'clock-ahead',
    ],
    [
      'an archive record in the future is clamped too',
      { kind: 'archive', eventAt: SAMPLE_AT + HOUR },
      { eventAt: SAMPLE_AT },
      'clock-ahead',
    ],
    [
      'a snapshot in the future is left alone',
      { kind: 'snapshot', eventAt: SAMPLE_AT + HOUR },
      {},
      undefined,
    ],
    ['the first instant of 2010 is a time', { kind: 'archive', eventAt: YEAR_2010 }, {}, undefined],
  ])('%s', (_name, given, changed, clock) => {
    const observation = { ...live, ...given }
    const judged = judge(observation, policy)
    expect(judged.observation).toEqual({ ...observation, ...changed })
    expect(judged.clock).toBe(clock)
    if (Object.keys(changed).length === 0) expect(judged.observation).toBe(observation)
  })

  test.each([
    ['before 2010', YEAR_2010 - 1],
    ['at zero', 0],
    ['1,024 weeks ago', SAMPLE_AT - 1024 * WEEK],
    ['1,024 weeks and a day ago', SAMPLE_AT - 1024 * WEEK - DAY],
    ['2,048 weeks ago', SAMPLE_AT - 2048 * WEEK],
  ])('an event time %s is taken away, and the data stays live', (_name, eventAt) => {
    expect(judge({ ...live, eventAt }, policy)).toEqual({ observation: live, clock: 'clock-lost' })
  })

  test('the week counter is told from old data by a day', () => {
    const receivedAt = Date.UTC(2030, 5, 1)
    const edge = receivedAt - 1024 * WEEK + DAY
    expect(judge({ ...live, receivedAt, eventAt: edge }, policy).clock).toBe('clock-lost')
    expect(judge({ ...live, receivedAt, eventAt: edge + 1 }, policy)).toMatchObject({
      observation: { kind: 'archive' },
    })
  })

  test('the week counter is known to have run over twice, too', () => {
    const receivedAt = Date.UTC(2055, 0, 1)
    const eventAt = receivedAt - 2048 * WEEK
    expect(judge({ ...live, receivedAt, eventAt: eventAt - DAY }, policy).clock).toBe('clock-lost')
    expect(judge({ ...live, receivedAt, eventAt: eventAt - DAY - 1 }, policy).clock).toBeUndefined()
  })

  test('a snapshot without a believable time has none', () => {
    expect(judge({ ...live, kind: 'snapshot', eventAt: 0 }, policy)).toEqual({
      observation: { ...live, kind: 'snapshot' },
      clock: 'clock-lost',
    })
  })

  test('a server without a clock has said nothing', () => {
    expect(judge({ ...live, heardAt: 0, eventAt: SAMPLE_AT }, policy).observation).toEqual({
      ...live,
      eventAt: SAMPLE_AT,
    })
  })

  test('the time of a fix is held to the same rules without a remark', () => {
    const withFix = (at: number): Observation => ({
      ...live,
      eventAt: SAMPLE_AT,
      fix: { latitude: 1, longitude: 2, at },
    })
    expect(judge(withFix(SAMPLE_AT - HOUR), policy)).toEqual({ observation: withFix(SAMPLE_AT - HOUR) })
    expect(judge(withFix(SAMPLE_AT + HOUR), policy)).toEqual({ observation: withFix(SAMPLE_AT) })
    expect(judge(withFix(Date.UTC(1980, 0, 6)), policy).observation.fix).toEqual({
      latitude: 1,
      longitude: 2,
    })
  })

  test('a second time changes nothing, and no time is later than it may be', () => {
    const instant = fc.integer({ min: 0, max: 4_102_444_800_000 })
    const observation = fc.record(
      {
        terminalId: fc.constant('1'),
        source: fc.constant('s'),
        receivedAt: fc.integer({ min: YEAR_2010 + DAY, max: 4_102_444_800_000 }),
        kind: fc.constantFrom('live', 'archive', 'snapshot', 'presence'),
        heardAt: instant,
        eventAt: instant,
        fix: fc.record({ latitude: fc.constant(1), longitude: fc.constant(2), at: instant }),
      },
      { requiredKeys: ['terminalId', 'source', 'receivedAt', 'kind'] },
    )
    fc.assert(
      fc.property(observation, (raw) => {
        const once = judge(raw, policy).observation
        expect(judge(once, policy)).toEqual({ observation: once })
        const heardAt = once.heardAt ?? once.receivedAt
        expect(heardAt).toBeLessThanOrEqual(raw.receivedAt)
        if (once.kind !== 'snapshot') expect(once.eventAt ?? 0).toBeLessThanOrEqual(heardAt + 2 * MINUTE)
      }),
    )
  })
})

test.each<[string, Partial<Fix>, boolean]>([
  ['four satellites', { satellites: 4 }, true],
  ['three satellites', { satellites: 3 }, false],
  ["the source's own word", { valid: true }, true],
  ["the source's own word with few satellites", { valid: true, satellites: 2 }, true],
  ["the source's word against it, whatever the satellites", { valid: false, satellites: 12 }, false],
  ['neither satellites nor a word', {}, false],
  ['0/0', { latitude: 0, longitude: 0, valid: true, satellites: 12 }, false],
  ['a place on the equator', { latitude: 0, satellites: 12 }, true],
])('a fix with %s is valid: %#', (_name, fields, valid) => {
  expect(validFix({ latitude: 56.25, longitude: 43.5, ...fields })).toBe(valid)
})

test.each([
  [{}, 4, true],
  [{}, 3, false],
  [{ satellites: 3 }, 9, false],
  [{ satellites: 9 }, 3, true],
  [{ valid: false }, 9, false],
])('a fix of %j with %i satellites among the readings is valid: %s', (fields, satellites, valid) => {
  expect(validFix({ latitude: 56.25, longitude: 43.5, ...fields }, { satellites })).toBe(valid)
})
