import { parseArgs } from 'node:util'
import { type Instant, parseIso } from '../core/time.ts'

/** The arguments of `decode`, read but not yet held against the configuration. */
export type DecodeArguments = {
  readonly format: string | undefined
  readonly receivedAt: Instant | undefined
  readonly topic: string | undefined
  readonly retained: boolean
  readonly explain: boolean
  readonly config: string | undefined
  readonly source: string | undefined
  /** Undefined: the standard input. */
  readonly file: string | undefined
}

/** A text says what is wrong with the arguments. */
export function readDecodeArguments(args: readonly string[]): DecodeArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        format: { type: 'string' },
        'received-at': { type: 'string' },
        topic: { type: 'string' },
        retained: { type: 'boolean', default: false },
        explain: { type: 'boolean', default: false },
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
    const { format, topic, retained, explain, config, source } = values
    const [file] = positionals
    return {
      format,
      receivedAt,
      topic,
      retained,
      explain,
      config,
      source,
      file: file === '-' ? undefined : file,
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
