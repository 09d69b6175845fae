import { setImmediate as nextTask } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { Verdict } from '../../src/core/outage/verdict.ts'
import type { RetentionPolicy } from '../../src/core/retention/cutoffs.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { type RetentionStore, StoreError } from '../../src/ports.ts'
import { createAuditor } from '../../src/workers/auditor.ts'
import { createReports } from '../../src/workers/reports.ts'
import {
  createRetention,
  RETENTION_KEY,
  type RetentionDeps,
  type RetentionOptions,
} from '../../src/workers/retention.ts'
import { createServiceHistory } from '../../src/workers/service-history.ts'
import { createUptimeHours } from '../../src/workers/uptime-hours.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import {
  auditEntry,
  flushOf,
  letter,
  outage,
  round,
  settlement,
  T0,
  transition,
} from '../support/store-rows.ts'

const POLICY: RetentionPolicy = {
  verdicts: 30 * DAY,
  uptime: 1830 * DAY,
  routine: 400 * DAY,
  transitions: 400 * DAY,
  incidents: 800 * DAY,
  letters: 1830 * DAY,
  operatorLetters: 400 * DAY,
  notes: 1100 * DAY,
  requests: 1095 * DAY,
  audit: 1830 * DAY,
}

const HOLD_NOTHING: RetentionDeps['holders'] = { requests: async () => 0, windows: async () => 0 }

function createRig(
  over: Partial<RetentionStore> = {},
  options: Partial<RetentionOptions> = {},
  holders = HOLD_NOTHING,
) {
  const clock = createFakeClock(T0)
  const stores = createMemoryStores()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const timed: { at: string; zone: string; task: () => void | Promise<void> }[] = []
  const retention = createRetention(
    {
      clock,
      log,
      metrics,
      store: { ...stores.retention, ...over },
      outages: stores.outages,
      settings: stores.settings,
      holders,
      timetable: {
        run(at, zone, task) {
          timed.push({ at, zone, task })
          return () => void timed.pop()
        },
      },
    },
    { policy: POLICY, at: '20 3 * * *', zone: 'Europe/Moscow', startedAt: T0, ...options },
  )
  /** A run, with the pauses between its slices. */
  async function run(): Promise<void> {
    let over = false
    const done = retention.run().finally(() => {
      over = true
    })
    while (!over) {
      await nextTask()
      await clock.advance(20)
    }
    await done
  }
  return { clock, stores, log, metrics, timed, retention, run }
}

