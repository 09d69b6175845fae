import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { openReporting } from '../../src/compose/reports.ts'
import { parseConfig } from '../../src/config/load.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { createServiceHistory } from '../../src/workers/service-history.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { letter, round } from '../support/store-rows.ts'

const GAP_MS = 2.5 * MINUTE
/** 2026-01-31T20:00Z, an hour before February in Moscow. */
const START = 1_769_889_600_000

function configured(timezone: string) {
  const loaded = parseConfig(`timezone: ${timezone}\nlanguage: en\n`, {})
  if (!loaded.ok) throw new Error('the configuration is good')
  return loaded.config
}

test('uptime is folded by the hour, read by the month and sent to operators, also in another zone', async () => {
  const clock = createFakeClock(START)
  const log = createRecordingLog()
  const stores = createMemoryStores()
  const zones: string[] = []
  let wakes = 0
  const reporting = openReporting(
    {
      clock,
      log,
      stores,
      timetable: {
        run: (_expression, zone) => {
          zones.push(zone)
          return () => {}
        },
      },
      probing: {
        history: () =>
          createServiceHistory(
            { clock, store: stores.outages, hours: stores.uptime, windows: () => [] },
            { components: ['web'], largestGapMs: GAP_MS },
          ),
        pauses: () => [],
        largestGapMs: () => GAP_MS,
      },
      letters: {
        operatorLetter: async (matter) =>
          matter.kind === 'report'
            ? [
                letter('operator', 'op@example.org', {
                  subject: 'report-202601',
                  mime: bytes(matter.report.rows),
                }),
              ]
            : [],
        wake: () => {
          wakes += 1
        },
      },
    },
    configured('Europe/Moscow'),
  )
  reporting.start()
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    await stores.outages.append(round(clock.now()))
    await clock.advance(MINUTE)
  }
  expect((await stores.uptime.hours(START, clock.now())).length).toBeGreaterThan(18)
  expect(wakes).toBe(1)
  const [sent] = (await stores.outbox.list({ subject: 'report-202601', limit: 10 })).items
  const claimed = await stores.outbox.get(sent?.id ?? '')
  expect(new TextDecoder().decode(claimed?.mime)).toMatch(/^Omnicomm Online: .*\nweb: /)
  const months = await reporting.reader.uptime('month', 0, clock.now())
  expect(months.map(({ to }) => to)).toEqual([clock.now(), START + HOUR])

  await reporting.reconfigure(configured('Europe/Moscow'))
  await reporting.reconfigure(configured('Asia/Yekaterinburg'))
  expect(zones).toEqual(['Europe/Moscow', 'Asia/Yekaterinburg'])
  expect(await reporting.reader.uptime('month', 0, clock.now())).toHaveLength(1)
  await reporting.stop()
  expect(log.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

function bytes(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join('\n'))
}
