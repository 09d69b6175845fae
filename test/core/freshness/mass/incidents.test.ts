import { describe, expect, test } from 'vitest'
import { EMPTY } from '../../../../src/core/fleet/fleet.ts'
import { changeTerminal } from '../../../../src/core/fleet/placing.ts'
import { gapsOf } from '../../../../src/core/freshness/gaps.ts'
import { silenceEndedAt } from '../../../../src/core/freshness/mass/incident.ts'
import { massSteps } from '../../../../src/core/freshness/mass/mass.ts'
import { clampRegisters } from '../../../../src/core/freshness/registers.ts'
import {
  beginBlind,
  endCause,
  type SourceWatch,
  setBack,
} from '../../../../src/core/freshness/source-watch.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../../support/fleet-scenario.ts'
import { createMassScenario, type Talker } from '../../../support/mass-scenario.ts'

/** 200 terminals of four operators and ten clients, and 800 of other operators. */
function largeFleet() {
  const fleet = createMassScenario()
  fleet.add(200, (n) => ({ operator: 'MTS', client: `C${n % 10}`, region: `R${n % 7}` }))
  fleet.add(800, (n) => ({ operator: `O${n % 3}`, client: `C${n % 40}`, region: `R${n % 7}` }))
  fleet.run(10 * MINUTE)
  return fleet
}

const ofMts = ({ operator }: Talker): boolean => operator === 'MTS'
function sourceOf({ fleet }: ReturnType<typeof createMassScenario>): SourceWatch {
  const [watch] = fleet.sources
  if (!watch) throw new Error('there is no source')
  return watch
}

const nobody = (): boolean => false

describe('an outage of an operator', () => {
  test('is one incident with its members, its onset and its beginning', () => {
    const fleet = largeFleet()
    fleet.mute(ofMts)
    fleet.run(5 * MINUTE)
    expect(fleet.names()).toEqual(['operator/MTS'])
    const [incident] = fleet.opened
    expect(incident).toMatchObject({ expected: 200, members: 200, silent: 200, closedAt: null })
    // Overdue between one and one and a half minutes after it began, and at two evaluations in a row.
    expect(incident?.openedAt).toBe(T0 + 12 * MINUTE)
    expect(incident?.onsetAt).toBe(T0 + 9.5 * MINUTE + 1)
    expect(incident?.timeline).toEqual([{ at: T0 + 12 * MINUTE, kind: 'opened', silent: 200 }])
    expect(incident?.id).toMatch(/^[0-9a-f]{16}$/)
  })

  test('ends in spite of a clock that was ahead when it began', () => {
    const fleet = largeFleet()
    fleet.mute(ofMts)
    fleet.run(5 * MINUTE)
    fleet.skip(-DAY)
    for (const watch of fleet.fleet.sources) setBack(watch, fleet.now())
    clampRegisters(fleet.fleet.table, fleet.now())
    fleet.run(MINUTE)
    fleet.mute(nobody)
    fleet.run(15 * MINUTE)
    expect(fleet.closed).toMatchObject([{ group: 'MTS', silent: 0 }])
  })

  test('is not taken for one of a client most of whose terminals use that operator', () => {
    const fleet = createMassScenario()
    fleet.add(60, { operator: 'MTS', client: 'Romashka' })
    fleet.add(10, { operator: 'Tele2', client: 'Romashka' })
    fleet.add(60, (n) => ({ operator: 'MTS', client: `C${n % 20}` }))
    fleet.add(800, (n) => ({ operator: `O${n % 3}`, client: `C${n % 20}` }))
    fleet.run(10 * MINUTE)
    fleet.mute(ofMts)
    fleet.run(10 * MINUTE)
    expect(fleet.names()).toEqual(['operator/MTS'])
  })

  test('and one of a client at the same time are two', () => {
    const fleet = largeFleet()
    fleet.mute((talker) => ofMts(talker) || talker.client === 'C30')
    fleet.run(10 * MINUTE)
    expect(fleet.names()).toEqual(['operator/MTS', 'client/C30'])
  })

  test('whose terminals are all those of one model names both', () => {
    const fleet = createMassScenario()
    fleet.add(100, (n) => ({ operator: 'MTS', model: n < 97 ? 'Profi 2' : 'Light' }))
    fleet.add(500, { operator: 'Tele2', model: 'Light' })
    fleet.run(10 * MINUTE)
    fleet.mute(ofMts)
    fleet.run(5 * MINUTE)
    expect(fleet.names()).toEqual(['operator/MTS = model/Profi 2'])
  })

  test('of equals the smaller group is named first, then the earlier dimension', () => {
    const fleet = createMassScenario()
    fleet.add(100, { region: 'North', client: 'Romashka', dealer: 'Dealer' })
    fleet.add(500, { region: 'South', client: 'Other' })
    fleet.run(10 * MINUTE)
    fleet.mute(({ region }) => region === 'North')
    fleet.run(5 * MINUTE)
    expect(fleet.names()).toEqual(['region/North = client/Romashka = dealer/Dealer'])
  })

  test('of a small fleet that is silent as a whole is named after the group that explains all of it', () => {
    const fleet = createMassScenario()
    fleet.add(5, { operator: 'MTS' })
    fleet.add(3, { operator: 'Tele2' })
    fleet.run(10 * MINUTE)
    fleet.mute(() => true)
    fleet.run(5 * MINUTE)
    expect(fleet.names()).toEqual(['source/gate'])
    expect(fleet.opened).toMatchObject([{ members: 8 }])
  })

  test('of eight terminals that are the whole fleet names all that they have in common', () => {
    const fleet = createMassScenario()
    fleet.add(8, { operator: 'MTS', client: 'Romashka' })
    fleet.run(10 * MINUTE)
    fleet.mute(() => true)
    fleet.run(5 * MINUTE)
    expect(fleet.names()).toEqual(['source/gate = operator/MTS = client/Romashka'])
  })

  test('takes in further members as they fall silent, and tells of it at doublings', () => {
    const fleet = largeFleet()
    fleet.mute((talker) => ofMts(talker) && Number(talker.id) < 80)
    fleet.run(5 * MINUTE)
    fleet.mute(ofMts)
    fleet.run(5 * MINUTE)
    expect(fleet.opened).toHaveLength(1)
    const incident = [...fleet.fleet.incidents.values()][0]
    expect(incident).toMatchObject({ expected: 200, members: 200, silent: 200 })
    expect(incident?.timeline.map(({ kind, silent }) => [kind, silent])).toEqual([
      ['opened', 80],
      ['grew', 200],
    ])
  })
})

