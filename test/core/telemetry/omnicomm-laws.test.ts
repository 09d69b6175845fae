import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mutate } from '../../fuzz/mutate.ts'
import { omnicommTargets, seeds } from '../../fuzz/omnicomm.ts'
import { seededRandom } from '../../support/seeded-random.ts'

describe.each(Object.entries(omnicommTargets))('%s', (_, run) => {
  test('takes any bytes without throwing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), run), { numRuns: 500 })
  })

  test('takes mutated frames without throwing', () => {
    const random = seededRandom(20_260_115)
    for (const seed of seeds) run(seed)
    for (let i = 0; i < 2000; i += 1) {
      const bytes = mutate(seeds, random)
      expect(() => run(bytes), Buffer.from(bytes).toString('hex')).not.toThrow()
    }
  })
})
