import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import type { SourceConfig } from '../config/source-schema.ts'
import type { Decoder } from '../core/telemetry/decoder.ts'
import { createFlespiDecoder } from '../core/telemetry/flespi.ts'
import { createJsonDecoder } from '../core/telemetry/json.ts'
import { MINUTE, parseIso } from '../core/time.ts'
import type { LineOptions } from './decode-line.ts'
import type { Io } from './io.ts'

/** What `decode` was asked to do. */
export type DecodePlan = LineOptions & {
  readonly kind: 'plan'
  /** Undefined: the standard input. */
  readonly file: string | undefined
  /** Something that a person should know and that stops nothing. */
  readonly note: string | undefined
}

export type Refused = {
  readonly kind: 'refused'
  readonly reasons: readonly string[]
  readonly showUsage: boolean
}

const DEFAULT_TIMEZONE = 'Europe/Moscow'
const LEAST_LIVE_LAG_MS = 2 * MINUTE

/**
 * Reads the arguments and what they take from the configuration: the time zone, and with `--source` the format, the
 * mapping and the live lag of that source.
 */
export async function planDecode(
  args: readonly string[],
  io: Pick<Io, 'env' | 'cwd'>,
): Promise<DecodePlan | Refused> {
  const usage = readArguments(args)
  if (typeof usage === 'string') return { kind: 'refused', reasons: [usage], showUsage: true }
  const loaded = await loadConfig({ file: usage.config, env: io.env, cwd: io.cwd })
  const isAsked = usage.config !== undefined || usage.source !== undefined
  if (!loaded.ok && isAsked) {
    const reasons = loaded.faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    return { kind: 'refused', reasons, showUsage: false }
  }
  const source = loaded.ok ? loaded.config.sources.find(({ id }) => id === usage.source) : undefined
  if (usage.source !== undefined && source === undefined) {
    return refuse(`the configuration has no source ${JSON.stringify(usage.source)}`)
  }
  const timezone = loaded.ok ? loaded.config.timezone : DEFAULT_TIMEZONE
  const format = usage.format ?? (source === undefined ? undefined : formatOf(source))
  if (format === undefined) return refuse('--format is missing: json or flespi')
  const decoder = decoderFor(format, mappingOf(source), timezone)
  if (typeof decoder === 'string') return refuse(decoder)
  return {
    kind: 'plan',
    decoder,
    source: source?.id ?? 'decode',
    topic: usage.topic,
    receivedAt: usage.receivedAt,
    liveLagMs:
      (loaded.ok ? loaded.config.freshness.default.liveLag : undefined) ??
      Math.max(2 * (source?.interval ?? 0), LEAST_LIVE_LAG_MS),
    file: usage.file,
    note: loaded.ok
      ? undefined
      : `the configuration is not valid (see check-config); times without an offset are read in ${timezone}`,
  }
}

type Usage = {
  readonly format: string | undefined
  readonly receivedAt: number | undefined
  readonly topic: string | undefined
  readonly config: string | undefined
  readonly source: string | undefined
  readonly file: string | undefined
}

/** A text says what is wrong with the arguments. */
function readArguments(args: readonly string[]): Usage | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        format: { type: 'string' },
        'received-at': { type: 'string' },
        topic: { type: 'string' },
        config: { type: 'string' },
        source: { type: 'string' },
      },
      allowPositionals: true,
    })
    if (positionals.length > 1) return 'only one FILE is read'
    const receivedText = values['received-at']
    const receivedAt = receivedText === undefined ? undefined : parseIso(receivedText)
    if (receivedText !== undefined && receivedAt === undefined) {
      return `--received-at ${JSON.stringify(receivedText)} is not an ISO 8601 time with Z or an offset, such as 2026-01-15T10:20:30Z`
    }
    const { format, topic, config, source } = values
    const [file] = positionals
    return { format, receivedAt, topic, config, source, file: file === '-' ? undefined : file }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function refuse(reason: string): Refused {
  return { kind: 'refused', reasons: [reason], showUsage: true }
}

function formatOf(source: SourceConfig): string | undefined {
  return 'format' in source ? source.format : undefined
}

function mappingOf(source: SourceConfig | undefined): Parameters<typeof createJsonDecoder>[0]['mapping'] {
  return (source !== undefined && 'mapping' in source ? source.mapping : undefined) ?? {}
}

/** A text says why there is no such decoder. */
function decoderFor(
  format: string,
  mapping: Parameters<typeof createJsonDecoder>[0]['mapping'],
  timezone: string,
): Decoder | string {
  if (format === 'json')
    return createJsonDecoder(mapping === undefined ? { timezone } : { mapping, timezone })
  if (format === 'flespi') return createFlespiDecoder()
  if (format === 'omnicomm' || format === 'traccar')
    return `--format ${format} is not available in this version`
  return `--format ${JSON.stringify(format)} is not known: json or flespi`
}
