import { describe, expect, test } from 'vitest'
import { createVehicleService } from '../../../src/adapters/omnicomm-online/vehicles.ts'
import { SECOND } from '../../../src/core/time.ts'
import { ACTIVITY, STATE, TREE } from '../../support/fake-online.ts'
import { until } from '../../support/until.ts'
import { setUp } from './rig.ts'

async function begin() {
  const rig = await setUp()
  return { ...rig, service: createVehicleService(rig.client, { timeoutMs: 30 * SECOND }) }
}

describe('the vehicles of an account', () => {
  test('are told in our words, by one call each', async () => {
    await using rig = await begin()
    const { service, online } = rig
    expect(await service.activity()).toMatchObject({
      kind: 'answered',
      value: { rows: [{ terminalId: '200000001', lastDataAt: 1_767_225_600_000 }], skipped: 0 },
    })
    expect(await service.tree()).toMatchObject({
      kind: 'answered',
      value: { vehicles: [{ uuid: 'u-1', terminalId: '200000001', groups: ['Group'] }] },
    })
    expect(await service.state('200000001')).toMatchObject({
      kind: 'answered',
      value: { lastDataAt: 1_767_225_600_000, voltage: 27.6 },
    })
    expect([ACTIVITY, TREE, STATE].map(online.count)).toEqual([1, 1, 1])
  })

  test.each<[string, 'activity' | 'tree' | 'state', string, unknown]>([
    ['no list', 'activity', ACTIVITY, { rows: [] }],
    ['no tree', 'tree', TREE, []],
    ['no state', 'state', STATE, { hello: 1 }],
  ])('an answer that is %s is a failure of that call', async (_name, call, path, json) => {
    await using rig = await begin()
    const { service, online } = rig
    online.on(path, { kind: 'answer', json: call === 'tree' ? [1] : json })
    expect(await service[call]('200000001')).toMatchObject({ kind: 'failed', phase: 'assert' })
  })

  test('a vehicle that does not exist is a matter of this vehicle, as is one without rights', async () => {
    await using rig = await begin()
    const { service, online } = rig
    expect(await service.state('404')).toMatchObject({ kind: 'unusable', cause: 'vehicle' })
    online.on(STATE, { kind: 'answer', json: { code: 9 } })
    expect(await service.state('200000001')).toMatchObject({ kind: 'unusable', cause: 'vehicle' })
  })

  test('an id stays one part of the path, whatever is in it', async () => {
    await using rig = await begin()
    await rig.service.state('../../tree?x=1')
    expect(rig.online.paths().at(-1)).toBe('/ls/api/v1/vehicles/..%2F..%2Ftree%3Fx%3D1/state')
  })

  test('the tree is read once for all who ask meanwhile, and has two minutes', async () => {
    await using rig = await begin()
    const { service, online, clock } = rig
    const answer = Promise.withResolvers<void>()
    online.on(TREE, { kind: 'late', until: answer.promise })
    const both = Promise.all([service.tree(), service.tree()])
    await until(() => online.count(TREE) === 1)
    await clock.advance(119 * SECOND)
    answer.resolve()
    expect((await both).map(({ kind }) => kind)).toEqual(['answered', 'answered'])
    expect(online.count(TREE)).toBe(1)
    online.on(TREE, { kind: 'silent' })
    const last = service.tree()
    await until(() => online.count(TREE) === 2)
    await clock.advance(120 * SECOND)
    expect(await last).toMatchObject({ kind: 'failed', phase: 'timeout' })
  })
})
