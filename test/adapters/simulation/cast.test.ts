import { describe, expect, test } from 'vitest'
import { createCast } from '../../../src/adapters/simulation/cast.ts'
import { inventoryCsv } from '../../../src/adapters/simulation/inventory-file.ts'
import { measure } from '../../../src/adapters/simulation/measurement.ts'
import {
  deviceId,
  flespiPayload,
  gatePayload,
  pushPayload,
} from '../../../src/adapters/simulation/payload.ts'
import { placeOn } from '../../../src/adapters/simulation/roads.ts'
import type { Decoder } from '../../../src/core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../../../src/core/telemetry/flespi.ts'
import { createJsonDecoder } from '../../../src/core/telemetry/json.ts'
import { readInventoryCsv } from '../../support/inventory-file.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'

const cast = createCast(52)

describe('the simulated fleet', () => {
  test('is the same for the same seed and another for another', () => {
    expect(createCast(52)).toEqual(cast)
    expect(createCast(53)).not.toEqual(cast)
  })

  test('has a few hundred terminals on all channels and of all kinds', () => {
    expect(cast.length).toBeGreaterThan(250)
    expect(new Set(cast.map(({ id }) => id)).size).toBe(cast.length)
    for (const channel of ['gate', 'flespi', 'push']) {
      expect(cast.filter((terminal) => terminal.channel === channel).length).toBeGreaterThan(40)
    }
    expect([...new Set(cast.map(({ character }) => character.kind))].sort()).toEqual([
      'archive',
      'clock-behind',
      'driving',
      'dying',
      'never',
      'no-fix',
      'parked',
      'tunnel',
    ])
  })

  test('has an inventory file that the import takes whole, without those that nobody entered', () => {
    const { rows, rejected, warnings } = readInventoryCsv(Buffer.from(inventoryCsv(cast)))
    expect({ rejected, warnings }).toEqual({ rejected: [], warnings: [] })
    const registered = cast.filter((terminal) => terminal.registered)
    expect(rows.map(({ id }) => id)).toEqual(registered.map(({ id }) => id))
    expect(registered.length).toBe(cast.length - 2)
    expect(rows[0]?.cells.client).toBe(registered[0]?.customer.client)
  })
})

describe('a report', () => {
  const [terminal = cast[0]] = cast.filter(({ character }) => character.kind === 'driving')
  if (terminal === undefined) throw new Error('nobody drives')
  const measurement = measure(terminal, { measuredMs: 60_000, buffered: false, hasFix: true })
  const sending = { terminal, measurement, measuredAt: SAMPLE_AT, sentAt: SAMPLE_AT + 1000, buffered: true }
  const json = createJsonDecoder({ timezone: 'Europe/Moscow' })

  test.each<[string, Decoder, Record<string, unknown>, string]>([
    ['gate', json, gatePayload(sending), `fleet/${terminal.id}`],
    [
      'flespi',
      createFlespiDecoder(),
      flespiPayload(sending),
      `flespi/message/gw/devices/${deviceId(terminal)}`,
    ],
    ['push', json, pushPayload(sending), ''],
  ])('of %s says the same to its decoder', (source, decode, payload, topic) => {
    const envelope = { source, receivedAt: SAMPLE_AT + 1000, ...(topic === '' ? {} : { topic }) }
    const decoded = decode(JSON.parse(JSON.stringify(payload)), envelope)
    if (decoded.kind !== 'observed') throw new Error(decoded.detail)
    const [observation] = decoded.observations
    expect(observation).toMatchObject({
      terminalId: terminal.id,
      eventAt: SAMPLE_AT,
      kind: 'archive',
      fix: { satellites: measurement.satellites, speedKmh: measurement.speedKmh, valid: true },
      readings: { ignition: true, voltage: measurement.voltage, fuel1: measurement.fuelLitres },
    })
    expect(observation?.fix?.latitude).toBeCloseTo(measurement.place?.latitude ?? 0, 5)
    expect(observation?.fix?.longitude).toBeCloseTo(measurement.place?.longitude ?? 0, 5)
  })
})

describe('a road', () => {
  test('is driven without jumps, up and down', () => {
    let before = placeOn('bor', 0)
    for (let km = 0.5; km < 400; km += 0.5) {
      const here = placeOn('bor', km)
      const north = (here.latitude - before.latitude) * 111.2
      const east = (here.longitude - before.longitude) * 111.2 * Math.cos((here.latitude * Math.PI) / 180)
      expect(Math.hypot(north, east)).toBeLessThan(0.51)
      before = here
    }
  })

  test('is driven back the way it was driven out', () => {
    const out = placeOn('arzamas', 10)
    const home = placeOn('arzamas', -10)
    expect(home.latitude).toBeCloseTo(out.latitude, 9)
    expect((home.course - out.course + 360) % 360).toBeCloseTo(180, 9)
  })
})
