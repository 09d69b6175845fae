import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decoded, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { validFix } from '../../../src/core/telemetry/fix.ts'
import { type Judged, judge } from '../../../src/core/telemetry/judge.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { createTraccarDecoder } from '../../../src/core/telemetry/traccar.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'
import { TRACCAR_EVENT, TRACCAR_POSITION, traccarPosition } from '../../support/traccar-payloads.ts'

const decode = createTraccarDecoder({ trustDeviceClock: true })
const distrusting = createTraccarDecoder({ trustDeviceClock: false })
const envelope: Envelope = { source: 'push', receivedAt: SAMPLE_AT + 2000 }

describe('a position of Traccar', () => {
  test('becomes an observation with its fix, readings and three times', () => {
    expect(decode(TRACCAR_POSITION, envelope)).toEqual({
      kind: 'observed',
      observations: [
        {
          terminalId: '200000123',
          source: 'push',
          receivedAt: SAMPLE_AT + 2000,
          heardAt: SAMPLE_AT + 1900,
          eventAt: SAMPLE_AT,
          kind: 'live',
          fix: {
            latitude: 56.25,
            longitude: 43.5,
            at: SAMPLE_AT,
            speedKmh: 42,
            course: 118,
            satellites: 11,
            altitudeM: 150,
            valid: true,
          },
          readings: {
            voltage: 24.3,
            batteryPercent: 90,
            speedKmh: 42,
            satellites: 11,
            rpm: 900,
            fuel1: 2048,
            ignition: true,
          },
        },
      ],
    })
  })

  test('is the same whether it comes by HTTP or on the one topic of MQTT', () => {
    expect(decode(TRACCAR_POSITION, { ...envelope, topic: 'positions' })).toEqual(
      decode(TRACCAR_POSITION, envelope),
    )
  })

  test.each(['2026-01-15T10:20:30.000+0000', '2026-01-15T13:20:30.000+03:00', 1_768_472_430_000])(
    'is dated %s',
    (deviceTime) => {
      expect(only(decode(traccarPosition({ deviceTime }), envelope)).eventAt).toBe(SAMPLE_AT)
    },
  )

  test.each([
    [0, 0],
    [1, 1.85],
    [22.68, 42],
    ['22.68', 42],
    [26.998, 50],
    [64.795, 120],
  ])('at %s knots goes %s km/h', (speed, speedKmh) => {
    const { fix, readings } = only(decode(traccarPosition({ speed }), envelope))
    expect([fix?.speedKmh, readings?.speedKmh]).toEqual([speedKmh, speedKmh])
  })

  test.each([
    ['battery volts', { battery: 3.9 }, { batteryVoltage: 3.9 }],
    ['a distance in metres', { totalDistance: 123_400.5 }, { mileageM: 123_400.5 }],
    ['a firmware', { versionFw: '1.2.3' }, { firmware: '1.2.3' }],
    ['a software version in its place', { versionSw: 'A9' }, { firmware: 'A9' }],
    ['a power cut', { alarm: 'powerCut' }, { powerAlarm: true }],
    ['a power cut among other alarms', { alarm: 'sos,powerCut' }, { powerAlarm: true }],
    ['restored power', { alarm: 'powerRestored' }, { powerAlarm: false }],
    ['a cut and a restoration', { alarm: 'powerRestored, powerCut' }, { powerAlarm: true }],
    ['another alarm', { alarm: 'powerCutter' }, {}],
    ['jamming of whatever radio', { alarm: 'jamming' }, {}],
    ['alarms that are no text', { alarm: ['powerCut'] }, {}],
    ['fuel of a sensor at work', { fuel2: 7, fuel2State: 2 }, { fuel2: 7 }],
    ['fuel of a sensor without a state', { fuel3: 7 }, { fuel3: 7 }],
    ['fuel of a sensor at fault', { fuel2: 7, fuel2State: 1 }, {}],
    ['all eight fuels', { fuel8: 8, fuel8State: 2, fuel4: 4 }, { fuel8: 8, fuel4: 4 }],
    ['a zero', { power: 0 }, { voltage: 0 }],
    ['rssi, whose unit is anything', { rssi: 4 }, {}],
  ])('with %s has that reading', (_name, attributes, readings) => {
    const plain = only(decode(traccarPosition(), envelope)).readings
    expect(only(decode(traccarPosition({}, attributes), envelope)).readings).toEqual({
      ...plain,
      ...readings,
    })
  })

  test.each(['teltonika', 'flespi'])('of protocol %s says which radio is jammed', (protocol) => {
    expect(
      only(decode(traccarPosition({ protocol }, { alarm: 'jamming' }), envelope)).readings?.gsmJamming,
    ).toBe(true)
  })

  test.each([
    ['marked as archive', {}, { archive: true }, 'archive'],
    ['marked as not archive', {}, { archive: false }, 'live'],
    ['an hour late', { deviceTime: '2026-01-15T09:20:30Z' }, {}, 'archive'],
    ['a minute late', { deviceTime: '2026-01-15T10:19:30Z' }, {}, 'live'],
  ])('that is %s is %s', (_name, fields, attributes, kind) => {
    expect(judged(decode(traccarPosition(fields, attributes), envelope)).observation.kind).toBe(kind)
  })

  test('is a snapshot when it was retained', () => {
    expect(only(decode(TRACCAR_POSITION, { ...envelope, retained: true })).kind).toBe('snapshot')
  })

  test('that repeats an old fix dates the fix by its own time', () => {
    const { fix, eventAt } = only(decode(traccarPosition({ fixTime: '2026-01-15T08:00:00Z' }), envelope))
    expect([fix?.at, eventAt]).toEqual([Date.UTC(2026, 0, 15, 8), SAMPLE_AT])
  })

  test.each([
    ['2026-01-15T10:19:29Z', undefined],
    ['2026-01-15T10:19:30Z', 42],
    ['1980-01-06T00:00:00Z', undefined],
  ])(
    'with a fix of %s in a message of 10:20:30 goes %s km/h, whatever is believed of its clock',
    (fixTime, speedKmh) => {
      for (const decoder of [decode, distrusting]) {
        const { fix, readings } = only(decoder(traccarPosition({ fixTime }), envelope))
        expect([fix?.speedKmh, readings?.speedKmh]).toEqual([speedKmh, speedKmh])
      }
    },
  )

  test('that never had a fix dates it not at all', () => {
    const never = { fixTime: '1980-01-06T00:00:00.000+00:00', latitude: 0, longitude: 0, valid: false }
    const { fix } = judged(decode(traccarPosition(never), envelope)).observation
    expect(fix).not.toHaveProperty('at')
    expect(fix && validFix(fix)).toBe(false)
  })

  test.each(['gl200', 'omnicomm'])(
    'of protocol %s at 0/0 is no fix, although it is called valid',
    (protocol) => {
      const { fix } = only(decode(traccarPosition({ protocol, latitude: 0, longitude: 0 }), envelope))
      expect(fix?.valid).toBe(false)
    },
  )

  test.each([
    [0, 43.5],
    [56.25, 0],
  ])('at %s/%s, on the equator or the prime meridian, is one', (latitude, longitude) => {
    expect(only(decode(traccarPosition({ latitude, longitude }), envelope)).fix?.valid).toBe(true)
  })

  test('with nothing for its attributes is heard all the same', () => {
    const { position, device } = TRACCAR_POSITION
    expect(only(decode({ position: { ...position, attributes: null }, device }, envelope))).toMatchObject({
      eventAt: SAMPLE_AT,
      readings: { speedKmh: 42 },
    })
  })
})

