import { describe, expect, test } from 'vitest'
import { seededRandom } from '../support/seeded-random.ts'
import { jsonFormatSeeds, jsonFormatTargets } from './json-formats.ts'
import { mutate } from './mutate.ts'

describe.each(Object.entries(jsonFormatTargets))('the decoder %s', (name, run) => {
  const seeds = jsonFormatSeeds[name] ?? []

  test('takes its seeds and 5,000 mutations of them without throwing', () => {
    expect(seeds.length).toBeGreaterThan(3)
    const random = seededRandom(20_260_115)
    for (const seed of seeds) run(seed)
    for (let i = 0; i < 5000; i += 1) {
      const bytes = mutate(seeds, random)
      try {
        run(bytes)
      } catch (cause) {
        throw new Error(`it threw for ${Buffer.from(bytes).toString('hex')}`, { cause })
      }
    }
  })
})
