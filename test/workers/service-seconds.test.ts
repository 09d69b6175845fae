import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ClockState, NEW_CLOCK } from '../../src/core/outage/clock-state.ts'
import { cursorAt } from '../../src/core/outage/timeline.ts'
import { NO_TIME } from '../../src/core/outage/uptime.ts'
import type { ProbeResult } from '../../src/core/outage/verdict.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createServiceHistory } from '../../src/workers/service-history.ts'
import { createServiceSeconds } from '../../src/workers/service-seconds.ts'
import { createRig, FAILED, OK, OPTIONS, type Rig } from './prober-rig.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.kill())

const G = 2 * OPTIONS.intervalMs + OPTIONS.timeoutMs

/** What the counter says, ms by class. */
function counted(): Record<string, number> {
  const of = (state: string): number => rig.metrics.value('watch_service_seconds_total', { state }) ?? 0
  return Object.fromEntries(Object.keys(NO_TIME).map((state) => [state, of(state) * SECOND]))
}

/** A round that ends in the second of a look is counted with the next look. */
const look = (): Promise<void> => rig.clock.advance(SECOND)

/** What the page says of the same time. */
async function told(from: number, to: number): Promise<Record<string, number>> {
  const history = createServiceHistory(
    { clock: rig.clock, store: rig.stores.outages, hours: rig.stores.uptime, windows: () => rig.windows },
    { components: [], largestGapMs: G },
  )
  return { ...(await history.totals(from, to)).service }
}

/** The service fails for so long, and the network may be to blame. */
async function blind(ms: number): Promise<void> {
  rig.controls = [{ url: 'https://a.example/', kind: 'silent', reason: 'timeout' }]
  await rig.answer(FAILED, ms)
}

async function lastRound(): Promise<number> {
  return (await rig.rows()).at(-1)?.at ?? 0
}