describe('a position of an Omnicomm terminal', () => {
  const omnicomm = (fields: object = {}, attributes: object = {}): Observation =>
    only(decode(traccarPosition({ protocol: 'omnicomm', ...fields }, { ...attributes }), envelope))

  test('has no reading where Traccar writes zero for what was not sent', () => {
    const zeros = { power: 0, battery: 0, batteryLevel: 0, rpm: 0, fuel1: 0, fuel2: 0 }
    expect(omnicomm({}, zeros).readings).toEqual({ speedKmh: 42, satellites: 11, ignition: true })
  })

  test('keeps the zeros that are measured', () => {
    expect(omnicomm({ speed: 0 }, { ignition: false }).readings).toMatchObject({
      speedKmh: 0,
      ignition: false,
    })
  })

  test.each([
    [0, false],
    [3, false],
    [4, true],
    [undefined, false],
  ])('with %s satellites has a fix: %s', (sat, valid) => {
    expect(omnicomm({}, { sat }).fix?.valid).toBe(valid)
  })

  test('without a clock is heard all the same, without an event time', () => {
    const lost = { deviceTime: '2009-01-01T00:00:00.000+00:00', fixTime: '2009-01-01T00:00:00.000+00:00' }
    const { observation, clock } = judged(
      decode(traccarPosition({ protocol: 'omnicomm', ...lost }), envelope),
    )
    expect(clock).toBe('clock-lost')
    expect(observation).toMatchObject({ kind: 'live', heardAt: SAMPLE_AT + 1900 })
    expect(observation).not.toHaveProperty('eventAt')
    expect(observation.fix).not.toHaveProperty('at')
  })
})

