import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Transition } from '../../src/core/freshness/state.ts'
import type { BlindRow } from '../../src/ports.ts'
import { boundBlind, boundTransitions, MOST_CHANGES } from '../../src/workers/unsaved.ts'

function change(at: number, alertId?: string): Transition {
  const plain = { terminalId: '1', at, from: 'fresh', to: 'stale', contactAt: 1, source: 'gate' } as const
  return alertId === undefined ? plain : { ...plain, alertId }
}

describe('changes of state that wait for the store', () => {
  test('up to the bound all are kept', () => {
    const waiting = Array.from({ length: MOST_CHANGES + 20 }, (_, at) => change(at))
    const { kept, forgotten, alerts } = boundTransitions(waiting, 10)
    expect(kept).toBe(waiting)
    expect([forgotten, alerts]).toEqual([0, 0])
  })

  test('beyond it the oldest without an alert are forgotten, and no alert is', () => {
    const waiting = Array.from({ length: MOST_CHANGES + 1 }, (_, at) =>
      change(at, at % 2 === 0 ? 'a' : undefined),
    )
    const { kept, forgotten, alerts } = boundTransitions(waiting, 0)
    expect([kept.length, forgotten, alerts]).toEqual([MOST_CHANGES * 0.9, MOST_CHANGES * 0.1 + 1, 0])
    expect(kept.filter(({ alertId }) => alertId).length).toBe(MOST_CHANGES / 2 + 1)
    const plain = waiting.filter(({ alertId }) => alertId === undefined)
    const keptPlain = kept.filter(({ alertId }) => alertId === undefined)
    expect(keptPlain.every((one, index) => one === plain[index + forgotten])).toBe(true)
  })

  test('with alerts alone the oldest of them are forgotten, and counted as alerts', () => {
    const waiting = Array.from({ length: MOST_CHANGES + 1 }, (_, at) => change(at, at < 5 ? undefined : 'a'))
    const { kept, forgotten, alerts } = boundTransitions(waiting, 0)
    expect([forgotten, alerts]).toEqual([MOST_CHANGES * 0.1 + 1, MOST_CHANGES * 0.1 - 4])
    expect(kept.length).toBe(waiting.length - forgotten)
    expect(kept.every((one, index) => one === waiting[index + forgotten])).toBe(true)
  })
})

const rows = fc.array(
  fc.record({
    source: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('own', 'service'),
    from: fc.nat(1000),
    length: fc.option(fc.nat(50), { nil: null }),
  }),
  { maxLength: 120 },
)

/** Which instants of a source are blind, the newest row of a beginning standing for the earlier ones. */
function blindInstants(all: readonly BlindRow[], source: string, kind: string): Set<number> {
  const newest = new Map(
    all.filter((row) => row.source === source && row.kind === kind).map(({ from, to }) => [from, to]),
  )
  const instants = new Set<number>()
  for (const [from, to] of newest) for (let at = from; at < (to ?? 1100); at++) instants.add(at)
  return instants
}

describe('blind stretches that wait for the store', () => {
  test('few are kept as they are', () => {
    const few: BlindRow[] = [{ source: 'a', kind: 'own', from: 1, to: null }]
    expect(boundBlind(few, 1)).toEqual(few)
  })

  test('many become few, none of a source is forgotten, and its oldest beginning stays', () => {
    const many = Array.from({ length: 1000 }, (_, n): BlindRow => {
      return { source: n % 2 === 0 ? 'a' : 'b', kind: 'own', from: 10 * n, to: 10 * n + 1 }
    })
    const joined = boundBlind(many, 999)
    expect(joined).toHaveLength(502)
    expect(joined.slice(0, 2)).toEqual([
      { source: 'a', kind: 'own', from: 0, to: 4981 },
      { source: 'a', kind: 'own', from: 5000, to: 5001 },
    ])
  })

  test('whatever is joined, what was blind is blind', () => {
    fc.assert(
      fc.property(rows, (made) => {
        const all = made.map(({ length, from, ...row }) => ({
          ...row,
          from,
          to: length === null ? null : from + length,
        })) as BlindRow[]
        const joined = boundBlind(all, 10)
        for (const source of ['a', 'b']) {
          for (const kind of ['own', 'service']) {
            const after = blindInstants(joined, source, kind)
            for (const at of blindInstants(all, source, kind)) expect(after.has(at)).toBe(true)
          }
        }
      }),
    )
  })
})
