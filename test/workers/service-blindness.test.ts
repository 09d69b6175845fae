import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { observedSince } from '../../src/core/freshness/blindness.ts'
import { SEEING, type ServiceBlindnesses } from '../../src/core/outage/service-blindness.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startStation, watched } from '../support/fleet-station.ts'

/** A source that depends on the service (`online`) beside one that does not (`gate`). */
async function begin() {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const sources = [
    ...watched('gate'),
    ...watched('online').map((source) => ({ ...source, dependsOnService: true })),
  ]
  const service: { now: ServiceBlindnesses } = { now: SEEING }
  const start = async () => {
    const station = await startStation(clock, stores, { sources })
    station.watches.followService(() => service.now)
    return station
  }
  const station = await start()
  const observed = (id: string, since: number, of = station): number => {
    const watch = of.watches.find(id)
    if (!watch) throw new Error(`no source ${id}`)
    return observedSince(watch.blindness, since, clock.now())
  }
  await clock.advance(10 * MINUTE)
  return { clock, stores, start, station, service, observed }
}

test('an outage of the service stops the observed time of what depends on it, from its beginning to its end', async () => {
  const { clock, station, service, observed } = await begin()
  const since = clock.now()
  const outage = { from: since + MINUTE, to: null }
  await clock.advance(3 * MINUTE)
  service.now = { ...SEEING, outage }
  await clock.advance(40 * MINUTE)
  expect([observed('gate', since), observed('online', since)]).toEqual([43 * MINUTE, MINUTE])
  // It is over since 6 minutes when that is known.
  await clock.advance(6 * MINUTE)
  service.now = { ...SEEING, outage: { ...outage, to: clock.now() - 6 * MINUTE } }
  await clock.advance(SECOND)
  expect(observed('online', since)).toBe(7 * MINUTE + SECOND)
  expect(station.watches.blindSince(station.watches.find('online') ?? Object.assign({}))).toBeNull()
})

test('nobody falls silent by an outage, nor right after it, and the dead do after one grace', async () => {
  const { clock, station, service } = await begin()
  station.hear('far', { source: 'online' })
  station.hear('near')
  service.now = { ...SEEING, outage: { from: clock.now(), to: null } }
  await clock.advance(2 * HOUR)
  expect([station.state('far'), station.state('near')]).toEqual(['unknown', 'stale'])
  service.now = { ...SEEING, outage: { from: clock.now() - 2 * HOUR, to: clock.now() } }
  await clock.advance(29 * MINUTE)
  expect(station.state('far')).not.toBe('stale')
  await clock.advance(4 * MINUTE)
  expect(station.state('far')).toBe('stale')
})

test('the end of one cause that is found out late takes nothing from another', async () => {
  const { clock, station, service, observed } = await begin()
  const since = clock.now()
  service.now = { ...SEEING, outage: { from: since, to: null } }
  await clock.advance(10 * MINUTE)
  station.link('online').disconnected(clock.now(), 'gone')
  await clock.advance(10 * MINUTE)
  station.link('online').connected(clock.now(), false)
  await clock.advance(MINUTE)
  service.now = { ...SEEING, outage: { from: since, to: since + 5 * MINUTE } }
  await clock.advance(SECOND)
  // The link was down until minute 20.
  expect(observed('online', since)).toBe(MINUTE + SECOND)
})

test('one that was false is over at once, and one without new data counts like an outage', async () => {
  const { clock, service, observed } = await begin()
  const since = clock.now()
  service.now = { outage: { from: since, to: null }, dataPlane: { from: since, to: null } }
  await clock.advance(10 * MINUTE)
  service.now = { outage: null, dataPlane: { from: since, to: null } }
  await clock.advance(10 * MINUTE)
  expect(observed('online', since)).toBe(0)
  service.now = SEEING
  await clock.advance(MINUTE)
  expect(observed('online', since)).toBeGreaterThan(MINUTE - 2 * SECOND)
  expect(observed('online', since)).toBeLessThanOrEqual(MINUTE)
})

test('its blindness outlives a restart, also when it ended minutes before that was known', async () => {
  const { clock, start, station, service, observed } = await begin()
  const since = clock.now()
  service.now = { ...SEEING, outage: { from: since, to: null } }
  await clock.advance(20 * MINUTE)
  service.now = { ...SEEING, outage: { from: since, to: since + 14 * MINUTE } }
  await clock.advance(20 * SECOND)
  station.crash()
  const second = await start()
  const watch = second.watches.find('online')
  expect(watch?.blindness.from).toContain(since)
  expect(observed('online', since, second)).toBeGreaterThan(6 * MINUTE)
  expect(observed('online', since, second)).toBeLessThan(7 * MINUTE)
})
