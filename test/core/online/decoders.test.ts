import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeActivity } from '../../../src/core/online/activity.ts'
import { decodeTree } from '../../../src/core/online/tree.ts'
import { decodeVehicleState } from '../../../src/core/online/vehicle-state.ts'

describe('activity', () => {
  test('rows give the terminal, the vehicle and the time of the last data', () => {
    expect(
      decodeActivity([
        { id: 200000001, dateID: 1_767_225_600_000, uuid: 'u-1' },
        { id: '2', dateID: 0 },
        { id: 3, dateID: null, uuid: 5 },
        { id: 0, dateID: 1 },
        { id: '000', dateID: 1 },
        { dateID: 1 },
        null,
      ]),
    ).toEqual({
      rows: [
        { terminalId: '200000001', uuid: 'u-1', lastDataAt: 1_767_225_600_000 },
        { terminalId: '2', uuid: null, lastDataAt: null },
        { terminalId: '3', uuid: '5', lastDataAt: null },
      ],
      skipped: 4,
    })
  })

  test.each([
    [1_767_225_600, 1_767_225_600_000],
    [1_767_225_600_000, 1_767_225_600_000],
    [1_767_225_600_123.7, 1_767_225_600_123],
    [9_999_999_999, 9_999_999_999_000],
    [10_000_000_000, 10_000_000_000],
    [-1, null],
    [Number.MAX_VALUE, null],
    ['1767225600000', 1_767_225_600_000],
    ['1767225600', 1_767_225_600_000],
    ['yesterday', null],
    ['-1', null],
    ['12345678901234567', null],
  ])('a date %j is told apart as seconds or milliseconds: %j', (dateID, lastDataAt) => {
    expect(decodeActivity([{ id: 1, dateID }])?.rows[0]?.lastDataAt).toBe(lastDataAt)
  })

  test.each([{}, null, 'list', 1])('%j is no list', (value) => {
    expect(decodeActivity(value)).toBeUndefined()
  })
})

describe('state', () => {
  test('fields are read in their units, and what is missing is null', () => {
    expect(
      decodeVehicleState({
        status: true,
        lastDataDate: 1_767_225_600,
        lastGPS: { latitude: 55.75, longitude: 37.61 },
        lastGPSSat: 9,
        currentSpeed: 68.5,
        currentIgn: true,
        voltage: 27.6,
      }),
    ).toEqual({
      lastDataAt: 1_767_225_600_000,
      position: { latitude: 55.75, longitude: 37.61 },
      satellites: 9,
      voltage: 27.6,
      ignition: true,
      speed: 68.5,
    })
    expect(decodeVehicleState({ address: '' })).toEqual({
      lastDataAt: null,
      position: null,
      satellites: null,
      voltage: null,
      ignition: null,
      speed: null,
    })
  })

  test.each([
    [{ status: true }, true],
    [{ status: false }, true],
    [{ status: 'error' }, false],
    [{ status: 404, message: 'Not Found' }, false],
    [{ status: null }, false],
    [{ status: 'error', voltage: null }, true],
  ])('%j is one: %j', (value, isState) => {
    expect(decodeVehicleState(value) !== undefined).toBe(isState)
  })

  test('a date beyond 1e10 is milliseconds', () => {
    expect(decodeVehicleState({ lastDataDate: 1_767_225_600_123 })?.lastDataAt).toBe(1_767_225_600_123)
  })

  test.each([[{ latitude: null, longitude: 1 }], [{ latitude: 91, longitude: 1 }], [null]])(
    '%j is no position',
    (lastGPS) => {
      expect(decodeVehicleState({ lastGPS })?.position).toBeNull()
    },
  )
})

describe('tree', () => {
  test('vehicles of all levels are found once, with their groups', () => {
    const truck = {
      uuid: 'u-1',
      name: 'Truck 1',
      terminal_type: 'FAS',
      terminal_id: 200000001,
      receive_data: 1,
    }
    expect(
      decodeTree({
        id: 1,
        name: 'Top',
        objects: [truck, { name: 'nothing' }],
        children: [
          {
            objects: [
              { ...truck, name: 'again' },
              { uuid: 'u-2', terminal_id: 0, receive_data: 0 },
            ],
          },
          { name: 'Inner', children: [{ objects: [{ terminal_id: 3 }] }], objects: null },
          'no group',
        ],
      }),
    ).toEqual({
      vehicles: [
        {
          uuid: 'u-1',
          terminalId: '200000001',
          name: 'Truck 1',
          terminalType: 'FAS',
          receiving: true,
          groups: ['Top'],
        },
        {
          uuid: 'u-2',
          terminalId: null,
          name: '',
          terminalType: null,
          receiving: false,
          groups: ['Top', ''],
        },
        {
          uuid: '3',
          terminalId: '3',
          name: '',
          terminalType: null,
          receiving: null,
          groups: ['Top', 'Inner', ''],
        },
      ],
      skipped: 1,
    })
  })

  test.each([null, {}, 'tree', [1], { objects: 1 }])('%j is no tree', (value) => {
    expect(decodeTree(value)).toBeUndefined()
  })

  test('a tree of any depth and width is read without end of stack or memory', () => {
    let deep: unknown = { objects: [{ uuid: 'deepest' }] }
    for (let level = 0; level < 50_000; level++) deep = { objects: [], children: [deep] }
    expect(decodeTree(deep)).toMatchObject({ vehicles: [] })
    const children = Array.from({ length: 200_000 }, (_, number) => ({ objects: [{ uuid: `u${number}` }] }))
    expect(decodeTree({ children })?.vehicles.length).toBe(200_000)
  })
})

test('no JSON makes a decoder throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      decodeActivity(value)
      decodeVehicleState(value)
      decodeTree(value)
      decodeTree({ objects: [value], children: [value] })
      decodeActivity([value])
    }),
    { endOnFailure: true },
  )
})
