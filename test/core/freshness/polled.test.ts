import { describe, expect, test } from 'vitest'
import { viewTerminal } from '../../../src/core/fleet/query.ts'
import { rowFor } from '../../../src/core/fleet/spoken-names.ts'
import { ensureRow, takeDirty } from '../../../src/core/fleet/terminal-table.ts'
import { addBlind, neverBlind } from '../../../src/core/freshness/blindness.ts'
import { applyPolled, polledBefore } from '../../../src/core/freshness/polled.ts'
import { noteJump } from '../../../src/core/freshness/polled-watch.ts'
import { createPolls } from '../../../src/core/freshness/polls.ts'
import { beginBlind, endCause, setBack } from '../../../src/core/freshness/source-watch.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { createPolledScenario, POLLING } from '../../support/polled-scenario.ts'

const NONE = { contactAt: null, dataAt: null, liveAt: null, fixAt: null, linkAt: null, ignitionAt: null }
const fix = { latitude: 56, longitude: 43, satellites: 9 }
const driving = { ignition: true, speedKmh: 50 }

describe('a polled value', () => {
  test('counts by its own time when it is the first one of this run', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    expect(fleet.registers('1')).toEqual({ ...NONE, contactAt: -3600, dataAt: -3600 })
  })

  test.each([
    ['from the future', T0 + DAY],
    ['from before 2010', Date.UTC(2001, 1, 1)],
    ['a week counter ago', T0 - 1024 * 7 * DAY],
    ['without a time', null],
  ])('%s moves nothing when it is the first one', (_name, eventAt) => {
    const fleet = createPolledScenario()
    fleet.say('1', eventAt)
    fleet.run(MINUTE)
    expect(fleet.registers('1')).toEqual(NONE)
  })

  test('that is another one is a contact at the time of the poll, with data of its own time, and no link', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    fleet.say('1', T0 + 70 * SECOND)
    fleet.run(MINUTE)
    expect(fleet.registers('1')).toEqual({ ...NONE, contactAt: 120, liveAt: 120, dataAt: 70 })
  })

  test.each([
    ['a clock that is ahead', T0 + DAY, 120],
    ['a clock that has lost its time', Date.UTC(1999, 1, 1), 120],
    ['an archive that is loaded', T0 - 5 * DAY, -3600],
  ])('that is another one proves contact under %s too', (_name, eventAt, dataAt) => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    fleet.say('1', eventAt)
    fleet.run(MINUTE)
    expect(fleet.registers('1')).toMatchObject({ contactAt: 120, liveAt: 120, dataAt })
  })

  test('that is the first ever of a terminal that was listed without one is a contact', () => {
    const fleet = createPolledScenario()
    fleet.say('1', null)
    fleet.run(MINUTE)
    fleet.say('1', T0 + 70 * SECOND)
    fleet.run(MINUTE)
    expect(fleet.registers('1')).toMatchObject({ contactAt: 120, dataAt: 70 })
  })

  test('that is unchanged moves nothing, however often it comes', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    fleet.say('1', T0 + 70 * SECOND)
    fleet.run(MINUTE)
    const before = fleet.registers('1')
    fleet.run(10 * MINUTE)
    fleet.poll()
    expect(fleet.registers('1')).toEqual(before)
  })

  test('that is unchanged moves no reading either, and is nothing to be stored', () => {
    const { table } = createPolledScenario().fleet
    const polls = createPolls(POLLING, neverBlind())
    ensureRow(table, 0)
    const value = {
      terminalId: '1',
      source: 'online',
      receivedAt: T0,
      eventAt: T0,
      kind: 'snapshot',
    } as const
    expect(applyPolled(table, 0, value, 1, polls)).toEqual({ seen: 'first' })
    takeDirty(table)
    expect(applyPolled(table, 0, { ...value, readings: driving, fix }, 1, polls)).toEqual({
      seen: 'unchanged',
    })
    expect([table.ignitionAt[0], table.fixAt[0], table.dirty]).toEqual([0, 0, []])
    const later = { ...value, receivedAt: T0 + MINUTE, eventAt: T0 + SECOND, readings: driving, fix }
    expect(applyPolled(table, 0, later, 1, polls)).toEqual({ seen: 'changed' })
    expect([table.ignitionAt[0], table.fixAt[0]]).toEqual([T0 + SECOND, T0 + SECOND])
    expect(applyPolled(table, 0, { ...later, eventAt: 1000 }, 1, polls)).toEqual({
      seen: 'changed',
      clock: 'clock-lost',
    })
  })

  test('that is no longer told, and told again, is no contact', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    fleet.say('1', null)
    fleet.run(MINUTE)
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    expect(fleet.registers('1')).toEqual({ ...NONE, contactAt: -3600, dataAt: -3600 })
  })

  test('is kept apart by terminal, for more terminals than were there at first', () => {
    const fleet = createPolledScenario()
    for (let i = 0; i < 3000; i++) fleet.say(`t${i}`, T0 - MINUTE)
    fleet.poll()
    fleet.say('t2999', T0 + SECOND)
    fleet.skip(MINUTE)
    fleet.poll()
    expect(fleet.registers('t2999')).toMatchObject({ contactAt: 60 })
    expect(fleet.registers('t2998')).toMatchObject({ contactAt: -60 })
  })
})