test('a second outage is noticed as soon as the first one, and is one incident: the first taught nobody', () => {
  const settings = { ...DEFAULTS, default: { ...DEFAULTS.default, learn: true } }
  const fleet = createMassScenario({ settings })
  fleet.add(200, { operator: 'MTS' }, 1, MINUTE)
  fleet.add(800, (n) => ({ operator: `O${n % 3}` }), 1, MINUTE)
  fleet.run(20 * MINUTE)
  const outage = (): number => {
    const from = fleet.now()
    fleet.mute(ofMts)
    fleet.run(20 * MINUTE)
    fleet.mute(nobody)
    fleet.run(20 * MINUTE)
    return (fleet.opened.at(-1)?.openedAt ?? 0) - from
  }
  const { usualMs } = fleet.fleet.table
  const first = outage()
  expect(fleet.closed).toHaveLength(1)
  expect([...usualMs.subarray(0, 200)].every((ms) => Math.abs(ms / MINUTE - 1) < 0.01)).toBe(true)
  expect(gapsOf(fleet.fleet.gaps, 0, 'moving').q99Ms / MINUTE).toBeCloseTo(1, 1)
  expect(outage()).toBe(first)
  expect(fleet.names()).toEqual(['operator/MTS', 'operator/MTS'])
  expect(fleet.closed).toHaveLength(2)
})

test('it takes two evaluations in a row', () => {
  const fleet = largeFleet()
  fleet.mute(ofMts)
  fleet.run(MINUTE + 30 * SECOND)
  fleet.mute(nobody)
  fleet.run(5 * MINUTE)
  expect(fleet.names()).toEqual([])
})

test.each([5, 10, 20])(
  'a source of terminals that talk every %i min, not every 30 s as declared, begins without an incident',
  (minutes) => {
    const fleet = createMassScenario()
    fleet.add(320, (n) => ({ operator: `O${n % 4}` }), 1, minutes * MINUTE)
    fleet.run(2 * HOUR)
    expect(fleet.names()).toEqual([])
  },
)

