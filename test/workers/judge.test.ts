import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { decodeBlock } from '../../src/core/fleet/register-codec.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { createTable } from '../../src/core/fleet/terminal-table.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { CODE, type Transition } from '../../src/core/freshness/state.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { FleetFlush, FleetStore } from '../../src/ports.ts'
import { createJudge } from '../../src/workers/judge.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { createScenario, DEFAULTS } from '../support/fleet-scenario.ts'
import { startStation } from '../support/fleet-station.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { slowly, turn } from '../support/slow-clock.ts'
import { ANNA } from '../support/store-rows.ts'

const TERMINALS = 4000

function createCourt() {
  const clock = createFakeClock()
  const { fleet, watch } = createScenario()
  const metrics = createRecordingMetrics()
  const changes: Transition[] = []
  let looks = 0
  let steps = 0
  const judge = createJudge({
    clock: slowly(clock),
    fleet,
    log: createRecordingLog(),
    metrics,
    look: () => {
      looks++
    },
    changed: (transitions) => {
      steps++
      changes.push(...transitions)
    },
  })
  const hear = (id: string): void => {
    const receivedAt = clock.now()
    const observation = { terminalId: id, source: 'gate', receivedAt, kind: 'live' } as const
    applyObservation(fleet.table, rowFor(fleet, id, 1, receivedAt), observation, 1)
  }
  for (let n = 0; n < TERMINALS; n++) hear(String(n))
  return { clock, fleet, watch, metrics, judge, changes, hear, looks: () => looks, steps: () => steps }
}

describe('a judgement of a large fleet', () => {
  test('gives the event loop turns and dates everything as of its beginning', async () => {
    const { clock, judge, changes } = createCourt()
    const begunAt = clock.now()
    let turns = 0
    const judged = judge.judge()
    while (judge.underWay() !== null) {
      turns++
      await clock.advance(SECOND)
      await turn()
    }
    await judged
    expect(turns).toBeGreaterThan(3)
    expect(changes).toHaveLength(TERMINALS)
    expect(new Set(changes.map(({ at, to }) => `${to} ${at - begunAt}`))).toEqual(new Set(['fresh 0']))
  })

  test('takes what was heard meanwhile into account, and leaves new terminals to the next one', async () => {
    const { clock, fleet, judge, changes, hear } = createCourt()
    await judge.judge()
    await clock.advance(31 * MINUTE)
    changes.length = 0
    const judged = judge.judge()
    hear(String(TERMINALS - 1))
    hear('new')
    await judged
    expect(changes.filter(({ to }) => to === 'stale')).toHaveLength(TERMINALS - 1)
    expect(fleet.table.state[TERMINALS - 1]).toBe(CODE.fresh)
    expect(fleet.table.state[TERMINALS]).toBe(0)
    await judge.judge()
    expect(fleet.table.state[TERMINALS]).toBe(CODE.fresh)
  })

  test('is followed by another one only when it is over, and the clocks are looked at in between alone', async () => {
    const { judge, looks } = createCourt()
    const first = judge.judge()
    const others = [judge.judge(), judge.judge()]
    await turn()
    expect(looks()).toBe(1)
    await first
    await Promise.all(others)
    expect(looks()).toBe(3)
    expect(judge.underWay()).toBeNull()
  })

  test('is shown as long as its steps took, without what had its turn in between', async () => {
    const { clock, judge, metrics, steps } = createCourt()
    const judged = judge.judge()
    while (judge.underWay() !== null) {
      await clock.advance(SECOND)
      await turn()
    }
    await judged
    expect(steps()).toBeGreaterThan(1)
    // On the slow clock each step takes a millisecond.
    expect(metrics.value('watch_sweep_duration_seconds')).toBe(steps() / SECOND)
  })

  test('of a small fleet is over when the call returns', () => {
    const { fleet, watch: _, now } = createScenario()
    rowFor(fleet, '1', 1, now())
    const clock = createFakeClock(now() + HOUR)
    const metrics = createRecordingMetrics()
    const look = (): void => {}
    void createJudge({ clock, fleet, log: createRecordingLog(), metrics, look, changed: look }).judge()
    expect(fleet.table.state[0]).not.toBe(0)
  })
})

/** Moves time on, with turns for what is under way. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    await clock.advance(Math.min(100, left))
    await turn()
  }
}

/** A store that holds each flush and checkpoint against the changes that it has: none may be missing for a state. */
function auditedStore(memory: FleetStore) {
  const unexplained: string[] = []
  const stored = new Map<string, string>()
  function compare(bytes: Uint8Array): void {
    const table = createTable()
    for (const row of decodeBlock(table, bytes)) {
      const id = String(row)
      const isStale = table.state[row] === CODE.stale
      if (isStale && stored.get(id) !== 'stale') unexplained.push(id)
    }
  }
  const store: FleetStore = {
    ...memory,
    async flush(batch: FleetFlush) {
      for (const { terminalId, to } of batch.transitions) stored.set(terminalId, to)
      for (const entry of batch.journal) compare(entry)
      await turn()
      await memory.flush(batch)
    },
    async checkpoint(part) {
      for (const { terminalId, to } of part.flush?.transitions ?? []) stored.set(terminalId, to)
      for (const { bytes } of part.chunks) compare(bytes)
      for (const entry of part.flush?.journal ?? []) compare(entry)
      await turn()
      await memory.checkpoint(part)
    },
  }
  return { store, unexplained, stored }
}