describe('a source whose device clock is not trusted', () => {
  test('has the time of the server only', () => {
    const observation = only(distrusting(TRACCAR_POSITION, envelope))
    expect(observation.heardAt).toBe(SAMPLE_AT + 1900)
    expect(observation).not.toHaveProperty('eventAt')
    expect(observation.fix).toMatchObject({ latitude: 56.25, valid: true })
    expect(observation.fix).not.toHaveProperty('at')
  })

  test('still rejects nothing for a device time that cannot be read', () => {
    expect(only(distrusting(traccarPosition({ deviceTime: 'never' }), envelope)).kind).toBe('live')
  })

  test.each([
    ['2026-01-15T10:19:29Z', false],
    ['2026-01-15T10:19:30Z', true],
  ])('takes a fix of %s in a message of 10:20:30 for valid: %s', (fixTime, valid) => {
    expect(only(distrusting(traccarPosition({ fixTime }), envelope)).fix?.valid).toBe(valid)
  })
})

describe('an event of Traccar', () => {
  const event = (type: unknown, rest: object = {}): unknown => ({
    ...TRACCAR_EVENT,
    event: { ...TRACCAR_EVENT.event, type },
    ...rest,
  })

  test('that the device is online is presence, heard when Traccar says', () => {
    expect(decode(event('deviceOnline'), envelope)).toEqual({
      kind: 'observed',
      observations: [
        {
          terminalId: '200000123',
          source: 'push',
          receivedAt: SAMPLE_AT + 2000,
          heardAt: Date.UTC(2026, 0, 15, 11, 30),
          kind: 'presence',
        },
      ],
    })
  })

  test.each([{ retained: true }, { duplicate: true }])(
    'that the device is online says nothing when it is %j',
    (road) => {
      const stored = { ...envelope, ...road, storedAt: SAMPLE_AT }
      expect(decode(event('deviceOnline'), stored)).toEqual({ kind: 'observed', observations: [] })
    },
  )

  test.each(['deviceOffline', 'deviceUnknown', 'deviceInactive', 'commandResult', 'made-up'])(
    '%s without a position gives no observation',
    (type) => {
      expect(decode(event(type), envelope)).toEqual({ kind: 'observed', observations: [] })
    },
  )

  test.each(['ignitionOn', 'geofenceExit', 'alarm', 'deviceOffline'])(
    '%s with a position is a snapshot at the time of the position, never live or archive',
    (type) => {
      const { position } = traccarPosition({}, { archive: true })
      const observation = only(decode(event(type, { position }), envelope))
      expect(observation).toMatchObject({ kind: 'snapshot', eventAt: SAMPLE_AT, fix: { latitude: 56.25 } })
    },
  )

  test('with a position whose clock is not trusted dates nothing', () => {
    const { position } = traccarPosition()
    const observation = only(distrusting(event('ignitionOn', { position }), envelope))
    expect(observation.kind).toBe('snapshot')
    expect(observation).not.toHaveProperty('eventAt')
  })
})

