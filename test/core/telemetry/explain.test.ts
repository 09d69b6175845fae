import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decoder, Envelope } from '../../../src/core/telemetry/decoder.ts'
import { explainJudged } from '../../../src/core/telemetry/explain-judged.ts'
import type { ExplainedTarget, Explainer, Explanation } from '../../../src/core/telemetry/explained.ts'
import { createFlespiDecoder, createFlespiExplainer } from '../../../src/core/telemetry/flespi.ts'
import { createJsonDecoder, createJsonExplainer } from '../../../src/core/telemetry/json.ts'
import { judge } from '../../../src/core/telemetry/judge.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import { createTraccarDecoder, createTraccarExplainer } from '../../../src/core/telemetry/traccar.ts'
import { toIso } from '../../../src/core/time.ts'
import { EGTS_JSON, FLESPI_MESSAGE, GENERIC_JSON, SAMPLE_AT, TELEGRAF_JSON } from '../../support/payloads.ts'
import { TRACCAR_EVENT, TRACCAR_POSITION, traccarPosition } from '../../support/traccar-payloads.ts'

const envelope: Envelope = { source: 'gate', receivedAt: SAMPLE_AT + 5000, topic: 'fleet/900/data' }
const timezone = 'Europe/Moscow'
const json = createJsonExplainer({ timezone })
const flespi = createFlespiExplainer()
const traccar = createTraccarExplainer({ trustDeviceClock: true })
const MAPPING = { terminal: 'topic:1', eventAt: '$.timestamp', latitude: '$.lat', voltage: '$.fields.v' }

