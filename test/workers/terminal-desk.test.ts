import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import { DAY, HOUR, MINUTE, SECOND, toIso } from '../../src/core/time.ts'
import { type AuditTrail, type FleetStore, StoreError } from '../../src/ports.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { startStation } from '../support/fleet-station.ts'
import { ANNA } from '../support/store-rows.ts'

const LEARNING: FreshnessSettings = { ...DEFAULTS, default: { ...DEFAULTS.default, learn: true } }

async function begin(settings = LEARNING) {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const station = await startStation(clock, stores, { settings })
  return {
    clock,
    stores,
    station,
    async speak(count: number, ms: number) {
      station.hear('1')
      for (let i = 0; i < count; i++) {
        await clock.advance(ms)
        station.hear('1')
      }
    },
    restart: () => startStation(clock, stores, { settings }),
    trail: async () => {
      const entries = await stores.audit.list({ limit: 10 })
      return entries.map(({ action, subject, actor, before, after }) => ({
        action,
        subject,
        by: actor.name,
        before,
        after,
      }))
    },
  }
}

describe('while the store takes nothing', () => {
  async function locked(audit?: AuditTrail['add']) {
    const clock = createFakeClock()
    const stores = createMemoryStores()
    let isLocked = false
    const flush: FleetStore['flush'] = (batch) =>
      isLocked ? Promise.reject(new StoreError('locked', 'it is locked')) : stores.fleet.flush(batch)
    const failing = {
      ...stores,
      fleet: { ...stores.fleet, flush },
      audit: { ...stores.audit, ...(audit && { add: audit }) },
    }
    const station = await startStation(clock, failing, { settings: LEARNING })
    for (let n = 0; n < 60; n++) {
      station.hear('1')
      await clock.advance(2 * MINUTE)
    }
    isLocked = true
    const unlock = async (): Promise<void> => {
      isLocked = false
      await clock.advance(10 * SECOND)
      station.crash()
    }
    return { clock, stores, station, unlock }
  }

  test('a change is not confirmed, but holds, is stored later, and stands in the audit trail', async () => {
    const { clock, stores, station, unlock } = await locked()
    const acknowledged = { until: clock.now() + DAY, reason: 'repair', by: 'anna' }
    await expect(station.desk.change('1', { acknowledged }, ANNA)).rejects.toThrow(StoreError)
    await expect(station.desk.forgetLearnt('1', ANNA)).rejects.toThrow(StoreError)
    const entries = await stores.audit.list({ limit: 9 })
    expect(entries.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'terminal.forget-learnt 1',
      'terminal.acknowledge 1',
    ])
    await unlock()
    const again = await startStation(clock, stores, { settings: LEARNING })
    expect(again.desk.seenBy('all').get('1')).toMatchObject({ acknowledged, learnt: {} })
  })

  test('a change whose entry is lost too is told by the log', async () => {
    const { station } = await locked(() => Promise.reject(new StoreError('locked', 'it is locked')))
    await expect(station.desk.change('1', { lifecycle: 'suspended' }, ANNA)).rejects.toThrow(StoreError)
    expect(station.log.lines).toContainEqual({
      level: 'error',
      message: 'an action is missing in the audit trail',
      fields: { action: 'terminal.lifecycle', by: 'anna', error: 'StoreError: it is locked' },
    })
  })
})