describe('silence of a polled terminal', () => {
  /** Heard at 120 s by a poll. */
  function heardAt120() {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - MINUTE)
    fleet.run(MINUTE)
    fleet.say('1', T0 + 110 * SECOND)
    fleet.run(MINUTE)
    return fleet
  }

  test('is over the threshold at the first good poll that proves it, without unknown or backlog before', () => {
    const fleet = heardAt120()
    fleet.run(40 * MINUTE)
    expect(fleet.story('1')).toEqual(['->fresh@60', `fresh>stale@${120 + 31 * 60}`])
  })

  test('stands still while polls fail, and the next good poll tells what happened', () => {
    const fleet = heardAt120()
    fleet.answer(false)
    fleet.run(29 * MINUTE)
    fleet.say('1')
    fleet.run(5 * HOUR)
    expect(fleet.story('1')).toEqual(['->fresh@60', `fresh>unknown@${120 + 30 * 60}`])
    fleet.say('1')
    fleet.answer(true)
    fleet.run(MINUTE)
    expect(fleet.state('1')).toBe('fresh')
  })

  test('of one that died counts through failing polls', () => {
    const fleet = heardAt120()
    fleet.answer(false)
    fleet.run(HOUR)
    fleet.answer(true)
    fleet.run(MINUTE)
    expect(fleet.story('1').slice(1)).toEqual([
      `fresh>unknown@${120 + 30 * 60}`,
      `unknown>stale@${120 + 61 * 60}`,
    ])
  })

  test('is proven by the next good poll when one fails, without being unknown in between', () => {
    const fleet = heardAt120()
    fleet.run(30 * MINUTE)
    fleet.answer(false)
    fleet.run(MINUTE)
    expect(fleet.state('1')).toBe('fresh')
    fleet.answer(true)
    fleet.run(MINUTE)
    expect(fleet.story('1').at(-1)).toBe(`fresh>stale@${120 + 32 * 60}`)
  })

  test.each(['outage', 'data-plane'] as const)('is not counted through the %s of the service', (cause) => {
    const fleet = heardAt120()
    fleet.run(10 * MINUTE)
    beginBlind(fleet.watch, cause, fleet.now())
    fleet.run(HOUR)
    expect(fleet.state('1')).toBe('unknown')
    endCause(fleet.watch, cause, fleet.now())
    fleet.run(20 * MINUTE)
    expect(fleet.state('1')).toBe('unknown')
    fleet.run(MINUTE)
    expect(fleet.story('1').at(-1)).toBe(`unknown>stale@${120 + 91 * 60}`)
  })

  test('is not counted through two troubles of the service until the later one is over', () => {
    const fleet = heardAt120()
    const at = fleet.now()
    beginBlind(fleet.watch, 'outage', at)
    beginBlind(fleet.watch, 'data-plane', at + MINUTE)
    endCause(fleet.watch, 'outage', at + 20 * MINUTE)
    endCause(fleet.watch, 'data-plane', at + 10 * MINUTE)
    expect(fleet.watch.polls?.serviceBlindness).toMatchObject({ from: [at], to: [at + 20 * MINUTE] })
  })

  test('is not counted over a jump of the wall clock, nor does it reach into a future that was taken back', () => {
    const fleet = heardAt120()
    const at = fleet.now()
    noteJump(fleet.watch, at, at + 3 * HOUR)
    fleet.skip(3 * HOUR)
    fleet.run(29 * MINUTE)
    expect(fleet.state('1')).not.toBe('stale')
    setBack(fleet.watch, at)
    expect(fleet.watch.polls).toMatchObject({ sentAt: at, answeredAt: at })
    expect(fleet.watch.polls?.serviceBlindness.from).toEqual([])
  })

  test('is proven only up to the moment at which a slow poll was sent', () => {
    const fleet = heardAt120()
    fleet.run(29 * MINUTE)
    fleet.answer(false)
    fleet.run(80 * SECOND)
    fleet.poll(fleet.now() - 25 * SECOND)
    fleet.run(30 * SECOND)
    expect(fleet.state('1')).toBe('fresh')
    fleet.poll(fleet.now() - 25 * SECOND)
    fleet.run(SECOND)
    expect(fleet.story('1').at(-1)).toBe(`fresh>stale@${120 + 30 * 60 + 50}`)
  })

  test('of one that was silent before the start is known with the first poll, and raises no alert', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - 5 * DAY)
    fleet.run(10 * MINUTE)
    expect(fleet.story('1')).toEqual(['->lost@60'])
    expect(fleet.transitions.some(({ alertId }) => alertId)).toBe(false)
  })

  test('that crosses its threshold within the grace after the start is unknown until that is over', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - 29.5 * MINUTE)
    fleet.run(10 * MINUTE)
    // The first good poll at 60 s ended the blindness since ever: a grace of two minutes follows.
    expect(fleet.story('1')).toEqual(['->unknown@60', 'unknown>stale@180'])
  })

  test('ends with two polls that tell something new, or one and a minute', () => {
    const fleet = heardAt120()
    fleet.say('2', T0 + 110 * SECOND)
    fleet.run(40 * MINUTE)
    fleet.say('1')
    fleet.say('2')
    fleet.run(MINUTE)
    expect([fleet.state('1'), fleet.state('2')]).toEqual(['stale', 'stale'])
    fleet.say('2')
    fleet.run(MINUTE)
    expect([fleet.state('1'), fleet.state('2')]).toEqual(['fresh', 'fresh'])
  })
})

