import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decoded, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { createJsonDecoder } from '../../../src/core/telemetry/json.ts'
import { judge } from '../../../src/core/telemetry/judge.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { EGTS_JSON, GENERIC_JSON, SAMPLE_AT, TELEGRAF_JSON } from '../../support/payloads.ts'

const envelope: Envelope = { source: 'gate', receivedAt: SAMPLE_AT + 5000, topic: 'fleet/900' }
const noTopic: Envelope = { source: 'push', receivedAt: SAMPLE_AT + 5000 }
const decode = createJsonDecoder({ timezone: 'Europe/Moscow' })

describe('well-known names', () => {
  test('make an observation of a generic message', () => {
    expect(decode(GENERIC_JSON, noTopic)).toEqual({
      kind: 'observed',
      observations: [
        {
          terminalId: '200000123',
          source: 'push',
          receivedAt: SAMPLE_AT + 5000,
          eventAt: SAMPLE_AT,
          kind: 'live',
          fix: { latitude: 56.25, longitude: 43.5, speedKmh: 42 },
          readings: { speedKmh: 42 },
        },
      ],
    })
  })

  test('make an observation of what an EGTS receiver writes', () => {
    expect(only(decode(EGTS_JSON, noTopic))).toEqual({
      terminalId: '200000123',
      source: 'push',
      receivedAt: SAMPLE_AT + 5000,
      heardAt: SAMPLE_AT + 2000,
      eventAt: SAMPLE_AT,
      kind: 'live',
      fix: { latitude: 56.25, longitude: 43.5, speedKmh: 42, course: 118, satellites: 11 },
      readings: { speedKmh: 42, satellites: 11 },
    })
  })

  test('are found in the tags and fields of Telegraf', () => {
    expect(only(decode(TELEGRAF_JSON, envelope))).toMatchObject({
      terminalId: '200000123',
      eventAt: SAMPLE_AT,
      fix: { latitude: 56.25, longitude: 43.5 },
      readings: { speedKmh: 42 },
    })
  })

  const times = [
    'eventTime',
    'deviceTime',
    'timestamp',
    'ts',
    'time',
    't',
    'date',
    'dateID',
    'navigation_unix_time',
    'gpsTime',
    'fixTime',
  ]
  test.each(times.map((name, index) => [name, times.slice(index + 1)] as const))(
    'take the event time from %s before the names behind it, wherever it stands',
    (name, worse) => {
      const record = {
        imei: '1',
        ...Object.fromEntries(worse.map((other) => [other, 1_500_000_000])),
        [name]: 1_768_472_430,
      }
      expect(only(decode(record, noTopic)).eventAt).toBe(SAMPLE_AT)
    },
  )

  const ids = ['terminal_id', 'ident', 'uniqueId', 'device.uniqueId', 'deviceId', 'imei', 'client']
  test.each(ids.map((name, index) => [name, ids.slice(index + 1)] as const))(
    'take the terminal from %s before the names behind it and the topic',
    (name, worse) => {
      const record = { [name]: 'right', ...Object.fromEntries(worse.map((other) => [other, 'wrong'])) }
      expect(only(decode(record, envelope)).terminalId).toBe('right')
    },
  )

  test.each([
    ['server.timestamp', { 'server.timestamp': 1_768_472_432 }],
    ['timestamp inside server', { server: { timestamp: 1_768_472_432 } }],
    ['serverTime', { serverTime: '2026-01-15T10:20:32.000+00:00' }],
    ['received_unix_time', { received_unix_time: 1_768_472_432 }],
  ])('take the server time from %s', (_name, fields) => {
    expect(only(decode({ imei: '1', ...fields }, noTopic)).heardAt).toBe(SAMPLE_AT + 2000)
  })

  test('find the terminal in device.uniqueId, flat or nested, the flat one first', () => {
    expect(only(decode({ device: { uniqueId: 'inside' } }, envelope)).terminalId).toBe('inside')
    expect(
      only(decode({ device: { uniqueId: 'inside' }, 'device.uniqueId': 'flat' }, envelope)).terminalId,
    ).toBe('flat')
  })

  test('find the terminal in the last segment of the topic when no field names it', () => {
    expect(only(decode({ ts: SAMPLE_AT }, envelope)).terminalId).toBe('900')
    expect(only(decode({ imei: null, ident: '', ts: SAMPLE_AT }, envelope)).terminalId).toBe('900')
    expect(only(decode({ client: { name: 'ACME' } }, envelope)).terminalId).toBe('900')
  })

  test("take the next name, and at last the topic, for an id of zeros, which is nobody's", () => {
    const unset = { terminal_id: 0, ident: '000000', 'device.uniqueId': ' 0 ' }
    expect(only(decode({ ...unset, client: 7, ts: SAMPLE_AT }, envelope)).terminalId).toBe('7')
    expect(only(decode({ ...unset, tags: { imei: '8' } }, envelope)).terminalId).toBe('8')
    expect(only(decode(unset, envelope)).terminalId).toBe('900')
    for (const road of [noTopic, { ...noTopic, topic: 'fleet/000' }]) {
      expect(decode(unset, road)).toMatchObject({ kind: 'rejected', reason: 'no-terminal' })
    }
  })

  test('give the fix its own time from gpsTime, which is the event time only when there is no better one', () => {
    const both = only(decode({ ...GENERIC_JSON, gpsTime: 1_768_472_400 }, noTopic))
    expect([both.eventAt, both.fix?.at]).toEqual([SAMPLE_AT, SAMPLE_AT - 30_000])
    const alone = only(decode({ imei: '1', lat: 1, lon: 2, fixTime: 1_768_472_400 }, noTopic))
    expect([alone.eventAt, alone.fix?.at]).toEqual([SAMPLE_AT - 30_000, SAMPLE_AT - 30_000])
  })

  test('read a position inside an object, and units as documented', () => {
    const observation = only(
      decode(
        {
          imei: 1,
          position: { lat: '56.25', lng: '43.5', alt: 150, valid: 'true' },
          sats: 9,
          odometer: 0.1,
          ign: 1,
          pwr_ext: 24.3,
        },
        noTopic,
      ),
    )
    expect(observation.fix).toEqual({
      latitude: 56.25,
      longitude: 43.5,
      altitudeM: 150,
      satellites: 9,
      valid: true,
    })
    expect(observation.readings).toEqual({ satellites: 9, mileageM: 100, ignition: true, voltage: 24.3 })
  })

  test.each([
    ['a wrong type', { voltage: { v: 1 }, ignition: 'maybe', rpm: [900], firmware: {} }],
    ['a number that is none', { voltage: '12V', rpm: 'NaN', speed: '', fuel1: true }],
    ['a value no such sensor has', { batteryPercent: 255, satellites: 4.5, voltage: -1, gsmPercent: 101 }],
    ['null', { voltage: null, ignition: null, firmware: null }],
  ])('leave a reading with %s out and keep the rest', (_name, fields) => {
    expect(only(decode({ imei: '1', ts: SAMPLE_AT, fuel2: 7, ...fields }, noTopic)).readings).toEqual({
      fuel2: 7,
    })
  })

  test.each([
    ['latitude beyond the pole', { lat: 90.1, lon: 0 }],
    ['longitude beyond 180', { lat: 0, lon: -180.1 }],
    ['latitude only', { lat: 56 }],
    ['coordinates that are no numbers', { lat: 'N56', lon: 'E43' }],
  ])('give no fix for %s', (_name, fields) => {
    const observation = only(decode({ imei: '1', ts: SAMPLE_AT, speed: 5, ...fields }, noTopic))
    expect(observation).not.toHaveProperty('fix')
    expect(observation.readings).toEqual({ speedKmh: 5 })
  })
})

