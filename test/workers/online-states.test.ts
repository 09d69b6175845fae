import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createOnlineDesk } from '../../src/workers/online-desk.ts'
import { ACTIVITY } from '../support/fake-online.ts'
import { T0 } from '../support/fleet-scenario.ts'
import { until } from '../support/until.ts'
import { type Polling, startPolling, statePathOf } from './online-rig.ts'

const FAILING = { kind: 'answer', status: 503 } as const

function tell(polling: Polling, id: number, state: Readonly<Record<string, unknown>>): void {
  polling.online.on(statePathOf(id), { kind: 'answer', json: state })
}

/** Paths of the states that were asked for, as terminal numbers. */
function asked({ online }: Polling): number[] {
  return online
    .paths()
    .flatMap((path) => /vehicles\/(\d+)\/state$/.exec(path)?.[1] ?? [])
    .map(Number)
}

describe('a suspect', () => {
  test('is asked before it is stale, so that a parked truck sleeps and is never called stale', async () => {
    await using polling = await startPolling()
    const { clock, serve } = polling
    serve({ 1: T0, 2: T0 })
    tell(polling, 1, { lastDataDate: T0 / 1000, currentIgn: false, voltage: 12.4 })
    tell(polling, 2, { lastDataDate: T0 / 1000, currentIgn: true, voltage: 0 })
    await clock.advance(14 * MINUTE)
    expect(asked(polling)).toEqual([])
    await clock.advance(20 * MINUTE)
    expect(['1', '2'].map(polling.state)).toEqual(['sleeping', 'stale'])
    expect(polling.station().desk.seenBy('all').get('1')?.readings).toMatchObject({
      ignition: { value: false, at: T0 },
      voltage: { value: 12.4, at: T0 },
    })
    const story = await polling.station().history('1')
    expect(story.map(({ to }) => to)).not.toContain('stale')
  })

  test('is asked at most once an hour, and the limit of a minute is kept', async () => {
    await using polling = await startPolling({ statesPerMinute: 4 })
    const { clock, serve } = polling
    const ids = Array.from({ length: 30 }, (_, i) => i + 1)
    serve(Object.fromEntries(ids.map((id) => [id, T0 - DAY - id])))
    for (const id of ids) tell(polling, id, { lastDataDate: Math.floor((T0 - DAY - id) / 1000) })
    await clock.advance(5 * MINUTE)
    expect(asked(polling)).toHaveLength(15)
    await clock.advance(54 * MINUTE)
    expect(asked(polling).toSorted((a, b) => a - b)).toEqual(ids)
    await clock.advance(10 * MINUTE)
    expect(asked(polling).length).toBeGreaterThan(30)
  })

  test('is not asked while polls fail, nor where nobody is to be asked', async () => {
    for (const options of [{ statesPerMinute: 20 }, { statesPerMinute: 0 }]) {
      await using polling = await startPolling(options)
      polling.serve(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i + 1, T0 - HOUR - i])))
      await polling.clock.advance(SECOND)
      if (options.statesPerMinute > 0) polling.online.on(ACTIVITY, FAILING)
      // Until the next poll it may still be asked.
      await polling.clock.advance(MINUTE)
      const before = asked(polling).length
      expect(before).toBe(options.statesPerMinute > 0 ? 17 : 0)
      await polling.clock.advance(2 * HOUR)
      expect(asked(polling)).toHaveLength(before)
    }
  })

  test('is left alone for an hour where the account may not ask at all', async () => {
    await using polling = await startPolling()
    polling.serve({ 1: T0 - HOUR, 2: T0 - HOUR - 1 })
    for (const id of [1, 2]) polling.online.on(statePathOf(id), { kind: 'answer', status: 403 })
    await polling.clock.advance(59 * MINUTE)
    expect(asked(polling)).toEqual([1])
    await polling.clock.advance(3 * MINUTE)
    expect(asked(polling)).toEqual([1, 2])
    const alarm = { topic: 'account-unusable', key: 'main', cause: 'rights' }
    expect(polling.notices).toMatchObject([alarm, alarm])
  })
})

