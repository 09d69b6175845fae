import fc from 'fast-check'
import { expect, test } from 'vitest'
import { thresholdsOf } from '../../../src/core/freshness/threshold.ts'
import { createResolver } from '../../../src/core/freshness/threshold-resolver.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS } from '../../support/fleet-scenario.ts'

const own = fc.record({ moving: fc.constantFrom(5 * MINUTE, HOUR) })
const settings = fc.record({
  profiles: fc.dictionary(fc.constantFrom('tractor', 'trailer'), own),
  groups: fc.dictionary(fc.constantFrom('D', 'D/C', 'D/C/G', 'G', 'C/G'), own),
  terminals: fc.dictionary(fc.constantFrom('1', '2'), own),
})
const terminals = fc.array(
  fc.record({
    id: fc.constantFrom('1', '2', '3'),
    dealer: fc.constantFrom('', 'D', 'D2'),
    client: fc.constantFrom('', 'C'),
    group: fc.constantFrom('', 'G', 'C/G', 'D/C/G'),
    profile: fc.constantFrom('', 'tractor', 'trailer'),
    thresholds: fc.option(own),
  }),
  { maxLength: 30 },
)

test('terminals that share an answer are told the same as if each had been looked at alone', () => {
  fc.assert(
    fc.property(settings, terminals, (set, list) => {
      const all = { ...DEFAULTS, ...set }
      const resolve = createResolver(all)
      for (const terminal of list) expect(resolve(terminal)).toEqual(thresholdsOf(terminal, all))
    }),
    { numRuns: 300 },
  )
})