describe('a polled source', () => {
  test('is blind until its first good poll, and from its last one on when that is too old', () => {
    const fleet = createPolledScenario()
    fleet.answer(false)
    fleet.say('1', T0 - 5 * DAY)
    fleet.run(10 * MINUTE)
    expect(fleet.watch.causes.get('link')).toBe(T0)
    fleet.answer(true)
    fleet.run(MINUTE)
    expect(fleet.watch.causes.has('link')).toBe(false)
    const at = fleet.now()
    fleet.answer(false)
    fleet.run(150 * SECOND)
    expect(fleet.watch.causes.has('link')).toBe(false)
    fleet.run(SECOND)
    expect(fleet.watch.causes.get('link')).toBe(at)
    expect(viewTerminal(fleet.fleet, '1', fleet.now())).toMatchObject({ state: 'lost', asOf: at })
  })

  test('says never of a terminal without data with its first good poll, and unknown before', () => {
    const fleet = createPolledScenario()
    rowFor(fleet.fleet, '1', 1, T0)
    fleet.say('1', null)
    fleet.run(MINUTE)
    fleet.answer(false)
    fleet.run(10 * MINUTE)
    expect(fleet.story('1')).toEqual(['->unknown@0', 'unknown>never@60'])
  })

  test('shows when a sleeping terminal is expected, without what was no silence', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0)
    fleet.run(MINUTE)
    fleet.tell('1', T0, { readings: { ignition: false, speedKmh: 0 } })
    const { polls } = fleet.watch
    if (!polls) throw new Error('not polled')
    addBlind(polls.serviceBlindness, T0 + 5 * MINUTE, T0 + 15 * MINUTE)
    addBlind(fleet.watch.blindness, T0 + 20 * MINUTE, T0 + 25 * MINUTE)
    fleet.run(HOUR)
    expect(viewTerminal(fleet.fleet, '1', fleet.now())).toMatchObject({
      state: 'sleeping',
      expectedAt: T0 + 6.5 * HOUR + 10 * MINUTE,
    })
  })

  test('was surely polled at its newest contact, and when it had proven that somebody sleeps', () => {
    const fleet = createPolledScenario()
    expect(polledBefore(fleet.fleet, 1)).toBe(-Infinity)
    fleet.say('1', T0)
    fleet.say('2', null)
    fleet.run(MINUTE)
    fleet.say('1')
    fleet.run(MINUTE)
    expect(polledBefore(fleet.fleet, 1)).toBe(T0 + 2 * MINUTE)
    expect(polledBefore(fleet.fleet, 2)).toBe(-Infinity)
    fleet.tell('1', T0 + MINUTE, { readings: { ignition: false } })
    fleet.run(HOUR)
    expect(fleet.state('1')).toBe('sleeping')
    expect(polledBefore(fleet.fleet, 1)).toBe(T0 + 32 * MINUTE + 1)
  })
})

