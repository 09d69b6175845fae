import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { createReports } from '../../src/workers/reports.ts'
import { createHistoryRig, roundAt, START } from './history-rig.ts'

const iso = (at: number): string => new Date(at).toISOString().replace(':00.000Z', 'Z')

/** START is 2026-01-01T00:00Z, a Thursday; in Moscow it is 03:00 of that day. */
function rig(zone = 'Europe/Moscow') {
  const history = createHistoryRig(['web'])
  const { clock, stores } = history
  const reports = createReports({ clock, history: history.history, hours: stores.uptime }, { zone })
  const fill = async (ms: number): Promise<void> => {
    const from = clock.now()
    for (let at = from; at < from + ms; at += MINUTE) await history.append(roundAt(at, 'ok', { web: 'ok' }))
    await clock.advance(ms)
  }
  const periods = async (...args: Parameters<typeof reports.uptime>): Promise<readonly string[]> =>
    (await reports.uptime(...args)).map(({ from, to }) => `${iso(from)}/${iso(to)}`)
  return { ...history, reports, fill, periods }
}

describe('reports of uptime', () => {
  test('are cut in the zone, newest first, the running period up to now', async () => {
    const { fill, periods, clock } = rig()
    await fill(2 * DAY + 30 * MINUTE)
    const now = clock.now()
    expect(await periods('day', START, now)).toEqual([
      '2026-01-02T21:00Z/2026-01-03T00:30Z',
      '2026-01-01T21:00Z/2026-01-02T21:00Z',
      '2025-12-31T21:00Z/2026-01-01T21:00Z',
    ])
    expect(await periods('week', START, now)).toEqual(['2025-12-28T21:00Z/2026-01-03T00:30Z'])
    expect(await periods('month', START, now)).toEqual(['2025-12-31T21:00Z/2026-01-03T00:30Z'])
  })

  test('know nothing of the time before the first round and of the future', async () => {
    const { fill, periods, reports, clock } = rig('UTC')
    expect(await reports.uptime('day', 0, Number.MAX_SAFE_INTEGER)).toEqual([])
    await clock.advance(DAY + HOUR)
    await fill(DAY)
    expect(await periods('day', 0, START + 1000 * DAY)).toEqual([
      '2026-01-03T00:00Z/2026-01-03T01:00Z',
      '2026-01-02T00:00Z/2026-01-03T00:00Z',
    ])
  })

  test('say uptime per component with coverage and bounds', async () => {
    const { fill, reports, clock, append } = rig('UTC')
    await fill(12 * HOUR)
    for (let minute = 0; minute < 12 * 60; minute += 1) {
      await append(roundAt(clock.now() + minute * MINUTE, 'fail', { web: 'fail' }))
    }
    await clock.advance(DAY)
    const [today, yesterday] = await reports.uptime('day', START, clock.now())
    expect(today).toMatchObject({ ratio: null, coverage: 0, lower: 0, upper: 1 })
    expect(yesterday?.ratio).toBeCloseTo(0.5, 3)
    expect(yesterday?.components).toHaveLength(1)
    expect(yesterday?.components[0]).toMatchObject({ id: 'web', ratio: yesterday?.ratio })
  })

  test('say the same before and after the hours were folded', async () => {
    const { fill, reports, clock, worker, stores } = rig()
    await fill(3 * DAY)
    const before = await reports.uptime('day', START, clock.now())
    await worker.fold()
    expect((await stores.uptime.hours(0, clock.now())).length).toBeGreaterThan(60)
    expect(await reports.uptime('day', START, clock.now())).toEqual(before)
  })
})