describe('nothing is expected of', () => {
  test.each(['suspended', 'decommissioned'] as const)('%s terminals', (lifecycle) => {
    const fleet = largeFleet()
    for (const terminal of [...fleet.fleet.inventory].slice(0, 200)) {
      changeTerminal(fleet.fleet, { ...terminal, lifecycle })
    }
    fleet.mute(ofMts)
    fleet.run(HOUR)
    expect(fleet.names()).toEqual([])
  })

  test('terminals in planned work', () => {
    const fleet = largeFleet()
    const maintenance = { from: 0, to: T0 + 30 * DAY, reason: 'workshop' }
    for (const terminal of [...fleet.fleet.inventory].slice(0, 200)) {
      changeTerminal(fleet.fleet, { ...terminal, maintenance })
    }
    fleet.mute(ofMts)
    fleet.run(HOUR)
    expect(fleet.names()).toEqual([])
  })

  test('those that were parked for the night before they fell silent', () => {
    const fleet = largeFleet()
    fleet.say((talker) => (ofMts(talker) ? { readings: { ignition: false, speedKmh: 0 } } : {}))
    fleet.run(MINUTE)
    fleet.mute(ofMts)
    fleet.run(HOUR)
    expect(fleet.names()).toEqual([])
  })

  test('those whose source is blind, nor of those in the grace after it', () => {
    const fleet = largeFleet()
    beginBlind(sourceOf(fleet), 'link', fleet.now())
    fleet.mute(() => true)
    fleet.run(10 * MINUTE)
    endCause(sourceOf(fleet), 'link', fleet.now())
    fleet.run(90 * SECOND)
    fleet.mute(nobody)
    fleet.run(10 * MINUTE)
    expect(fleet.names()).toEqual([])
  })

  test('those that have been silent for long', () => {
    const fleet = largeFleet()
    // One after another, a few in each window.
    for (let n = 0; n < 40; n++) {
      fleet.mute((talker) => ofMts(talker) && Number(talker.id) < n * 5)
      fleet.run(5 * MINUTE)
    }
    expect(fleet.names()).toEqual([])
  })
})

describe('of its members it notes', () => {
  const missing = ({ fleet }: ReturnType<typeof largeFleet>) =>
    [...fleet.table.missing.subarray(0, 300)].flatMap((mark, row) => (mark === 1 ? [row] : []))

  test('who is silent now, and leaves those first when it is over', () => {
    const fleet = largeFleet()
    fleet.mute(ofMts)
    fleet.run(10 * MINUTE)
    expect(missing(fleet)).toHaveLength(200)
    fleet.mute(({ id }) => Number(id) >= 170 && Number(id) < 200)
    fleet.run(5 * MINUTE)
    const dead = Array.from({ length: 30 }, (_, n) => 170 + n)
    expect(missing(fleet)).toEqual(dead)
    expect([...fleet.fleet.incidents.values()]).toMatchObject([{ silent: 30 }])
    fleet.run(10 * MINUTE)
    expect(fleet.closed).toMatchObject([{ silent: 30, members: 200 }])
    const [stored] = fleet.fleet.changedIncidents
    expect([...(stored?.rows.subarray(0, 30) ?? [])]).toEqual(dead)
    expect(stored?.rows).toHaveLength(200)
    expect(missing(fleet)).toEqual([])
  })

  test('since when so few are silent that it may end: that is when its silence ended', () => {
    const fleet = largeFleet()
    fleet.mute(ofMts)
    fleet.run(4 * MINUTE)
    fleet.mute(nobody)
    fleet.run(15 * MINUTE)
    const [incident] = fleet.closed
    expect(incident && silenceEndedAt(incident)).toBe(T0 + 14.5 * MINUTE)
    expect(incident?.closedAt).toBe(T0 + 24.5 * MINUTE)
  })

  test('that one which fell silent again is silent until it speaks, though its source is blind', () => {
    const fleet = largeFleet()
    fleet.mute(ofMts)
    fleet.run(5 * MINUTE)
    fleet.mute((talker) => ofMts(talker) && talker.id !== '7')
    fleet.run(2 * MINUTE)
    expect(missing(fleet)).not.toContain(7)
    fleet.mute(ofMts)
    fleet.run(5 * MINUTE)
    beginBlind(sourceOf(fleet), 'link', fleet.now())
    fleet.run(20 * MINUTE)
    expect(missing(fleet)).toContain(7)
  })
})

