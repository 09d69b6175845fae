import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decoded, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../../../src/core/telemetry/flespi.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { FLESPI_MESSAGE, SAMPLE_AT } from '../../support/payloads.ts'

const decode = createFlespiDecoder()
const NOTHING: Decoded = { kind: 'observed', observations: [] }
const envelope: Envelope = {
  source: 'hub',
  receivedAt: SAMPLE_AT + 2000,
  topic: 'flespi/message/gw/devices/100001',
}

describe('a flespi message', () => {
  test('becomes an observation with its position, readings and both times', () => {
    expect(decode(FLESPI_MESSAGE, envelope)).toEqual({
      kind: 'observed',
      observations: [
        {
          terminalId: '200000123',
          aliases: ['100001'],
          source: 'hub',
          receivedAt: SAMPLE_AT + 2000,
          heardAt: SAMPLE_AT + 1900,
          eventAt: SAMPLE_AT + 250,
          kind: 'live',
          fix: {
            latitude: 56.25,
            longitude: 43.5,
            speedKmh: 42,
            course: 118,
            satellites: 11,
            altitudeM: 150,
            valid: true,
          },
          readings: {
            voltage: 24.3,
            batteryVoltage: 3.9,
            speedKmh: 42,
            satellites: 11,
            gsmPercent: 80,
            ignition: true,
          },
        },
      ],
    })
  })

  test('is the same without a topic, as an HTTP stream brings it', () => {
    const { topic: _, ...road } = envelope
    expect(decode(FLESPI_MESSAGE, road)).toEqual(decode(FLESPI_MESSAGE, envelope))
  })

  test('is archive when it was buffered', () => {
    expect(only(decode({ ...FLESPI_MESSAGE, 'message.buffered.status': true }, envelope)).kind).toBe(
      'archive',
    )
  })

  test.each([{}, { ident: null }, { ident: '' }, { ident: '000000000000000' }])(
    'is named by its device when it has %j in place of an ident',
    (named) => {
      const { ident: _, ...message } = FLESPI_MESSAGE
      const observation = only(decode({ ...message, ...named }, envelope))
      expect(observation.terminalId).toBe('100001')
      expect(observation).not.toHaveProperty('aliases')
    },
  )

  test.each([
    ['no device number', { 'device.id': undefined }],
    ['null for its device number', { 'device.id': null }],
    ['a structure for its device number', { 'device.id': {} }],
    ['an ident that is the device number', { ident: '100001' }],
  ])('with %s has no alias', (_name, fields) => {
    expect(only(decode({ ...FLESPI_MESSAGE, ...fields }, envelope))).not.toHaveProperty('aliases')
  })

  test.each([
    ['to the fraction', 1_768_472_431.9, 1_768_472_431.9, undefined],
    ['not quite', 1_768_472_431.899, 1_768_472_431.9, SAMPLE_AT + 1899],
    ['by whole seconds, which may be chance', 1_768_472_430, 1_768_472_430, SAMPLE_AT],
  ])('whose time equals that of the server %s has the event time %#', (_name, timestamp, server, eventAt) => {
    const message = { ...FLESPI_MESSAGE, timestamp, 'server.timestamp': server }
    expect(only(decode(message, envelope)).eventAt).toBe(eventAt)
  })

  test.each([
    ['battery.level', 55, { batteryPercent: 55 }],
    ['can.engine.rpm', 900, { rpm: 900 }],
    ['vehicle.mileage', 12.3456, { mileageM: 12_346 }],
    ['fuel.level', 40, { fuel1: 40 }],
    ['fuel.level#1', 40, { fuel1: 40 }],
    ['fuel.level#2', 40, { fuel2: 40 }],
    ['can.fuel.level#8', 40, { fuel8: 40 }],
    ['ain#1', 40, undefined],
    ['external.powersource.status', false, { backupPower: true }],
    ['external.powersource.status', 'unclear', undefined],
    ['device.firmware.version', 'FW 1.2', { firmware: 'FW 1.2' }],
    ['gsm.jamming.alarm.status', true, { gsmJamming: true }],
  ])('with %s %j gives the readings %j', (name, value, readings) => {
    expect(only(decode({ ident: '1', [name]: value }, envelope)).readings).toEqual(readings)
  })

  test.each([
    ['no object', 'text', 'unknown-shape'],
    ['a list', [FLESPI_MESSAGE], 'unknown-shape'],
    ['no identity', { timestamp: 1_768_472_430 }, 'no-terminal'],
    ['a broken time', { ident: '1', timestamp: 'soon' }, 'bad-value'],
    ['a broken server time', { ident: '1', 'server.timestamp': [] }, 'bad-value'],
  ])('is rejected with %s', (_name, record, reason) => {
    expect(decode(record, envelope)).toMatchObject({ kind: 'rejected', reason })
  })
})

