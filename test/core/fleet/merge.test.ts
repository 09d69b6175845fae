import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addSource, createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { identify } from '../../../src/core/fleet/identify.ts'
import { applyPlan } from '../../../src/core/fleet/import-apply.ts'
import { planImport } from '../../../src/core/fleet/import-plan.ts'
import { mergeTerminals } from '../../../src/core/fleet/merge.ts'
import { packPages } from '../../../src/core/fleet/packed-page.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { readingsOf } from '../../../src/core/fleet/reading-columns.ts'
import { encodeChunk, encodeRows } from '../../../src/core/fleet/register-codec.ts'
import { restoreFleet } from '../../../src/core/fleet/restore.ts'
import { takeDirty } from '../../../src/core/fleet/terminal-table.ts'
import { NO_FLAPS } from '../../../src/core/freshness/flaps.ts'
import { gapsOf, learnGap, takeForgottenGaps } from '../../../src/core/freshness/gaps.ts'
import { applyObservation } from '../../../src/core/freshness/registers.ts'
import { createSourceWatch } from '../../../src/core/freshness/source-watch.ts'
import { CODE } from '../../../src/core/freshness/state.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { readInventoryCsv } from '../../support/inventory-file.ts'
import { leadingNames } from '../../support/leading-names.ts'

const REGISTERS = [
  'contactAt',
  'dataAt',
  'liveAt',
  'fixAt',
  'linkAt',
  'ignitionAt',
  'ignition',
  'speedAt',
  'speedKmh',
] as const

function emptyFleet(): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (const id of ['a', 'b']) {
    addSource(fleet, createSourceWatch({ id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, []))
  }
  return fleet
}

function importFile(fleet: Fleet, text: string): void {
  const { rows } = readInventoryCsv(new TextEncoder().encode(text))
  const plan = drained(planImport(fleet, rows, { replacements: 'followed' }))
  expect(plan.rejected).toEqual([])
  drained(applyPlan(fleet, plan.rows, T0))
}

function drained<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

function hear(fleet: Fleet, observation: Observation): void {
  const source = fleet.sourceNumbers.get(observation.source) ?? 0
  applyObservation(fleet.table, identify(fleet, observation, source), observation, source)
}

/** What is known of a terminal, of every terminal that is shown, and who leads where. */
function known(fleet: Fleet, id: string) {
  const row = fleet.rows.get(id) ?? -1
  return {
    registers: REGISTERS.map((name) => [name, fleet.table[name][row]]),
    // Before its first contact a terminal counts for the source that saw it first.
    source: fleet.table.contactAt[row] === 0 ? 'any' : fleet.table.source[row],
    readings: readingsOf(fleet.table.readings, row),
    shown: [...fleet.inventory].filter(({ mergedInto }) => mergedInto === '').map((terminal) => terminal.id),
    names: leadingNames(fleet)
      .map(([name, at]) => [name, fleet.inventory.at(at)?.id])
      .sort(),
  }
}

const NAMES = ['1', '861234567890123', 'u-1', '20216000008']

const observations = fc.array(
  fc
    .record(
      {
        terminalId: fc.constantFrom(...NAMES),
        source: fc.constantFrom('a', 'b'),
        receivedAt: fc.integer({ min: 0, max: 12 }).map((n) => T0 + n * SECOND),
        before: fc.integer({ min: 0, max: 300 }),
        kind: fc.constantFrom('live', 'archive', 'snapshot', 'presence'),
        ignition: fc.boolean(),
        speedKmh: fc.integer({ min: 0, max: 20 }),
        firmware: fc.constantFrom('147', '148'),
      },
      { requiredKeys: ['terminalId', 'source', 'receivedAt', 'before', 'kind'] },
    )
    .map(({ before, ignition, speedKmh, firmware, ...rest }): Observation => {
      const readings = {
        ...(ignition === undefined ? {} : { ignition }),
        ...(speedKmh === undefined ? {} : { speedKmh, voltage: speedKmh }),
        ...(firmware === undefined ? {} : { firmware }),
      }
      const fix = { latitude: 56, longitude: 43, satellites: 8 }
      return { ...rest, eventAt: rest.receivedAt - before * SECOND, fix, readings }
    }),
  { maxLength: 25 },
)

const FILE = `terminal_id,imei,uuid,aliases\n${NAMES.join(',')}\n`

describe('a terminal of several names', () => {
  test('is the same whether the inventory named it before its data, after it or amid it', () => {
    fc.assert(
      fc.property(observations, fc.nat(25), (list, place) => {
        const first = emptyFleet()
        importFile(first, FILE)
        for (const observation of list) hear(first, observation)
        const amid = emptyFleet()
        for (const [index, observation] of list.entries()) {
          if (index === place) importFile(amid, FILE)
          hear(amid, observation)
        }
        importFile(amid, FILE)
        expect(known(amid, '1')).toEqual(known(first, '1'))
      }),
      { numRuns: 300 },
    )
  })

  test('is the same after a restart, its history and its other rows too', () => {
    fc.assert(
      fc.property(observations, (list) => {
        const fleet = emptyFleet()
        for (const observation of list) hear(fleet, observation)
        importFile(fleet, FILE)
        const again = restarted(fleet)
        expect(known(again, '1')).toEqual(known(fleet, '1'))
        expect([...again.hidden].sort()).toEqual([...fleet.hidden].sort())
      }),
      { numRuns: 100 },
    )
  })
})

