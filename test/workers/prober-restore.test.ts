import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryOutageStore } from '../../src/adapters/memory/outage-store.ts'
import { decide } from '../../src/core/outage/clock.ts'
import { type ClockState, NEW_CLOCK, type OutagePolicy } from '../../src/core/outage/clock-state.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { OutageStore, TraceRow } from '../../src/ports.ts'
import { restoreLedger } from '../../src/workers/prober-restore.ts'
import { phases, rowsOf } from '../core/outage/random-trace.ts'
import { minute, POLICY, round, rounds, SETTINGS, step, T0 } from '../core/outage/trace.ts'

const NO_LETTERS = { add: [], supersede: [] }

/** Folds rows and keeps every outage in its newest form. */
function fold(
  start: ClockState,
  rows: readonly TraceRow[],
  policy: OutagePolicy,
  outages: Map<string, Outage>,
): ClockState {
  let clock = start
  for (const row of rows) {
    const decision = decide(clock, row, [], policy)
    clock = decision.clock
    if (decision.changed !== null) outages.set(decision.changed.id, decision.changed)
  }
  return clock
}

async function storeOf(rows: readonly TraceRow[], outages: Iterable<Outage>): Promise<OutageStore> {
  const store = createMemoryOutageStore()
  for (const row of rows) await store.append(row)
  await store.commit({ outages: [...outages], letters: NO_LETTERS, audit: [] })
  return store
}

async function restored(store: OutageStore, now: number, policy = POLICY): ReturnType<typeof restoreLedger> {
  return restoreLedger(store, await store.load(), [], now, { policy, ...SETTINGS })
}