describe('what the service says of one terminal', () => {
  test('is dated by its last data and makes no contact at the time of the question', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0 - HOUR)
    fleet.run(MINUTE)
    fleet.tell('1', T0 - HOUR, { readings: driving, fix })
    expect(fleet.registers('1')).toEqual({
      ...NONE,
      contactAt: -3600,
      dataAt: -3600,
      fixAt: -3600,
      ignitionAt: -3600,
    })
  })

  test('lets a silent terminal that turns out to be parked sleep, and one that drives stay stale', () => {
    const fleet = createPolledScenario()
    for (const id of ['1', '2']) fleet.say(id, T0)
    fleet.run(40 * MINUTE)
    expect([fleet.state('1'), fleet.state('2')]).toEqual(['stale', 'stale'])
    fleet.tell('1', T0, { readings: { ignition: false } })
    fleet.tell('2', T0, { readings: driving })
    fleet.run(SECOND)
    expect([fleet.state('1'), fleet.state('2')]).toEqual(['sleeping', 'stale'])
  })

  test('is all that is known of positions: without a new state nobody loses the fix', () => {
    const fleet = createPolledScenario()
    fleet.say('1', T0)
    fleet.run(MINUTE)
    fleet.tell('1', T0, { readings: driving, fix })
    for (let i = 0; i < 40; i++) {
      fleet.say('1')
      fleet.run(MINUTE)
    }
    expect(fleet.story('1')).toEqual(['->fresh@60'])
    fleet.tell('1', fleet.now() - SECOND, { readings: driving, fix: { ...fix, satellites: 0 } })
    fleet.say('1')
    fleet.run(MINUTE)
    expect(fleet.state('1')).toBe('no-fix')
  })
})

test('an archive that is loaded is a backlog until it is up to date', () => {
  const fleet = createPolledScenario({ ...DEFAULTS })
  fleet.say('1', T0 - 10 * HOUR)
  fleet.run(MINUTE)
  for (let i = 1; i <= 10; i++) {
    fleet.say('1', T0 - (10 - i) * HOUR)
    fleet.run(MINUTE)
  }
  expect(fleet.story('1')).toEqual(['->stale@60', 'stale>backlog@180', 'backlog>fresh@660'])
})
