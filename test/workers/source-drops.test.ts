import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { isBlind } from '../../src/core/freshness/blindness.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startStation } from '../support/fleet-station.ts'

async function begin() {
  const clock = createFakeClock()
  const station = await startStation(clock, createMemoryStores())
  const watch = station.watches.find('gate')
  if (!watch) throw new Error('no watch')
  await clock.advance(5 * MINUTE)
  return { clock, station, watch, link: station.link('gate'), blind: () => isBlind(watch.blindness) }
}

describe('a source whose broker drops messages', () => {
  test('judges nobody from the last good reading until the broker drops no more, and then by observed silence', async () => {
    const { clock, station, link } = await begin()
    station.hear('1')
    await clock.advance(29 * MINUTE)
    link.dropped(clock.now() - 40 * SECOND, 5)
    await clock.advance(6 * 60 * MINUTE)
    expect(station.state('1')).toBe('unknown')
    link.dropsEnded(clock.now())
    await clock.advance(MINUTE)
    expect(station.state('1')).toBe('unknown')
    await clock.advance(4 * MINUTE)
    expect(station.state('1')).toBe('stale')
  })

  test('stays blind for it over a break of the link', async () => {
    const { clock, link, blind } = await begin()
    link.dropped(clock.now(), 1)
    link.disconnected(clock.now(), 'lost')
    link.connected(clock.now(), true)
    expect(blind()).toBe(true)
    link.dropsEnded(clock.now())
    expect(blind()).toBe(false)
  })

  test('is not blind for ever when it is closed meanwhile: who would end that is gone', async () => {
    const { clock, station, watch, blind } = await begin()
    station.link('gate').dropped(clock.now(), 1)
    station.watches.closed(watch)
    expect(blind()).toBe(true)
    station.open('gate')
    expect(blind()).toBe(false)
  })
})