function restarted(fleet: Fleet): Fleet {
  const journal = [encodeRows(fleet.table, takeDirty(fleet.table))]
  const chunks = [{ bytes: encodeChunk(fleet.table, 0) }]
  const again = emptyFleet()
  restoreFleet(again, {
    terminals: packPages(fleet.inventory),
    chunks,
    journal,
    flaps: NO_FLAPS,
    counters: [],
    gaps: [],
  })
  return again
}

describe('a merger', () => {
  test('leaves an empty row, moves the history and keeps what people planned', () => {
    const fleet = emptyFleet()
    importFile(fleet, 'terminal_id\n1\n')
    hear(fleet, { terminalId: 'x1', source: 'a', receivedAt: T0, kind: 'live', readings: { speedKmh: 5 } })
    const planned = {
      maintenance: { from: T0, to: T0 + MINUTE, reason: 'repair' },
      thresholds: { moving: MINUTE },
      acknowledged: { until: T0 + MINUTE, reason: 'repair', by: 'anna' },
    }
    putTerminal(fleet, { ...(fleet.inventory.at(1) ?? fail()), ...planned })
    mergeTerminals(fleet, 1, 0)
    expect(fleet.mergers).toEqual([{ from: 'x1', into: '1' }])
    const nothing = { maintenance: null, thresholds: null, acknowledged: null }
    expect(fleet.inventory.at(1)).toMatchObject({ id: 'x1', mergedInto: '1', ...nothing })
    expect(fleet.inventory.at(0)).toMatchObject({
      aliases: [],
      learnt: [{ name: 'x1', source: 0 }],
      ...planned,
    })
    expect(fleet.thresholds.movingMs[0]).toBe(MINUTE)
    for (const name of REGISTERS) expect([name, fleet.table[name][1]]).toEqual([name, 0])
    expect(readingsOf(fleet.table.readings, 1)).toEqual([])
  })

  test('leaves the survivor what it has learnt, and what the other one has learnt is forgotten', () => {
    const fleet = emptyFleet()
    importFile(fleet, 'terminal_id\n1\n')
    hear(fleet, { terminalId: 'x1', source: 'a', receivedAt: T0, kind: 'live', readings: { speedKmh: 5 } })
    learnGap(fleet.gaps, 0, 'moving', MINUTE)
    for (let i = 0; i < 9; i++) learnGap(fleet.gaps, 1, 'moving', MINUTE)
    mergeTerminals(fleet, 1, 0)
    expect([0, 1].map((row) => gapsOf(fleet.gaps, row, 'moving').gaps)).toEqual([1, 0])
    expect(takeForgottenGaps(fleet.gaps)).toEqual([1])
  })

  test('keeps the state of the survivor, or takes the other one where it was never judged', () => {
    for (const [state, expected] of [
      [0, 6],
      [11, 11],
    ] as const) {
      const fleet = emptyFleet()
      importFile(fleet, 'terminal_id\n1\n')
      hear(fleet, { terminalId: 'x1', source: 'a', receivedAt: T0, kind: 'live' })
      fleet.table.state.set([state, 6])
      fleet.table.alertedContactAt.set([0, T0])
      mergeTerminals(fleet, 1, 0)
      expect([fleet.table.state[0], fleet.table.state[1]]).toEqual([expected, 0])
      // A silence that was alerted under one name is not alerted again under the other.
      expect(fleet.table.alertedContactAt[0]).toBe(T0)
    }
  })

  test('remembers that nobody was told of a silence, and that somebody was though the other name spoke in it', () => {
    const fleet = emptyFleet()
    importFile(fleet, 'terminal_id\n1\n2\n')
    hear(fleet, { terminalId: '2', source: 'a', receivedAt: T0, kind: 'live' })
    for (const terminalId of ['x1', 'x2'])
      hear(fleet, { terminalId, source: 'a', receivedAt: T0 + MINUTE, kind: 'live' })
    fleet.table.state.set([0, CODE.stale, CODE.stale, CODE.fresh])
    fleet.table.alertedContactAt.set([0, T0])
    mergeTerminals(fleet, 2, 0)
    mergeTerminals(fleet, 3, 1)
    expect([...fleet.untold]).toEqual([0])
    expect(fleet.table.alertedContactAt[1]).toBe(T0 + MINUTE)
  })

  test('counts the flaps of both', () => {
    const fleet = emptyFleet()
    importFile(fleet, 'terminal_id\n1\n')
    hear(fleet, { terminalId: 'x1', source: 'a', receivedAt: T0, kind: 'live' })
    fleet.flaps.set(0, { changes: [2, 4], notedAt: -Infinity })
    fleet.flaps.set(1, { changes: [1, 3], notedAt: 3 })
    mergeTerminals(fleet, 1, 0)
    expect([...fleet.flaps]).toEqual([[0, { changes: [1, 2, 3, 4], notedAt: 3 }]])
  })

  test('of a chain leads all its ids to the last one, also after a restart', () => {
    const fleet = emptyFleet()
    for (const id of ['g1', 'g2']) hear(fleet, { terminalId: id, source: 'a', receivedAt: T0, kind: 'live' })
    hear(fleet, { terminalId: 'g2', aliases: ['g1'], source: 'a', receivedAt: T0, kind: 'live' })
    importFile(fleet, 'terminal_id,aliases\n1,g2\n')
    for (const one of [fleet, restarted(fleet)]) {
      expect(['g1', 'g2'].map((id) => one.inventory.at(one.rows.get(id) ?? -1)?.id)).toEqual(['1', '1'])
    }
    expect(fleet.mergers).toEqual([
      { from: 'g1', into: 'g2' },
      { from: 'g2', into: '1' },
    ])
  })

  test('is the other way round when people give a terminal the name that data gave to a discovered one', () => {
    const fleet = emptyFleet()
    hear(fleet, { terminalId: 'g1', aliases: ['1', '2'], source: 'a', receivedAt: T0, kind: 'live' })
    importFile(fleet, 'terminal_id,uuid\n1,u-1\n')
    const idOf = (name: string) => fleet.inventory.at(fleet.rows.get(name) ?? -1)?.id
    expect(['g1', '1', '2'].map(idOf)).toEqual(['1', '1', '1'])
    expect(fleet.table.contactAt[fleet.rows.get('1') ?? -1]).toBe(T0)
  })

  test('brings a replaced vehicle what data has told of its new unit under another id', () => {
    const fleet = emptyFleet()
    importFile(fleet, 'terminal_id,uuid\n1,u-1\n')
    hear(fleet, { terminalId: 'g1', aliases: ['2'], source: 'a', receivedAt: T0, kind: 'live' })
    importFile(fleet, 'terminal_id,uuid\n2,u-1\n')
    const idOf = (name: string) => fleet.inventory.at(fleet.rows.get(name) ?? -1)?.id
    expect(['g1', '2', 'u-1', '1'].map(idOf)).toEqual(['2', '2', '2', undefined])
    expect(fleet.table.contactAt[fleet.rows.get('2') ?? -1]).toBe(T0)
  })

  test('whose name is taken away again frees it: data under it is a discovered terminal', () => {
    const fleet = emptyFleet()
    hear(fleet, { terminalId: 'g1', source: 'a', receivedAt: T0, kind: 'live' })
    importFile(fleet, 'terminal_id,aliases\n1,g1\n')
    importFile(fleet, 'terminal_id,aliases\n1,g2\n')
    expect([fleet.rows.has('g1'), restarted(fleet).rows.has('g1')]).toEqual([false, false])
    hear(fleet, { terminalId: 'g1', source: 'a', receivedAt: T0 + 1, kind: 'live' })
    expect(fleet.inventory.at(fleet.rows.get('g1') ?? -1)).toMatchObject({ id: 'g1', row: 0, mergedInto: '' })
    expect(fleet.table.contactAt[0]).toBe(T0 + 1)
  })
})

