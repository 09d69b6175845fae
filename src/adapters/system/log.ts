import pino from 'pino'
import type { Fields, Log } from '../../ports.ts'
import { bounded } from './log-fields.ts'
import { textLine } from './log-text.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * Structured log on standard output: JSON lines, or readable lines with `text`. Fields are bounded, since much of
 * what they hold comes from outside. It never throws. `write` takes the lines elsewhere.
 */
export function createLog(options: {
  readonly level?: LogLevel
  readonly format?: 'json' | 'text'
  readonly write?: (line: string) => void
}): Log {
  const { write } = options
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination(options.format ?? 'json', write),
  )
  const line =
    (level: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields?: Fields): void => {
      if (!logger.isLevelEnabled(level)) return
      if (fields === undefined) logger[level](message)
      else logger[level](bounded(fields), message)
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** `WATCH_LOG` (json or text) decides; without it a person at a terminal gets text, everybody else JSON. */
export function logFormat(env: Readonly<Record<string, string | undefined>>): 'json' | 'text' {
  if (env['WATCH_LOG'] === 'json' || env['WATCH_LOG'] === 'text') return env['WATCH_LOG']
  return process.stdout.isTTY ? 'text' : 'json'
}

function destination(format: 'json' | 'text', write?: (line: string) => void): pino.DestinationStream {
  const stdout = write === undefined ? pino.destination({ dest: 1, sync: true }) : { write }
  return format === 'json' ? stdout : { write: (line) => void stdout.write(textLine(line)) }
}
