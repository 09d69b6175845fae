import { describe, expect, test } from 'vitest'
import { useSettings } from '../../../src/core/fleet/fleet-thresholds.ts'
import { changeTerminal } from '../../../src/core/fleet/placing.ts'
import { viewTerminal } from '../../../src/core/fleet/query.ts'
import { replaceTerminal } from '../../../src/core/fleet/replace.ts'
import { gapsOf, type Habit } from '../../../src/core/freshness/gaps.ts'
import { notePoll } from '../../../src/core/freshness/polled-watch.ts'
import { beginBlind, endCause } from '../../../src/core/freshness/source-watch.ts'
import { takeObservation, takePolled } from '../../../src/core/freshness/take.ts'
import type { FreshnessSettings } from '../../../src/core/freshness/threshold.ts'
import type { ThresholdSettings } from '../../../src/core/freshness/threshold-settings.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { createScenario, DEFAULTS } from '../../support/fleet-scenario.ts'
import { createPolledScenario } from '../../support/polled-scenario.ts'

const DRIVING = { readings: { ignition: true } }
const OFF = { readings: { ignition: false } }

function learning(change: ThresholdSettings = {}, more: Partial<FreshnessSettings> = {}): FreshnessSettings {
  return { ...DEFAULTS, default: { ...DEFAULTS.default, learn: true, ...change }, ...more }
}

function begin(settings = learning()) {
  const scenario = createScenario(settings)
  const { fleet } = scenario
  const row = () => fleet.rows.get('1') ?? -1
  return {
    ...scenario,
    gaps: (habit: Habit) => gapsOf(fleet.gaps, row(), habit).gaps,
    view: () => viewTerminal(fleet, '1', scenario.now()),
    usual: () => ({ ms: fleet.table.usualMs[row()] ?? 0, count: fleet.table.usualCount[row()] ?? 0 }),
    /** So many gaps of that length, each ended by a message. */
    speak(count: number, ms: number, observation: Partial<Observation> = DRIVING): void {
      if (!fleet.rows.has('1')) scenario.observe('1', observation)
      for (let i = 0; i < count; i++) {
        scenario.run(ms)
        scenario.observe('1', observation)
      }
    },
  }
}