describe('what people set on a terminal', () => {
  test('counts at once, is there after a crash and stands in the audit trail', async () => {
    const { station, restart, trail, speak } = await begin()
    await speak(1, MINUTE)
    const thresholds = { moving: 7 * MINUTE, parked: Infinity }
    expect(await station.desk.change('1', { thresholds }, ANNA)).toBe(true)
    const shown = { threshold: { seconds: 420, from: 'terminal' }, ownThresholds: thresholds }
    expect(station.desk.seenBy('all').get('1')).toMatchObject(shown)
    station.crash()
    const again = await restart()
    expect(again.desk.seenBy('all').get('1')).toMatchObject(shown)
    await again.desk.change('1', { thresholds: null }, ANNA)
    expect(again.desk.seenBy('all').get('1')?.threshold.from).toBe('default')
    expect(again.desk.seenBy('all').get('1')?.ownThresholds).toBeUndefined()
    const entry = { action: 'terminal.thresholds', subject: '1', by: 'anna' }
    const told = { moving: '7m', parked: 'off' }
    expect(await trail()).toEqual([
      { ...entry, before: told, after: null },
      { ...entry, before: null, after: told },
    ])
  })

  test('makes a silent terminal be judged anew', async () => {
    const { station, speak, clock } = await begin()
    await speak(1, MINUTE)
    await clock.advance(HOUR)
    expect(station.state('1')).toBe('stale')
    await station.desk.change('1', { thresholds: { moving: 2 * HOUR } }, ANNA)
    expect(station.state('1')).toBe('fresh')
    await station.desk.change('1', { thresholds: { moving: 50 * MINUTE, lost: 55 * MINUTE } }, ANNA)
    expect(station.state('1')).toBe('lost')
  })

  test('another profile brings its thresholds at once, after a crash too, and stands in the audit trail', async () => {
    const settings = { ...DEFAULTS, profiles: { tractor: { moving: 10 * MINUTE } } }
    const { station, stores, clock, speak, trail } = await begin(settings)
    await speak(1, MINUTE)
    expect(station.desk.profiles()).toEqual(['tractor'])
    await station.desk.change('1', { profile: 'tractor' }, ANNA)
    const moving = { seconds: 600, from: 'profile' }
    expect(station.desk.seenBy('all').get('1')?.threshold).toEqual(moving)
    expect(station.desk.seenBy('all').facts('1')).toMatchObject({
      profile: 'tractor',
      thresholds: { moving },
    })
    station.crash()
    const again = await startStation(clock, stores, { settings })
    expect(again.desk.seenBy('all').facts('1')).toMatchObject({ profile: 'tractor', thresholds: { moving } })
    await again.desk.change('1', { profile: '' }, ANNA)
    expect(again.desk.seenBy('all').get('1')?.threshold.from).toBe('default')
    const entry = { action: 'terminal.profile', subject: '1', by: 'anna' }
    expect(await trail()).toEqual([
      { ...entry, before: { profile: 'tractor' }, after: { profile: '' } },
      { ...entry, before: { profile: '' }, after: { profile: 'tractor' } },
    ])
  })

  test('an acknowledgement is shown until its end', async () => {
    const { station, speak, clock, trail } = await begin()
    await speak(1, MINUTE)
    const acknowledged = { until: clock.now() + HOUR, reason: 'repair', by: 'anna' }
    await station.desk.change('1', { acknowledged }, ANNA)
    expect(station.desk.seenBy('all').get('1')?.acknowledged).toEqual(acknowledged)
    await clock.advance(HOUR - SECOND)
    expect(station.desk.seenBy('all').get('1')?.acknowledged).toBeDefined()
    await clock.advance(SECOND)
    expect(station.desk.seenBy('all').get('1')?.acknowledged).toBeUndefined()
    expect((await trail())[0]).toMatchObject({
      action: 'terminal.acknowledge',
      after: { until: toIso(acknowledged.until), reason: 'repair' },
    })
  })

  test('is logged when the audit trail takes no entry, and holds all the same', async () => {
    const clock = createFakeClock()
    const stores = createMemoryStores()
    const audit = { ...stores.audit, add: () => Promise.reject(new Error('the disk is full')) }
    const station = await startStation(clock, { ...stores, audit })
    station.hear('1')
    expect(await station.desk.change('1', { thresholds: { lost: DAY } }, ANNA)).toBe(true)
    expect(station.log.lines).toContainEqual(
      expect.objectContaining({
        message: 'an action is missing in the audit trail',
        fields: expect.objectContaining({ action: 'terminal.thresholds', by: 'anna' }),
      }),
    )
  })
})

describe('what a terminal has learnt', () => {
  test('is the same after a restart', async () => {
    const { station, speak, restart } = await begin()
    await speak(60, 4 * MINUTE)
    const learnt = station.desk.seenBy('all').get('1')
    expect(learnt?.threshold.from).toBe('learnt')
    await station.sweeper.stop()
    station.crash()
    const again = await restart()
    expect(again.desk.seenBy('all').get('1')).toMatchObject({
      threshold: learnt?.threshold,
      learnt: learnt?.learnt,
    })
  })

  test('does not let a silent terminal out of its state when the service starts again', async () => {
    const { station, speak, restart, clock } = await begin()
    await speak(60, 2 * MINUTE)
    await clock.advance(20 * MINUTE)
    expect(station.state('1')).toBe('stale')
    await station.sweeper.stop()
    station.crash()
    const again = await restart()
    await clock.advance(10 * SECOND)
    expect(again.state('1')).toBe('stale')
    expect(again.desk.seenBy('all').get('1')?.threshold.from).toBe('learnt')
  })

  test('is forgotten for good, and that is told', async () => {
    const { station, speak, restart, trail, clock } = await begin()
    await speak(60, 4 * MINUTE)
    await clock.advance(10 * SECOND)
    expect(await station.desk.forgetLearnt('1', ANNA)).toBe('forgotten')
    expect(station.desk.seenBy('all').get('1')).toMatchObject({
      threshold: { seconds: 1800, from: 'default' },
      learnt: {},
    })
    expect(await station.desk.forgetLearnt('1', ANNA)).toBe('nothing')
    expect(await station.desk.forgetLearnt('nobody', ANNA)).toBe('missing')
    expect(await trail()).toEqual([
      {
        ...{ action: 'terminal.forget-learnt', subject: '1', by: 'anna', after: null },
        before: { movingGaps: 60, parkedGaps: 0 },
      },
    ])
    station.crash()
    expect((await restart()).desk.seenBy('all').get('1')?.learnt).toEqual({})
  })
})