describe('a record is rejected', () => {
  test.each([
    ['that is no object', 42, 'unknown-shape'],
    ['that is null', null, 'unknown-shape'],
    ['that is a list', [], 'unknown-shape'],
    ['without an identity', { ts: SAMPLE_AT }, 'no-terminal'],
    ['with a blank identity', { imei: '   ' }, 'no-terminal'],
    ['with control characters in its identity', { imei: '1\u0000' }, 'bad-value'],
    ['with an endless identity', { imei: 'x'.repeat(1000) }, 'bad-value'],
    ['with an identity that lost digits', { imei: 1e17 }, 'bad-value'],
    ['with a fraction for its identity', { imei: 1.5 }, 'bad-value'],
    ['with an identity that no address can hold', { imei: '..' }, 'bad-value'],
    ['with an unreadable event time', { imei: '1', ts: 'yesterday' }, 'bad-value'],
    ['with a structure for its event time', { imei: '1', ts: { s: 1 } }, 'bad-value'],
    ['with an unreadable server time', { imei: '1', serverTime: 'now' }, 'bad-value'],
  ])('%s', (_name, record, reason) => {
    expect(decode(record, noTopic)).toMatchObject({ kind: 'rejected', reason })
  })

  test('with a detail that names the value', () => {
    expect(decode({ imei: '1', ts: 'yesterday' }, noTopic)).toMatchObject({
      detail: 'event time "yesterday" is neither a Unix time nor ISO 8601',
    })
  })
})

