import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decoded, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../../../src/core/telemetry/flespi.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { FLESPI_MESSAGE, SAMPLE_AT } from '../../support/payloads.ts'

const decode = createFlespiDecoder()
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

  test('is named by its device when it has no ident', () => {
    const { ident: _, ...message } = FLESPI_MESSAGE
    expect(only(decode(message, envelope)).terminalId).toBe('100001')
  })

  test.each([
    ['battery.level', 55, { batteryPercent: 55 }],
    ['can.engine.rpm', 900, { rpm: 900 }],
    ['vehicle.mileage', 12.3456, { mileageM: 12_346 }],
    ['fuel.level#2', 40, { fuel2: 40 }],
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

  test.each([
    'flespi/state/gw/devices/100001/connected',
    'flespi/state/gw/channels/5/telemetry/x',
    'flespi/log/gw/channels/5/created',
  ])('on %s says nothing of a terminal', (topic) => {
    expect(decode({ timestamp: 1 }, { ...stored, topic })).toEqual({ kind: 'observed', observations: [] })
  })
})

test('a connect in the log of flespi is presence where it names the terminal', () => {
  const log = { ...envelope, topic: 'flespi/log/gw/channels/5/connected' }
  expect(only(decode({ ident: '200000123', timestamp: 1_768_472_430 }, log)).kind).toBe('presence')
  expect(decode({ timestamp: 1_768_472_430 }, log)).toEqual({ kind: 'observed', observations: [] })
})

test('whatever comes, on whatever topic, the decoder never throws', () => {
  const topic = fc.option(
    fc.constantFrom(
      'flespi/message/gw/devices/1',
      'flespi/state/gw/devices/1/telemetry/position',
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
