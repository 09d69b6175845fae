import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createLoginDelay } from '../../src/http/login-delay.ts'
import { createFakeClock } from '../support/fake-clock.ts'

test('ten attempts are free, then the wait doubles from a minute to a quarter of an hour', async () => {
  const clock = createFakeClock()
  const delay = createLoginDelay(clock)
  for (let i = 0; i < 10; i++) expect(delay.take('olga')).toBe(0)
  for (const minutes of [1, 2, 4, 8, 15, 15, 15]) {
    expect(delay.take('olga')).toBe(minutes * 60)
    await clock.advance(minutes * MINUTE - SECOND)
    expect(delay.take('olga')).toBe(1)
    await clock.advance(SECOND)
    expect(delay.take('olga')).toBe(0)
  }
  expect(delay.take('other')).toBe(0)
})

test('a good attempt and an hour without any forget all', async () => {
  const clock = createFakeClock()
  const delay = createLoginDelay(clock)
  for (let i = 0; i < 10; i++) delay.take('a')
  delay.forget('a')
  expect(delay.take('a')).toBe(0)
  for (let i = 0; i < 12; i++) delay.take('b')
  await clock.advance(HOUR)
  for (let i = 0; i < 10; i++) expect(delay.take('b')).toBe(0)
})

test('a clock that is set back makes nobody wait longer', () => {
  const clock = createFakeClock()
  const delay = createLoginDelay(clock)
  for (let i = 0; i < 10; i++) delay.take('a')
  clock.step(-5 * HOUR)
  expect(delay.take('a')).toBe(60)
})

test('many names push the oldest out of memory', () => {
  const delay = createLoginDelay(createFakeClock())
  for (let i = 0; i < 11; i++) delay.take('first')
  for (let i = 0; i < 20_000; i++) delay.take(`name ${i}`)
  expect(delay.take('first')).toBe(0)
})
