import { describe, expect, test } from 'vitest'
import type { MonthlyReport } from '../../src/core/letters/operator-letter.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { createMonthlyReport } from '../../src/workers/monthly-report.ts'
import { letter, outage } from '../support/store-rows.ts'
import { createHistoryRig, roundAt, START } from './history-rig.ts'

const JANUARY = START
const FEBRUARY = START + 31 * DAY
/** 09:00 in Moscow. */
const NINE = 6 * HOUR

/** START is 2026-01-01T00:00Z. The timetable is called by hand: its own times are tested with the adapter. */
async function rig(monitoredFrom = JANUARY) {
  const base = createHistoryRig(['web'])
  const { clock, stores, log } = base
  for (let at = monitoredFrom; at < monitoredFrom + 2 * HOUR; at += MINUTE) {
    await base.append(roundAt(at, 'ok', { web: 'ok' }))
  }
  const sent: MonthlyReport[] = []
  const state: { failure: Error | null; operators: readonly string[] } = {
    failure: null,
    operators: ['op@example.org'],
  }
  const timed: { expression: string; zone: string; task: () => void | Promise<void> }[] = []
  const make = () =>
    createMonthlyReport(
      {
        clock,
        log,
        timetable: {
          run: (expression, zone, task) => {
            const entry = { expression, zone, task }
            timed.push(entry)
            return () => void timed.splice(timed.indexOf(entry), 1)
          },
        },
        history: base.history,
        outages: stores.outages,
        hours: stores.uptime,
        outbox: stores.outbox,
        send: async (report) => {
          if (state.failure) throw state.failure
          sent.push(report)
          const key = new Date(report.month + 12 * HOUR).toISOString().slice(0, 7).replace('-', '')
          const row = { subject: `report-${key}`, sequence: report.sequence, dueAt: clock.now() }
          await stores.outbox.add(state.operators.map((operator) => letter('operator', operator, row)))
        },
      },
      { zone: 'Europe/Moscow', language: 'en', serviceName: 'Omnicomm Online' },
    )
  return { ...base, sent, state, timed, make, worker: make() }
}

describe('the monthly report', () => {
  test('of the month before is sent on the first day at 09:00 of the zone, once', async () => {
    const { worker, clock, sent, timed } = await rig()
    await clock.advance(FEBRUARY + NINE - MINUTE - clock.now())
    worker.start()
    await worker.check()
    expect(sent).toEqual([])
    expect(timed.map(({ expression, zone }) => [expression, zone])).toEqual([['0 9 1 * *', 'Europe/Moscow']])
    await clock.advance(MINUTE)
    await timed[0]?.task()
    await timed[0]?.task()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.month).toBe(JANUARY - 3 * HOUR)
    expect(sent[0]?.rows).toEqual([
      expect.stringMatching(
        /^Omnicomm Online: between 0\.\d+ % and 100 %, .*, no proven downtime, outages: 0$/,
      ),
      expect.stringMatching(/^web: between/),
    ])
    await clock.advance(20 * DAY)
    expect(sent).toHaveLength(1)
    await worker.stop()
    expect(timed).toEqual([])
  })

  test('is sent late after the service was down on the first, and not again by the next run', async () => {
    const { make, clock, sent } = await rig()
    await clock.advance(FEBRUARY + 12 * DAY - clock.now())
    await make().check()
    await make().check()
    expect(sent).toHaveLength(1)
  })

  test('comes for each of two months when the service was down for a whole one', async () => {
    const { make, clock, sent } = await rig()
    await clock.advance(FEBRUARY + 30 * DAY - clock.now())
    await make().check()
    await make().check()
    expect(sent.map(({ month }) => month)).toEqual([JANUARY - 3 * HOUR, FEBRUARY - 3 * HOUR])
  })

  test('comes although a clock that was ahead for an hour had it written before the month was over', async () => {
    const { worker, make, clock, sent } = await rig()
    await clock.advance(20 * DAY - (clock.now() - JANUARY))
    clock.step(15 * DAY)
    await worker.check()
    await worker.check()
    clock.step(-15 * DAY)
    await worker.check()
    expect(sent.map(({ sequence }) => sequence)).toEqual([1])
    await clock.advance(FEBRUARY + NINE - clock.now())
    await worker.check()
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2])
    await make().check()
    await clock.advance(20 * DAY)
    await worker.check()
    await make().check()
    expect(sent).toHaveLength(2)
  })

  test('is written for operators who are added after the first of the month, without a restart', async () => {
    const { worker, clock, sent, state, stores } = await rig()
    await clock.advance(FEBRUARY + NINE - clock.now())
    state.operators = []
    await worker.check()
    expect((await stores.outbox.list({ limit: 9 })).total).toBe(0)
    state.operators = ['late@example.org']
    await clock.advance(DAY)
    await worker.check()
    await worker.check()
    expect((await stores.outbox.list({ limit: 9 })).items).toMatchObject([{ recipient: 'late@example.org' }])
    expect(sent).toHaveLength(2)
  })

  test('is sent again when the store failed, an hour later', async () => {
    const { worker, clock, sent, state, log } = await rig()
    await clock.advance(FEBRUARY + NINE - clock.now())
    state.failure = new Error('disk full')
    worker.start()
    await worker.check()
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    state.failure = null
    await clock.advance(HOUR)
    expect(sent).toHaveLength(1)
    await worker.stop()
  })

  test('is not written of a month before the first round', async () => {
    const { worker, clock, sent } = await rig(FEBRUARY - 3 * HOUR)
    await clock.advance(FEBRUARY + 2 * DAY - clock.now())
    await worker.check()
    expect(sent).toEqual([])
    await clock.advance(30 * DAY)
    await worker.check()
    expect(sent).toHaveLength(1)
  })

  test('counts the outages of its month, however many came later', async () => {
    const { worker, clock, sent, stores } = await rig()
    const outages = Array.from({ length: 250 }, (_, n) => {
      const start = JANUARY - 2 * DAY + n * 12 * HOUR
      return outage(`o${String(n).padStart(3, '0')}`, start, {
        state: 'closed',
        end: start + HOUR,
        failed: ['web'],
      })
    })
    await stores.outages.commit({ outages, letters: { add: [], supersede: [] }, audit: [] })
    await clock.advance(FEBRUARY + 2 * DAY - clock.now())
    await worker.check()
    expect(sent[0]?.rows[0]).toContain('outages: 62')
  })
})