describe('a run', () => {
  test('removes what is old, says so in the log and the metrics, and leaves a trace in the audit trail', async () => {
    const { clock, stores, log, metrics, run } = createRig()
    const transitions = [transition(), transition({ at: T0 + 100 * DAY, terminalId: '2' })]
    await stores.fleet.flush(flushOf({ transitions }))
    await stores.audit.add([auditEntry('old'), auditEntry('young', { at: T0 + 100 * DAY })])
    await clock.advance(401 * DAY)
    await run()
    expect(await stores.flags.newest()).toBe(2)
    expect(await stores.fleet.history('200000001', 0, clock.now(), 9)).toEqual([])
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'what is kept no longer was removed',
        fields: { transitions: 1, freedBytes: 0 },
      },
    ])
    expect(metrics.value('watch_retention_removed_total', { what: 'transitions' })).toBe(1)
    for (let week = 0; week < 210; week++) {
      await clock.advance(7 * DAY)
      await run()
    }
    expect(
      (await stores.audit.list({ limit: 9 })).map(({ action, after }) => [action, after]),
    ).toContainEqual(['audit.remove', { before: expect.any(String) }])
  })

  test('of which nothing comes is silent', async () => {
    const { log, run } = createRig()
    await run()
    expect(log.lines).toEqual([])
  })

  test('leaves an open outage, its letters and its rounds as they are, however old they are', async () => {
    const { clock, stores, run } = createRig()
    const open = outage('o', T0 + HOUR, { latestFailAt: T0 + 2 * HOUR, letterDueAt: T0 + 2 * HOUR })
    const written = letter('initial', 'a@x.test', { subject: 'o' })
    await stores.outages.commit({ outages: [open], letters: { add: [written], supersede: [] }, audit: [] })
    await stores.outbox.claim(T0, 1)
    await stores.outbox.settle(written.id, settlement('sent'))
    for (let minute = 0; minute < 120; minute++) {
      const verdict: Verdict = minute < 60 ? 'ok' : 'fail'
      await stores.outages.append(
        round(T0 + minute * MINUTE, { verdict, completedAt: T0 + minute * MINUTE + minute }),
      )
    }
    const before = await stores.outages.trace(0, T0 + DAY)
    await run()
    for (let year = 0; year < 6 * 53; year++) {
      await clock.advance(7 * DAY)
      await run()
    }
    expect(await stores.outages.trace(0, T0 + DAY)).toEqual(before)
    expect(await stores.outages.load()).toEqual([open])
    expect((await stores.outbox.list({ limit: 9 })).total).toBe(1)
  })

  test('that lost old letters leaves nothing that the auditor misses', async () => {
    const { clock, stores, log, metrics, run } = createRig()
    const person = { email: 'a@x.test', name: '', language: 'ru' as const }
    const over = (id: string, start: number) =>
      outage(id, start, {
        state: 'closed',
        end: start + HOUR,
        latestFailAt: start + HOUR,
        letterDueAt: start,
      })
    const now = T0 + 1900 * DAY
    const young = now - 5 * DAY
    await stores.outages.commit({
      outages: [over('old', T0), over('young', young)],
      letters: {
        add: [
          ...[letter('initial', person.email, { subject: 'old' })],
          ...[letter('recovery', person.email, { subject: 'old', sequence: 1 })],
          letter('recovery', person.email, { subject: 'young', dueAt: young + HOUR }),
        ],
        supersede: [],
      },
      audit: [],
    })
    for (let left = true; left; ) {
      const claimed = await stores.outbox.claim(now, 9)
      for (const {
        letter: { id, dueAt },
      } of claimed) {
        await stores.outbox.settle(id, settlement('sent', { sentAt: dueAt }))
      }
      left = claimed.length > 0
    }
    await clock.advance(1900 * DAY)
    await run()
    expect((await stores.outages.outages(9)).map(({ id }) => id)).toEqual(['young'])
    expect((await stores.outbox.list({ limit: 9 })).items.map(({ subject }) => subject)).toEqual(['young'])
    const auditor = createAuditor(
      {
        clock,
        log,
        metrics,
        outages: stores.outages,
        outbox: stores.outbox,
        recipients: () => [person],
        notices: { raise: () => {} },
        call: async () => ({ kind: 'own-fault', reason: '' }),
      },
      () => ({ graceMs: MINUTE, watchdogUrl: '' }),
    )
    await auditor.check()
    expect(auditor.findings()).toEqual([])
    expect(metrics.value('watch_letters_audit_ok')).toBe(1)
  })

  test('with a clock that jumped years ahead removes a week of the oldest, and says so', async () => {
    const { clock, stores, log, run } = createRig()
    const days = Array.from({ length: 450 }, (_, day) =>
      transition({ at: T0 + day * DAY, alertId: `a-${day}` }),
    )
    await stores.fleet.flush(flushOf({ transitions: days }))
    await clock.advance(450 * DAY)
    await run()
    const left = async () => (await stores.flags.changes(0, 999)).length
    expect(await left()).toBe(400)
    clock.step(20 * 365 * DAY)
    await run()
    expect(await left()).toBe(393)
    expect(log.lines.at(-2)).toMatchObject({ level: 'warn', fields: { days: 20 * 365 - 7 } })
    clock.step(-20 * 365 * DAY)
    await run()
    expect(await left()).toBe(393)
    expect(log.lines.at(-1)).toMatchObject({ level: 'warn', fields: { days: 7 } })
  })

  test('that fails in the middle is warned of, and the next one does the rest', async () => {
    let fails = true
    const { clock, stores, log, run } = createRig({
      remove: async (what, before, after) => {
        if (fails && what === 'incidents') throw new StoreError('full', 'no space is left')
        return stores.retention.remove(what, before, after)
      },
    })
    await stores.audit.add([auditEntry('old')])
    await stores.settings.set(RETENTION_KEY, JSON.stringify({ at: T0, reckoned: T0 + 1900 * DAY, behind: 0 }))
    await clock.advance(1900 * DAY)
    await run()
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { error: 'StoreError: no space is left' } }])
    fails = false
    await run()
    expect((await stores.audit.list({ limit: 9 })).map(({ action }) => action)).toEqual(['audit.remove'])
  })
})

test('who holds something in memory removes it bit by bit, before the time of its kind', async () => {
  const asked: [string, number][] = []
  const left = { requests: 250, windows: 1 }
  const holder = (what: keyof typeof left) => async (before: number) => {
    asked.push([what, before])
    const removed = Math.min(left[what], 100)
    left[what] -= removed
    return removed
  }
  const { clock, metrics, run } = createRig(
    {},
    {},
    { requests: holder('requests'), windows: holder('windows') },
  )
  await clock.advance(2000 * DAY)
  await run()
  expect(left).toEqual({ requests: 0, windows: 0 })
  expect(metrics.value('watch_retention_removed_total', { what: 'requests' })).toBe(250)
  expect(asked.filter(([what]) => what === 'requests').map(([, before]) => before)).toEqual(
    Array(4).fill(T0 + 905 * DAY),
  )
})

