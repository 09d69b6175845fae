import { describe, expect, test } from 'vitest'
import { EMPTY } from '../../../src/core/fleet/fleet.ts'
import { useSettings } from '../../../src/core/fleet/fleet-thresholds.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { beginBlind, endCause } from '../../../src/core/freshness/source-watch.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { createScenario, DEFAULTS, T0 } from '../../support/fleet-scenario.ts'

const driving = { readings: { ignition: true, speedKmh: 50 } }
const parked = { readings: { ignition: false, speedKmh: 0 } }

describe('the sweep', () => {
  test('a moving terminal is stale one second after its threshold, dated at the threshold', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(30 * MINUTE)
    expect(fleet.state('1')).toBe('fresh')
    fleet.run(SECOND)
    expect(fleet.story('1')).toEqual(['->fresh@600', 'fresh>stale@2400'])
  })

  test('a stale terminal is lost after `lost`, and that is no second alert', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(DAY + 2 * SECOND)
    expect(fleet.story('1')).toEqual(['->fresh@600', 'fresh>stale@2400', `stale>lost@${600 + 86_400}`])
    expect(fleet.transitions.map((transition) => transition.alertId !== undefined)).toEqual([
      false,
      true,
      false,
    ])
  })

  test('a parked terminal sleeps between the moving and the parked threshold, then is stale', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', parked)
    fleet.run(7 * HOUR)
    expect(fleet.story('1')).toEqual([
      '->fresh@600',
      'fresh>sleeping@2400',
      `sleeping>stale@${600 + 6.5 * 3600}`,
    ])
  })

  test('`parked: off` never makes a parked terminal stale', () => {
    const settings = { ...DEFAULTS, default: { ...DEFAULTS.default, parked: Infinity } }
    const fleet = createScenario(settings)
    fleet.observe('1', parked)
    fleet.run(2 * DAY)
    expect(fleet.state('1')).toBe('sleeping')
  })

  test('a newer speed above 3 km/h makes a terminal with ignition off a moving one', () => {
    const fleet = createScenario()
    fleet.observe('1', parked)
    fleet.run(MINUTE)
    fleet.observe('1', { readings: { speedKmh: 20 } })
    fleet.run(31 * MINUTE)
    expect(fleet.state('1')).toBe('stale')
  })

  test('blindness stops the clock: the terminal is unknown by its wall age and stale when observed silence is over', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(10 * MINUTE)
    beginBlind(fleet.watch, 'link', fleet.now())
    fleet.run(HOUR)
    expect(fleet.state('1')).toBe('unknown')
    endCause(fleet.watch, 'link', fleet.now())
    fleet.run(20 * MINUTE + SECOND)
    expect(fleet.story('1')).toEqual(['->fresh@600', 'fresh>unknown@2400', `unknown>stale@${600 + 5400}`])
  })

  test('after long blindness a grace holds back and dates the transition at its end', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(29 * MINUTE)
    beginBlind(fleet.watch, 'link', fleet.now())
    fleet.run(3 * MINUTE)
    endCause(fleet.watch, 'link', fleet.now())
    fleet.run(3 * MINUTE)
    // Blind 2340-2520, grace until 2640, 30 min of observed silence at 2580.
    expect(fleet.story('1')).toEqual(['->fresh@600', 'fresh>unknown@2400', 'unknown>stale@2640'])
  })

  test('short blindness only stops the clock and has no grace', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(29 * MINUTE)
    beginBlind(fleet.watch, 'link', fleet.now())
    fleet.run(MINUTE)
    endCause(fleet.watch, 'link', fleet.now())
    fleet.run(MINUTE + SECOND)
    expect(fleet.story('1').at(-1)).toBe('unknown>stale@2460')
  })

  test('however often the program restarts, a dead terminal is stale after threshold plus one grace', () => {
    const fleet = createScenario()
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    for (let i = 0; i < 60; i++) {
      fleet.run(50 * SECOND)
      const died = fleet.now()
      fleet.skip(10 * SECOND)
      beginBlind(fleet.watch, 'link', died)
      endCause(fleet.watch, 'link', fleet.now())
      fleet.watch.startedAt = fleet.now()
    }
    const stale = fleet.transitions.find((transition) => transition.to === 'stale')
    // 50 of 60 seconds are observed: 32 min of silence take 38 rounds and 20 s.
    expect(((stale?.at ?? 0) - T0) / MINUTE).toBeCloseTo(10 + 38 + 20 / 60, 5)
  })

  test('nothing is stale at start although everything was silent before', () => {
    const fleet = createScenario()
    fleet.observe('1', { kind: 'snapshot', eventAt: T0 - 5 * DAY, ...driving })
    fleet.run(10 * MINUTE)
    expect(fleet.story('1')).toEqual(['->unknown@0'])
  })

  test('what was silent when first seen becomes stale without an alert', () => {
    const fleet = createScenario()
    fleet.observe('1', { kind: 'snapshot', eventAt: T0 - 5 * DAY, ...driving })
    fleet.run(31 * MINUTE)
    expect(fleet.state('1')).toBe('stale')
    expect(fleet.transitions.some((transition) => transition.alertId)).toBe(false)
  })

  test('a terminal without data is unknown until its source was observed for a minute, then never', () => {
    const fleet = createScenario()
    fleet.observe('1', { kind: 'presence' })
    fleet.run(2 * MINUTE)
    expect(fleet.story('1')).toEqual(['->unknown@0', 'unknown>never@60'])
  })

  test('one word of a stale terminal ends the silence after a minute, two words at once', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.observe('2', driving)
    fleet.run(31 * MINUTE)
    fleet.observe('1', driving)
    fleet.observe('2', driving)
    fleet.run(5 * SECOND)
    fleet.observe('2', driving)
    fleet.run(2 * MINUTE)
    expect(fleet.story('1').at(-1)).toBe('stale>fresh@1920')
    expect(fleet.story('2').at(-1)).toBe('stale>fresh@1865')
  })

  test('two messages of one moment are one word', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    fleet.observe('1', { ...driving, heardAt: fleet.now() - 2 * SECOND })
    fleet.observe('1', driving)
    fleet.run(30 * SECOND)
    expect(fleet.state('1')).toBe('stale')
  })

  test('an upload goes lost, backlog, fresh', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(DAY + MINUTE)
    for (let i = 0; i < 10; i++) {
      fleet.observe('1', { kind: 'archive', eventAt: T0 + i * 2 * HOUR, ...driving })
      fleet.run(10 * SECOND)
    }
    fleet.observe('1', driving)
    fleet.run(SECOND)
    expect(fleet.story('1').map((step) => step.split('@')[0])).toEqual([
      '->fresh',
      'fresh>stale',
      'stale>lost',
      'lost>backlog',
      'backlog>fresh',
    ])
  })

  test('a terminal that drives without a fix for its moving threshold has none', () => {
    const fleet = createScenario()
    const fix = { latitude: 56, longitude: 43, satellites: 9 }
    fleet.observe('1', { ...driving, fix })
    for (let i = 0; i < 62; i++) {
      fleet.run(30 * SECOND)
      fleet.observe('1', driving)
    }
    fleet.run(SECOND)
    expect(fleet.story('1')).toEqual(['->fresh@0', 'fresh>no-fix@1800'])
  })

  test('while its source is blind a stale terminal stays stale', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    beginBlind(fleet.watch, 'link', fleet.now())
    fleet.observe('1', { kind: 'snapshot', eventAt: fleet.now(), ...driving })
    fleet.run(10 * MINUTE)
    expect(fleet.state('1')).toBe('stale')
  })

  test('inventory and windows come before any judgement', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    const terminal = fleet.fleet.inventory.at(0)
    if (!terminal) throw new Error('no terminal')
    putTerminal(fleet.fleet, {
      ...terminal,
      maintenance: { from: fleet.now(), to: fleet.now() + HOUR, reason: '' },
    })
    fleet.run(SECOND)
    expect(fleet.state('1')).toBe('maintenance')
    putTerminal(fleet.fleet, { ...terminal, lifecycle: 'suspended' })
    fleet.run(SECOND)
    expect(fleet.state('1')).toBe('suspended')
    putTerminal(fleet.fleet, terminal)
    fleet.run(SECOND)
    expect(fleet.state('1')).toBe('stale')
    expect(fleet.transitions.filter((transition) => transition.alertId)).toHaveLength(1)
  })

  test('a larger threshold lets a stale terminal leave at once', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    useSettings(fleet.fleet, { ...DEFAULTS, terminals: { '1': { moving: 2 * HOUR } } }, 2 * MINUTE)
    fleet.run(SECOND)
    expect(fleet.state('1')).toBe('fresh')
  })

  test('other limits do not make it forgotten that a silent terminal has spoken: its next silence is alerted', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(10 * SECOND)
    useSettings(fleet.fleet, { ...DEFAULTS, terminals: { '1': { moving: 20 * MINUTE } } }, 2 * MINUTE)
    fleet.run(HOUR)
    expect(fleet.story('1')).toEqual([
      '->fresh@0',
      'fresh>stale@1800',
      'stale>fresh@1920',
      'fresh>stale@3060',
    ])
    expect(fleet.transitions.filter((transition) => transition.alertId)).toHaveLength(2)
  })

  test('another `lost` limit is a reason to judge a silent terminal anew', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    useSettings(
      fleet.fleet,
      { ...DEFAULTS, terminals: { '1': { moving: 10 * MINUTE, lost: 20 * MINUTE } } },
      2 * MINUTE,
    )
    fleet.run(SECOND)
    expect(fleet.state('1')).toBe('lost')
    useSettings(
      fleet.fleet,
      { ...DEFAULTS, terminals: { '1': { moving: 10 * MINUTE, lost: HOUR } } },
      2 * MINUTE,
    )
    fleet.run(SECOND)
    expect(fleet.state('1')).toBe('stale')
  })

  test('`lost` below the threshold makes a terminal lost at the threshold, without being stale, with an alert', () => {
    const fleet = createScenario({ ...DEFAULTS, default: { ...DEFAULTS.default, lost: MINUTE } })
    fleet.run(10 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(31 * MINUTE)
    expect(fleet.story('1')).toEqual(['->fresh@600', 'fresh>lost@2400'])
    expect(fleet.transitions.at(-1)?.alertId).toBeDefined()
  })

  test('what was imported long ago and is first heard of as silent raises no alert, its next silence does', () => {
    const fleet = createScenario()
    putTerminal(fleet.fleet, { ...EMPTY, row: 0, id: '1', firstSeenAt: T0 })
    fleet.run(3 * DAY)
    expect(fleet.state('1')).toBe('never')
    fleet.observe('1', { kind: 'snapshot', eventAt: fleet.now() - 12 * HOUR, ...driving })
    fleet.run(MINUTE)
    expect(fleet.state('1')).toBe('stale')
    expect(fleet.transitions.some(({ alertId }) => alertId)).toBe(false)
    fleet.observe('1', driving)
    fleet.run(2 * MINUTE)
    expect(fleet.state('1')).toBe('fresh')
    fleet.run(30 * MINUTE)
    expect(fleet.transitions.at(-1)).toMatchObject({ to: 'stale', alertId: expect.any(String) })
  })

  test('what follows planned work is dated at its end, not at the sweep', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(10 * MINUTE)
    const terminal = fleet.fleet.inventory.at(0)
    if (!terminal) throw new Error('no terminal')
    const to = fleet.now() + HOUR + 400
    putTerminal(fleet.fleet, { ...terminal, maintenance: { from: fleet.now() + 300, to, reason: '' } })
    fleet.run(2 * HOUR)
    expect(fleet.story('1')).toEqual([
      '->fresh@0',
      'fresh>maintenance@600.3',
      `maintenance>stale@${(to - T0) / SECOND}`,
    ])
  })

  test('data that falls behind is dated when it did, also where there was no fix', () => {
    const fleet = createScenario()
    fleet.observe('1', { ...driving, fix: { latitude: 56, longitude: 43, satellites: 9 } })
    for (let i = 0; i < 80; i++) {
      fleet.run(30 * SECOND)
      fleet.observe('1', {
        kind: 'archive',
        eventAt: Math.min(fleet.now(), T0 + 5 * MINUTE + 250),
        ...driving,
      })
    }
    expect(fleet.story('1')).toEqual(['->fresh@0', 'fresh>no-fix@1800', 'no-fix>backlog@2100.25'])
  })

  test('six changes within a day are noted once as an unstable link and then raise nothing', () => {
    const fleet = createScenario()
    for (let i = 0; i < 6; i++) {
      fleet.observe('1', driving)
      fleet.run(5 * SECOND)
      fleet.observe('1', driving)
      fleet.run(31 * MINUTE)
    }
    expect(fleet.transitions.filter((transition) => transition.note)).toHaveLength(1)
    expect(fleet.transitions.filter((transition) => transition.alertId)).toHaveLength(3)
  })
})