describe('a terminal that learns', () => {
  test('is judged by its own gaps from the fiftieth on', () => {
    const { speak, view } = begin()
    speak(49, 2 * MINUTE)
    expect(view()).toMatchObject({
      threshold: { seconds: 1800, from: 'default' },
      learnt: { moving: { seconds: null, gaps: 49 } },
    })
    speak(1, 2 * MINUTE)
    const { threshold, learnt } = view() ?? {}
    expect(threshold?.from).toBe('learnt')
    expect(Math.abs((threshold?.seconds ?? 0) / 240 - 1)).toBeLessThanOrEqual(0.03)
    expect(learnt).toEqual({ moving: { seconds: threshold?.seconds, gaps: 50 } })
  })

  test.each([
    [5 * MINUTE, DRIVING, 600],
    [10 * MINUTE, DRIVING, 1200],
    [HOUR, OFF, 5400],
  ])('is given what the interval of %i ms that it keeps makes, to the second', (ms, observation, seconds) => {
    const { speak, view } = begin()
    speak(51, ms, observation)
    expect(view()?.threshold).toEqual({ seconds, from: 'learnt' })
  })

  test('is flagged by what it has learnt, at its instant', () => {
    const { speak, run, story, view, now } = begin(learning({ floor: 5 * MINUTE, cap: 5 * MINUTE }))
    speak(60, 2 * MINUTE)
    const heardAt = now()
    run(10 * MINUTE)
    expect(story('1').at(-1)).toBe(`fresh>stale@${(heardAt + 5 * MINUTE - 1_767_225_600_000) / SECOND}`)
    expect(view()?.threshold).toEqual({ seconds: 300, from: 'learnt' })
  })

  test('learns what it does while parked apart from what it does while moving', () => {
    const { speak, view, gaps } = begin()
    speak(60, MINUTE)
    speak(1, MINUTE, OFF)
    speak(60, 20 * MINUTE, OFF)
    expect([gaps('moving'), gaps('parked')]).toEqual([61, 60])
    expect(view()?.parked).toBe(true)
    expect(view()?.threshold.from).toBe('learnt')
    expect(Math.abs((view()?.threshold.seconds ?? 0) / 1800 - 1)).toBeLessThanOrEqual(0.03)
  })

  test.each([
    ['terminals', { terminals: { '1': { moving: 7 * MINUTE } } }, 'terminal'],
    ['groups', { groups: { C: { moving: 7 * MINUTE } } }, 'group'],
    ['profiles', { profiles: { tractor: { moving: 7 * MINUTE } } }, 'profile'],
  ])('keeps what %s set', (_name, more, from) => {
    const { fleet, speak, view, observe } = begin(learning({}, more))
    observe('1', DRIVING)
    const terminal = fleet.inventory.at(0)
    if (terminal) changeTerminal(fleet, { ...terminal, client: 'C', profile: 'tractor' })
    speak(60, MINUTE)
    expect(view()?.threshold).toEqual({ seconds: 420, from })
    expect(view()?.learnt?.moving?.gaps).toBe(60)
  })

  test.each([
    ['its profile', { profiles: { tractor: { learn: true } } }],
    ['its group', { groups: { C: { learn: true } } }],
    ['itself', { terminals: { '1': { learn: true } } }],
  ])('may be told to by %s, and others do not', (_name, more) => {
    const { fleet, observe, run } = begin({ ...DEFAULTS, ...more })
    for (const id of ['1', '2']) observe(id, DRIVING)
    const terminal = fleet.inventory.at(0)
    if (terminal) changeTerminal(fleet, { ...terminal, client: 'C', profile: 'tractor' })
    for (let i = 0; i < 60; i++) {
      run(MINUTE)
      for (const id of ['1', '2']) observe(id, DRIVING)
    }
    const [first, second] = ['1', '2'].map((id) => viewTerminal(fleet, id, 0))
    expect(first?.threshold.from).toBe('learnt')
    expect(second).toMatchObject({ threshold: { from: 'default' } })
    expect(second?.learnt).toBeUndefined()
    expect(gapsOf(fleet.gaps, 1, 'moving').gaps).toBe(0)
  })

  test('is judged while parked although the default says off, because its gaps come before the default', () => {
    const { speak, view, state, run } = begin(learning({ parked: Infinity }))
    speak(49, HOUR, OFF)
    expect(view()?.threshold).toEqual({ seconds: null, from: 'default' })
    speak(1, HOUR, OFF)
    expect(view()?.threshold.from).toBe('learnt')
    run(2 * HOUR)
    expect(state('1')).toBe('stale')
  })

  test('follows a change of the settings at once, and knows what it has learnt when it may use it again', () => {
    const { fleet, speak, view } = begin()
    speak(60, 4 * MINUTE)
    useSettings(fleet, DEFAULTS, 2 * MINUTE)
    expect(view()?.threshold).toEqual({ seconds: 1800, from: 'default' })
    expect(view()?.learnt).toBeUndefined()
    useSettings(fleet, learning({ cap: 3 * MINUTE }), 2 * MINUTE)
    expect(view()?.threshold).toEqual({ seconds: 180, from: 'learnt' })
  })
})