describe('it is over', () => {
  function withIncident(back: (talker: Talker) => boolean) {
    const fleet = largeFleet()
    fleet.mute(ofMts)
    fleet.run(20 * MINUTE)
    fleet.mute((talker) => ofMts(talker) && !back(talker))
    return fleet
  }

  test('when 80 % of its members have been back for ten minutes', () => {
    const fleet = withIncident(({ id }) => Number(id) < 160)
    fleet.run(10 * MINUTE)
    expect(fleet.closed).toEqual([])
    fleet.run(MINUTE)
    expect(fleet.closed).toMatchObject([{ members: 200, silent: 40, closedAt: T0 + 40.5 * MINUTE }])
    expect(fleet.fleet.incidents.size).toBe(0)
    expect(fleet.fleet.table.incident.every((number) => number === 0)).toBe(true)
    expect(fleet.closed[0]?.timeline.map(({ kind }) => kind)).toEqual(['opened', 'shrank', 'closed'])
  })

  test('and not when fewer are', () => {
    const fleet = withIncident(({ id }) => Number(id) < 158)
    fleet.run(2 * HOUR)
    expect(fleet.closed).toEqual([])
  })

  test('when under 5 % of those that were expected are silent', () => {
    const fleet = createMassScenario()
    fleet.add(400, { operator: 'MTS' })
    fleet.add(400, { operator: 'Tele2' })
    fleet.run(10 * MINUTE)
    fleet.mute(({ id }) => Number(id) < 80)
    fleet.run(10 * MINUTE)
    expect(fleet.names()).toEqual(['operator/MTS'])
    // 20 of 80 members are a quarter of them, and 5 % of 400.
    fleet.mute(({ id }) => Number(id) < 20)
    fleet.run(30 * MINUTE)
    expect(fleet.closed).toEqual([])
    fleet.mute(({ id }) => Number(id) < 19)
    fleet.run(12 * MINUTE)
    expect(fleet.closed).toHaveLength(1)
  })

  test('only after ten minutes without a break', () => {
    const fleet = withIncident(() => true)
    fleet.run(8 * MINUTE)
    fleet.mute(ofMts)
    fleet.run(3 * MINUTE)
    fleet.mute(nobody)
    fleet.run(10 * MINUTE)
    expect(fleet.closed).toEqual([])
    fleet.run(MINUTE)
    expect(fleet.closed).toHaveLength(1)
    expect(fleet.opened).toHaveLength(1)
  })
})

describe('a terminal that an incident explains', () => {
  const settings = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: 5 * MINUTE } }

  function scenario() {
    const fleet = createMassScenario({ settings })
    fleet.add(100, { operator: 'MTS' })
    fleet.add(400, { operator: 'Tele2' })
    fleet.run(10 * MINUTE)
    fleet.mute(ofMts)
    fleet.run(15 * MINUTE)
    return fleet
  }

  test('raises no alert of its own and links to the incident', () => {
    const { transitions, opened } = scenario()
    const stale = transitions.filter(({ to }) => to === 'stale')
    expect(stale).toHaveLength(100)
    expect(stale.filter(({ alertId }) => alertId !== undefined)).toEqual([])
    expect(new Set(stale.map(({ incident }) => incident))).toEqual(new Set([opened[0]?.id]))
  })

  test('raises it when the incident is over and it is still silent, once', () => {
    const fleet = scenario()
    fleet.mute(({ id }) => Number(id) < 10)
    fleet.run(20 * MINUTE)
    const alerts = fleet.transitions.filter(({ alertId }) => alertId !== undefined)
    expect(alerts.map(({ terminalId }) => Number(terminalId))).toEqual([...Array(10).keys()])
    expect(alerts[0]).toMatchObject({ from: 'stale', to: 'stale', at: fleet.closed[0]?.closedAt })
    fleet.run(2 * HOUR)
    expect(fleet.transitions.filter(({ alertId }) => alertId !== undefined)).toHaveLength(10)
  })

  test('that falls silent again meanwhile is explained by it too', () => {
    const fleet = scenario()
    fleet.mute((talker) => ofMts(talker) && talker.id !== '7')
    fleet.run(5 * MINUTE)
    fleet.mute(ofMts)
    fleet.run(10 * MINUTE)
    const own = fleet.transitions.filter(({ terminalId }) => terminalId === '7')
    expect(own.map(({ to }) => to)).toEqual(['fresh', 'stale', 'fresh', 'stale'])
    expect(own.every(({ alertId }) => alertId === undefined)).toBe(true)
  })
})

test('a terminal in an incident is left out of every other group', () => {
  const fleet = createMassScenario()
  fleet.add(60, { operator: 'MTS', client: 'Romashka' })
  fleet.add(15, { operator: 'Tele2', client: 'Romashka' })
  fleet.add(500, { operator: 'Tele2', client: 'Other' })
  fleet.run(10 * MINUTE)
  fleet.mute(ofMts)
  fleet.run(10 * MINUTE)
  fleet.mute((talker) => ofMts(talker) || (talker.client === 'Romashka' && Number(talker.id) < 63))
  fleet.run(20 * MINUTE)
  expect(fleet.opened.map(({ members }) => members)).toEqual([60])
})

test('what comes in while an evaluation is under way does not disturb it', () => {
  const { fleet, mass, now, names, mute, run } = largeFleet()
  mute(ofMts)
  run(3 * MINUTE)
  const steps = massSteps(fleet, mass, now() + 30 * SECOND)
  for (let n = 0, step = steps.next(); !step.done; step = steps.next(), n++) {
    const row = fleet.inventory.length
    changeTerminal(fleet, { ...EMPTY, row, id: `new ${n}`, client: `New ${n}`, firstSeenAt: now() })
    const known = fleet.inventory.at(n)
    if (known) changeTerminal(fleet, { ...known, operator: `Moved ${n}` })
  }
  run(20 * MINUTE)
  expect(names()).toEqual(['operator/MTS'])
})