describe('the silence in which an unstable link ends', () => {
  const settings = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: 2 * MINUTE } }

  test.each([0, 1, 3])(
    'is alerted once when the link has been quiet for a day, over %d further restarts',
    async (restarts) => {
      const stores = createMemoryStores()
      const clock = createFakeClock()
      let station = await startStation(clock, stores, { settings })
      const pause = async (ms: number): Promise<void> => {
        await station.sweeper.stop()
        station.crash()
        await clock.advance(ms)
        station = await startStation(clock, stores, { settings })
      }
      await clock.advance(5 * MINUTE)
      for (let n = 0; n < 4; n++) {
        station.hear('1')
        await clock.advance(SECOND)
        station.hear('1')
        await clock.advance(3 * MINUTE)
      }
      const contactAt = station.contactAt('1')
      const alerts = async () => (await station.history('1')).filter(({ alertId }) => alertId !== undefined)
      expect(await alerts()).toHaveLength(3)
      for (let n = 0; n < restarts; n++) {
        await pause(10 * SECOND)
        await clock.advance(10 * SECOND)
      }
      expect(await alerts()).toHaveLength(3)
      // The day passes while nobody looks; what happened in the half hour before its end is still known.
      await pause(DAY - 30 * MINUTE)
      await clock.advance(10 * SECOND)
      expect(await alerts()).toHaveLength(3)
      await clock.advance(30 * MINUTE)
      for (let n = 0; n < restarts; n++) {
        await pause(10 * SECOND)
        await clock.advance(10 * SECOND)
      }
      expect((await alerts()).slice(3)).toMatchObject([{ from: 'stale', to: 'stale', contactAt }])
      await station.sweeper.stop()
      station.crash()
    },
  )

  test('is looked for in steps, so that however many wait the event loop has its turns', async () => {
    const { clock, fleet, judge, changes } = createCourt()
    await judge.judge()
    await clock.advance(31 * MINUTE)
    fleet.table.incident.fill(1)
    await judge.judge()
    fleet.table.incident.fill(0)
    changes.length = 0
    for (let row = 0; row < TERMINALS; row++) fleet.untold.add(row)
    let turns = 0
    const judged = judge.judge()
    while (judge.underWay() !== null && changes.length < TERMINALS) {
      if (changes.length > 0) turns++
      await turn()
    }
    await judged
    expect(turns).toBeGreaterThan(1)
    expect(changes.filter(({ alertId }) => alertId !== undefined)).toHaveLength(TERMINALS)
    expect(fleet.untold.size).toBe(0)
  })
})

describe('a sweeper whose judgements take many turns', () => {
  test('never stores a state without the change that led to it, also when it is stopped amid one', async () => {
    const memory = createMemoryStores()
    const { store, unexplained, stored } = auditedStore(memory.fleet)
    let isSlow = false
    const clock = unwaiting(slowly(createFakeClock(), () => isSlow))
    const station = await startStation(clock, { ...memory, fleet: store })
    for (let n = 0; n < TERMINALS; n++) station.hear(String(n))
    await clock.advance(30 * MINUTE)
    isSlow = true
    const states = new Set<string | null>()
    for (let n = 0; n < 40; n++) {
      await clock.advance(100)
      await turn()
      states.add(`${station.state('0')} ${station.state(String(TERMINALS - 1))}`)
    }
    expect(states).toContain('stale fresh')
    expect(station.state('0')).toBe('stale')
    const saved = station.sweeper.sweepNow()
    for (let n = 0; n < TERMINALS; n += 2) station.hear(String(n))
    await clock.advance(SECOND / 2)
    await station.sweeper.stop()
    await saved
    expect(unexplained).toEqual([])
    expect(stored.get('1')).toBe('stale')
  })

  test('nor in a checkpoint that comes due amid one', async () => {
    const memory = createMemoryStores()
    const { store, unexplained, stored } = auditedStore(memory.fleet)
    let isSlow = false
    const clock = unwaiting(slowly(createFakeClock(), () => isSlow))
    const settings = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: 4 * MINUTE } }
    const station = await startStation(clock, { ...memory, fleet: store }, { settings })
    const hear = (from: number, to: number): void => {
      for (let n = from; n < to; n++) station.hear(String(n))
    }
    hear(0, TERMINALS)
    await pass(clock, 6 * MINUTE - 1300)
    // The first chunk changes last, and so the next checkpoint encodes it last.
    hear(512, TERMINALS)
    await pass(clock, SECOND)
    hear(0, 512)
    await pass(clock, 235 * SECOND)
    hear(0, 256)
    hear(512, TERMINALS)
    await pass(clock, 5 * SECOND)
    isSlow = true
    // The judgement that finds the silent ones and the checkpoint are due at once.
    await pass(clock, 3 * SECOND)
    expect(station.state('256')).toBe('stale')
    await station.sweeper.stop()
    expect(unexplained).toEqual([])
    expect(stored.get('256')).toBe('stale')
  })

  test('answers who waits for a change with a judgement that was begun after it', async () => {
    const memory = createMemoryStores()
    const clock = unwaiting(slowly(createFakeClock()))
    const station = await startStation(clock, memory)
    for (let n = 0; n < TERMINALS; n++) station.hear(String(n))
    await station.sweeper.sweepNow()
    await clock.advance(SECOND / 2)
    const changed = station.desk.change('0', { lifecycle: 'suspended' }, ANNA)
    await changed
    expect(station.state('0')).toBe('suspended')
    expect((await station.history('0')).at(-1)?.to).toBe('suspended')
    await station.sweeper.stop()
  })
})

/** As the real clock does it: time goes on while a tick is still running, and its next turns are skipped. */
function unwaiting(clock: FakeClock): FakeClock {
  return {
    ...clock,
    every(ms, tick) {
      let running = false
      return clock.every(ms, () => {
        if (running) return
        running = true
        void Promise.resolve(tick()).finally(() => {
          running = false
        })
      })
    },
  }
}
