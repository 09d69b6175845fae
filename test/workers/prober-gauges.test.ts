import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createRig, FAILED, OPTIONS, type Rig } from './prober-rig.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.kill())

const up = (component: string) => rig.metrics.value('watch_component_up', { component })

describe('the pace of the rounds', () => {
  test('a round that begins on time is not late, one that a busy process holds up is', async () => {
    const late = () => rig.metrics.value('watch_probe_late_seconds')
    await rig.start()
    await rig.clock.advance(MINUTE)
    expect(late()).toBe(0)
    await rig.kill()
    const { clock } = rig
    rig.timer = { ...clock, after: (ms, tick) => clock.after(ms + 3 * SECOND, tick) }
    await rig.start()
    await clock.advance(MINUTE + 3 * SECOND)
    expect(late()).toBe(3)
  })

  test('a verdict is overdue when it is older than rounds may be apart, and is not with the next one', async () => {
    const overdue = () => rig.metrics.value('watch_probe_overdue_seconds')
    const { clock } = rig
    rig.timer = { ...clock, after: (ms, tick) => clock.after(ms + 3 * MINUTE, tick) }
    await rig.start()
    await clock.advance(2 * MINUTE + 25 * SECOND)
    expect(overdue()).toBe(0)
    await clock.advance(MINUTE)
    expect(overdue()).toBe(60)
    await clock.advance(36 * SECOND)
    expect(overdue()).toBe(0)
  })
})

test('an attempt is shown as long as its probe took, in seconds', async () => {
  const took = () => rig.metrics.value('watch_probe_duration_seconds', { component: 'web' })
  await rig.start()
  await rig.answer({ kind: 'ok', latencyMs: 250, slow: false, status: 200 }, MINUTE)
  expect(took()).toBe(0.25)
  await rig.answer({ kind: 'failed', phase: 'http', latencyMs: 1500, evidence: 'status 503' }, MINUTE)
  expect(took()).toBe(1.5)
})

describe('what is known of the service', () => {
  test('an outage shows its beginning and the time after which it is announced', async () => {
    const started = () => rig.metrics.value('watch_outage_started_timestamp_seconds')
    await rig.start()
    expect(started()).toBeNaN()
    expect(rig.metrics.value('watch_outage_notice_after_seconds')).toBe(HOUR / SECOND)
    const from = rig.clock.now() + MINUTE
    await rig.answer(FAILED, 5 * MINUTE)
    expect(started()).toBe(from / SECOND)
    expect(up('web')).toBe(0)
  })

  test('who cannot tell whether the service is up is blind, and says nothing of its components', async () => {
    const blind = () => rig.metrics.value('watch_prober_blind')
    await rig.start()
    await rig.clock.advance(SECOND)
    expect([blind(), up('web')]).toEqual([0, 1])
    rig.controls = [{ url: 'https://a.example/', kind: 'silent', reason: 'timeout' }]
    await rig.answer(FAILED, 2 * MINUTE)
    expect([blind(), up('web')]).toEqual([1, Number.NaN])
  })

  test('where nothing that counts is watched nobody is blind', async () => {
    rig = createRig({ components: OPTIONS.components.map((one) => ({ ...one, counts: 'degraded' })) })
    await rig.start()
    await rig.clock.advance(MINUTE)
    expect(rig.metrics.value('watch_prober_blind')).toBe(0)
  })

  test('a component is shown no more when its prober stops', async () => {
    await rig.start()
    await rig.clock.advance(SECOND)
    expect(up('web')).toBe(1)
    await rig.kill()
    expect(up('web')).toBeNaN()
  })
})
