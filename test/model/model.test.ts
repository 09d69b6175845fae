import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ANNA, BOB } from '../support/letters.ts'
import { check } from './harness/check.ts'
import { commands, OPTIONS } from './harness/commands.ts'
import { createDriver } from './harness/driver.ts'
import { HAPPENINGS, happenings } from './harness/happenings.ts'
import { runs, seedOf } from './runs.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const TRACES = 300

test('whatever happens, outages and letters are those of the specification', {
  timeout: 12 * HOUR,
}, async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(commands, async (given) => {
      const driver = await createDriver(OPTIONS, [ANNA, BOB])
      await driver.runAll([{ do: 'pass', verdict: 'ok', ms: MINUTE }, ...given])
      await driver.calmDown()
      expect(await check(driver)).toEqual([])
      for (const happening of driver.world.journal.flatMap(happenings)) seen.add(happening)
    }),
    { numRuns: runs(TRACES), seed: seedOf(), endOnFailure: true },
  )
  if (runs(TRACES) >= TRACES) expect(HAPPENINGS.filter((happening) => !seen.has(happening))).toEqual([])
})