describe('the kind', () => {
  test.each([
    ['live by default', {}, {}, 'live'],
    ['archive when marked', { archive: true }, {}, 'archive'],
    ['archive when marked with 1', { blackBox: 1 }, {}, 'archive'],
    ['live when marked as not archive', { archive: false }, {}, 'live'],
    ['snapshot when retained, even if marked as archive', { archive: true }, { retained: true }, 'snapshot'],
    ['snapshot when redelivered', {}, { duplicate: true }, 'snapshot'],
    [
      'live when redelivered and the server says when',
      { serverTime: SAMPLE_AT },
      { duplicate: true },
      'live',
    ],
    ['presence for a bare availability message', { status: 'OFFLINE' }, {}, 'presence'],
    ['live when a message with data says that it is online', { status: 'online', voltage: 12 }, {}, 'live'],
    [
      'presence for an offline whatever stands beside it',
      { status: 'offline', firmware: '308' },
      {},
      'presence',
    ],
    [
      'presence for an offline of a moving terminal',
      { status: 'Offline', lat: 1, lon: 2, speed: 42 },
      {},
      'presence',
    ],
    [
      'archive when a gateway delivers what an offline terminal had stored',
      { status: 'offline', lat: 1, lon: 2, archive: true },
      {},
      'archive',
    ],
    [
      'snapshot for an offline that is redelivered, also when the server says when',
      { status: 'offline', voltage: 12, serverTime: SAMPLE_AT },
      { duplicate: true },
      'snapshot',
    ],
  ])('is %s', (_name, fields, road, kind) => {
    expect(only(decode({ imei: '1', ts: SAMPLE_AT, ...fields }, { ...noTopic, ...road })).kind).toBe(kind)
  })

  test('of a retained message without an event time takes that time from the broker', () => {
    const stored = { ...envelope, retained: true, storedAt: SAMPLE_AT - 1000 }
    expect(only(decode({ lat: 1 }, stored)).eventAt).toBe(SAMPLE_AT - 1000)
    expect(only(decode({ lat: 1, ts: SAMPLE_AT }, stored)).eventAt).toBe(SAMPLE_AT)
    expect(only(decode({ lat: 1 }, { ...envelope, storedAt: SAMPLE_AT - 1000 }))).not.toHaveProperty(
      'eventAt',
    )
  })

  test('of a retained availability message moves nothing: it has no time', () => {
    const retained = {
      source: 'gate',
      receivedAt: SAMPLE_AT,
      topic: 'fleet/truck12/availability',
      retained: true,
    }
    expect(decode({ status: 'ONLINE', timestamp: 1_768_472_430 }, retained)).toEqual({
      kind: 'observed',
      observations: [{ terminalId: 'truck12', source: 'gate', receivedAt: SAMPLE_AT, kind: 'snapshot' }],
    })
  })
})

