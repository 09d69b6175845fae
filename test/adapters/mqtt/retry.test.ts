import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LinkEnd } from '../../../src/adapters/mqtt/link-end.ts'
import { backoffMs, decide, firstTry, patientMs, type RetryState } from '../../../src/adapters/mqtt/retry.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'

const unreachable: LinkEnd = { kind: 'unreachable', detail: 'ECONNREFUSED' }
const credentials: LinkEnd = { kind: 'refused', cause: 'credentials', detail: 'CONNACK 0x05' }
const version: LinkEnd = { kind: 'refused', cause: 'version', detail: 'CONNACK 0x84' }
const lost = (upMs: number, kicked = false): LinkEnd => ({ kind: 'lost', upMs, kicked, detail: 'closed' })
const start = firstTry(5)

/** Runs ends through the decision, each at its time, with the longest jitter. */
function run(ends: readonly (readonly [at: number, end: LinkEnd])[], state: RetryState = start) {
  const results = []
  let current = state
  for (const [at, end] of ends) {
    const result = decide(current, end, 5, at, 1)
    current = result.state
    results.push(result)
  }
  return results
}

describe('back-off', () => {
  test.each([
    [0, SECOND],
    [1, 2 * SECOND],
    [2, 4 * SECOND],
    [5, 32 * SECOND],
    [6, MINUTE],
    [10_000, MINUTE],
  ])('the delay of attempt %i is at most %i ms', (attempt, ceiling) => {
    expect(backoffMs(attempt, 1)).toBe(ceiling)
    expect(backoffMs(attempt, 0)).toBe(0)
    expect(backoffMs(attempt, 0.5)).toBe(ceiling / 2)
  })

  test('failures in a row wait ever longer, up to a minute', () => {
    const delays = run(Array.from({ length: 8 }, () => [0, unreachable] as const)).map((r) => r.delayMs)
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * SECOND))
  })

  test('only a connection that stood for 30 s begins anew', () => {
    const ends = [
      [0, unreachable],
      [0, unreachable],
      [0, lost(30 * SECOND - 1)],
      [0, lost(30 * SECOND)],
      [0, unreachable],
    ] as const
    expect(run(ends).map((r) => r.delayMs)).toEqual([1, 2, 4, 1, 2].map((s) => s * SECOND))
  })

  test('refused credentials are tried again at the longest back-off, at once from the first time', () => {
    expect(run([[0, credentials]])[0]?.delayMs).toBe(MINUTE)
    expect(decide(start, credentials, 5, 0, 0).delayMs).toBe(30 * SECOND)
    expect(patientMs(0.5)).toBe(45 * SECOND)
  })

  test('no sequence of ends waits longer than a minute or spins', () => {
    const end = fc.oneof(
      fc.constantFrom(unreachable, credentials, version, { kind: 'silent', detail: '' } as const),
      fc.tuple(fc.nat(100 * SECOND), fc.boolean()).map(([upMs, kicked]) => lost(upMs, kicked)),
    )
    fc.assert(
      fc.property(fc.array(end, { maxLength: 60 }), (ends) => {
        let previousWasFree = false
        for (const { delayMs } of run(ends.map((e) => [0, e] as const))) {
          expect(delayMs).toBeLessThanOrEqual(MINUTE)
          expect(previousWasFree && delayMs === 0).toBe(false)
          previousWasFree = delayMs === 0
        }
      }),
    )
  })
})

describe('takeover loop', () => {
  const kick = lost(2 * SECOND, true)

  test.each([
    ['two kicks are no loop', [0, 10], []],
    ['three within a minute are one', [0, 10, 59], [2]],
    ['three over more than a minute are none', [0, 10, 60], []],
    ['it is told once while it lasts', [0, 10, 20, 30, 40], [2]],
    ['the minute moves along', [0, 50, 70, 80], [3]],
  ] as const)('%s', (_name, seconds, toldAt) => {
    const results = run(seconds.map((s) => [s * SECOND, kick] as const))
    const told = results.flatMap((r, index) =>
      r.events.some((e) => e.kind === 'takeover-loop') ? [index] : [],
    )
    expect(told).toEqual(toldAt)
  })

  test('ordinary losses never make one', () => {
    expect(run([0, 1, 2, 3].map((at) => [at, lost(SECOND)] as const)).some((r) => r.state.contested)).toBe(
      false,
    )
  })

  test('the back-off goes on growing in a loop', () => {
    expect(run([0, 1, 2, 3].map((at) => [at, kick] as const)).map((r) => r.delayMs)).toEqual(
      [1, 2, 4, 8].map((s) => s * SECOND),
    )
  })

  test('a stable connection ends it, and the next loop is told again', () => {
    const first = run([0, 1, 2].map((at) => [at, kick] as const)).at(-1)?.state ?? start
    const calm = decide(first, lost(31 * SECOND), 5, 10 * MINUTE, 0).state
    expect(calm.contested).toBe(false)
    const again = run(
      [0, 1, 2].map((s) => [11 * MINUTE + s * SECOND, kick] as const),
      calm,
    )
    expect(again.at(-1)?.events).toEqual([{ kind: 'takeover-loop' }])
  })
})

describe('version fall-back', () => {
  test('a refused MQTT 5 is followed by 3.1.1 at once', () => {
    const [result] = run([[0, version]])
    expect(result?.delayMs).toBe(0)
    expect(result?.state.version.current).toBe(4)
    expect(result?.events).toEqual([{ kind: 'version-changed', to: 4 }])
  })

  test('when both are refused the second refusal waits', () => {
    const results = run([
      [0, version],
      [0, version],
    ])
    expect(results[1]?.state.version.current).toBe(5)
    expect(results[1]?.delayMs).toBe(2 * SECOND)
  })
})
