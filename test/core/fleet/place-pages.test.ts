import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { GROUP_KEYS } from '../../../src/core/fleet/groups.ts'
import type { InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { listing } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { packPages } from '../../../src/core/fleet/packed-page.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { restoreFleet } from '../../../src/core/fleet/restore.ts'
import { NO_FLAPS } from '../../../src/core/freshness/flaps.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'

/** Few names, so that terminals claim the same ones and each other's ids. */
const NAMES = ['t0', 't1', 't2', 'n3', 'n4', 'n5']
const name = fc.constantFrom(...NAMES)
const nameOrNone = fc.oneof(fc.constant(''), name)
const place = fc.constantFrom('', 'A', 'B')

const SETTINGS = {
  ...DEFAULTS,
  profiles: { truck: { moving: 7 * MINUTE }, slow: { liveLag: MINUTE, learn: true } },
  groups: { A: { parked: Infinity }, 'A/B': { lost: 99 * MINUTE } },
}

const said = fc.record({
  name: fc.constantFrom('', 'ΟΔΟΣ Σ', 'Truck', 'İstanbul', 'ёлка ЁЛКА'),
  client: place,
  dealer: place,
  group: place,
  operator: place,
  firmware: place,
  profile: fc.constantFrom('', 'truck', 'slow'),
  sim: fc.constantFrom('', '+7 900 123-45-67', '79001234568', '12'),
  imei: nameOrNone,
  uuid: nameOrNone,
  aliases: fc.array(name, { maxLength: 2 }),
  learnt: fc.array(fc.record({ name, source: fc.nat(2) }), { maxLength: 2 }),
  lifecycle: fc.constantFrom('active' as const, 'suspended' as const, 'decommissioned' as const),
  intake: fc.constantFrom('off' as const, 'unknown' as const),
  isMerged: fc.boolean(),
  thresholds: fc.constantFrom(null, null, { moving: MINUTE }),
  maintenance: fc.constantFrom(null, { from: T0, to: T0 + 1, reason: '' }),
})

/** Merged ones were taken out of their vehicles: they lead nowhere, and nothing is put right at the end. */
const terminals = fc.array(said, { maxLength: 8 }).map((list) =>
  list.map(({ isMerged, ...rest }, row): InventoryRow => {
    const id = `t${row}`
    return { ...EMPTY, ...rest, row, id, firstSeenAt: T0, mergedInto: isMerged ? id : '' }
  }),
)

function placedSingly(list: readonly InventoryRow[], settings = SETTINGS): Fleet {
  const fleet = createFleet(settings, 2 * MINUTE)
  for (const terminal of list) putTerminal(fleet, terminal)
  return fleet
}

function restored(list: readonly InventoryRow[], settings = SETTINGS): Fleet {
  const fleet = createFleet(settings, 2 * MINUTE)
  const nothing = { chunks: [], journal: [], flaps: NO_FLAPS, counters: [], gaps: [] }
  restoreFleet(fleet, { terminals: packPages(list), ...nothing })
  return fleet
}

/** All that follows from the inventory; columns may have different room behind their rows. */
function outcome(fleet: Fleet): unknown {
  const { thresholds, said: column, groups, rows, hidden, inventory } = fleet
  const upTo = (values: ArrayLike<number>): number[] => Array.from(values).slice(0, inventory.length)
  return {
    terminals: [...inventory],
    led: NAMES.map((each) => rows.get(each)),
    names: rows.size,
    hidden: [...hidden],
    said: upTo(column.of),
    groups: GROUP_KEYS.map((key) => upTo(groups[key].of).map((number) => groups[key].names[number])),
    limits: [thresholds.movingMs, thresholds.parkedMs, thresholds.lostMs].map(upTo),
    origins: [thresholds.movingOrigin, thresholds.parkedOrigin].map(upTo),
    more: [thresholds.liveLagMs, thresholds.learning],
    changes: fleet.names.changes,
  }
}

test('a fleet that is restored in pages is the same as one whose terminals are placed one after the other', () => {
  fc.assert(
    fc.property(terminals, fc.boolean(), (list, isByTerminal) => {
      const settings = isByTerminal ? { ...SETTINGS, terminals: { t1: { moving: 3 * MINUTE } } } : SETTINGS
      expect(outcome(restored(list, settings))).toEqual(outcome(placedSingly(list, settings)))
    }),
    { numRuns: 500 },
  )
})

test('a text is found in packed pages where it is found terminal by terminal, never across two of them', () => {
  const asked = fc.constantFrom(
    'σ',
    'ς',
    'οδος',
    'i',
    'i̇',
    'ёл',
    'TRUCK',
    't1',
    '1t',
    '0t1',
    '345',
    '7 9',
    'truckt',
    'n3',
  )
  fc.assert(
    fc.property(terminals, asked, (list, q) => {
      const found = [placedSingly(list), restored(list)].map((fleet) => {
        const steps = listing(fleet, { q, sort: 'name', limit: 100 }, T0, createListRoom())
        for (let step = steps.next(); ; step = steps.next()) {
          if (step.done && step.value !== 'bad-cursor') return step.value.items.map(({ id }) => id)
        }
      })
      expect(found[1]).toEqual(found[0])
    }),
    { numRuns: 500 },
  )
})