describe('the explanation of a JSON record', () => {
  test('says of every target which field gave it, what was sent and what it became', () => {
    const { explanation } = json({ imei: 7, ts: SAMPLE_AT, odometer: 0.1, tags: { host: 'a' } }, envelope)
    expect(explanation).toEqual({
      targets: [
        { target: 'terminal', from: 'imei', raw: 7, value: '7' },
        {
          target: 'eventAt',
          from: 'ts',
          raw: SAMPLE_AT,
          value: toIso(SAMPLE_AT),
          how: 'Unix time in milliseconds',
        },
        { target: 'mileageM', from: 'odometer', raw: 0.1, value: 100 },
        {
          target: 'kind',
          from: 'the message as a whole',
          value: 'live',
          how: 'nothing marks it as archive or stored',
        },
      ],
      unused: ['tags.host'],
    })
  })

  test.each([
    ['nested', { position: { lat: 1 } }, 'latitude', 'position.lat'],
    ['flat with dots', { 'position.lat': 1 }, 'latitude', 'position.lat'],
    ['in the tags of Telegraf', { tags: { imei: '1' } }, 'terminal', 'tags.imei'],
    ['the topic', { ts: 1 }, 'terminal', 'the last segment of the topic'],
    ['an availability topic', { status: 'online' }, 'terminal', 'the last segment but one of the topic'],
  ])('names the place: %s', (_name, record, target, from) => {
    const road = target === 'terminal' ? { ...envelope, topic: 'fleet/7/status' } : envelope
    expect(itemOf(json(record, road).explanation, target).from).toBe(from)
  })

  test.each([
    ['voltage', { voltage: 65_535 }, '65535 is outside 0..1000'],
    ['satellites', { sats: 4.5 }, '4.5 is not a whole number'],
    ['rpm', { rpm: 'fast' }, '"fast" is not a plain number'],
    ['ignition', { ign: 'maybe' }, '"maybe" is neither true nor false'],
    ['latitude', { lat: 91 }, '91 is outside -90..90'],
    ['longitude', { lon: 43.5 }, 'there is no position: it takes a latitude and a longitude'],
    ['firmware', { firmware: '\u0000' }, /is not a text of 1 to 64 printable characters/],
  ])('says why %s was refused of %j', (target, fields, refused) => {
    const item = itemOf(json({ imei: '1', ...fields }, envelope).explanation, target)
    expect(item).not.toHaveProperty('value')
    expect(item.refused).toMatch(refused)
  })

  test.each([
    [1_768_472_430, 'Unix time in seconds'],
    ['1768472430000', 'Unix time in milliseconds, as text'],
    [1_768_472_430_000_000, 'Unix time in microseconds'],
    [1_768_472_430_000_000_000, 'Unix time in nanoseconds'],
    ['2026-01-15T10:20:30Z', 'ISO 8601'],
    ['2026-01-15 13:20:30', 'ISO 8601 without an offset, read in Europe/Moscow'],
  ])('says how the time %j was read', (ts, how) => {
    const item = itemOf(json({ imei: '1', ts }, envelope).explanation, 'eventAt')
    expect([item.value, item.how]).toEqual([toIso(SAMPLE_AT), how])
  })

  test.each([
    ['no name', {}, 'terminal', 'nothing', /nothing names the terminal/],
    ['a bad name', { imei: 1.5 }, 'terminal', 'imei', /1 to 64 printable/],
    ['a bad time', { imei: '1', ts: 'soon' }, 'eventAt', 'ts', /"soon" is neither a Unix time nor ISO/],
    ['a bad server time', { imei: '1', serverTime: [] }, 'heardAt', 'serverTime', /a list is neither/],
  ])('says what a record with %s was rejected for', (_name, record, target, from, refused) => {
    const { topic: _, ...road } = envelope
    const { decoded, explanation } = json(record, road)
    expect(decoded.kind).toBe('rejected')
    expect(itemOf(explanation, target)).toMatchObject({ from, refused: expect.stringMatching(refused) })
  })

  test.each([
    ['archive', { archive: 'yes' }, {}, { from: 'archive', raw: 'yes', value: 'archive' }],
    ['snapshot', {}, { retained: true }, { value: 'snapshot', how: expect.stringContaining('retained') }],
    ['snapshot', {}, { duplicate: true }, { value: 'snapshot', how: expect.stringContaining('DUP') }],
    ['presence', { status: 'OFFLINE' }, {}, { from: 'status', raw: 'OFFLINE', value: 'presence' }],
  ])('says why it is %s for %j', (_kind, fields, road, item) => {
    const { explanation } = json({ imei: '1', ...fields }, { ...envelope, ...road })
    expect(itemOf(explanation, 'kind')).toMatchObject(item)
  })

  test('says that the time of a stored availability message is not taken', () => {
    const record = { imei: '1', status: 'online', timestamp: 1_768_472_430 }
    const item = itemOf(json(record, { ...envelope, retained: true }).explanation, 'eventAt')
    expect(item).not.toHaveProperty('value')
    expect(item.refused).toMatch(/does not say when it was true/)
  })

  test('tells long texts and structures in short', () => {
    const { explanation } = json({ imei: 'x'.repeat(300), ts: { a: 1 } }, envelope)
    expect(itemOf(explanation, 'terminal').raw).toBe(`${'x'.repeat(200)}...`)
    expect(itemOf(explanation, 'eventAt').raw).toBe('an object')
  })

  test('lists what lost against a better name, and ends at 200 fields', () => {
    const { explanation } = json({ imei: '1', client: 'no', ts: 1, date: 2, list: [1], empty: {} }, envelope)
    expect(explanation.unused).toEqual(['client', 'date', 'list', 'empty'])
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1]))
    expect(json(many, envelope).explanation.unused.slice(199)).toEqual(['x199', 'and 800 more'])
  })

  test('tells a flat and a nested field of one name apart', () => {
    const record = { device: { uniqueId: 'inside' }, 'device.uniqueId': 'flat' }
    const { explanation } = json(record, envelope)
    expect([itemOf(explanation, 'terminal').raw, explanation.unused]).toEqual(['flat', ['device.uniqueId']])
  })
})

