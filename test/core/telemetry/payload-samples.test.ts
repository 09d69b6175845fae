import { describe, expect, test } from 'vitest'
import { parsePayloadText } from '../../../src/core/telemetry/availability.ts'
import type { Decoded, Decoder, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../../../src/core/telemetry/flespi.ts'
import { createJsonDecoder } from '../../../src/core/telemetry/json.ts'
import { splitRecords } from '../../../src/core/telemetry/records.ts'
import { createTraccarDecoder } from '../../../src/core/telemetry/traccar.ts'

// The samples of reference/payloads.md to the letter, through the text reader that sources use.

const json = createJsonDecoder({ timezone: 'Europe/Moscow' })
const flespi = createFlespiDecoder()
const traccar = createTraccarDecoder({ trustDeviceClock: true })
const AT = Date.UTC(2026, 0, 15, 10, 20, 30)
const envelope: Envelope = { source: 's', receivedAt: AT + 5000 }

const FLESPI = `{
  "ident": "200000123",
  "timestamp": 1768472430.25,
  "server.timestamp": 1768472431.9,
  "channel.id": 2001,
  "device.id": 100001,
  "device.name": "Truck 12",
  "device.type.id": 300,
  "protocol.id": 25,
  "peer": "192.0.2.10:40112",
  "position.latitude": 56.25,
  "position.longitude": 43.5,
  "position.altitude": 150,
  "position.direction": 118,
  "position.speed": 42,
  "position.satellites": 11,
  "position.hdop": 0.9,
  "position.valid": true,
  "gsm.signal.level": 80,
  "external.powersource.voltage": 24.3,
  "battery.voltage": 3.9,
  "engine.ignition.status": true,
  "movement.status": true,
  "message.buffered.status": false
}`

const TRACCAR = `{
  "position": {
    "id": 0, "deviceId": 17, "protocol": "omnicomm",
    "serverTime": "2026-01-15T10:20:31.900+00:00",
    "deviceTime": "2026-01-15T10:20:30.000+00:00",
    "fixTime": "2026-01-15T10:20:30.000+00:00",
    "valid": true, "latitude": 56.25, "longitude": 43.5, "altitude": 150.0,
    "speed": 22.68, "course": 118.0, "address": null, "accuracy": 0.0,
    "network": null, "geofenceIds": null,
    "attributes": {"power": 24.3, "batteryLevel": 90, "ignition": true, "rpm": 900,
                   "sat": 11, "fuel1Temp": 12, "fuel1": 2048, "fuel1State": 2}
  },
  "device": {
    "id": 17, "name": "Truck 12", "uniqueId": "200000123", "status": "online",
    "lastUpdate": "2026-01-15T10:20:01.000+00:00", "positionId": 90417,
    "groupId": 0, "calendarId": 0, "phone": null, "model": null, "contact": null,
    "category": null, "disabled": false, "expirationTime": null, "attributes": {}
  }
}`

const TRACCAR_EVENT = `{
  "event": {"id": 5012, "attributes": {"lastUpdate": 1768472430000}, "deviceId": 17,
            "type": "deviceInactive", "eventTime": "2026-01-15T11:30:00.000+00:00",
            "positionId": 0, "geofenceId": 0, "maintenanceId": 0},
  "device": {"id": 17, "name": "Truck 12", "uniqueId": "200000123", "status": "offline"}
}`

const EGTS = `{"client": 200000123, "packet_id": 1, "navigation_unix_time": 1768472430, "received_unix_time": 1768472432,
 "latitude": 56.25, "longitude": 43.5, "speed": 42, "pdop": 0, "hdop": 0, "vdop": 0, "nsat": 11, "ns": 0,
 "course": 118, "an_sensors": [{"sensor_number": 1, "value": 512}],
 "liquid_sensors": [{"sensor_number": 1, "error_flag": "0", "value_mm": 2048, "value_l": 0}]}`

const TELEGRAF = `{"name": "gps", "tags": {"host": "gw1", "imei": "200000123"},
 "fields": {"lat": 56.25, "lon": 43.5, "speed": 42.0}, "timestamp": 1768472430}`

const GENERIC = '{"imei": "200000123", "ts": 1768472430000, "lat": 56.25, "lon": 43.5, "speed": 42}'

const place = { latitude: 56.25, longitude: 43.5 }

describe('the sample', () => {
  test.each([
    ['of flespi', flespi, FLESPI, { eventAt: AT + 250, heardAt: AT + 1900, readings: { voltage: 24.3 } }],
    ['of Traccar', traccar, TRACCAR, { eventAt: AT, heardAt: AT + 1900, readings: { fuel1: 2048 } }],
    ['of an EGTS receiver', json, EGTS, { eventAt: AT, heardAt: AT + 2000, readings: { satellites: 11 } }],
    ['of Telegraf', json, TELEGRAF, { eventAt: AT, readings: { speedKmh: 42 } }],
    ['of a batch of Telegraf', json, `{"metrics": [${TELEGRAF}]}`, { eventAt: AT }],
    ['of generic JSON', json, GENERIC, { eventAt: AT, readings: { speedKmh: 42 } }],
  ] as const)('%s is live data of terminal 200000123 at its place', (_name, decoder, text, rest) => {
    expect(decodeText(decoder, text)).toMatchObject([
      { kind: 'observed', observations: [{ terminalId: '200000123', kind: 'live', fix: place, ...rest }] },
    ])
  })

  test.each([
    ['flespi', flespi, FLESPI],
    ['Traccar', traccar, TRACCAR],
    ['generic JSON', json, GENERIC],
  ] as const)('of %s may come in a list', (_name, decoder, text) => {
    const [first, second, ...more] = decodeText(decoder, `[${text},${text}]`)
    expect(first).toMatchObject({ kind: 'observed', observations: [{ terminalId: '200000123' }] })
    expect([second, more]).toEqual([first, []])
  })

  test('of a status event of Traccar is no observation', () => {
    expect(decodeText(traccar, TRACCAR_EVENT)).toEqual([{ kind: 'observed', observations: [] }])
  })

  test.each([
    ['online', undefined],
    ['offline', undefined],
    ['{"status": "OFFLINE", "timestamp": 1768472430}', AT],
  ])('of availability, %s, is presence of the terminal in the topic', (text, eventAt) => {
    const road = { ...envelope, topic: 'fleet/truck12/availability' }
    const [decoded] = decodeText(json, text, road)
    expect(decoded).toEqual({
      kind: 'observed',
      observations: [
        {
          ...road,
          topic: undefined,
          terminalId: 'truck12',
          kind: 'presence',
          ...(eventAt ? { eventAt } : {}),
        },
      ],
    })
  })

  test.each([
    ['one millisecond', 1_768_472_430_000],
    ['one microsecond', 1_768_472_430_000_000],
    ['one nanosecond', 1_768_472_430_000_000_000],
    ['a formatted text', '"2026-01-15T10:20:30Z"'],
  ])('of Telegraf with timestamps of %s is dated the same', (_name, timestamp) => {
    const text = TELEGRAF.replace('1768472430', String(timestamp))
    expect(decodeText(json, text)).toMatchObject([{ observations: [{ eventAt: AT }] }])
  })
})

function decodeText(decoder: Decoder, text: string, road: Envelope = envelope): readonly Decoded[] {
  const parsed = parsePayloadText(text)
  if (parsed === undefined) throw new Error(`not JSON: ${text}`)
  return splitRecords(parsed).map((record) => decoder(record, road))
}
