import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addSource, createFleet, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { readingsOf } from '../../../src/core/fleet/reading-columns.ts'
import { decodeBlock, encodeChunk } from '../../../src/core/fleet/register-codec.ts'
import { rowFor } from '../../../src/core/fleet/spoken-names.ts'
import { applyObservation } from '../../../src/core/freshness/registers.ts'
import { beginBlind, createSourceWatch, endCause } from '../../../src/core/freshness/source-watch.ts'
import { sweep } from '../../../src/core/freshness/sweep.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'

const REGISTERS = [
  'contactAt',
  'dataAt',
  'liveAt',
  'fixAt',
  'linkAt',
  'ignitionAt',
  'speedAt',
  'speedKmh',
] as const

const observations = fc.array(
  fc.record(
    {
      source: fc.constantFrom('a', 'b'),
      receivedAt: fc.integer({ min: 0, max: 1000 }).map((n) => T0 + n * SECOND),
      heardBefore: fc.integer({ min: 0, max: 200 }),
      eventBefore: fc.integer({ min: -50, max: 5000 }),
      kind: fc.constantFrom('live', 'archive', 'snapshot', 'presence'),
      ignition: fc.boolean(),
      speedKmh: fc.integer({ min: 0, max: 90 }),
      satellites: fc.integer({ min: 0, max: 9 }),
    },
    { requiredKeys: ['source', 'receivedAt', 'kind'] },
  ),
  { maxLength: 30 },
)

type Drawn = (typeof observations extends fc.Arbitrary<infer T> ? T : never)[number]

function toObservation(drawn: Drawn): Observation {
  const { source, receivedAt, kind, heardBefore, eventBefore, ignition, speedKmh, satellites } = drawn
  return {
    terminalId: '1',
    source,
    receivedAt,
    kind,
    ...(heardBefore === undefined ? {} : { heardAt: receivedAt - heardBefore * SECOND }),
    ...(eventBefore === undefined ? {} : { eventAt: receivedAt - eventBefore * SECOND }),
    ...(satellites === undefined ? {} : { fix: { latitude: 56, longitude: 43, satellites } }),
    readings: {
      ...(ignition === undefined ? {} : { ignition }),
      ...(speedKmh === undefined ? {} : { speedKmh, voltage: speedKmh }),
    },
  }
}