describe('the explanation of a mapping', () => {
  const mapped = createJsonExplainer({
    timezone,
    mapping: {
      terminal: 'topic:1',
      eventAt: '$.when',
      voltage: "$.io[0]['u.v']",
      rpm: '$.none',
      kind: '$.k',
    },
  })

  test('names the expressions, also where nothing is there', () => {
    const { explanation } = mapped({ when: SAMPLE_AT, io: [{ 'u.v': 9 }], k: 'archive', x: 1 }, envelope)
    expect(explanation.targets).toMatchObject([
      { target: 'terminal', from: 'topic:1', raw: '900', value: '900' },
      { target: 'eventAt', from: '$.when', raw: SAMPLE_AT },
      { target: 'voltage', from: "$.io[0]['u.v']", raw: 9, value: 9 },
      { target: 'rpm', from: '$.none', refused: 'nothing usable is there' },
      { target: 'kind', from: '$.k', raw: 'archive', value: 'archive' },
    ])
    expect(explanation.unused).toEqual(['x'])
  })

  test('says that there is no such kind', () => {
    expect(itemOf(mapped({ k: 'stale' }, envelope).explanation, 'kind')).toEqual({
      target: 'kind',
      from: '$.k',
      raw: 'stale',
      refused: 'kind "stale" is not live, archive, snapshot or presence',
    })
  })
})

describe('the explanation of flespi', () => {
  test('names the alias and what nothing was taken from', () => {
    const { explanation } = flespi(FLESPI_MESSAGE, { source: 'hub', receivedAt: SAMPLE_AT + 2000 })
    expect(itemOf(explanation, 'aliases')).toEqual({
      target: 'aliases',
      from: 'device.id',
      raw: 100_001,
      value: ['100001'],
    })
    expect(explanation.unused).toContain('movement.status')
    expect(explanation.unused).not.toContain('ident')
  })

  test('says that a time equal to the server time is none of the device', () => {
    const message = { ident: '1', timestamp: 1.5, 'server.timestamp': 1.5 }
    expect(itemOf(flespi(message, envelope).explanation, 'eventAt').refused).toMatch(/no time of its own/)
  })

  test('says what a stored value is dated by', () => {
    const topic = 'flespi/state/gw/devices/5/telemetry/external.powersource.voltage'
    const { explanation } = flespi(24, { ...envelope, topic, storedAt: SAMPLE_AT })
    expect(explanation.targets).toMatchObject([
      { target: 'terminal', from: 'topic:4', value: '5' },
      { target: 'voltage', from: 'external.powersource.voltage', raw: 24, value: 24 },
      { target: 'eventAt', from: expect.stringContaining('broker stored'), value: toIso(SAMPLE_AT) },
      { target: 'kind', from: 'the topic', value: 'snapshot' },
    ])
  })

  test.each([
    ['connected', {}, 'stored or repeated', { retained: true }],
    ['disconnected', {}, 'end of a connection', {}],
    ['created', {}, 'nothing of the data', {}],
    ['connected', {}, 'does not name a terminal', {}],
  ])('says why a log of %s gives no observation', (event, record, refused, road) => {
    const topic = `flespi/log/gw/channels/5/${event}`
    expect(flespi(record, { ...envelope, ...road, topic }).explanation.targets).toMatchObject([
      { target: 'observation', from: 'the topic', refused: expect.stringContaining(refused) },
    ])
  })

  test('says why a state topic gives no observation', () => {
    const topic = 'flespi/state/gw/devices/5/connected'
    expect(flespi(false, { ...envelope, topic }).explanation.targets).toMatchObject([
      { target: 'observation', refused: expect.stringContaining('end of a connection') },
    ])
  })
})

