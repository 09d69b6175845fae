import { parsePayloadText } from '../../src/core/telemetry/availability.ts'
import type { Decoder } from '../../src/core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../../src/core/telemetry/flespi.ts'
import { createJsonDecoder } from '../../src/core/telemetry/json.ts'
import { judge } from '../../src/core/telemetry/judge.ts'
import { readRecords } from '../../src/core/telemetry/push-body.ts'
import { splitRecords } from '../../src/core/telemetry/records.ts'
import { createTraccarDecoder } from '../../src/core/telemetry/traccar.ts'
import { drained } from '../support/names-world.ts'
import { EGTS_JSON, FLESPI_MESSAGE, GENERIC_JSON, SAMPLE_AT, TELEGRAF_JSON } from '../support/payloads.ts'
import { TRACCAR_EVENT, TRACCAR_POSITION, traccarPosition } from '../support/traccar-payloads.ts'

const traccar = createTraccarDecoder({ trustDeviceClock: true })
const distrusting = createTraccarDecoder({ trustDeviceClock: false })
const flespi = createFlespiDecoder()
const json = createJsonDecoder({ timezone: 'Europe/Moscow' })
const mapped = createJsonDecoder({
  timezone: 'UTC',
  mapping: { terminal: 'topic:1', eventAt: '$.ts', latitude: "$.fields['lat']", voltage: '$.list[0].v' },
})

/** Topics that give the same bytes another meaning; the length of the input picks one. */
const TOPICS = [
  'fleet/7/availability',
  'flespi/message/gw/devices/100001',
  'flespi/state/gw/devices/100001/telemetry/position',
  'flespi/state/gw/devices/100001/connected',
  'flespi/log/gw/devices/100001/connected',
]

/** Every JSON format as the service reads it: bytes, text, records, observations, times held against each other. */
export const jsonFormatTargets: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  traccar: (bytes) => takePayload(bytes, [traccar, distrusting]),
  flespi: (bytes) => takePayload(bytes, [flespi]),
  json: (bytes) => takePayload(bytes, [json, mapped]),
  'push-body': (bytes) => {
    const body = drained(readRecords(utf8.decode(bytes), 1000))
    if (body.kind !== 'records') return
    for (const record of body.records) {
      if (record.kind === 'record') take(record.value, [json, flespi, traccar], bytes.length)
    }
  },
}

export const jsonFormatSeeds: Readonly<Record<keyof typeof jsonFormatTargets, readonly Uint8Array[]>> = {
  traccar: texts(
    TRACCAR_POSITION,
    traccarPosition(
      { fixTime: '1980-01-06T00:00:00.000+0000', valid: false, latitude: 0, longitude: 0 },
      { alarm: 'powerCut,jamming', archive: true, versionFw: '1.2', fuel2: 0, fuel2State: 1 },
    ),
    TRACCAR_EVENT,
    { ...TRACCAR_EVENT, event: { type: 'deviceOnline', eventTime: '2026-01-15T11:30:00.000+00:00' } },
    { ...traccarPosition(), event: { type: 'ignitionOn' } },
    [TRACCAR_POSITION, TRACCAR_POSITION],
  ),
  flespi: texts(
    FLESPI_MESSAGE,
    [FLESPI_MESSAGE, { ...FLESPI_MESSAGE, 'message.buffered.status': true, 'fuel.level#2': 1 }],
    { latitude: 56.25, longitude: 43.5, satellites: 11, valid: true },
    true,
    24.3,
    null,
  ),
  json: [
    ...texts(GENERIC_JSON, EGTS_JSON, TELEGRAF_JSON, { metrics: [TELEGRAF_JSON, TELEGRAF_JSON] }),
    ...texts({ status: 'OFFLINE', timestamp: 1_768_472_430 }, { imei: '1', ts: '2026-01-15T10:20:30' }),
    new TextEncoder().encode('online'),
  ],
  'push-body': [
    ...texts([GENERIC_JSON, FLESPI_MESSAGE, TRACCAR_POSITION], { metrics: [TELEGRAF_JSON] }),
    lines(GENERIC_JSON, EGTS_JSON, TRACCAR_EVENT),
    new TextEncoder().encode(JSON.stringify(TRACCAR_POSITION, null, 2)),
    new TextEncoder().encode(`\ufeff${JSON.stringify(GENERIC_JSON)}\r\noops\n\n[1]\n{}`),
  ],
}

const utf8 = new TextDecoder()

function takePayload(bytes: Uint8Array, decoders: readonly Decoder[]): void {
  const parsed = parsePayloadText(utf8.decode(bytes))
  if (parsed === undefined) return
  for (const record of splitRecords(parsed)) take(record, decoders, bytes.length)
}

function take(record: unknown, decoders: readonly Decoder[], size: number): void {
  const topic = TOPICS[size % TOPICS.length] ?? ''
  const road = size % 3 === 0 ? { retained: true, storedAt: SAMPLE_AT } : {}
  for (const decode of decoders) {
    const decoded = decode(record, { source: 'fuzz', receivedAt: SAMPLE_AT + 5000, topic, ...road })
    if (decoded.kind === 'rejected') continue
    for (const observation of decoded.observations) judge(observation, { liveLagMs: 120_000 })
  }
}

function texts(...values: readonly unknown[]): Uint8Array[] {
  return values.map((value) => new TextEncoder().encode(JSON.stringify(value)))
}

function lines(...values: readonly unknown[]): Uint8Array {
  return new TextEncoder().encode(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
}
