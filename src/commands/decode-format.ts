import type { SourceConfig } from '../config/source-schema.ts'
import type { Decoder } from '../core/telemetry/decoder.ts'
import type { Explainer } from '../core/telemetry/explained.ts'
import { createFlespiDecoder, createFlespiExplainer } from '../core/telemetry/flespi.ts'
import { createJsonDecoder, createJsonExplainer, type JsonOptions } from '../core/telemetry/json.ts'
import { createTraccarDecoder, createTraccarExplainer } from '../core/telemetry/traccar.ts'

/** What `--format` may say. */
export const DECODE_FORMATS = ['omnicomm', 'flespi', 'traccar', 'json', 'wialon-ips', 'egts'] as const

export type DecodeFormat = (typeof DECODE_FORMATS)[number]

/** Formats whose messages are JSON records: these can be explained. */
export type RecordFormat = 'flespi' | 'traccar' | 'json'

export function isDecodeFormat(text: string): text is DecodeFormat {
  return DECODE_FORMATS.some((format) => format === text)
}

/** The format of what a source gets; undefined: it asks for its data itself. */
export function formatOf(source: SourceConfig): DecodeFormat | undefined {
  switch (source.kind) {
    case 'mqtt':
    case 'http':
      return source.format
    case 'omnicomm-tcp':
      return 'omnicomm'
    case 'wialon-ips':
      return 'wialon-ips'
    case 'egts':
      return 'egts'
    case 'omnicomm-online':
      return undefined
  }
}

/** Decoder and explainer of a format with the settings of a source, as the service makes them. */
export function readersOf(
  format: RecordFormat,
  source: SourceConfig | undefined,
  timezone: string,
): { readonly decoder: () => Decoder; readonly explainer: () => Explainer } {
  switch (format) {
    case 'json': {
      const options = jsonOptions(source, timezone)
      return { decoder: () => createJsonDecoder(options), explainer: () => createJsonExplainer(options) }
    }
    case 'flespi':
      return { decoder: createFlespiDecoder, explainer: createFlespiExplainer }
    case 'traccar': {
      const options = { trustDeviceClock: trustsDeviceClock(source) }
      return {
        decoder: () => createTraccarDecoder(options),
        explainer: () => createTraccarExplainer(options),
      }
    }
  }
}

function jsonOptions(source: SourceConfig | undefined, timezone: string): JsonOptions {
  const mapping = source !== undefined && 'mapping' in source ? source.mapping : undefined
  return mapping === undefined ? { timezone } : { mapping, timezone }
}

function trustsDeviceClock(source: SourceConfig | undefined): boolean {
  return source === undefined || !('trustDeviceClock' in source) || source.trustDeviceClock !== false
}