function registersAfter(list: readonly Observation[]): unknown {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (const id of ['a', 'b']) {
    addSource(fleet, createSourceWatch({ id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, []))
  }
  for (const observation of list) {
    const number = fleet.sourceNumbers.get(observation.source) ?? 0
    applyObservation(fleet.table, rowFor(fleet, '1', number, T0), observation, number)
  }
  const registers = REGISTERS.map((name) => fleet.table[name][0])
  return { registers, ignition: fleet.table.ignition[0], readings: readingsOf(fleet.table.readings, 0) }
}

describe('the registers', () => {
  test('do not depend on order, repetition or the road an observation took', () => {
    fc.assert(
      fc.property(
        observations,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (drawn, random) => {
          const list = drawn.map(toObservation)
          const keyed = [...list, ...list].map((observation) => ({ observation, key: random.next().value }))
          const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ observation }) => observation)
          expect(registersAfter(shuffled)).toEqual(registersAfter(list))
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** One terminal that speaks now and then; a monitor that is blind, dies and comes back. Seconds since T0. */
const histories = fc.record({
  /** Seconds at which the terminal speaks. */
  words: fc.array(fc.integer({ min: 0, max: 4 * 3600 }), { minLength: 1, maxLength: 40 }),
  copies: fc.integer({ min: 1, max: 2 }),
  archive: fc.boolean(),
  gaps: fc.array(
    fc.record({
      from: fc.integer({ min: 60, max: 4 * 3600 }),
      length: fc.integer({ min: 1, max: 3000 }),
      restart: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
})

describe('the sweep, whatever mix of blindness, restarts, duplicates and archive bursts', () => {
  test('says stale only over the threshold of observed silence and outside the grace, and then within a second', () => {
    fc.assert(
      fc.property(histories, ({ words, copies, archive, gaps }) => {
        const end = 5 * 3600
        const blind = new Uint8Array(end + 1)
        for (const { from, length } of gaps) blind.fill(1, from, Math.min(end, from + length))
        const speaks = new Set(words)
        const monitor = createMonitor()
        const oracle = createOracle()
        for (let second = 1; second <= end; second++) {
          const isBlind = blind[second - 1] === 1
          const endsRestart = gaps.some((gap) => gap.restart && gap.from + gap.length === second)
          monitor.pass(second, blind[second] === 1, endsRestart && blind[second] === 0)
          oracle.pass(isBlind, endsRestart && blind[second] === 0)
          if (blind[second] === 0 && speaks.has(second)) {
            for (let copy = 0; copy < copies; copy++) monitor.hear(second, archive)
            oracle.hear()
          }
          if (blind[second] === 1) continue
          const stale = monitor.judge(second)
          const expected = oracle.isStale()
          if (stale && !expected) throw new Error(`false stale at ${second} s`)
          if (!stale && expected) throw new Error(`not flagged at ${second} s`)
        }
      }),
      { numRuns: 60, interruptAfterTimeLimit: 15_000, endOnFailure: true },
    )
  })
})

const THRESHOLD_S = 1800
const GRACE_S = 120

/** The rule counted second by second, without intervals or sums. */
function createOracle() {
  let silence = -1
  let heardTwice = 0
  let stale = false
  let blindFor = 0
  let grace = GRACE_S
  return {
    pass(isBlind: boolean, restarted: boolean): void {
      if (isBlind) blindFor++
      else if (silence >= 0) silence++
      if (heardTwice > 0) heardTwice++
      if (!isBlind) grace--
      if (!isBlind && blindFor > 0) blindFor = 0
      if (isBlind && blindFor > GRACE_S) grace = GRACE_S
      if (restarted) grace = GRACE_S
    },
    hear(): void {
      silence = 0
      heardTwice = heardTwice > 0 && stale ? 1000 : 1
    },
    isStale(): boolean {
      if (silence < 0) return false
      const over = silence > THRESHOLD_S && (grace <= 0 || silence > THRESHOLD_S + GRACE_S)
      if (over) {
        if (!stale) heardTwice = 0
        stale = true
      } else if (stale && heardTwice > 60) stale = false
      return stale
    },
  }
}

function createMonitor() {
  let fleet = freshFleet()
  let wasBlind = false
  const at = (second: number): number => T0 + second * SECOND

  function freshFleet(): Fleet {
    const made = createFleet(
      { ...DEFAULTS, default: { ...DEFAULTS.default, lost: 400 * HOUR } },
      GRACE_S * SECOND,
    )
    addSource(
      made,
      createSourceWatch({ id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, []),
    )
    return made
  }

  return {
    /** From this second on it is blind or not; `restarted`: the process begins anew with what was stored. */
    pass(second: number, isBlind: boolean, restarted: boolean): void {
      const watch = fleet.sources[0]
      if (!watch) throw new Error('no source')
      if (isBlind && !wasBlind) beginBlind(watch, 'link', at(second))
      if (!isBlind && wasBlind) endCause(watch, 'link', at(second))
      wasBlind = isBlind
      if (!restarted) return
      const stored = fleet.inventory.length > 0 ? encodeChunk(fleet.table, 0) : null
      const next = freshFleet()
      for (const terminal of fleet.inventory) rowFor(next, terminal.id, 1, terminal.firstSeenAt)
      if (stored) decodeBlock(next.table, stored)
      const resumed = createSourceWatch(
        { id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE },
        at(second),
        T0,
        [],
      )
      resumed.blindness.from = [...watch.blindness.from]
      resumed.blindness.to = [...watch.blindness.to]
      resumed.blindness.before = [...watch.blindness.before]
      next.sources[0] = resumed
      fleet = next
    },
    hear(second: number, archive: boolean): void {
      const observation: Observation = {
        terminalId: '1',
        source: 'gate',
        receivedAt: at(second),
        eventAt: archive ? at(second) - 3 * HOUR : at(second),
        kind: archive ? 'archive' : 'live',
      }
      applyObservation(fleet.table, rowFor(fleet, '1', 1, at(second)), observation, 1)
    },
    judge(second: number): boolean {
      sweep(fleet, at(second), at(second - 1))
      const state = fleet.table.state[0] ?? 0
      return state === STALE
    },
  }
}

const STALE = 6
