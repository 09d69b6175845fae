import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { HOUR } from '../../src/core/time.ts'
import { readRelaySince } from '../../src/workers/relay-since.ts'
import { createFakeClock } from '../support/fake-clock.ts'

test('a relay is as old as its first use, over restarts, until another one takes its place', async () => {
  const { settings } = createMemoryStores()
  const clock = createFakeClock()
  const start = clock.now()
  const since = (relay: string) => readRelaySince({ clock, settings }, relay)
  expect(await since('old.example.org:587')).toBe(start)
  await clock.advance(HOUR)
  expect(await since('old.example.org:587')).toBe(start)
  expect(await since('anna me@new.example.org:25')).toBe(start + HOUR)
  await clock.advance(HOUR)
  expect(await since('anna me@new.example.org:25')).toBe(start + HOUR)
  expect(await since('old.example.org:587')).toBe(start + 2 * HOUR)
})

test('a stored text that nobody understands counts as no relay', async () => {
  const { settings } = createMemoryStores()
  const clock = createFakeClock()
  await settings.set('letters.relay', 'nonsense')
  expect(await readRelaySince({ clock, settings }, 'nonsense')).toBe(clock.now())
})