describe('the seconds of the service', () => {
  test('are those of the page: up, down, the edges between, and planned work', async () => {
    const from = rig.clock.now()
    rig.windows.push({ from: from + 30 * MINUTE, to: from + 40 * MINUTE })
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await rig.answer(FAILED, 30 * MINUTE)
    await rig.answer(OK, 20 * MINUTE)
    await look()
    const seconds = counted()
    expect(seconds).toEqual(await told(from, await lastRound()))
    expect(seconds).toMatchObject({ up: expect.any(Number), unknown: 0 })
    expect(Object.values(seconds).filter((ms) => ms > 0)).toHaveLength(4)
  })

  test('go on as unknown while nobody can tell, and the first verdict afterwards adds the rest', async () => {
    const from = rig.clock.now()
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await blind(20 * MINUTE)
    const passed = counted()['unknown'] ?? 0
    expect(passed).toBeGreaterThan(20 * MINUTE - 2 * G)
    expect(passed).toBeLessThanOrEqual(20 * MINUTE)
    await rig.answer(FAILED, 10 * SECOND)
    expect((counted()['unknown'] ?? 0) - passed).toBe(10 * SECOND)
    await rig.answer(OK, 5 * MINUTE)
    await look()
    expect(counted()).toEqual(await told(from, await lastRound()))
  })

  test('of blindness during planned work are planned work', async () => {
    const from = rig.clock.now()
    rig.windows.push({ from: from + 10 * MINUTE, to: from + HOUR })
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await blind(30 * MINUTE)
    expect(counted()['unknown']).toBe(0)
    expect(counted()['maintenance']).toBeGreaterThan(20 * MINUTE)
  })

  test('never count a round as unknown that lasts longer than others', async () => {
    const { clock } = rig
    rig.timer = { ...clock, after: (delay, tick) => clock.after(delay, () => void tick()) }
    await rig.start()
    await rig.pass(2 * MINUTE + 10 * SECOND)
    rig.controls = [{ url: 'https://a.example/', kind: 'silent', reason: 'timeout' }]
    rig.answers.set('web', FAILED)
    await rig.pass(MINUTE)
    rig.controls = [{ url: 'https://a.example/', kind: 'answered', byName: true }]
    // The last verdict was that of minute 2; that of minute 4 comes with the second attempt, more than g after it.
    let attempts = 0
    const slow = (): Promise<ProbeResult> =>
      new Promise((resolve) => {
        clock.after(24 * SECOND, () => resolve(++attempts % 2 === 1 ? FAILED : OK))
      })
    rig.answers.set('web', slow)
    await rig.pass(3 * MINUTE)
    expect(counted()).toMatchObject({ unknown: 0, up: 5 * MINUTE })
  })

  test('count the time in which the process did not run as unknown, once, when it is known again', async () => {
    const from = rig.clock.now()
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await rig.kill()
    const before = counted()
    await rig.clock.advance(3 * HOUR)
    rig.seconds = createServiceSeconds(rig)
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await look()
    expect(counted()).toEqual(await told(from, await lastRound()))
    expect((counted()['up'] ?? 0) - (before['up'] ?? 0)).toBe(10 * MINUTE)
    expect(counted()['unknown']).toBe(3 * HOUR)
  })

  test('of blindness that goes on after a restart are not counted by both processes', async () => {
    const from = rig.clock.now()
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await blind(HOUR)
    await rig.kill()
    await rig.clock.advance(10 * MINUTE)
    rig.seconds = createServiceSeconds(rig)
    await rig.start()
    await rig.answer(FAILED, HOUR)
    expect(counted()['unknown']).toBeGreaterThan(2 * HOUR - 3 * G)
    rig.controls = [{ url: 'https://a.example/', kind: 'answered', byName: true }]
    await rig.answer(OK, 5 * MINUTE)
    await look()
    const twice = (counted()['unknown'] ?? 0) - ((await told(from, await lastRound()))['unknown'] ?? 0)
    expect(Math.abs(twice)).toBeLessThan(OPTIONS.intervalMs)
  })

  test.each([
    ['forward', 2 * HOUR],
    ['back', -2 * MINUTE],
  ])('of blindness behind a step %s are not counted by both processes either', async (_way, stepMs) => {
    const from = rig.clock.now()
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await blind(20 * MINUTE)
    rig.clock.step(stepMs)
    await blind(20 * MINUTE)
    await rig.kill()
    rig.seconds = createServiceSeconds(rig)
    await rig.start()
    rig.controls = [{ url: 'https://a.example/', kind: 'answered', byName: true }]
    await rig.answer(OK, 5 * MINUTE)
    await look()
    const unknown = counted()['unknown'] ?? 0
    expect(Math.abs(unknown - 40 * MINUTE)).toBeLessThan(2 * OPTIONS.intervalMs)
    expect(counted()['up']).toBeLessThanOrEqual((await told(from, await lastRound()))['up'] ?? 0)
  })

  test('are counted once by the probers of one process, however often it is reloaded', async () => {
    const from = rig.clock.now()
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    await blind(20 * MINUTE)
    const passed = counted()['unknown'] ?? 0
    await rig.kill()
    await rig.start()
    await rig.clock.advance(10 * SECOND)
    expect((counted()['unknown'] ?? 0) - passed).toBe(10 * SECOND)
    rig.controls = [{ url: 'https://a.example/', kind: 'answered', byName: true }]
    await rig.answer(OK, 2 * MINUTE)
    await rig.kill()
    await rig.start()
    await rig.answer(OK, 5 * MINUTE)
    await look()
    expect(counted()).toEqual(await told(from, await lastRound()))
  })

  test('never jump with the wall clock', async () => {
    await rig.start()
    await rig.answer(OK, 10 * MINUTE)
    rig.clock.step(5 * HOUR)
    await rig.answer(OK, 10 * MINUTE)
    const all = Object.values(counted()).reduce((sum, ms) => sum + ms, 0)
    expect(all).toBeLessThanOrEqual(20 * MINUTE)
    expect(all).toBeGreaterThan(17 * MINUTE)
  })

  test('never go back, also when a reload lets rounds lie further apart', async () => {
    const { clock, seconds } = rig
    const blind: ClockState = { ...NEW_CLOCK, cursor: cursorAt(clock.now()) }
    seconds.follow(blind, null, [], G)
    seconds.count(blind, [], G)
    await clock.advance(10 * MINUTE)
    seconds.count(blind, [], G)
    expect(counted()['unknown']).toBe(10 * MINUTE - G)
    seconds.count(blind, [], 2 * G)
    expect(counted()['unknown']).toBe(10 * MINUTE - G)
    await clock.advance(2 * G)
    seconds.count(blind, [], 2 * G)
    expect(counted()['unknown']).toBe(10 * MINUTE)
  })
})
