import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { observedSince } from '../../src/core/freshness/blindness.ts'
import {
  SEEING,
  type ServiceBlindness,
  type ServiceBlindnesses,
} from '../../src/core/outage/service-blindness.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startStation, watched } from '../support/fleet-station.ts'

/** Sources that depend on the service, with an account each (`online`, `shard`), beside one that does not (`gate`). */
async function begin() {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const sources = [
    ...watched('gate'),
    ...watched('online').map((source) => ({ ...source, account: 'main' })),
    ...watched('shard').map((source) => ({ ...source, account: 'second' })),
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
  return { clock, sources, start, station, service, observed }
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
  const dataPlanes = new Map([['main', { from: since, to: null }]])
  service.now = { outage: { from: since, to: null }, dataPlanes }
  await clock.advance(10 * MINUTE)
  service.now = { outage: null, dataPlanes }
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

test('no new data of one account blinds the sources of that account alone, an outage those of all', async () => {
  const { clock, service, observed } = await begin()
  const since = clock.now()
  const second = { from: since, to: null }
  const watched = new Map<string, ServiceBlindness | null>([
    ['main', null],
    ['second', second],
  ])
  service.now = { outage: null, dataPlanes: watched }
  await clock.advance(10 * MINUTE)
  const all = (from: number): number[] => ['gate', 'online', 'shard'].map((id) => observed(id, from))
  expect(all(since)).toEqual([10 * MINUTE, 10 * MINUTE, 0])
  service.now = { ...service.now, outage: { from: since + 10 * MINUTE, to: null } }
  await clock.advance(10 * MINUTE)
  expect(all(since + 10 * MINUTE)).toEqual([10 * MINUTE, 0, 0])
})

test('an account that nothing watches may live on the server that has stalled', async () => {
  const { clock, service, observed } = await begin()
  const since = clock.now()
  service.now = { outage: null, dataPlanes: new Map([['second', { from: since, to: null }]]) }
  await clock.advance(10 * MINUTE)
  expect(observed('online', since)).toBe(0)
  service.now = { outage: null, dataPlanes: new Map([['second', { from: since, to: clock.now() }]]) }
  await clock.advance(10 * MINUTE)
  expect(observed('online', since)).toBe(10 * MINUTE)
})

test('a source that is given another account hears from then on, whatever was found out of that one long ago', async () => {
  const { clock, sources, station, service, observed } = await begin()
  const since = clock.now()
  const over = { from: since - 5 * MINUTE, to: since - MINUTE }
  const dataPlanes = new Map<string, ServiceBlindness>([
    ['main', over],
    ['second', { from: since, to: null }],
  ])
  service.now = { outage: null, dataPlanes }
  await clock.advance(10 * MINUTE)
  await station.watches.reconfigure(
    sources.map((source) => (source.id === 'shard' ? { ...source, account: 'main' } : source)),
  )
  await clock.advance(10 * MINUTE)
  expect(observed('shard', since)).toBe(10 * MINUTE)
})