describe('a person', () => {
  test('gets an answer at once, again within the hour, and one call for questions at the same time', async () => {
    await using polling = await startPolling()
    const { clock, serve, online } = polling
    serve({ 1: T0 })
    await clock.advance(SECOND)
    tell(polling, 1, { lastDataDate: T0 / 1000, voltage: 27.6 })
    const poller = polling.poller()
    expect(await Promise.all([poller.ask('1'), poller.ask('1')])).toEqual([
      { kind: 'answered' },
      { kind: 'answered' },
    ])
    expect(online.count(statePathOf(1))).toBe(1)
    expect(await poller.ask('1')).toEqual({ kind: 'answered' })
    expect(polling.station().desk.seenBy('all').get('1')?.readings['voltage']).toEqual({
      value: 27.6,
      at: T0,
    })
  })

  test('is told to wait when the questions of the minute are used up', async () => {
    await using polling = await startPolling({ statesPerMinute: 2 })
    const { clock, serve } = polling
    serve({ 1: T0, 2: T0, 3: T0 })
    for (const id of [1, 2, 3]) tell(polling, id, { lastDataDate: T0 / 1000 })
    await clock.advance(SECOND)
    const poller = polling.poller()
    await poller.ask('1')
    await clock.advance(20 * SECOND)
    await poller.ask('2')
    expect(await poller.ask('3')).toEqual({ kind: 'too-often', retryAfterMs: 40 * SECOND })
    await clock.advance(40 * SECOND)
    expect(await poller.ask('3')).toEqual({ kind: 'answered' })
  })

  test('is told what the service says of the vehicle, until it says something else', async () => {
    await using polling = await startPolling()
    const { clock, serve, online } = polling
    serve({ 1: T0 })
    await clock.advance(SECOND)
    online.on(statePathOf(1), { kind: 'answer', json: { code: 11, message: 'blocked' } })
    const outcome = await polling.poller().ask('1')
    expect(outcome).toMatchObject({
      kind: 'refused',
      why: 'vehicle',
      reason: expect.stringContaining('blocked interval'),
    })
    expect(polling.poller().remark('1')).toContain('blocked interval')
    tell(polling, 1, { lastDataDate: T0 / 1000 })
    await polling.poller().ask('1')
    expect(polling.poller().remark('1')).toBeNull()
  })

  test('who asks while the source is stopped is told so', async () => {
    await using polling = await startPolling()
    const { clock, serve, online } = polling
    serve({ 1: T0 })
    await clock.advance(SECOND)
    const answer = Promise.withResolvers<void>()
    online.on(statePathOf(1), { kind: 'late', until: answer.promise })
    const outcome = polling.poller().ask('1')
    await until(() => online.count(statePathOf(1)) === 1)
    await polling.poller().stop()
    answer.resolve()
    expect(await outcome).toMatchObject({
      kind: 'refused',
      why: 'closing',
      reason: expect.stringContaining('closed'),
    })
  })

  test('reaches the account that has the terminal, by any of its names', async () => {
    await using polling = await startPolling()
    const { clock, serve, station } = polling
    serve({ 1: T0 })
    await clock.advance(SECOND)
    tell(polling, 1, { lastDataDate: T0 / 1000 })
    const desk = createOnlineDesk(station().fleet, () => [polling.poller()])
    expect(await desk.ask('1')).toEqual({ kind: 'answered' })
    station().hear('2', { source: 'online' })
    expect(await desk.ask('2')).toMatchObject({
      kind: 'refused',
      why: 'not-polled',
      reason: 'no polled source has this terminal',
    })
    expect(await desk.ask('unknown')).toMatchObject({ kind: 'refused' })
    expect([desk.remark('1'), desk.remark('unknown')]).toEqual([null, null])
    expect(await createOnlineDesk(station().fleet, () => []).ask('1')).toMatchObject({ kind: 'refused' })
  })
})
