import type { Config } from '../config/schema.ts'
import type { SourceConfig } from '../config/source-schema.ts'
import type { Decoder } from '../core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../core/telemetry/flespi.ts'
import { createJsonDecoder } from '../core/telemetry/json.ts'
import { createJsonPayloadDecoder } from '../core/telemetry/json-payload.ts'
import { createOmnicommPayloadDecoder } from '../core/telemetry/omnicomm-payload.ts'
import { createTraccarDecoder } from '../core/telemetry/traccar.ts'
import type { Feed } from '../workers/ingest.ts'

/** What a source needs to read what it is sent; nothing where it decodes itself (listeners, polled sources). */
export function decodersOf(
  source: SourceConfig,
  { timezone }: Pick<Config, 'timezone'>,
): Pick<Feed, 'payload' | 'record'> {
  switch (source.kind) {
    case 'mqtt':
      return source.format === 'omnicomm'
        ? { payload: createOmnicommPayloadDecoder() }
        : { payload: createJsonPayloadDecoder(recordDecoder({ ...source, format: source.format }, timezone)) }
    case 'http':
      return { record: recordDecoder(source, timezone) }
    case 'omnicomm-online':
    case 'omnicomm-tcp':
    case 'wialon-ips':
    case 'egts':
      return {}
  }
}

type RecordSource = Pick<Extract<SourceConfig, { kind: 'http' }>, 'format' | 'mapping' | 'trustDeviceClock'>

function recordDecoder({ format, mapping, trustDeviceClock }: RecordSource, timezone: string): Decoder {
  switch (format) {
    case 'json':
      return createJsonDecoder({ timezone, ...(mapping ? { mapping } : {}) })
    case 'flespi':
      return createFlespiDecoder()
    case 'traccar':
      return createTraccarDecoder({ trustDeviceClock: trustDeviceClock ?? true })
  }
}
