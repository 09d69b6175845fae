import { describe, expect, test } from 'vitest'
import { type Flaps, isUnstable, noteFlap } from '../../../src/core/freshness/flaps.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { T0 } from '../../support/fleet-scenario.ts'

describe('changes into and out of silence', () => {
  test('are forgotten when they are a day old, also those of terminals that change no more', () => {
    const all = new Map<number, Flaps>()
    for (let row = 0; row < 1000; row++) noteFlap(all, row, T0 + row * HOUR)
    expect([...all.keys()]).toEqual(Array.from({ length: 24 }, (_, n) => 976 + n))
  })

  test('of who changes again and again are kept, however long ago it began', () => {
    const all = new Map<number, Flaps>()
    for (let n = 0; n < 1000; n++) {
      noteFlap(all, 0, T0 + n * HOUR)
      noteFlap(all, 1 + n, T0 + n * HOUR + MINUTE)
    }
    expect(all.get(0)?.changes).toHaveLength(24)
    expect(isUnstable(all.get(0), T0 + 1000 * HOUR)).toBe(true)
    expect(all.size).toBeLessThanOrEqual(25)
  })

  test('leave when the link was last noted as unstable to the next change', () => {
    const all = new Map<number, Flaps>()
    noteFlap(all, 0, T0).notedAt = T0
    expect(noteFlap(all, 0, T0 + DAY - 1)).toEqual({ changes: [T0, T0 + DAY - 1], notedAt: T0 })
  })
})
