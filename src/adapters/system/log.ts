import pino from 'pino'
import type { Fields, Log } from '../../ports.ts'
import { bounded } from './log-fields.ts'
import { textLine } from './log-text.ts'

type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

type LogOptions = {
  readonly level?: LogLevel
  readonly format?: 'json' | 'text'
  readonly write: (line: string) => void
}

/**
 * Structured log: JSON lines, or readable lines with `text`, which `write` takes. Fields are bounded, since much of what
 * they hold comes from outside. It never throws.
 */
export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination(options),
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

/** `WATCH_LOG` (json or text) decides; without it a person who reads standard error gets text, everybody else JSON. */
export function logFormat(env: Readonly<Record<string, string | undefined>>): 'json' | 'text' {
  if (env['WATCH_LOG'] === 'json' || env['WATCH_LOG'] === 'text') return env['WATCH_LOG']
  return process.stderr.isTTY ? 'text' : 'json'
}

function destination({ format = 'json', write }: LogOptions): pino.DestinationStream {
  return { write: format === 'json' ? write : (line) => write(textLine(line)) }
}
