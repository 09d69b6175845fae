import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Totals } from '../../src/core/outage/uptime.ts'
import type { Verdict } from '../../src/core/outage/verdict.ts'
import { totalsFor } from '../../src/core/reports/totals.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { createHistoryRig, GAP_MS, INTERVAL_MS, roundAt, START } from './history-rig.ts'

type Rig = ReturnType<typeof createHistoryRig>

/** Rounds at the pace of the service for so long, made up by time. */
async function probeFor(rig: Rig, ms: number, verdictAt: (minute: number) => Verdict): Promise<void> {
  for (let passed = 0; passed < ms; passed += INTERVAL_MS) {
    await rig.probe(verdictAt(Math.round((rig.clock.now() - START) / MINUTE)))
    await rig.clock.advance(INTERVAL_MS)
  }
}

const service = async (rig: Rig, from: number, to: number): Promise<Totals> =>
  (await rig.history.totals(from, to)).service

describe('folding', () => {
  test('waits until an hour is settled, then folds it once', async () => {
    const rig = createHistoryRig()
    await probeFor(rig, 4 * HOUR, () => 'ok')
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual([])
    await probeFor(rig, GAP_MS + INTERVAL_MS, () => 'ok')
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual([0])
    const before = await rig.stores.uptime.hours(START, START + HOUR)
    rig.traced.length = 0
    await rig.worker.fold()
    expect(rig.traced).toEqual([])
    expect(await rig.stores.uptime.hours(START, START + HOUR)).toEqual(before)
    expect(before[0]?.totals['']).toEqual({ up: HOUR, down: 0, edge: 0, unknown: 0, maintenance: 0 })
  })

  test('happens at the start and then every hour, until it is stopped', async () => {
    const rig = createHistoryRig()
    await probeFor(rig, 6 * HOUR, () => 'ok')
    rig.worker.start()
    await rig.clock.advance(0)
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual([0, 1])
    await probeFor(rig, HOUR + MINUTE, () => 'ok')
    expect(await rig.foldedHours()).toEqual([0, 1, 2])
    await rig.worker.stop()
    await probeFor(rig, 2 * HOUR, () => 'ok')
    expect(await rig.foldedHours()).toEqual([0, 1, 2])
  })

  test('begins anew when planned work means something else than before', async () => {
    const rig = createHistoryRig()
    rig.planned.push({ from: START, to: START + HOUR })
    await probeFor(rig, 6 * HOUR, () => 'fail')
    await rig.worker.fold()
    expect(await service(rig, START, START + 2 * HOUR)).toMatchObject({ maintenance: HOUR, down: HOUR })
    rig.countPlannedWork()
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual([0, 1])
    expect(await service(rig, START, START + 2 * HOUR)).toMatchObject({ maintenance: 0, down: 2 * HOUR })
  })

  test('catches up oldest first and goes on where it was', async () => {
    const rig = createHistoryRig()
    for (let minute = 0; minute < 3 * 24 * 60; minute += 1) {
      await rig.append(roundAt(START + minute * MINUTE, 'ok', { web: 'ok' }))
    }
    await rig.clock.advance(3 * DAY)
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual(Array.from({ length: 68 }, (_, hour) => hour))
    const spans = rig.traced.map(({ from }) => from)
    expect(spans).toEqual(spans.toSorted((a, b) => a - b))
    expect(Math.max(...rig.traced.map(({ from, to }) => to - from))).toBeLessThan(2 * DAY)
  })

  test('keeps no hours of a long standstill, and comes out on its other side', async () => {
    const rig = createHistoryRig()
    await probeFor(rig, HOUR, () => 'ok')
    await rig.clock.advance(100 * DAY)
    await probeFor(rig, 6 * HOUR, () => 'ok')
    await rig.worker.fold()
    const hours = await rig.foldedHours()
    expect(hours.length).toBeLessThan(100)
    const end = rig.clock.now()
    expect(await service(rig, START, end)).toEqual(await rig.raw(START, end))
    expect(hours.at(-1)).toBe(100 * 24 + 2)
  })

  test('of a store that fails is logged and tried again with the next hour', async () => {
    const rig = createHistoryRig()
    await probeFor(rig, 5 * HOUR, () => 'ok')
    const { uptime } = rig.stores
    const save = uptime.saveHours
    Object.assign(uptime, { saveHours: () => Promise.reject(new Error('disk full')) })
    rig.worker.start()
    await rig.worker.fold()
    expect(rig.log.lines.map(({ level }) => level)).toEqual(['warn'])
    Object.assign(uptime, { saveHours: save })
    await rig.clock.advance(HOUR)
    expect(await rig.foldedHours()).toEqual([0, 1, 2].slice(0, (await rig.foldedHours()).length))
    expect((await rig.foldedHours()).length).toBeGreaterThan(0)
    await rig.worker.stop()
  })
})

