import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addSource, createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { addBlind } from '../../../src/core/freshness/blindness.ts'
import { noteMissing } from '../../../src/core/freshness/polls.ts'
import { beginBlind, createSourceWatch } from '../../../src/core/freshness/source-watch.ts'
import { CODE, STATES } from '../../../src/core/freshness/state.ts'
import { sweep } from '../../../src/core/freshness/sweep.ts'
import type { ThresholdSettings } from '../../../src/core/freshness/threshold-settings.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { plainSweep } from '../../support/plain-sweep.ts'

const NOW = T0 + 100 * HOUR

/** Ages around the limits that the terminals have, and 0 for what never was. */
const ages = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -5, max: 5 }).map((n) => n * SECOND),
  fc
    .tuple(fc.constantFrom(1, 30, 31, 60, 390, 391, 1440, 3000), fc.integer({ min: -2, max: 2 }))
    .map(([minutes, ms]) => minutes * MINUTE + ms),
)

const rows = fc.record({
  state: fc.oneof(
    fc.constantFrom(CODE.fresh, CODE.sleeping, CODE.stale, CODE.lost),
    fc.integer({ min: 0, max: STATES.length }),
  ),
  source: fc.constantFrom(0, 1, 1, 2, 3, 3, 4),
  contact: ages,
  /** Undefined: that of the contact. */
  data: fc.option(ages, { nil: undefined }),
  fix: fc.option(ages, { nil: undefined }),
  leave: fc.oneof(fc.constant(null), ages),
  ignition: fc.integer({ min: 0, max: 2 }),
  ignitionAge: ages,
  speed: fc.constantFrom(0, 3, 4, 60),
  speedAge: ages,
  isMissing: fc.boolean(),
  lifecycle: fc.constantFrom(...Array(20).fill('active'), 'suspended', 'decommissioned'),
  intake: fc.constantFrom('on', ...Array(20).fill('unknown'), 'off'),
  isMerged: fc.constantFrom(...Array(20).fill(false), true),
  window: fc.constantFrom(...Array(20).fill(null), [-10, -5], [-5, 0], [-5, 5], [0, 5], [5, 10]),
  thresholds: fc.constantFrom<ThresholdSettings>(
    {},
    {},
    { moving: HOUR },
    { parked: Infinity },
    { parked: MINUTE },
    { lost: MINUTE },
    { moving: Infinity, parked: Infinity, lost: Infinity },
  ),
})

/** Of the sources one hears, one is blind, one was blind just now, one is polled. */
const sources = fc.record({
  startedAge: ages,
  blind: fc.array(fc.tuple(ages, fc.integer({ min: 1, max: 200 })), { maxLength: 4 }),
  polledAge: fc.integer({ min: 0, max: 10 }).map((n) => n * MINUTE),
})

type Drawn<T> = T extends fc.Arbitrary<infer Value> ? Value : never

function fleetOf(drawn: readonly Drawn<typeof rows>[], watched: Drawn<typeof sources>): Fleet {
  const terminals = Object.fromEntries(drawn.map(({ thresholds }, row) => [String(row), thresholds]))
  const fleet = createFleet({ ...DEFAULTS, terminals }, 2 * MINUTE)
  addSources(fleet, watched)
  for (const [row, one] of drawn.entries()) addRow(fleet, one, row)
  return fleet
}

function addSources(fleet: Fleet, { startedAge, blind, polledAge }: Drawn<typeof sources>): void {
  const startedAt = NOW - (startedAge ?? 50 * HOUR)
  for (const id of ['hears', 'blind', 'heard', 'polled']) {
    const settings = { id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
    const polling = id === 'polled' ? { polling: { everyMs: MINUTE, timeoutMs: 10 * SECOND } } : {}
    const watch = createSourceWatch({ ...settings, ...polling }, startedAt, T0, [])
    for (const [age, minutes] of blind) {
      const from = NOW - (age ?? HOUR)
      addBlind(watch.blindness, from, Math.min(from + minutes * MINUTE, NOW))
    }
    if (id === 'blind') beginBlind(watch, 'link', NOW - (startedAge ?? MINUTE))
    if (watch.polls)
      Object.assign(watch.polls, { sentAt: NOW - polledAge - SECOND, answeredAt: NOW - polledAge })
    addSource(fleet, watch)
  }
}

function addRow(fleet: Fleet, one: Drawn<typeof rows>, row: number): void {
  const { table } = fleet
  const { lifecycle, intake, isMerged, window } = one
  const [from = 0, to = 0] = window ?? []
  const maintenance = window && { from: NOW + from * MINUTE, to: NOW + to * MINUTE, reason: '' }
  const said = { lifecycle, intake, maintenance } as Pick<
    InventoryRow,
    'lifecycle' | 'intake' | 'maintenance'
  >
  const mergedInto = isMerged ? String(row) : ''
  putTerminal(fleet, { ...EMPTY, ...said, row, id: String(row), mergedInto, firstSeenAt: T0 })
  const at = (age: number | null): number => (age === null ? 0 : NOW - age)
  table.state[row] = one.state
  table.source[row] = one.source
  table.contactAt[row] = at(one.contact)
  table.dataAt[row] = at(one.data === undefined ? one.contact : one.data)
  table.fixAt[row] = at(one.fix === undefined ? one.contact : one.fix)
  table.leaveAt[row] = at(one.leave)
  table.ignition[row] = one.ignition
  table.ignitionAt[row] = at(one.ignitionAge)
  table.speedKmh[row] = one.speed
  table.speedAt[row] = at(one.speedAge)
  const polls = fleet.sources[one.source - 1]?.polls
  if (polls && one.isMissing && one.contact !== null) noteMissing(polls, row, at(one.contact))
}

/** What a judgement leaves behind, row by row. */
function tracesOf({ table, inventory }: Fleet): unknown {
  const columns = ['state', 'stateSince', 'leaveAt', 'alertedContactAt', 'entryLagMs'] as const
  return Array.from({ length: inventory.length }, (_, row) => columns.map((name) => table[name][row]))
}

test('the sweep finds what judging each terminal by all that is known of it finds', () => {
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 40 }), sources, (drawn, watched) => {
      const fleet = fleetOf(drawn, watched)
      const plain = fleetOf(drawn, watched)
      for (const now of [NOW, NOW + SECOND, NOW + 3 * MINUTE, NOW + 5 * HOUR]) {
        const found = sweep(fleet, now, now - SECOND).map(({ cause: _, ...transition }) => transition)
        expect(found).toEqual(plainSweep(plain, now, now - SECOND))
        expect(tracesOf(fleet)).toEqual(tracesOf(plain))
      }
    }),
    { numRuns: 400 },
  )
})