describe('a flespi telemetry value', () => {
  const stored = {
    source: 'hub',
    receivedAt: SAMPLE_AT + 60_000,
    retained: true,
    storedAt: SAMPLE_AT,
    topic: 'flespi/state/gw/devices/100001/telemetry/external.powersource.voltage',
  }

  test('is a snapshot dated by the broker, whatever its type', () => {
    expect(decode(24.3, stored)).toEqual({
      kind: 'observed',
      observations: [
        {
          terminalId: '100001',
          source: 'hub',
          receivedAt: SAMPLE_AT + 60_000,
          eventAt: SAMPLE_AT,
          kind: 'snapshot',
          readings: { voltage: 24.3 },
        },
      ],
    })
  })

  test('is a snapshot even when it is not retained', () => {
    expect(only(decode(24.3, { ...stored, retained: false })).kind).toBe('snapshot')
  })

  test('of the position gives a fix', () => {
    const topic = 'flespi/state/gw/devices/100001/telemetry/position'
    const value = { latitude: 56.25, longitude: 43.5, satellites: 11, valid: true }
    expect(only(decode(value, { ...stored, topic })).fix).toEqual(value)
  })

  test('of the ident makes the number of the device its alias', () => {
    const topic = 'flespi/state/gw/devices/100001/telemetry/ident'
    const { terminalId, aliases } = only(decode('200000123', { ...stored, topic }))
    expect([terminalId, aliases]).toEqual(['200000123', ['100001']])
  })

  test('of the timestamp is a snapshot at that time, not at the time it was stored', () => {
    const topic = 'flespi/state/gw/devices/100001/telemetry/timestamp'
    const { kind, eventAt } = only(decode(1_768_472_400, { ...stored, topic }))
    expect([kind, eventAt]).toEqual(['snapshot', SAMPLE_AT - 30_000])
  })

  test.each([true, false])('without any time dates nothing (retained: %s)', (retained) => {
    const { storedAt: _, ...road } = stored
    const observation = only(decode(24.3, { ...road, retained }))
    expect(observation.kind).toBe('snapshot')
    expect(observation).not.toHaveProperty('eventAt')
  })

  test('that was forgotten gives no observation', () => {
    expect(decode(null, stored)).toEqual(NOTHING)
  })
})

describe('the state `connected` of flespi', () => {
  const topic = 'flespi/state/gw/devices/100001/connected'
  const now: Envelope = { source: 'hub', receivedAt: SAMPLE_AT, topic }

  test('that has just become true is presence', () => {
    expect(decode(true, now)).toEqual({
      kind: 'observed',
      observations: [{ terminalId: '100001', source: 'hub', receivedAt: SAMPLE_AT, kind: 'presence' }],
    })
    expect(only(decode(true, { ...now, storedAt: SAMPLE_AT - 120_000 })).kind).toBe('presence')
  })

  test.each([
    ['was retained', true, { retained: true }],
    ['was delivered again', true, { duplicate: true }],
    ['was stored long before', true, { storedAt: SAMPLE_AT - 120_001 }],
    ['is false', false, {}],
    ['is no boolean', 'perhaps', {}],
    ['is a structure', { value: true }, {}],
  ])('that %s says nothing', (_name, value, road) => {
    expect(decode(value, { ...now, ...road })).toEqual(NOTHING)
  })
})

test.each([
  'flespi/state/gw/devices/100001/last_active',
  'flespi/state/gw/devices/100001/connected/x',
  'flespi/state/gw/devices/100001/telemetry',
  'flespi/state/gw/devices//connected',
  'flespi/state/gw/channels/5/telemetry/x',
  'flespi/log/gw/channels/5/created',
])('the topic %s says nothing of a terminal, retained or not', (topic) => {
  for (const retained of [true, false]) {
    for (const value of [1_768_472_430, true, { timestamp: 1, ident: '1' }]) {
      const road = { source: 'hub', receivedAt: SAMPLE_AT, storedAt: SAMPLE_AT, retained, topic }
      const isLog = topic.startsWith('flespi/log/') && typeof value !== 'object'
      if (!isLog) expect(decode(value, road)).toEqual(NOTHING)
    }
  }
})

describe('the log of flespi', () => {
  const log: Envelope = { ...envelope, topic: 'flespi/log/gw/channels/5/connected' }
  const ofDevice: Envelope = { ...envelope, topic: 'flespi/log/gw/devices/100001/connected' }
  const event = { ident: '200000123', timestamp: 1_768_472_430 }

  test('gives presence for a connect that names the terminal, itself or by its topic', () => {
    expect(only(decode(event, log))).toMatchObject({ kind: 'presence', terminalId: '200000123' })
    expect(only(decode({ timestamp: 1 }, ofDevice))).toMatchObject({ kind: 'presence', terminalId: '100001' })
    expect(decode({ timestamp: 1_768_472_430 }, log)).toEqual(NOTHING)
  })

  test.each([{ retained: true }, { duplicate: true }])('gives nothing for a connect that is %j', (road) => {
    expect(decode(event, { ...log, ...road, storedAt: SAMPLE_AT })).toEqual(NOTHING)
  })

  test('gives nothing for the end of a connection', () => {
    expect(decode(event, { ...log, topic: 'flespi/log/gw/channels/5/disconnected' })).toEqual(NOTHING)
  })

  test('is rejected where it is no object', () => {
    expect(decode('text', log)).toMatchObject({ kind: 'rejected', reason: 'unknown-shape' })
  })
})

test('whatever comes, on whatever topic, the decoder never throws', () => {
  const topic = fc.option(
    fc.constantFrom(
      'flespi/message/gw/devices/1',
      'flespi/state/gw/devices/1/telemetry/position',
      'flespi/state/gw/devices/1/telemetry/__proto__',
      'flespi/state/gw/devices/1/connected',
      'flespi/state/',
      'flespi/log/x/connected',
      '',
    ),
  )
  const key = fc.constantFrom(...Object.keys(FLESPI_MESSAGE), 'position', 'server', '__proto__')
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(key, fc.anything())), topic, (record, on) => {
      const decoded = decode(record, { source: 'hub', receivedAt: 1, ...(on === null ? {} : { topic: on }) })
      if (decoded.kind === 'rejected') expect(decoded.detail.length).toBeLessThan(500)
    }),
    { numRuns: 2000 },
  )
})

function only(decoded: Decoded): Observation {
  if (decoded.kind === 'rejected') throw new Error(`${decoded.reason}: ${decoded.detail}`)
  const [observation, ...more] = decoded.observations
  if (observation === undefined || more.length > 0) throw new Error('expected one observation')
  return observation
}