describe('the bare word of an availability topic', () => {
  const road = { source: 'gate', receivedAt: SAMPLE_AT, topic: 'fleet/truck12/availability' }

  test.each(['online', 'offline', 'ONLINE', ' Offline\n'])(
    '%j is presence of the terminal in the topic',
    (word) => {
      expect(decode(word, road)).toEqual({
        kind: 'observed',
        observations: [{ terminalId: 'truck12', source: 'gate', receivedAt: SAMPLE_AT, kind: 'presence' }],
      })
    },
  )

  test.each([{ retained: true }, { duplicate: true }])('that is %j is no proof of life', (stored) => {
    const observation = only(decode('online', { ...road, ...stored }))
    expect(observation.kind).toBe('snapshot')
    expect(observation).not.toHaveProperty('eventAt')
  })

  test('is rejected without a topic, and so is any other word', () => {
    expect(decode('online', { source: 'push', receivedAt: SAMPLE_AT })).toMatchObject({
      reason: 'no-terminal',
    })
    expect(decode('away', road)).toMatchObject({ kind: 'rejected', reason: 'unknown-shape' })
  })
})

test.each([{ retained: true }, { duplicate: true }])(
  'an availability message with a time says nothing when it is %j, also with a server time',
  (road) => {
    const record = { imei: '1', status: 'online', timestamp: 1_768_472_430, serverTime: 1_768_472_431 }
    const observation = only(decode(record, { ...noTopic, ...road }))
    expect(observation.kind).toBe('snapshot')
    expect(observation).not.toHaveProperty('eventAt')
  },
)

test('data beside an offline that the broker had stored keep their time', () => {
  const stored = { ...noTopic, retained: true }
  const [word, position] = [{}, { lat: 1, lon: 2 }].map((data) =>
    only(decode({ imei: '1', ts: SAMPLE_AT, status: 'offline', ...data }, stored)),
  )
  expect(word).not.toHaveProperty('eventAt')
  expect(position).toMatchObject({ kind: 'snapshot', eventAt: SAMPLE_AT })
})

describe('a mapping', () => {
  const mapped = createJsonDecoder({
    timezone: 'Europe/Moscow',
    mapping: {
      terminal: 'topic:1',
      eventAt: '$.when',
      speedKmh: '$.gps.list[0].v',
      kind: '$.kind',
      voltage: '$.io.66.mv',
    },
  })

  test('is taken before every well-known name', () => {
    const record = {
      imei: 'no',
      ts: 0,
      when: SAMPLE_AT,
      speed: 1,
      gps: { list: [{ v: 42 }] },
      io: { '66.mv': 12.5 },
    }
    expect(only(mapped(record, { ...envelope, topic: 'fleet/7/data' }))).toMatchObject({
      terminalId: '7',
      eventAt: SAMPLE_AT,
      readings: { speedKmh: 42, voltage: 12.5 },
    })
  })

  test('leaves targets that it does not name to the well-known names', () => {
    const observation = only(mapped({ when: SAMPLE_AT, lat: 1, lon: 2, ign: false }, envelope))
    expect(observation.fix).toEqual({ latitude: 1, longitude: 2 })
    expect(observation.readings).toEqual({ ignition: false })
  })

  test('does not fall back for a target that it names', () => {
    expect(only(mapped({ ts: SAMPLE_AT }, envelope))).not.toHaveProperty('eventAt')
    expect(only(mapped({ ts: SAMPLE_AT, when: '' }, envelope))).not.toHaveProperty('eventAt')
    expect(mapped({ imei: '1' }, noTopic)).toMatchObject({ kind: 'rejected', reason: 'no-terminal' })
  })

  test.each([
    ['live', 'live'],
    ['archive', 'archive'],
    ['presence', 'presence'],
    [null, 'live'],
  ])('of the kind takes %j as %s', (value, kind) => {
    expect(only(mapped({ kind: value }, envelope)).kind).toBe(kind)
  })

  test('of the kind rejects what is none', () => {
    expect(mapped({ kind: 'stale' }, envelope)).toMatchObject({ kind: 'rejected', reason: 'bad-value' })
  })

  test('of the kind that finds nothing leaves it to the availability', () => {
    const road = { source: 'gate', receivedAt: SAMPLE_AT, topic: 'fleet/7/availability' }
    expect(only(mapped('offline', road))).toMatchObject({ terminalId: '7', kind: 'presence' })
    expect(only(mapped({ status: 'online' }, road)).kind).toBe('presence')
    expect(only(mapped({ status: 'offline', kind: 'archive' }, road)).kind).toBe('archive')
  })

  test.each(['online', 'offline'])('of the topic makes the bare word %s nothing but presence', (word) => {
    const mapping = { terminal: 'topic:1', kind: 'topic:2', firmware: 'topic:0' }
    const topics = createJsonDecoder({ timezone: 'UTC', mapping })
    const road = { source: 'gate', receivedAt: SAMPLE_AT }
    for (const channel of ['availability', 'live']) {
      const topic = `fleet/7/${channel}`
      expect(only(topics(word, { ...road, topic }))).toMatchObject({ terminalId: '7', kind: 'presence' })
    }
  })

  test('with an expression that cannot be read is a mistake of the program', () => {
    expect(() => createJsonDecoder({ timezone: 'UTC', mapping: { terminal: 'ident' } })).toThrow(
      /mapping terminal/,
    )
  })
})