describe('the clock after a restart', () => {
  test.each([
    ['minutes, with steps of the wall clock', 10 * SECOND, true],
    ['days, without', 2 * HOUR, false],
  ])('goes on as if there had been none, over %s', async (_name, unit, steps) => {
    await fc.assert(
      fc.asyncProperty(phases, fc.nat(), fc.boolean(), async (list, cut, crashed) => {
        let offset = 0
        const rows = rowsOf(steps ? list : list.map((phase) => ({ ...phase, step: null }))).map(
          (row): TraceRow => {
            // An odd number of ms, so that no two rows have one time.
            const delta = row.kind === 'step' ? row.delta * unit + 7 : 0
            offset += delta
            const at = T0 + row.unit * unit + offset
            const settings = { intervalMs: 6 * unit, timeoutMs: 3 * unit }
            return row.kind === 'step' ? step(at, delta) : round(at, row.verdict, settings)
          },
        )
        const policy = {
          ...POLICY,
          recoveryPeriodMs: 12 * unit,
          noticeAfterMs: 40 * unit,
          warnAfterMs: 30 * unit,
        }
        const expected = new Map<string, Outage>()
        fold(NEW_CLOCK, rows, policy, expected)

        const split = cut % (rows.length + 1)
        const before = rows.slice(0, split)
        const saved = new Map<string, Outage>()
        // A crash: the last row was stored, and what follows from it was not.
        fold(NEW_CLOCK, crashed ? before.slice(0, -1) : before, policy, saved)
        const store = await storeOf(before, saved.values())
        const start = await restored(store, before.at(-1)?.at ?? T0, policy)
        for (const outage of start.unsaved) {
          expect(saved.get(outage.id)?.state).not.toBe('closed')
          saved.set(outage.id, outage)
        }
        if (!crashed) expect(start.unsaved).toEqual([])
        fold(start.clock, rows.slice(split), policy, saved)
        expect([...saved.values()]).toEqual([...expected.values()])
      }),
      { numRuns: 300 },
    )
  })

  test('goes on with what people did and with the series of letters, also of a cancelled outage', async () => {
    const signed = { by: 'clara', at: T0 }
    const annotate = (outage: Outage, state: 'open' | 'cancelled'): Outage => ({
      ...outage,
      state,
      handling: {
        ...outage.handling,
        confirmed: signed,
        cancelled: state === 'cancelled' ? { ...signed, reason: 'x' } : null,
      },
      bulletins: { updates: 3, at: T0, nextAt: T0 + HOUR },
    })
    const state = fc.constantFrom('open' as const, 'cancelled' as const)
    let annotated = 0
    await fc.assert(
      fc.asyncProperty(phases, fc.nat(), state, async (list, cut, after) => {
        const unit = 10 * SECOND
        const rows = rowsOf(list.map((phase) => ({ ...phase, step: null }))).map(
          (row): TraceRow =>
            round(T0 + row.unit * unit, row.kind === 'step' ? 'unknown' : row.verdict, {
              intervalMs: 6 * unit,
              timeoutMs: 3 * unit,
            }),
        )
        const policy = { ...POLICY, recoveryPeriodMs: 12 * unit, noticeAfterMs: 40 * unit }
        const split = cut % (rows.length + 1)
        const saved = new Map<string, Outage>()
        let clock = fold(NEW_CLOCK, rows.slice(0, split), policy, saved)
        if (clock.open === null) return
        annotated++
        const outage = annotate(clock.open.outage, after)
        clock = { ...clock, open: { ...clock.open, outage } }
        saved.set(outage.id, outage)
        const expected = new Map(saved)
        fold(clock, rows.slice(split), policy, expected)

        const store = await storeOf(rows.slice(0, split), saved.values())
        const start = await restored(store, rows[split - 1]?.at ?? T0, policy)
        expect(start.unsaved).toEqual([])
        expect(start.clock.open?.outage).toEqual(outage)
        fold(start.clock, rows.slice(split), policy, saved)
        expect([...saved.values()]).toEqual([...expected.values()])
      }),
      { numRuns: 200, endOnFailure: true },
    )
    expect(annotated).toBeGreaterThan(20)
  })

  test('knows the last OK before an outage, however long ago it was', async () => {
    const rows = [
      round(T0, 'ok'),
      ...rounds('unknown', 1, 3),
      ...rounds('fail', (20 * DAY) / MINUTE, (20 * DAY) / MINUTE + 3),
    ]
    const saved = new Map<string, Outage>()
    fold(NEW_CLOCK, rows.slice(0, -2), POLICY, saved)
    const start = await restored(await storeOf(rows.slice(0, -2), saved.values()), T0 + 20 * DAY)
    const again = fold(start.clock, rows.slice(-2), POLICY, saved)
    expect(again.open?.outage).toMatchObject({ possibleMs: 20 * DAY + 3 * MINUTE, notBefore: T0 })
  })

  test('reads only as much of a long past as it needs', async () => {
    const asked: number[] = []
    const store = await storeOf(rounds('ok', 0, 3 * 1440), [])
    const counting = {
      ...store,
      trace: async (from: number, to: number) => {
        const rows = await store.trace(from, to)
        asked.push(rows.length)
        return rows
      },
    }
    const start = await restored(counting, minute(3 * 1440))
    expect(asked).toEqual([1441])
    expect(start.newest?.at).toBe(minute(3 * 1440))
  })

  test('goes on from the stored figures when the rows of the outage are gone', async () => {
    const saved = new Map<string, Outage>()
    const rows = [...rounds('ok', -5, -1), ...rounds('fail', 0, 30)]
    fold(NEW_CLOCK, rows, POLICY, saved)
    for (const kept of [rows.slice(-1), [], [...rows.slice(-1), round(minute(31), 'fail')]]) {
      const start = await restored(await storeOf(kept, saved.values()), minute(31))
      const next = [round(minute(31), 'fail'), round(minute(32), 'fail')].slice(kept.length === 2 ? 1 : 0)
      expect(fold(start.clock, next, POLICY, new Map()).open?.outage).toMatchObject({
        start: minute(0),
        downMs: 32 * MINUTE,
        possibleMs: 33 * MINUTE,
      })
      expect(start.unsaved).toHaveLength(kept.length === 2 ? 1 : 0)
    }
  })

  describe('under another policy', () => {
    const past = [
      ...rounds('ok', -5, -1),
      ...rounds('fail', 0, 62),
      ...rounds('ok', 63, 65),
      ...rounds('fail', 66, 70),
    ]
    const next = [round(minute(71), 'fail')]

    async function stored(policy = POLICY): Promise<OutageStore> {
      const saved = new Map<string, Outage>()
      fold(NEW_CLOCK, past, policy, saved)
      return storeOf(past, saved.values())
    }

    test('keeps what letters rest on when they are now due later', async () => {
      const before = { ...POLICY, warnAfterMs: HOUR / 2 }
      const policy = { ...POLICY, noticeAfterMs: 3 * HOUR, warnAfterMs: 2 * HOUR }
      const start = await restored(await stored(before), minute(70), policy)
      expect(start.unsaved).toEqual([])
      const outage = fold(start.clock, next, policy, new Map()).open?.outage
      expect(outage).toMatchObject({
        letterDueAt: minute(61),
        warnedAt: minute(30),
        downMs: 67 * MINUTE,
      })
    })

    test.each([
      ['a shorter recovery would have ended it', { ...POLICY, recoveryPeriodMs: 0 }],
      ['no recovery would have', { ...POLICY, recoveryPeriodMs: 2 * MINUTE }],
    ])('does not decide anew what was decided: %s', async (_name, policy) => {
      const store = await stored()
      const start = await restored(store, minute(70), policy)
      expect(start.unsaved).toEqual([])
      const outages = new Map<string, Outage>()
      fold(start.clock, next, policy, outages)
      expect([...outages.values()]).toMatchObject([
        { start: minute(0), state: 'open', letterDueAt: minute(61), downMs: 67 * MINUTE },
      ])
    })

    test('makes a letter due that is now due earlier, with the next FAIL', async () => {
      const start = await restored(await stored({ ...POLICY, noticeAfterMs: 3 * HOUR }), minute(70))
      expect(start.unsaved).toEqual([])
      expect(fold(start.clock, next, POLICY, new Map()).open?.outage.letterDueAt).toBe(minute(61))
    })
  })

  test('of an empty store is a new one', async () => {
    expect(await restored(await storeOf([], []), T0)).toEqual({
      clock: NEW_CLOCK,
      newest: null,
      unsaved: [],
      missedStep: null,
      lastRowAt: null,
    })
  })

  test('is not led astray by an outage of a clock that was days ahead', async () => {
    const ahead = 5 * 1440
    const rows: TraceRow[] = [
      ...rounds('fail', ahead, ahead + 9),
      ...rounds('ok', ahead + 10, ahead + 20),
      step(minute(0), minute(0) - minute(ahead + 20.5)),
      ...rounds('ok', 1, 3),
      ...rounds('fail', 4, 9),
    ]
    const saved = new Map<string, Outage>()
    const before = fold(NEW_CLOCK, rows, POLICY, saved)
    expect([...saved.values()].map(({ state }) => state)).toEqual(['closed', 'open'])
    const start = await restored(await storeOf(rows, saved.values()), minute(9))
    expect(start).toMatchObject({ newest: rows.at(-1), unsaved: [], missedStep: null })
    expect(start.clock.open?.outage).toEqual(before.open?.outage)
    const goneOn = await restored(
      await storeOf(rows.slice(0, -6), [...saved.values()].slice(0, 1)),
      minute(4),
    )
    expect(goneOn.clock.lastOk?.at).toBe(minute(3))
  })

  test('knows what was seen of an outage after a clock was set back by days', async () => {
    const ahead = 5 * 1440
    const rows: TraceRow[] = [
      ...rounds('ok', ahead, ahead + 10),
      ...rounds('fail', ahead + 11, ahead + 20),
      step(minute(0), minute(0) - minute(ahead + 20.5)),
      ...rounds('fail', 1, 9),
    ]
    const saved = new Map<string, Outage>()
    const before = fold(NEW_CLOCK, rows, POLICY, saved)
    const start = await restored(await storeOf(rows, saved.values()), minute(9))
    expect(start.clock.open?.outage).toEqual(before.open?.outage)
    expect(start).toMatchObject({ unsaved: [], missedStep: null })
  })

  test('leaves alone what ended behind a step back, and was cancelled as false', async () => {
    const rows: TraceRow[] = [
      ...rounds('fail', 120, 125),
      step(minute(60), minute(60) - minute(125.5)),
      ...rounds('ok', 61, 70),
      ...rounds('fail', 71, 75),
      ...rounds('ok', 76, 85),
    ]
    const saved = new Map<string, Outage>()
    fold(NEW_CLOCK, rows, POLICY, saved)
    const outages = [...saved.values()].map((outage, index): Outage => {
      return index === 1 ? { ...outage, state: 'cancelled' } : outage
    })
    expect(outages.map(({ state }) => state)).toEqual(['closed', 'cancelled'])
    expect((await restored(await storeOf(rows, outages), minute(85))).unsaved).toEqual([])
  })

  test('knows that the wall clock was set back while nobody looked', async () => {
    const store = await storeOf([...rounds('ok', 0, 9), ...rounds('unknown', 10, 12)], [])
    const missed = async (now: number): Promise<unknown> => (await restored(store, minute(now))).missedStep
    expect(await missed(12)).toBe(null)
    expect(await missed(2)).toEqual(step(minute(2), -10 * MINUTE))
  })
})
