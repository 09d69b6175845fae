import { describe, expect, test } from 'vitest'
import { EMPTY } from '../../../src/core/fleet/fleet.ts'
import { changeTerminal, putTerminal } from '../../../src/core/fleet/placing.ts'
import { heldAlerts } from '../../../src/core/freshness/alert.ts'
import { contentId } from '../../../src/core/freshness/content-id.ts'
import { noteFlap } from '../../../src/core/freshness/flaps.ts'
import { CODE, type Transition } from '../../../src/core/freshness/state.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../src/core/time.ts'
import { createScenario, DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { createMassScenario } from '../../support/mass-scenario.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const driving = { readings: { ignition: true, speedKmh: 50 } }
const M = 10 * MINUTE
const QUICK = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: M, parked: M } }

type Scenario = ReturnType<typeof createScenario>

function talk(fleet: Scenario, ms: number): void {
  for (const end = fleet.now() + ms; fleet.now() < end; ) {
    fleet.observe('1', driving)
    fleet.run(30 * SECOND)
  }
}

/** Two changes each time; talks at the end. */
function flap(fleet: Scenario, times: number): void {
  talk(fleet, 5 * MINUTE)
  for (let n = 0; n < times; n++) {
    fleet.run(40 * MINUTE)
    talk(fleet, 5 * MINUTE)
  }
}

const alertsOf = (transitions: readonly Transition[]): Transition[] =>
  transitions.filter(({ alertId }) => alertId !== undefined)

describe('a silence of an unstable link', () => {
  test('that lasts is alerted once, when the changes before it are a day old', () => {
    const fleet = createScenario()
    flap(fleet, 3)
    const before = alertsOf(fleet.transitions).length
    const contactAt = fleet.now() - 30 * SECOND
    fleet.run(3 * DAY)
    const [alert, ...more] = alertsOf(fleet.transitions).slice(before)
    expect(more).toEqual([])
    // Of the seven changes the second one keeps the link unstable for longest.
    const changes = fleet.transitions.filter(({ from, to }) => from === 'stale' || to === 'stale')
    expect(alert).toEqual({
      terminalId: '1',
      at: (changes[1]?.at ?? 0) + DAY,
      from: 'stale',
      to: 'stale',
      contactAt,
      source: 'gate',
      alertId: contentId(`1\n${contactAt}`),
    })
    expect(fleet.transitions.filter(({ note }) => note !== undefined)).toHaveLength(1)
    expect(fleet.fleet.untold.size).toBe(0)
  })

  test('that ends before is never alerted, and the next one is when it begins', () => {
    const fleet = createScenario()
    flap(fleet, 4)
    const before = alertsOf(fleet.transitions).length
    talk(fleet, DAY)
    expect(alertsOf(fleet.transitions)).toHaveLength(before)
    const contactAt = fleet.now() - 30 * SECOND
    fleet.run(HOUR)
    expect(alertsOf(fleet.transitions).slice(before)).toMatchObject([
      { at: contactAt + 30 * MINUTE, contactAt },
    ])
  })

  test('is alerted for its last contact, also where that was delivered late', () => {
    const fleet = createScenario()
    flap(fleet, 3)
    const before = alertsOf(fleet.transitions).length
    const diedAt = fleet.now()
    fleet.run(2 * HOUR)
    fleet.observe('1', { kind: 'archive', heardAt: diedAt + MINUTE, eventAt: diedAt + MINUTE, ...driving })
    fleet.run(2 * DAY)
    expect(alertsOf(fleet.transitions).slice(before)).toMatchObject([{ contactAt: diedAt + MINUTE }])
  })

  test('waits with its alert while what was said in it does not tell yet whether it is over', () => {
    const fleet = createScenario()
    flap(fleet, 3)
    const before = alertsOf(fleet.transitions).length
    const diedAt = fleet.now()
    const stableAt = (fleet.transitions.filter(({ from }) => from !== null)[1]?.at ?? 0) + DAY
    fleet.run(stableAt - fleet.now() - 30 * SECOND)
    fleet.observe('1', { kind: 'archive', heardAt: diedAt + MINUTE, eventAt: diedAt + MINUTE, ...driving })
    fleet.run(MINUTE - SECOND)
    expect(alertsOf(fleet.transitions)).toHaveLength(before)
    fleet.run(2 * SECOND)
    expect(alertsOf(fleet.transitions).slice(before)).toMatchObject([{ contactAt: diedAt + MINUTE }])
  })

  test.each([1, 2, 3, 4, 5, 6])(
    'is alerted exactly when the rules say, in the random life of seed %d',
    (seed) => {
      const random = seededRandom(seed)
      const fleet = createScenario(QUICK)
      fleet.run(5 * MINUTE)
      const end = T0 + 90 * HOUR
      const lives = Array.from({ length: 4 }, () => life(random, end - 10 * HOUR))
      const spoken = lives.flatMap((times, n) => times.map((at) => ({ at, id: String(n) })))
      for (const { at, id } of spoken.sort((a, b) => a.at - b.at)) {
        fleet.run(at - fleet.now())
        fleet.observe(id, driving)
      }
      fleet.run(end - fleet.now())
      const held = alertsOf(fleet.transitions).filter(({ from, to }) => from === to)
      expect(held.length).toBeGreaterThan(0)
      lives.forEach((times, n) => {
        const own = alertsOf(fleet.transitions).filter(({ terminalId }) => terminalId === String(n))
        expect(own.map(({ at, contactAt }) => [at, contactAt])).toEqual(expectedAlerts(times, end))
      })
    },
  )
})

