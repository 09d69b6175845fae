import { loadConfig } from '../config/load.ts'
import type { SourceConfig } from '../config/source-schema.ts'
import { MINUTE } from '../core/time.ts'
import { type DecodeArguments, readDecodeArguments } from './decode-arguments.ts'
import { DECODE_FORMATS, type DecodeFormat, formatOf, isDecodeFormat, readersOf } from './decode-format.ts'
import { decodeLine, type LineOptions } from './decode-line.ts'
import { decodeOmnicommLine } from './decode-omnicomm.ts'
import { createSessionLineDecoder } from './decode-session-line.ts'
import type { Io } from './io.ts'

/** What `decode` was asked to do. */
export type DecodePlan = {
  readonly kind: 'plan'
  /** One line of the input to what is printed for it. */
  readonly decode: (text: string) => object
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
  const asked = readDecodeArguments(args)
  if (typeof asked === 'string') return refuse(asked)
  const loaded = await loadConfig({ file: asked.config, env: io.env, cwd: io.cwd })
  const isNeeded = asked.config !== undefined || asked.source !== undefined
  if (!loaded.ok && isNeeded) {
    const reasons = loaded.faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    return { kind: 'refused', reasons, showUsage: false }
  }
  const source = loaded.ok ? loaded.config.sources.find(({ id }) => id === asked.source) : undefined
  if (asked.source !== undefined && source === undefined) {
    return refuse(`the configuration has no source ${JSON.stringify(asked.source)}`)
  }
  const format = asked.format ?? (source === undefined ? undefined : formatOf(source))
  if (format === undefined) return refuse(`--format is missing: ${NAMES}`)
  if (!isDecodeFormat(format)) return refuse(`--format ${JSON.stringify(format)} is not known: ${NAMES}`)
  const own = source === undefined ? undefined : formatOf(source)
  if (own !== undefined && own !== format) {
    return refuse(`source ${source?.id} has format ${own}: leave --format out, or --source`)
  }
  const timezone = loaded.ok ? loaded.config.timezone : DEFAULT_TIMEZONE
  const liveLagMs =
    (loaded.ok ? loaded.config.freshness.default.liveLag : undefined) ??
    Math.max(2 * (source?.interval ?? 0), LEAST_LIVE_LAG_MS)
  const decode = lineDecoder(format, asked, source, { timezone, liveLagMs })
  if (typeof decode === 'string') return refuse(decode)
  return {
    kind: 'plan',
    decode,
    file: asked.file,
    note: loaded.ok
      ? undefined
      : `the configuration is not valid (see check-config); times without an offset are read in ${timezone}`,
  }
}

const NAMES = `${DECODE_FORMATS.slice(0, -1).join(', ')} or ${DECODE_FORMATS.at(-1)}`

function refuse(reason: string): Refused {
  return { kind: 'refused', reasons: [reason], showUsage: true }
}

/** A text says why there is none. */
function lineDecoder(
  format: DecodeFormat,
  { topic, receivedAt, retained, explain }: DecodeArguments,
  configured: SourceConfig | undefined,
  { timezone, liveLagMs }: { readonly timezone: string; readonly liveLagMs: number },
): DecodePlan['decode'] | string {
  const source = configured?.id ?? 'decode'
  switch (format) {
    case 'omnicomm':
      return explain ? NOT_EXPLAINED : decodeOmnicommLine
    case 'wialon-ips':
    case 'egts':
      return explain ? NOT_EXPLAINED : createSessionLineDecoder(format, { source, receivedAt, liveLagMs })
    case 'json':
    case 'flespi':
    case 'traccar': {
      const { decoder, explainer } = readersOf(format, configured, timezone)
      const reader: LineOptions['reader'] =
        explain || configured !== undefined
          ? { kind: 'explaining', explain: explainer() }
          : { kind: 'plain', decode: decoder() }
      const options: LineOptions = { reader, source, topic, retained, receivedAt, liveLagMs }
      return (text) => decodeLine(text, options)
    }
  }
}

const NOT_EXPLAINED = '--explain is for the formats json, flespi and traccar'
