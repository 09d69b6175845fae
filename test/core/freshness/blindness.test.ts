import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addBlind,
  blindSince,
  blindUntil,
  clipBlindness,
  endBlind,
  instantAfter,
  isBlind,
  lastLongBlindEnd,
  observedSince,
} from '../../../src/core/freshness/blindness.ts'

const T = 1_000_000
const spans = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 60 })).map(([from, length]) => ({
    from: T + from,
    to: T + from + length,
  })),
  { maxLength: 12 },
)

function blindAt(list: readonly { from: number; to: number }[], at: number): boolean {
  return at < T || list.some(({ from, to }) => from <= at && at < to)
}

describe('blindness', () => {
  test('observed time is what is left when the blind milliseconds are counted one by one', () => {
    fc.assert(
      fc.property(
        spans,
        fc.integer({ min: -20, max: 400 }),
        fc.integer({ min: 0, max: 400 }),
        (list, a, length) => {
          const blindness = blindUntil(T)
          for (const { from, to } of list) addBlind(blindness, from, to)
          let observed = 0
          for (let at = T + a; at < T + a + length; at++) if (!blindAt(list, at)) observed++
          expect(observedSince(blindness, T + a, T + a + length)).toBe(observed)
        },
      ),
    )
  })

  test('the instant after some observed time is the first at which so much was observed', () => {
    fc.assert(
      fc.property(
        spans,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 200 }),
        (list, since, ms) => {
          const blindness = blindUntil(T)
          for (const { from, to } of list) addBlind(blindness, from, to)
          const at = instantAfter(blindness, T + since, ms)
          expect(observedSince(blindness, T + since, at)).toBe(ms)
          expect(observedSince(blindness, T + since, at - 1)).toBeLessThan(ms)
        },
      ),
    )
  })

  test('the order in which stretches are found out does not matter', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const one = blindUntil(T)
        const other = blindUntil(T)
        for (const { from, to } of list) addBlind(one, from, to)
        for (const { from, to } of list.toReversed()) addBlind(other, from, to)
        expect(other).toEqual(one)
      }),
    )
  })

  test('while it lasts no time is observed, and nothing is due', () => {
    const blindness = blindUntil(T)
    addBlind(blindness, T + 100, Infinity)
    expect(isBlind(blindness)).toBe(true)
    expect(blindSince(blindness)).toBe(T + 100)
    expect(observedSince(blindness, T, T + 500)).toBe(100)
    expect(instantAfter(blindness, T, 101)).toBe(Infinity)
    endBlind(blindness, T + 500)
    expect(instantAfter(blindness, T, 101)).toBe(T + 501)
  })

  test('only a long stretch asks for a grace', () => {
    const blindness = blindUntil(T)
    addBlind(blindness, T + 100, T + 200)
    addBlind(blindness, T + 300, T + 310)
    expect(lastLongBlindEnd(blindness, 50)).toBe(T + 200)
    expect(lastLongBlindEnd(blindness, 100)).toBe(T)
  })

  test('after the clock was set back nothing lies in the future, and blindness that lasts goes on', () => {
    const blindness = blindUntil(T)
    addBlind(blindness, T + 100, T + 200)
    addBlind(blindness, T + 300, Infinity)
    clipBlindness(blindness, T + 150)
    expect(blindSince(blindness)).toBe(T + 100)
    expect(observedSince(blindness, T, T + 180)).toBe(100)
  })

  test('ten thousand stretches stay bounded and are never told shorter', () => {
    const blindness = blindUntil(T)
    for (let i = 0; i < 10_000; i++) addBlind(blindness, T + i * 10, T + i * 10 + 3)
    expect(blindness.from.length).toBeLessThanOrEqual(4096)
    expect(observedSince(blindness, T, T + 100_000)).toBeLessThanOrEqual(70_000)
    expect(observedSince(blindness, T + 90_000, T + 100_000)).toBe(7000)
  })
})