describe('a record is rejected', () => {
  const { position, device } = TRACCAR_POSITION
  test.each([
    ['that is no object', 'text', 'unknown-shape', /got "text"/],
    ['that is null', null, 'unknown-shape', /got null/],
    ['that is a list', [TRACCAR_POSITION], 'unknown-shape', /got a list/],
    ['of another make', { imei: '1', ts: 1 }, 'unknown-shape', /"position".*another object/],
    ['with a device only', { device }, 'unknown-shape', /"position"/],
    ['with nothing for its position', { position: null, device }, 'unknown-shape', /"position"/],
    ['with a list for its position', { position: [], device }, 'unknown-shape', /"position"/],
    ['with an event of no type', { event: { id: 1 }, device }, 'unknown-shape', /event\.type/],
    ['of a position alone, as redis gets it', position, 'no-terminal', /redis/],
    ['of a position without its device', { position }, 'no-terminal', /redis/],
    ['of an event without its device', { event: TRACCAR_EVENT.event }, 'no-terminal', /no device/],
    ['without an identity', { position, device: { id: 17 } }, 'no-terminal', /uniqueId/],
    ['with an empty identity', { position, device: { uniqueId: '' } }, 'no-terminal', /uniqueId/],
    [
      'of a device that is not set up',
      { position, device: { uniqueId: '000000000000000' } },
      'no-terminal',
      /zeros/,
    ],
    ['with a structure for its identity', { position, device: { uniqueId: {} } }, 'bad-value', /an object/],
    [
      'with an unreadable device time',
      traccarPosition({ deviceTime: 'soon' }),
      'bad-value',
      /event time "soon"/,
    ],
    ['with an unreadable server time', traccarPosition({ serverTime: [] }), 'bad-value', /server time/],
  ])('%s', (_name, record, reason, detail) => {
    expect(decode(record, envelope)).toMatchObject({
      kind: 'rejected',
      reason,
      detail: expect.stringMatching(detail),
    })
  })
})

test('nothing of one record is left for the next', () => {
  decode(TRACCAR_POSITION, envelope)
  const bare = only(decode({ position: {}, device: { uniqueId: 5 } }, envelope))
  expect(bare).toEqual({ terminalId: '5', source: 'push', receivedAt: envelope.receivedAt, kind: 'live' })
})

test('whatever comes, the decoder never throws, and what it lets through is believable', () => {
  const keys = fc.constantFrom(
    ...Object.keys(TRACCAR_POSITION.position),
    ...Object.keys(TRACCAR_POSITION.position.attributes),
    'alarm',
    'uniqueId',
    'type',
    '__proto__',
  )
  const value = fc.oneof(
    fc.anything(),
    fc.constantFrom('omnicomm', 'powerCut,jamming', 'deviceOnline', '2026-01-15T10:20:30+0000', 0, 1e308),
  )
  const fields = fc.dictionary(keys, fc.oneof(value, fc.dictionary(keys, value)))
  const record = fc.oneof(
    fc.anything(),
    fc.record({ position: fields, device: fields, event: fields }, { requiredKeys: [] }),
    fc.record({ position: fields, device: fc.constant({ uniqueId: '1' }) }),
  )
  let observed = 0
  fc.assert(
    fc.property(record, fc.boolean(), fc.constantFrom(decode, distrusting), (input, retained, decoder) => {
      const decoded = decoder(input, { ...envelope, retained })
      if (decoded.kind === 'rejected') {
        expect(decoded.detail.length).toBeLessThan(500)
        return
      }
      for (const raw of decoded.observations) {
        observed += 1
        const { observation } = judge(raw, { liveLagMs: 120_000 })
        expect(observation.eventAt ?? Date.UTC(2010)).toBeGreaterThanOrEqual(Date.UTC(2010))
        if (decoder === distrusting) expect(observation).not.toHaveProperty('eventAt')
      }
    }),
    { numRuns: 3000 },
  )
  expect(observed).toBeGreaterThan(100)
})

function judged(decoded: Decoded): Judged {
  return judge(only(decoded), { liveLagMs: 120_000 })
}

function only(decoded: Decoded): Observation {
  if (decoded.kind === 'rejected') throw new Error(`${decoded.reason}: ${decoded.detail}`)
  const [observation, ...more] = decoded.observations
  if (observation === undefined || more.length > 0) throw new Error('expected one observation')
  return observation
}