describe('the explanation of Traccar', () => {
  test.each([
    ['voltage', { protocol: 'omnicomm' }, { power: 0 }, /what an Omnicomm terminal did not send/],
    ['fuel1', {}, { fuel1State: 3 }, /state of this fuel sensor/],
  ])('says why %s was left out', (target, fields, attributes, refused) => {
    const { explanation } = traccar(traccarPosition(fields, attributes), envelope)
    expect(itemOf(explanation, target).refused).toMatch(refused)
  })

  test('says why a position that was called valid is not', () => {
    const { explanation } = traccar(traccarPosition({ protocol: 'omnicomm' }, { sat: 3 }), envelope)
    expect(itemOf(explanation, 'valid')).toMatchObject({
      raw: true,
      value: false,
      how: expect.stringContaining('four'),
    })
  })

  test('says that the device clock is not trusted', () => {
    const distrusting = createTraccarExplainer({ trustDeviceClock: false })
    const { explanation } = distrusting(TRACCAR_POSITION, envelope)
    expect(itemOf(explanation, 'eventAt')).toMatchObject({
      from: 'position.deviceTime',
      refused: expect.stringContaining('trustDeviceClock'),
    })
  })

  test('does not list the fields that only decided something', () => {
    const { unused } = traccar(TRACCAR_POSITION, envelope).explanation
    expect(unused).toContain('position.attributes.fuel1Temp')
    expect(unused).not.toContain('position.attributes.fuel1State')
    expect(unused).not.toContain('position.protocol')
  })
})

describe('what judging adds', () => {
  const explained = (record: object): readonly ExplainedTarget[] => {
    const { decoded, explanation } = json({ imei: '1', ...record }, envelope)
    const [raw] = decoded.kind === 'observed' ? decoded.observations : []
    if (raw === undefined) throw new Error('expected an observation')
    return explainJudged(explanation.targets, raw, judge(raw, { liveLagMs: 120_000 }), { liveLagMs: 120_000 })
  }

  test('is why live data became archive', () => {
    const kind = explained({ ts: envelope.receivedAt - 300_000 }).find(({ target }) => target === 'kind')
    expect(kind?.value).toBe('archive')
    expect(kind?.how).toMatch(/5m after its event time, which is more than the live lag of 2m/)
  })

  test.each([
    ['eventAt', { ts: SAMPLE_AT + 600_000 }, toIso(envelope.receivedAt), /taken as the time it was heard/],
    ['heardAt', { serverTime: SAMPLE_AT + 600_000 }, toIso(envelope.receivedAt), /it was received/],
    ['fixAt', { lat: 1, lon: 1, gpsTime: SAMPLE_AT + 600_000 }, toIso(envelope.receivedAt), /it was heard/],
  ])('is that %s of %j was moved', (target, record, value, how) => {
    const item = explained(record).find((one) => one.target === target)
    expect(item?.value).toBe(value)
    expect(item?.how).toMatch(how)
  })

  test.each([
    ['eventAt', { ts: '2009-01-01T00:00:00Z' }],
    ['fixAt', { ts: SAMPLE_AT, lat: 1, lon: 1, fixTime: '1980-01-06T00:00:00Z' }],
  ])('is that %s of %j is no time', (target, record) => {
    const item = explained(record).find((one) => one.target === target)
    expect(item).not.toHaveProperty('value')
    expect(item?.refused).toMatch(/before 2010/)
  })
})

test('judging leaves a refused field refused, and judges what came in its place', () => {
  const distrusting = createTraccarExplainer({ trustDeviceClock: false })
  const road: Envelope = { ...envelope, retained: true, storedAt: 1000 }
  const { decoded, explanation } = distrusting(TRACCAR_POSITION, road)
  const [raw] = decoded.kind === 'observed' ? decoded.observations : []
  if (raw === undefined) throw new Error('expected an observation')
  const items = explainJudged(explanation.targets, raw, judge(raw, { liveLagMs: 1 }), { liveLagMs: 1 })
  expect(items.filter(({ target }) => target === 'eventAt').map(({ refused }) => refused)).toEqual([
    expect.stringContaining('trustDeviceClock'),
    expect.stringContaining('before 2010'),
  ])
})