/** When a terminal spoke that often falls silent, in whole seconds. */
function life(random: () => number, end: Instant): Instant[] {
  const times: Instant[] = []
  const often = 0.05 + 0.4 * random()
  for (let at = T0 + 5 * MINUTE; at < end; ) {
    times.push(at)
    const kind = random()
    const longest = kind < 0.01 ? 30 * HOUR : kind < often ? 2 * M : M / 2
    at += Math.ceil((longest * random()) / SECOND + 1) * SECOND
  }
  return times
}

/** By the letter of spec/freshness.md 5, from nothing but when it spoke: instants of alerts, and their onsets. */
function expectedAlerts(times: readonly Instant[], end: Instant): [at: Instant, contactAt: Instant][] {
  const changes: Instant[] = []
  const alerts: [Instant, Instant][] = []
  times.forEach((contactAt, n) => {
    const next = times[n + 1] ?? Infinity
    if (changes.length % 2 === 1) changes.push(Math.min(next, contactAt + MINUTE))
    const due = contactAt + M
    if (next < due + SECOND) return
    changes.push(due)
    const stableAt = (changes.at(-6) ?? -Infinity) + DAY
    const at = Math.max(due, stableAt)
    if (at <= next && at <= end) alerts.push([at, contactAt])
  })
  return alerts
}

describe('a silence that was alerted', () => {
  test('is not alerted again when a message of it is delivered late, whatever follows', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(35 * MINUTE)
    fleet.observe('1', { kind: 'archive', heardAt: T0 + 2 * MINUTE, eventAt: T0 + 2 * MINUTE, ...driving })
    fleet.run(5 * MINUTE)
    expect(heldAlerts(fleet.fleet, [0], fleet.now(), fleet.now())).toEqual([])
    const terminal = fleet.fleet.inventory.at(0)
    if (!terminal) throw new Error('no terminal')
    putTerminal(fleet.fleet, { ...terminal, lifecycle: 'suspended' })
    fleet.run(MINUTE)
    putTerminal(fleet.fleet, terminal)
    fleet.run(2 * DAY)
    expect(fleet.state('1')).toBe('lost')
    expect(alertsOf(fleet.transitions)).toMatchObject([{ contactAt: T0 }])
  })

  test('leaves the next one to be alerted, also that of a terminal that said but two words', () => {
    const fleet = createScenario()
    fleet.observe('1', driving)
    fleet.run(35 * MINUTE)
    fleet.observe('1', driving)
    fleet.run(20 * SECOND)
    fleet.observe('1', driving)
    const contactAt = fleet.now()
    fleet.run(HOUR)
    expect(alertsOf(fleet.transitions).map((alert) => alert.contactAt)).toEqual([T0, contactAt])
  })
})

