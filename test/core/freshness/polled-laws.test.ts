import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beginBlind, endCause } from '../../../src/core/freshness/source-watch.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { createPolledScenario, type PolledScenario } from '../../support/polled-scenario.ts'

const SETTINGS = { ...DEFAULTS, default: { ...DEFAULTS.default, lost: 400 * DAY } }
const MINUTES = 240

/** Stretches in minutes since T0. */
const stretches = (longest: number) =>
  fc.array(
    fc.record({ from: fc.integer({ min: 1, max: MINUTES }), length: fc.integer({ min: 1, max: longest }) }),
    {
      maxLength: 6,
    },
  )

type Stretches = typeof stretches extends (n: number) => fc.Arbitrary<infer T> ? T : never

/** Whether the minute that ends at `minute` is in one of them. */
const isIn = (list: Stretches, minute: number): boolean =>
  list.some(({ from, length }) => from <= minute && minute < from + length)

/** Lets time pass minute by minute, polls failing and outages coming as drawn. */
function pass(fleet: PolledScenario, failing: Stretches, outages: Stretches, each: (minute: number) => void) {
  for (let minute = 1; minute <= MINUTES; minute++) {
    const isOut = isIn(outages, minute)
    if (isOut && !isIn(outages, minute - 1)) beginBlind(fleet.watch, 'outage', fleet.now())
    if (!isOut) endCause(fleet.watch, 'outage', fleet.now())
    fleet.answer(!isOut && !isIn(failing, minute))
    each(minute)
    fleet.run(MINUTE)
  }
}

describe('whatever polls fail', () => {
  test('a terminal that reaches the service within its threshold is never stale', () => {
    fc.assert(
      fc.property(
        stretches(200),
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 12, maxLength: 12 }),
        (failing, gaps) => {
          const fleet = createPolledScenario(SETTINGS)
          fleet.say('1', T0)
          let left = 1
          let turn = 0
          pass(fleet, failing, [], () => {
            if (--left > 0) return
            // Between two polls, so that each poll tells only what came before it.
            fleet.say('1', fleet.now() + 20 * SECOND)
            left = gaps[turn++ % gaps.length] ?? 1
          })
          expect(fleet.story('1').filter((step) => step.includes('>stale'))).toEqual([])
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 12_000 },
    )
  })

  test('a dead one is stale at the first good poll over its threshold of silence without outages, or a grace later', () => {
    fc.assert(
      fc.property(
        stretches(60),
        stretches(60),
        fc.integer({ min: 3, max: 60 }),
        (failing, outages, diesAt) => {
          const fleet = createPolledScenario(SETTINGS)
          fleet.say('1', T0)
          const oracle = createOracle()
          pass(fleet, failing, outages, (minute) => {
            const isOut = isIn(outages, minute)
            const isGood = !isOut && !isIn(failing, minute)
            if (minute <= diesAt && !isOut) fleet.say('1', fleet.now() + 20 * SECOND)
            oracle.minute(minute, isOut, isGood, minute <= diesAt && !isOut)
          })
          const [stale] = fleet.transitions.filter(({ to }) => to === 'stale')
          const bounds = oracle.bounds()
          const staleAt = stale ? (stale.at - T0) / MINUTE : Infinity
          expect(staleAt).toBeGreaterThanOrEqual(bounds.earliest)
          expect(staleAt).toBeLessThanOrEqual(bounds.latest)
        },
      ),
      { numRuns: 60, interruptAfterTimeLimit: 14_000 },
    )
  })
})

/** Silence counted minute by minute: what each good poll proves, in minutes since T0. */
function createOracle() {
  const outages: number[] = []
  let lastWord = 0
  let told: number | null = null
  let contact = 0
  let proven = Infinity
  return {
    /** The minute before the poll at `minute`. */
    minute(minute: number, isOut: boolean, isGood: boolean, speaks: boolean): void {
      if (speaks) lastWord = minute - 40 / 60
      if (isOut) outages.push(minute)
      if (!isGood) return
      if (told !== lastWord) contact = told === null ? lastWord : minute
      told = lastWord
      const out = outages.filter((one) => one > contact).length
      if (minute - contact - out > 30) proven = Math.min(proven, minute)
    },
    bounds: () => ({ earliest: proven, latest: proven + 2 + 1 / 60 }),
  }
}

test('what is polled twice moves no register and changes no state', () => {
  const words = fc.array(
    fc.record({ minute: fc.integer({ min: 1, max: 90 }), lag: fc.integer({ min: 0, max: 90 }) }),
  )
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 4 }), (drawn, copies) => {
      const run = (times: number): unknown => {
        const fleet = createPolledScenario(SETTINGS)
        fleet.say('1', T0 - HOUR)
        for (let minute = 1; minute <= 100; minute++) {
          for (const word of drawn.filter((one) => one.minute === minute)) {
            fleet.say('1', (fleet.now() - word.lag * MINUTE) as Instant)
          }
          fleet.run(MINUTE)
          for (let i = 1; i < times; i++) fleet.poll()
        }
        return [fleet.registers('1'), fleet.story('1')]
      }
      expect(run(1 + copies)).toEqual(run(1))
    }),
    { numRuns: 25 },
  )
})