describe('what was stored of merged terminals', () => {
  const row = (place: number, id: string, mergedInto: string) => ({
    ...EMPTY,
    row: place,
    id,
    mergedInto,
    firstSeenAt: T0,
  })
  const restore = (...terminals: readonly ReturnType<typeof row>[]) => {
    const fleet = emptyFleet()
    const astray = restoreFleet(fleet, {
      terminals: packPages(terminals),
      chunks: [],
      journal: [],
      flaps: NO_FLAPS,
      counters: [],
      gaps: [],
    })
    return { astray, leads: (id: string) => fleet.inventory.at(fleet.rows.get(id) ?? -1)?.id }
  }

  test('leads along its chain although nobody claims the names', () => {
    const { astray, leads } = restore(row(0, 'a', 'b'), row(1, 'b', 'c'), row(2, 'c', ''))
    expect([astray, leads('a'), leads('b')]).toEqual([[], 'c', 'c'])
  })

  test.each([
    ['to nobody', [row(0, 'a', 'gone')], ['a']],
    ['in a circle', [row(0, 'a', 'b'), row(1, 'b', 'a')], ['a', 'b']],
    ['nowhere on purpose', [row(0, 'a', 'a')], []],
  ])('and leads %s is harmless and told', (_name, rows, expected) => {
    const { astray, leads } = restore(...rows, row(2, 'c', ''))
    expect(astray).toEqual(expected)
    expect([leads('a'), leads('c')]).toEqual([undefined, 'c'])
  })
})

function fail(): never {
  throw new Error('there is no such terminal')
}