test('nothing of one message is left for the next', () => {
  const full = {
    ...EGTS_JSON,
    voltage: 12,
    firmware: 'x',
    archive: true,
    gpsTime: 1,
    valid: false,
    altitude: 3,
  }
  decode(full, noTopic)
  expect(only(decode({ imei: '5' }, noTopic))).toEqual({
    terminalId: '5',
    source: 'push',
    receivedAt: noTopic.receivedAt,
    kind: 'live',
  })
})

describe('whatever comes', () => {
  const names = fc.constantFrom(
    'imei',
    'ts',
    'lat',
    'lon',
    'speed',
    'serverTime',
    'tags',
    'fields',
    'device',
    'position',
    'status',
    '__proto__',
    'constructor',
    'firmware',
    'gpsTime',
    'sats',
    'valid',
  )
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.anything(),
      fc.constantFrom(0, -1, 1e308, Number.NaN, '', ' ', '2026-01-15T10:20:30', '9'.repeat(40), '\ud800'),
      fc.dictionary(names, tie('value')),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  })).value
  const records = fc.oneof(tree, fc.dictionary(names, tree))
  const mapped = createJsonDecoder({
    timezone: 'UTC',
    mapping: { terminal: '$.imei', eventAt: '$.ts[0]', latitude: '$.position.lat' },
  })

  test('decoding and judging never throw, and what they let through is bounded', () => {
    fc.assert(
      fc.property(records, fc.boolean(), fc.constantFrom(decode, mapped), (record, retained, decoder) => {
        const decoded = decoder(record, { ...envelope, retained })
        if (decoded.kind === 'rejected') {
          expect(decoded.detail.length).toBeLessThan(500)
          return
        }
        for (const raw of decoded.observations) checkBounds(judge(raw, { liveLagMs: 120_000 }).observation)
      }),
      { numRuns: 3000 },
    )
  })
})

function checkBounds(observation: Observation): void {
  expect(observation.terminalId.length).toBeGreaterThan(0)
  expect(observation.terminalId.length).toBeLessThanOrEqual(64)
  expect(observation.heardAt ?? 0).toBeLessThanOrEqual(observation.receivedAt)
  for (const at of [observation.eventAt, observation.fix?.at]) {
    if (at !== undefined) expect(Number.isInteger(at) && at >= Date.UTC(2010)).toBe(true)
  }
  for (const value of [
    ...Object.values(observation.fix ?? {}),
    ...Object.values(observation.readings ?? {}),
  ]) {
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
    else if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(64)
    else expect(typeof value).toBe('boolean')
  }
}

function only(decoded: Decoded): Observation {
  if (decoded.kind === 'rejected') throw new Error(`${decoded.reason}: ${decoded.detail}`)
  const [observation, ...more] = decoded.observations
  if (observation === undefined || more.length > 0) throw new Error('expected one observation')
  return observation
}
