import { expect, test } from 'vitest'
import { createNanoPlaces, nanosOf } from '../../../src/core/history/nanos.ts'

const AT = 1_767_225_600_000
const MILLION = 1_000_000

test('a point stands where the hash of its terminal says, in every run', () => {
  expect(nanosOf('200000001')).toBe(nanosOf('200000001'))
  expect(createNanoPlaces().place('gate stale fresh', AT, '200000001')).toBe(nanosOf('200000001'))
  const places = Array.from({ length: 1000 }, (_, i) => nanosOf(String(200_000_000 + i)))
  expect(places.every((place) => place >= 0 && place < MILLION)).toBe(true)
  expect(new Set(places).size).toBeGreaterThan(990)
})

test('two terminals of one hash stand beside each other, and what is of another series or millisecond is not moved', () => {
  const places = createNanoPlaces()
  const first = places.place('gate stale fresh', AT, 'a')
  expect(places.place('gate stale fresh', AT, 'a')).toBe((first + 1) % MILLION)
  expect(places.place('gate lost stale', AT, 'a')).toBe(first)
  expect(places.place('gate stale fresh', AT + 1, 'a')).toBe(first)
})

test('tens of thousands of changes of one millisecond overwrite none of each other', () => {
  const places = createNanoPlaces()
  const taken = new Uint8Array(MILLION)
  for (let i = 0; i < 30_000; i++) taken[places.place('gate never unknown', AT, String(200_000_000 + i))] = 1
  expect(taken.reduce((sum, one) => sum + one, 0)).toBe(30_000)
})

test('a million changes of one millisecond have a place each, and none of them takes long to find', () => {
  const places = createNanoPlaces()
  const taken = new Uint8Array(MILLION)
  const begun = performance.now()
  for (let i = 0; i < MILLION; i++) taken[places.place('gate unknown none', AT, String(200_000_000 + i))] = 1
  expect(taken.includes(0)).toBe(false)
  // Place by place the last free ones were searched for a third of a second each, and all of them for 25 s.
  expect(performance.now() - begun).toBeLessThan(10_000)
  expect(places.place('gate unknown none', AT, 'one more')).toBe(nanosOf('one more'))
})

test('of very many milliseconds the older ones are forgotten', () => {
  const places = createNanoPlaces(1000)
  const first = places.place('s', AT, 'a')
  for (let i = 1; i < 1500; i++) places.place('s', AT + i, 'a')
  expect(places.place('s', AT + 1499, 'a')).toBe((first + 1) % MILLION)
  // So long ago that it is forgotten: the hash itself again.
  expect(places.place('s', AT, 'a')).toBe(first)
})