describe('folded hours say what the rounds say', () => {
  test('at the borders of hours, of a verdict pair across them and of the range', async () => {
    const rig = createHistoryRig()
    // Down over a full hour's border; the pair across 03:00 is an EDGE.
    await probeFor(rig, 9 * HOUR, (minute) => (minute >= 110 && minute < 180 ? 'fail' : 'ok'))
    await rig.worker.fold()
    expect((await rig.foldedHours()).length).toBeGreaterThan(4)
    const ends = [0, 1, HOUR - 1, HOUR, HOUR + 1, 3 * HOUR - 30_000, 3 * HOUR, 4 * HOUR + 7, 9 * HOUR]
    for (const from of ends) {
      for (const to of ends) {
        if (from > to) continue
        expect(await service(rig, START + from, START + to)).toEqual(await rig.raw(START + from, START + to))
      }
    }
  })

  test('of components that were there for a part of the time only', async () => {
    const rig = createHistoryRig(['web', 'late', 'never', '__proto__', 'constructor'])
    rig.planned.push({ from: START + 90 * MINUTE, to: START + 100 * MINUTE })
    for (let minute = 0; minute < 8 * 60; minute += 1) {
      const results = { ...(minute < 200 ? { web: 'ok' as const } : {}), late: 'fail' as const }
      if (minute < 130) await rig.probe('ok', { web: 'ok' })
      else await rig.probe('fail', results)
      await rig.clock.advance(MINUTE)
    }
    const plain = await rig.history.totals(START, START + 4 * HOUR)
    await rig.worker.fold()
    rig.traced.length = 0
    expect(await rig.history.totals(START, START + 4 * HOUR)).toEqual(plain)
    expect(rig.traced).toEqual([])
    const of = (id: string): Totals | undefined =>
      plain.components.find((component) => component.id === id)?.totals
    expect(of('never')).toEqual({
      up: 0,
      down: 0,
      edge: 0,
      unknown: 4 * HOUR - 10 * MINUTE,
      maintenance: 10 * MINUTE,
    })
    expect(of('__proto__')).toEqual(of('never'))
    expect(of('constructor')).toEqual(of('never'))
    expect(of('late')?.down).toBe(110 * MINUTE)
  })

  test('when planned work is ended early, or deleted before it begins', async () => {
    const rig = createHistoryRig()
    const running = { from: START + HOUR, to: START + 40 * HOUR }
    rig.planned.push(running)
    await probeFor(rig, 12 * HOUR, (minute) => (minute < 30 ? 'ok' : 'fail'))
    await rig.worker.fold()
    const folded = await rig.foldedHours()
    expect(folded.at(-1)).toBe(7)
    // What can happen to a window: its end comes to now.
    rig.planned[0] = { ...running, to: rig.clock.now() }
    await probeFor(rig, 8 * HOUR, () => 'fail')
    await rig.worker.fold()
    const end = rig.clock.now()
    expect(await service(rig, START, end)).toEqual(await rig.raw(START, end))
    expect((await service(rig, START, end)).maintenance).toBe(11 * HOUR)
  })

  test('when planned work is added while the clock is set back by 3 h', async () => {
    const rig = createHistoryRig()
    await probeFor(rig, 12 * HOUR, () => 'fail')
    await rig.worker.fold()
    rig.clock.step(-3 * HOUR)
    await rig.append({ kind: 'step', at: rig.clock.now(), deltaMs: -3 * HOUR })
    rig.planned.push({ from: rig.clock.now(), to: rig.clock.now() + HOUR })
    await probeFor(rig, 12 * HOUR, () => 'fail')
    await rig.worker.fold()
    const end = rig.clock.now()
    expect(await service(rig, START, end)).toEqual(await rig.raw(START, end))
  })

  test.each([
    ['ahead by 2 h', 2 * HOUR],
    ['back by 2 h', -2 * HOUR],
    ['ahead by 3 h', 3 * HOUR],
    ['back by 3 h', -3 * HOUR],
  ])('when the clock is set %s, the worker running all the time', async (_name, step) => {
    const rig = createHistoryRig()
    rig.worker.start()
    await probeFor(rig, 10 * HOUR + 10 * MINUTE, (minute) => (minute % 50 < 20 ? 'fail' : 'ok'))
    rig.clock.step(step)
    await rig.append({ kind: 'step', at: rig.clock.now(), deltaMs: step })
    await probeFor(rig, 10 * HOUR, (minute) => (minute % 50 < 20 ? 'fail' : 'ok'))
    await rig.worker.stop()
    expect((await rig.foldedHours()).length).toBeGreaterThan(10)
    const end = rig.clock.now()
    expect(await service(rig, START, end)).toEqual(await rig.raw(START, end))
    const [from, to] = [START + 9 * HOUR + MINUTE, START + 11 * HOUR + MINUTE]
    expect(await service(rig, from, to)).toEqual(await rig.raw(from, to))
  })

  test('when the clock was a day ahead for a while, so that hours were folded that had not been', async () => {
    const rig = createHistoryRig()
    rig.worker.start()
    await probeFor(rig, 8 * HOUR, () => 'ok')
    const wrong = DAY
    rig.clock.step(wrong)
    await rig.append({ kind: 'step', at: rig.clock.now(), deltaMs: wrong })
    await probeFor(rig, 2 * HOUR, () => 'ok')
    expect((await rig.foldedHours()).at(-1)).toBeGreaterThan(24)
    rig.clock.step(-wrong)
    await rig.append({ kind: 'step', at: rig.clock.now(), deltaMs: -wrong })
    // Before the worker notices, nobody reads what was folded too early.
    const now = rig.clock.now()
    expect(await service(rig, START, now)).toMatchObject({ down: 0 })
    await probeFor(rig, 40 * HOUR, () => 'fail')
    await rig.worker.stop()
    const from = START + 11 * HOUR
    const { down } = await service(rig, from, from + 10 * HOUR)
    expect(down).toBe(10 * HOUR)
  })

  test('when the settings grow, hours that are no longer settled are folded anew', async () => {
    const rig = createHistoryRig()
    await probeFor(rig, 12 * HOUR, () => 'ok')
    await rig.worker.fold()
    const before = await rig.foldedHours()
    rig.useGap(HOUR + MINUTE)
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual(before.slice(0, -1))
    rig.useGap(3 * HOUR)
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual(before.slice(0, -2))
    rig.useGap(GAP_MS)
    await rig.worker.fold()
    expect(await rig.foldedHours()).toEqual(before)
  })

  test('to the millisecond, whatever happened', async () => {
    const verdict = fc.constantFrom('ok' as const, 'fail' as const, 'unknown' as const)
    const phase = fc.record({
      verdict,
      web: verdict,
      count: fc.integer({ min: 1, max: 30 }),
      paceMs: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 1, max: GAP_MS }) },
        { weight: 1, arbitrary: fc.integer({ min: GAP_MS, max: 5 * HOUR }) },
      ),
      /** By how much the clock is wrong from then on. */
      wrongMs: fc.option(fc.integer({ min: -1.5 * HOUR, max: 1.5 * HOUR }), { freq: 5 }),
      fold: fc.boolean(),
      work: fc.option(
        fc.tuple(fc.integer({ min: 0, max: 2 * HOUR }), fc.integer({ min: 1, max: 4 * HOUR })),
        {
          freq: 3,
        },
      ),
    })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    await fc.assert(
      fc.asyncProperty(
        fc.array(phase, { minLength: 1, maxLength: 25 }),
        share,
        share,
        async (phases, a, b) => {
          const rig = createHistoryRig(['web'])
          let wrong = 0
          for (const { verdict: name, web, count, paceMs, wrongMs, fold, work } of phases) {
            if (work !== null) {
              const from = rig.clock.now() + work[0]
              rig.planned.push({ from, to: from + work[1] })
            }
            for (let n = 0; n < count; n += 1) {
              await rig.clock.advance(paceMs)
              await rig.probe(name, { web })
            }
            if (fold) await rig.worker.fold()
            if (wrongMs !== null) {
              const deltaMs = wrongMs - wrong
              wrong = wrongMs
              rig.clock.step(deltaMs)
              await rig.append({ kind: 'step', at: rig.clock.now(), deltaMs })
            }
          }
          await rig.clock.advance(5 * HOUR)
          await rig.worker.fold()
          const end = rig.clock.now()
          const ends = [a, b].map((part) => START + Math.round(part * (end - START)))
          const [from, to] = [Math.min(...ends), Math.max(...ends)]
          expect(await service(rig, from, to)).toEqual(await rig.raw(from, to))
          expect(await service(rig, START, end)).toEqual(await rig.raw(START, end))
          const folded = await rig.stores.uptime.hours(START, end)
          for (const { totals } of folded) {
            const all = totalsFor(totals, 'web')
            expect(Object.values(all).every((ms) => Number.isInteger(ms) && ms >= 0)).toBe(true)
          }
        },
      ),
      { numRuns: 200, endOnFailure: true },
    )
  })
})
