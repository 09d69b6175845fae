import { expect, test } from 'vitest'
import { createFleet, EMPTY } from '../../src/core/fleet/fleet.ts'
import { putTerminal } from '../../src/core/fleet/placing.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { createNameRanker } from '../../src/workers/name-ranker.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'

function createRanked() {
  const clock = createFakeClock()
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const put = (row: number): void =>
    putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, firstSeenAt: clock.now() })
  const placed = (): number => fleet.names.rank.filter((place) => place > 0).length
  const ranker = createNameRanker({ clock, fleet })
  ranker.start()
  return { clock, put, placed, ranker }
}

test('names get their places soon when they are many, and within a minute when they are few', async () => {
  const { clock, put, placed } = createRanked()
  for (let row = 0; row < 2000; row++) put(row)
  await clock.advance(3 * SECOND)
  expect(placed()).toBe(2000)
  put(2000)
  await clock.advance(30 * SECOND)
  expect(placed()).toBe(2000)
  await clock.advance(31 * SECOND)
  expect(placed()).toBe(2001)
})

test('nothing is ranked after it was stopped', async () => {
  const { clock, put, placed, ranker } = createRanked()
  for (let row = 0; row < 2000; row++) put(row)
  ranker.stop()
  await clock.advance(MINUTE)
  expect(placed()).toBe(0)
})