describe('whatever comes', () => {
  const names = fc.constantFrom(
    ...Object.keys({ ...FLESPI_MESSAGE, ...EGTS_JSON, ...GENERIC_JSON, ...TELEGRAF_JSON }),
    ...Object.keys(TRACCAR_POSITION.position),
    'tags',
    'fields',
    'status',
    '__proto__',
  )
  const leaf = fc.oneof(
    fc.anything(),
    fc.constantFrom('online', 'omnicomm', 0, 42, 1e9, '7', true, '2026-01-15T10:20:30', -1, 65_535),
  )
  const fields = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf)))
  const records = fc.oneof(
    leaf,
    fields,
    fc.record({ position: fields, device: fc.constant({ uniqueId: '1' }) }),
    fc.constantFrom(TRACCAR_EVENT, FLESPI_MESSAGE, TRACCAR_POSITION),
  )
  const topics = fc.constantFrom(
    'fleet/1/status',
    'flespi/state/gw/devices/1/telemetry/position',
    'flespi/state/gw/devices/1/connected',
    'flespi/log/gw/devices/1/connected',
  )
  const pairs: readonly (readonly [Decoder, Explainer])[] = [
    [createJsonDecoder({ timezone }), json],
    [createJsonDecoder({ timezone, mapping: MAPPING }), createJsonExplainer({ timezone, mapping: MAPPING })],
    [createFlespiDecoder(), flespi],
    [createTraccarDecoder({ trustDeviceClock: true }), traccar],
    [createTraccarDecoder({ trustDeviceClock: false }), createTraccarExplainer({ trustDeviceClock: false })],
  ]

  test('an explainer decodes as the decoder does, and its explanation agrees with the result', () => {
    let explained = 0
    fc.assert(
      fc.property(records, topics, fc.boolean(), fc.constantFrom(...pairs), (record, topic, stored, pair) => {
        const road: Envelope = {
          ...envelope,
          topic,
          ...(stored ? { retained: true, storedAt: SAMPLE_AT } : {}),
        }
        const [decode, explain] = pair
        const { decoded, explanation } = explain(record, road)
        expect(decoded).toEqual(decode(record, road))
        for (const item of explanation.targets) expect('value' in item).not.toBe('refused' in item)
        if (decoded.kind === 'rejected') return
        const [observation] = decoded.observations
        if (observation === undefined) {
          expect(explanation.targets.at(-1)).toMatchObject({ target: 'observation' })
          return
        }
        expect(accepted(explanation)).toEqual(flat(observation))
        explained += 1
      }),
      { numRuns: 4000 },
    )
    expect(explained).toBeGreaterThan(500)
  })
})

/** Targets that became something. */
function accepted({ targets }: Explanation): Record<string, unknown> {
  const values = targets.flatMap(({ target, value }) =>
    value === undefined || target === 'archive' ? [] : [[target, value]],
  )
  return Object.fromEntries(values)
}

/** The same of the observation itself. */
function flat(observation: Observation): Record<string, unknown> {
  const { terminalId, aliases, eventAt, heardAt, kind, fix = {}, readings = {} } = observation
  const { at, speedKmh: _speed, satellites: _satellites, ...place } = fix as NonNullable<Observation['fix']>
  const times = { eventAt, heardAt, fixAt: at }
  const read = Object.entries(times).filter(([, time]) => time !== undefined)
  return {
    terminal: terminalId,
    kind,
    ...(aliases === undefined ? {} : { aliases }),
    ...Object.fromEntries(read.map(([name, time]) => [name, toIso(time ?? 0)])),
    ...place,
    ...readings,
  }
}

function itemOf({ targets }: Explanation, target: string): ExplainedTarget {
  const items = targets.filter((item) => item.target === target)
  const [item] = items
  if (item === undefined || items.length > 1) throw new Error(`${items.length} items for ${target}`)
  return item
}