describe('the first run of all', () => {
  test('with a clock that is years ahead of what an earlier program stored removes a week of it at most', async () => {
    const now = T0 + 20 * 365 * DAY
    const { clock, stores, log, run } = createRig({}, { startedAt: now })
    const days = Array.from({ length: 450 }, (_, day) =>
      transition({ at: T0 + day * DAY, alertId: `a-${day}` }),
    )
    await stores.fleet.flush(flushOf({ transitions: days }))
    clock.step(20 * 365 * DAY)
    // What this program stored bears the wrong clock and says nothing.
    await stores.fleet.flush(flushOf({ transitions: [transition({ at: now, alertId: 'now' })] }))
    await run()
    const left = await stores.flags.changes(0, 999)
    expect(left).toHaveLength(395)
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { days: 20 * 365 - 456 } })
  })
})

test('the first run of all is not misled by a restart under the wrong clock', async () => {
  const wrong = T0 + 6 * 365 * DAY
  const { clock, stores, run } = createRig({}, { startedAt: wrong + HOUR })
  await stores.audit.add(
    Array.from({ length: 500 }, (_, day) => auditEntry(`o${day}`, { at: T0 + day * DAY })),
  )
  clock.step(wrong - T0)
  // Of the run before.
  await stores.outages.append(round(wrong))
  await run()
  expect(await stores.audit.count()).toBe(500)
})

test('the oldest day of which uptime is reported is whole', async () => {
  const { clock, stores, run } = createRig()
  for (let at = T0; at < T0 + 3 * DAY; at += MINUTE) await stores.outages.append(round(at))
  const history = createServiceHistory(
    { clock, store: stores.outages, hours: stores.uptime, windows: () => [] },
    { components: ['web'], largestGapMs: 3 * MINUTE },
  )
  const hours = createUptimeHours(
    {
      clock,
      log: createRecordingLog(),
      trace: stores.outages,
      hours: stores.uptime,
      settings: stores.settings,
      windows: () => [],
    },
    { largestGapMs: () => 3 * MINUTE, pauses: () => true },
  )
  await clock.advance(40 * DAY)
  await hours.fold()
  await run()
  await stores.settings.set(RETENTION_KEY, JSON.stringify({ at: T0, reckoned: T0 + 1832 * DAY, behind: 0 }))
  await clock.advance(1792.5 * DAY)
  await run()
  const reports = createReports({ clock, history, hours: stores.uptime }, { zone: 'Europe/Moscow' })
  const days = await reports.uptime('day', 0, T0 + 3 * DAY)
  expect(days.at(-1)).toMatchObject({ from: T0 + 2 * DAY - 3 * HOUR, ratio: 1, coverage: 1 })
})

describe('it runs', () => {
  test('at its time in the zone of the file, and some minutes after a start whose last run is long ago', async () => {
    const { clock, stores, timed, retention } = createRig()
    retention.start()
    expect(timed).toMatchObject([{ at: '20 3 * * *', zone: 'Europe/Moscow' }])
    await clock.advance(4 * MINUTE)
    expect(await stores.settings.get(RETENTION_KEY)).toBeNull()
    await clock.advance(MINUTE)
    await nextTask()
    expect(JSON.parse((await stores.settings.get(RETENTION_KEY)) ?? '')).toMatchObject({ behind: 0 })
    await retention.stop()
    expect(timed).toEqual([])
  })

  test('not after a start on the same day', async () => {
    const { clock, stores, retention } = createRig()
    const last = JSON.stringify({ at: T0 - HOUR, reckoned: T0 - HOUR, behind: 0 })
    await stores.settings.set(RETENTION_KEY, last)
    retention.start()
    await clock.advance(DAY)
    await nextTask()
    expect(await stores.settings.get(RETENTION_KEY)).toBe(last)
    await retention.stop()
  })

  test('no further than the slice at hand when the service stops', async () => {
    let slices = 0
    const { clock, stores, retention } = createRig({
      remove: async () => {
        slices++
        return { removed: 1, next: slices }
      },
    })
    const running = retention.run()
    for (let turn = 0; turn < 3; turn++) {
      await nextTask()
      await clock.advance(20)
    }
    const stopping = retention.stop()
    await nextTask()
    await clock.advance(20)
    await stopping
    await running
    expect(slices).toBeLessThan(6)
    expect(await stores.settings.get(RETENTION_KEY)).toBeNull()
  })
})
