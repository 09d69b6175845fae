import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { createHistoryRig, GAP_MS, roundAt, START } from './history-rig.ts'

/** Rounds of so many minutes, every minute. */
async function rig(minutes: number) {
  const base = createHistoryRig(['web', 'api'])
  for (let minute = 0; minute < minutes; minute += 1) {
    const fails = minute >= 60 && minute < 90
    await base.append(
      roundAt(START + minute * MINUTE, fails ? 'fail' : 'ok', { web: fails ? 'fail' : 'ok', api: 'ok' }),
    )
  }
  await base.clock.advance(minutes * MINUTE)
  return base
}

describe('the past of the service', () => {
  test('ends now, whatever is asked for', async () => {
    const { history, clock } = await rig(120)
    const now = clock.now()
    expect(await history.uptime(START, now + DAY)).toMatchObject({ from: START, to: now })
    expect(await history.uptime(now + HOUR, now + DAY)).toMatchObject({ from: now, to: now, coverage: 0 })
    expect((await history.timeline(START, now + DAY)).at(-1)?.to).toBe(now)
  })

  test('is told per component, in the order of the configuration', async () => {
    const { history } = await rig(180)
    const { service, components } = await history.totals(START, START + 2 * HOUR)
    expect(service).toEqual({
      up: 89 * MINUTE,
      down: 29 * MINUTE,
      edge: 2 * MINUTE,
      unknown: 0,
      maintenance: 0,
    })
    expect(components).toEqual([
      { id: 'web', totals: service },
      { id: 'api', totals: { up: 2 * HOUR, down: 0, edge: 0, unknown: 0, maintenance: 0 } },
    ])
  })

  test('that is folded is not read round by round', async () => {
    const { history, worker, traced, clock } = await rig(3 * 24 * 60)
    await worker.fold()
    traced.length = 0
    await history.uptime(START, START + 2 * DAY)
    expect(traced).toEqual([])
    // Neither end is at a full hour, and the last hours are not settled.
    await history.uptime(START + 10 * MINUTE, clock.now())
    expect(traced).toHaveLength(2)
    const read = traced.reduce((sum, { from, to }) => sum + (to - from), 0)
    expect(read).toBeLessThan(18 * HOUR)
  })

  test('goes without an hour that is missing between folded ones', async () => {
    const { history, worker, stores, traced } = await rig(2 * 24 * 60)
    const before = await history.totals(START, START + DAY)
    await worker.fold()
    const kept = (await stores.uptime.hours(START, START + DAY)).filter(({ at }) => at !== START + 5 * HOUR)
    await stores.uptime.forget(START)
    await stores.uptime.saveHours(kept)
    traced.length = 0
    expect(await history.totals(START, START + DAY)).toEqual(before)
    expect(traced).toEqual([{ from: START + 2 * HOUR - GAP_MS, to: START + 9 * HOUR + GAP_MS }])
  })
})