describe('no gap is', () => {
  test('one that ended in silence, nor the first one after it', () => {
    const { speak, gaps, state } = begin()
    speak(5, MINUTE)
    speak(1, 40 * MINUTE)
    expect(state('1')).toBe('stale')
    expect(gaps('moving')).toBe(5)
  })

  test.each([
    ['within', 10 * SECOND, 20 * SECOND],
    ['at the beginning of', -30 * SECOND, 10 * SECOND],
    ['at the end of', 50 * SECOND, 90 * SECOND],
  ])('one in which its source was blind %s it', (_name, from, to) => {
    const { speak, gaps, watch, now, skip, observe } = begin()
    speak(5, MINUTE)
    const at = now()
    beginBlind(watch, 'link', at + from)
    endCause(watch, 'link', at + to)
    skip(MINUTE)
    observe('1', DRIVING)
    expect(gaps('moving')).toBe(5)
  })

  test('one that an open incident explains, until that is over', () => {
    const { fleet, speak, gaps, usual } = begin()
    speak(10, MINUTE)
    fleet.table.incident[0] = 1
    speak(1, 20 * MINUTE)
    expect([gaps('moving'), usual()]).toEqual([10, { ms: MINUTE, count: 10 }])
    fleet.table.incident[0] = 0
    speak(1, MINUTE)
    expect(gaps('moving')).toBe(11)
  })

  test('one during planned work', () => {
    const { fleet, speak, gaps, now } = begin()
    speak(5, MINUTE)
    const terminal = fleet.inventory.at(0)
    const maintenance = { from: now(), to: now() + HOUR, reason: '' }
    if (terminal) changeTerminal(fleet, { ...terminal, maintenance })
    speak(1, 10 * MINUTE)
    expect(gaps('moving')).toBe(5)
  })

  test('the time between parts of a message, a repetition or a message that comes late', () => {
    const { speak, gaps, usual, observe, now, skip } = begin()
    speak(5, MINUTE)
    for (const receivedAt of [now(), now() + 900, now() - 30 * SECOND, now() + 900]) {
      observe('1', { ...DRIVING, receivedAt })
    }
    expect([gaps('moving'), usual().count]).toEqual([5, 5])
    skip(MINUTE)
    observe('1', DRIVING)
    expect(gaps('moving')).toBe(6)
  })

  test('the time between the pieces of an upload; the hole before it is one', () => {
    const { speak, gaps, usual, observe, run, now } = begin()
    speak(5, MINUTE)
    run(15 * MINUTE)
    for (let piece = 0; piece < 10; piece++) {
      observe('1', { ...DRIVING, kind: 'archive', eventAt: now() - (14 - piece) * MINUTE })
      run(3 * SECOND)
    }
    observe('1', DRIVING)
    expect(gaps('moving')).toBe(6)
    expect(usual()).toEqual({ ms: MINUTE, count: 5 })
    // Old data between live ones is no end of a silence.
    run(20 * SECOND)
    observe('1', { ...DRIVING, kind: 'archive', eventAt: now() - HOUR })
    expect(gaps('moving')).toBe(6)
  })

  test('what a snapshot says of the past', () => {
    const { speak, gaps, observe, run, now } = begin()
    speak(5, MINUTE)
    run(5 * MINUTE)
    observe('1', { ...DRIVING, kind: 'snapshot', eventAt: now() - MINUTE })
    run(MINUTE)
    observe('1', DRIVING)
    expect(gaps('moving')).toBe(5)
  })
})

describe('a clock that is constantly behind', () => {
  test('keeps nobody from learning, although all its data looks old', () => {
    const { fleet, speak, gaps, usual, now } = begin()
    speak(30, MINUTE, { ...DRIVING })
    const before = gaps('moving')
    for (let i = 0; i < 40; i++) speak(1, MINUTE, { ...DRIVING, eventAt: now() - 2 * HOUR + MINUTE })
    expect(fleet.table.liveAt[0]).toBeLessThan(now() - 30 * MINUTE)
    expect(gaps('moving')).toBeGreaterThan(before + 25)
    expect(usual().ms / MINUTE).toBeCloseTo(1, 5)
  })
})

describe('the usual interval', () => {
  test('is the mean of the first gaps and then follows them', () => {
    const { speak, usual } = begin(DEFAULTS)
    speak(1, 20 * SECOND)
    speak(1, 40 * SECOND)
    expect(usual()).toEqual({ ms: 30 * SECOND, count: 2 })
    speak(6, 30 * SECOND)
    expect(usual()).toEqual({ ms: 30 * SECOND, count: 8 })
    speak(1, 38 * SECOND)
    expect(usual()).toEqual({ ms: 31 * SECOND, count: 9 })
  })

  test('another one is learnt within twenty messages', () => {
    const { speak, usual } = begin(DEFAULTS)
    speak(10, 30 * SECOND)
    speak(20, 10 * MINUTE)
    expect(usual().ms / MINUTE).toBeGreaterThan(9)
    speak(40, 30 * SECOND)
    expect(usual().ms / SECOND).toBeLessThan(36)
  })

  test('one outage does not teach another one', () => {
    const { speak, usual } = begin({ ...DEFAULTS, default: { ...DEFAULTS.default, moving: DAY } })
    speak(10, 30 * SECOND)
    speak(1, 10 * HOUR)
    expect(usual().ms).toBe(30 * SECOND + (19 * 30 * SECOND) / 8)
  })

  test('is not that of a parked terminal, and its count is kept in a byte', () => {
    const { speak, usual } = begin(DEFAULTS)
    speak(3, MINUTE)
    speak(1, MINUTE, OFF)
    speak(5, HOUR, OFF)
    expect(usual()).toEqual({ ms: MINUTE, count: 4 })
    speak(300, MINUTE)
    expect(usual().count).toBe(255)
  })
})

