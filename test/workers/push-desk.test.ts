import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/ports.ts'
import type { TakeRecord } from '../../src/workers/ingest.ts'
import { createPushDesk } from '../../src/workers/push-desk.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { slowly, turn } from '../support/slow-clock.ts'

const RECORDS = 2000

/** A desk and what it takes in; if nothing else is said, every look at its clock is a millisecond later. */
function setUp(clock: Pick<Clock, 'now' | 'monotonic'> = slowly(createFakeClock())) {
  const taken: unknown[] = []
  /** What takes the records of the source as it is configured now. */
  const source: { takes: TakeRecord | undefined } = {
    takes(value) {
      taken.push(value)
      return null
    },
  }
  const ingest = { records: () => source.takes, reject: () => {} }
  const desk = createPushDesk({ clock, ingest }, new Map())
  const push = (text: string) => desk.push('push', new TextEncoder().encode(text))
  return { taken, push, source }
}

const lines = (count: number, pad = ''): string[] =>
  Array.from({ length: count }, (_, n) => JSON.stringify({ ident: String(n), pad }))

test('a small push is taken in at once, a large one waits for its turn', async () => {
  const { push } = setUp(createFakeClock())
  const first = (pushed: Promise<unknown>) =>
    Promise.race([pushed.then(() => 'taken'), turn().then(() => 'turn')])
  expect(await first(push('{"ident":"1"}'))).toBe('taken')
  expect(await first(push(`{"ident":"1","pad":"${'x'.repeat(20_000)}"}`))).toBe('turn')
})

describe('a large push', () => {
  test.each([
    ['lines', () => lines(RECORDS).join('\n')],
    ['an array', () => `[${lines(RECORDS, 'x'.repeat(2000)).join(',')}]`],
  ])('of %s lets others have their turn while it is read and while it is taken in', async (_name, body) => {
    const { taken, push } = setUp()
    const pushed = push(body())
    const seen: number[] = []
    while (taken.length < RECORDS) {
      seen.push(taken.length)
      await turn()
    }
    expect(seen.filter((count) => count === 0).length).toBeGreaterThan(10)
    expect(seen.filter((count) => count > 0).length).toBeGreaterThan(10)
    expect(await pushed).toEqual({ kind: 'accepted', accepted: RECORDS, rejected: [] })
  })

  test('with a broken end is answered as unreadable, and nothing of it is taken in', async () => {
    const { taken, push } = setUp()
    expect(await push(`[${lines(RECORDS, 'x'.repeat(100)).join(',')},]`)).toMatchObject({
      kind: 'unreadable',
    })
    expect(taken).toEqual([])
  })
})

describe('a push to a source', () => {
  test('ends as it began when the source is configured anew or removed meanwhile', async () => {
    const { taken, push, source } = setUp()
    const pushed = push(lines(RECORDS).join('\n'))
    while (taken.length === 0) await turn()
    source.takes = undefined
    expect(await pushed).toEqual({ kind: 'accepted', accepted: RECORDS, rejected: [] })
    expect(taken).toHaveLength(RECORDS)
  })

  test('that was removed before is to come again, and is then told that there is none', async () => {
    const { taken, push, source } = setUp()
    source.takes = undefined
    expect(await push('{"ident":"1"}')).toEqual({ kind: 'busy' })
    expect(taken).toEqual([])
  })
})
