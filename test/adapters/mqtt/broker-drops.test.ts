import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DropEvent, decide, noDrops, readCount } from '../../../src/adapters/mqtt/broker-drops.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'

/** A reading, or null for a look without one, at a time. */
type Look = readonly [at: number, reading: number | null]

function tell(looks: readonly Look[]): (DropEvent & { readonly at: number })[] {
  let drops = noDrops(0)
  return looks.flatMap(([at, reading]) => {
    const decision = decide(drops, reading, at)
    drops = decision.drops
    return decision.events.map((event) => ({ ...event, at }))
  })
}

/** Readings every ten seconds of a count that grows by one in each of the given spans. */
function steady(end: number, growing: (at: number) => boolean): Look[] {
  const looks: Look[] = []
  let count = 0
  for (let at = 0; at <= end; at += 10 * SECOND) {
    if (growing(at)) count += 1
    looks.push([at, count])
  }
  return looks
}

describe('the dropped counter of a broker', () => {
  test('the first reading is no loss, however large', () => {
    expect(tell([[5, 1_000_000]])).toEqual([])
  })

  test('growth is a loss since the reading before, and since the moment that one was counted', () => {
    const [event] = tell([
      [0, 7],
      [30 * SECOND, 9],
    ])
    expect(event).toMatchObject({ kind: 'dropped', count: 2, marked: true, withinMs: 41 * SECOND })
  })

  test('the same value again is an end only after half a minute: the broker counts anew every few seconds', () => {
    const events = tell([
      [0, 0],
      [10 * SECOND, 1],
      [12 * SECOND, 1],
      [39 * SECOND, 1],
      [40 * SECOND, 1],
      [70 * SECOND, 1],
    ])
    expect(events.map(({ kind, at }) => [kind, at])).toEqual([
      ['dropped', 10 * SECOND],
      ['ended', 40 * SECOND],
    ])
  })

  test('a count that went down is that of a broker that began anew', () => {
    const events = tell([
      [0, 500],
      [MINUTE, 3],
      [2 * MINUTE, 4],
    ])
    expect(events.map(({ kind, at }) => [kind, at])).toEqual([['dropped', 2 * MINUTE]])
    expect(events[0]).toMatchObject({ count: 1 })
  })

  test('when readings stop the loss counts as over after five minutes', () => {
    const events = tell([
      [0, 0],
      [10 * SECOND, 1],
      [2 * MINUTE, null],
      [5 * MINUTE + 9 * SECOND, null],
      [5 * MINUTE + 10 * SECOND, null],
    ])
    expect(events.map(({ kind, at }) => [kind, at])).toEqual([
      ['dropped', 10 * SECOND],
      ['ended', 5 * MINUTE + 10 * SECOND],
    ])
  })

  test('one that grows for ever marks the source for a quarter of an hour and never again', () => {
    const events = tell(steady(12 * HOUR, (at) => at > 0))
    const ends = events.filter(({ kind }) => kind !== 'dropped').map(({ kind, at }) => [kind, at])
    expect(ends).toEqual([
      ['ended', 15 * MINUTE + 10 * SECOND],
      ['exhausted', 15 * MINUTE + 10 * SECOND],
    ])
    const lastMark = events.findLast((event) => event.kind === 'dropped' && event.marked)
    expect(lastMark?.at).toBe(15 * MINUTE)
    const counted = events.reduce((sum, event) => sum + (event.kind === 'dropped' ? event.count : 0), 0)
    expect(counted).toBe((12 * HOUR) / (10 * SECOND))
  })

  test('after three quarters of an hour in order it marks the source again', () => {
    const calmUntil = (ms: number) => tell(steady(4 * HOUR, (at) => (at > 0 && at < HOUR) || at > HOUR + ms))
    const marks = (ms: number) =>
      calmUntil(ms).some((event) => event.kind === 'dropped' && event.marked && event.at > HOUR)
    expect([marks(44 * MINUTE), marks(46 * MINUTE)]).toEqual([false, true])
  })

  test('single losses now and then never use up the allowance', () => {
    const events = tell(steady(24 * HOUR, (at) => at % (5 * MINUTE) === 0 && at > 0))
    expect(events.some(({ kind }) => kind === 'exhausted')).toBe(false)
    expect(events.filter(({ kind }) => kind === 'ended').length).toBe(287)
  })

  test('whatever is read, an end comes after a mark and a mark is ended before the next end', () => {
    const step = fc.tuple(fc.nat(3 * MINUTE), fc.option(fc.nat(50), { nil: null }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let at = 0
        const looks = steps.map(([ms, reading]): Look => {
          at += ms
          return [at, reading]
        })
        let marked = false
        for (const event of tell(looks)) {
          if (event.kind === 'ended') expect(marked).toBe(true)
          if (event.kind === 'exhausted') expect(marked).toBe(false)
          if (event.kind === 'dropped') expect(event.count).toBeGreaterThan(0)
          if (event.kind === 'ended') marked = false
          if (event.kind === 'dropped' && event.marked) marked = true
        }
      }),
    )
  })

  test.each([
    ['0', 0],
    ['18446744073', 18_446_744_073],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['12 ', undefined],
    ['9'.repeat(16), undefined],
  ])('the payload %j is %j', (text, expected) => {
    expect(readCount(Buffer.from(text))).toBe(expected)
  })
})