describe('a polled terminal', () => {
  test('learns from the polls that brought something new', () => {
    const { fleet, say, run } = createPolledScenario(learning())
    // The first value of a run is none that has changed, so the first gap begins with the second one.
    for (let i = 0; i < 62; i++) {
      say('1')
      run(2 * MINUTE)
    }
    const { gaps, q99Ms } = gapsOf(fleet.gaps, 0, 'moving')
    expect(gaps).toBe(60)
    expect(Math.abs(q99Ms / (2 * MINUTE) - 1)).toBeLessThanOrEqual(0.03)
    expect(fleet.table.usualMs[0]).toBe(2 * MINUTE)
  })

  test('cannot show a shorter gap than that between two polls, and an extra poll ends none', () => {
    const { fleet, watch, say, run, now } = createPolledScenario(learning())
    say('1')
    for (let i = 0; i < 5; i++) {
      run(MINUTE)
      say('1')
    }
    const { polls } = watch
    if (!polls) throw new Error('it is polled')
    const poll = (at: number) => {
      notePoll(watch, { sentAt: at, answeredAt: at })
      const value = {
        terminalId: '1',
        source: 'online',
        receivedAt: at,
        kind: 'snapshot',
        eventAt: at,
      } as const
      takePolled(fleet, 0, value, 1, polls)
    }
    const before = gapsOf(fleet.gaps, 0, 'moving').gaps
    poll(now() + 20 * SECOND)
    expect(gapsOf(fleet.gaps, 0, 'moving').gaps).toBe(before)
    poll(now() + 75 * SECOND)
    expect(gapsOf(fleet.gaps, 0, 'moving').gaps).toBe(before + 1)
    expect(fleet.table.usualMs[0]).toBe(MINUTE)
  })

  test('learns nothing from the time in which polls failed', () => {
    const { fleet, watch, say, run, now } = createPolledScenario(learning())
    say('1')
    run(3 * MINUTE)
    beginBlind(watch, 'link', now())
    endCause(watch, 'link', now() + 30 * SECOND)
    say('1')
    run(2 * MINUTE)
    expect(gapsOf(fleet.gaps, 0, 'moving').gaps).toBe(0)
  })
})

describe('when it turns out to be another terminal', () => {
  test('a new unit in the vehicle learns anew, and what people planned stays', () => {
    const { fleet, speak, now } = begin()
    speak(60, MINUTE)
    const terminal = fleet.inventory.at(0)
    const planned = {
      thresholds: { lost: 2 * DAY },
      acknowledged: { until: now() + DAY, reason: 'repair', by: 'anna' },
    }
    if (terminal) changeTerminal(fleet, { ...terminal, ...planned })
    replaceTerminal(fleet, 0, '2', now())
    expect(fleet.inventory.at(fleet.rows.get('2') ?? -1)).toMatchObject(planned)
    expect([0, 1].map((row) => gapsOf(fleet.gaps, row, 'moving').gaps)).toEqual([0, 0])
    expect(viewTerminal(fleet, '2', now())?.threshold.from).toBe('default')
  })

  test('messages by two sources teach one rhythm', () => {
    const { fleet, speak, now, gaps, watch } = begin()
    fleet.sources.push({ ...watch, id: 'hub' })
    speak(5, MINUTE)
    for (let i = 1; i <= 10; i++) {
      const receivedAt = now() + i * MINUTE
      for (const [number, source] of ['gate', 'hub'].entries()) {
        const heard = {
          terminalId: '1',
          source,
          receivedAt: receivedAt + number * 100,
          kind: 'live',
        } as const
        takeObservation(fleet, 0, { ...heard, ...DRIVING }, number + 1)
      }
    }
    expect(gaps('moving')).toBe(15)
  })
})