describe('a silence that an incident explains', () => {
  /** Terminals 0-99 of one operator, which fails so often for 45 min; the first ten stay dead after the last time. */
  function failingOperator(times: number) {
    const fleet = createMassScenario()
    fleet.add(100, { operator: 'MTS' })
    fleet.add(300, { operator: 'Bee' })
    fleet.run(HOUR)
    for (let n = 1; n <= times; n++) {
      fleet.mute(({ operator }) => operator === 'MTS')
      fleet.run(45 * MINUTE)
      fleet.mute(({ id }) => n === times && Number(id) < 10)
      fleet.run(40 * MINUTE)
    }
    return fleet
  }

  test('is no sign of an unstable link, nor is its end', () => {
    const fleet = failingOperator(4)
    expect(fleet.closed).toHaveLength(4)
    expect(fleet.transitions.filter(({ note }) => note !== undefined)).toEqual([])
    expect(fleet.fleet.flaps.size).toBe(0)
    const changes = fleet.transitions.filter(({ terminalId, to, alertId }) => {
      return terminalId === '50' && to !== 'backlog' && alertId === undefined
    })
    expect(changes.slice(1).map(({ to, incident }) => [to, incident])).toEqual(
      fleet.opened.flatMap(({ id }) => [
        ['stale', id],
        ['fresh', id],
      ]),
    )
  })

  test.each([1, 3, 4])('is alerted once if it lasts when the last of %d incidents is over', (times) => {
    const fleet = failingOperator(times)
    fleet.run(2 * HOUR)
    const dead = Array.from({ length: 10 }, (_, n) => String(n))
    const alerts = alertsOf(fleet.transitions)
    expect(alerts.map(({ terminalId }) => terminalId).sort()).toEqual(dead)
    expect(new Set(alerts.map(({ at }) => at))).toEqual(new Set([fleet.closed.at(-1)?.closedAt]))
  })

  test('is alerted after it when the link is stable again, if it was not when the incident ended', () => {
    const { fleet, transitions, now, run } = silentMember((each) => {
      for (let n = 0; n < 6; n++) noteFlap(each.fleet.flaps, 0, each.now() - HOUR + n * MINUTE)
    })
    const stableAt = now() - HOUR + DAY
    expect(heldAlerts(fleet, [0], now(), now())).toEqual([])
    run(2 * DAY)
    expect(alertsOf(transitions)).toMatchObject([{ at: stableAt, from: 'lost', to: 'lost' }])
  })

  test('is alerted a minute after it, if a message of it was delivered late when the incident ended', () => {
    const { fleet, transitions, now, run, observe } = silentMember(() => {})
    const heardAt = now() - 2 * HOUR
    observe('1', { kind: 'archive', heardAt, eventAt: heardAt, ...driving })
    expect(heldAlerts(fleet, [0], now(), now())).toEqual([])
    run(MINUTE - SECOND)
    expect(alertsOf(transitions)).toEqual([])
    run(SECOND)
    expect(alertsOf(transitions)).toMatchObject([{ contactAt: heardAt }])
  })

  test('is left to the next incident that explains it', () => {
    const { fleet, now } = silentMember(() => {})
    fleet.table.incident[0] = 2
    expect(heldAlerts(fleet, [0], now(), now())).toEqual([])
    fleet.table.incident[0] = 0
    expect(heldAlerts(fleet, [0], now(), now())).toHaveLength(1)
  })

  /** Terminal 1, silent for three hours as a member of an incident that has just ended. */
  function silentMember(prepare: (scenario: Scenario) => void): Scenario {
    const scenario = createScenario()
    scenario.run(5 * MINUTE)
    scenario.observe('1', driving)
    scenario.fleet.table.incident[0] = 1
    scenario.run(3 * HOUR)
    expect(scenario.state('1')).toBe('stale')
    prepare(scenario)
    scenario.fleet.table.incident[0] = 0
    return scenario
  }
})

test('what is silent when it is first judged is never alerted, whatever follows', () => {
  const { fleet, transitions, now, run } = createScenario()
  run(DAY)
  changeTerminal(fleet, { ...EMPTY, row: 0, id: '1', firstSeenAt: now() - HOUR })
  fleet.table.contactAt[0] = now() - HOUR
  fleet.table.dataAt[0] = now() - HOUR
  fleet.table.source[0] = 1
  run(MINUTE)
  expect(fleet.table.state[0]).toBe(CODE.stale)
  expect(heldAlerts(fleet, [0], now(), now())).toEqual([])
  expect(alertsOf(transitions)).toEqual([])
})
