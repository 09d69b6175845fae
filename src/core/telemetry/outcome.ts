import { type Instant, parseIso, toIso } from '../time.ts'
import { kindFault, readFirmware, terminalFault, timeFault } from './assemble.ts'
import { limitsFault, numberWithin } from './limits.ts'
import { readIso } from './local-time.ts'
import { whyRefused } from './refusal.ts'
import { FIX_NUMBERS, NUMBER_READINGS, type Target } from './target.ts'
import { excerpt, readBoolean, readId, readTime, timeUnit } from './value.ts'

/** What reading a value for a target gave: by the readers of `assemble`, so that both always agree. */
export type Outcome =
  | { readonly value: unknown; readonly how?: string }
  | { readonly refused: string; readonly how?: string }

const NUMBERS: Readonly<Record<string, Parameters<typeof numberWithin>[1]>> = {
  ...NUMBER_READINGS,
  ...FIX_NUMBERS,
}

const TIME_WORDS = { eventAt: 'event time', heardAt: 'server time', fixAt: 'time of the fix' } as const

export function outcomeOf(target: Target, value: unknown, zone: string | undefined): Outcome {
  const why = whyRefused(value)
  if (why !== undefined) return { refused: why }
  if (value === undefined) return { refused: 'nothing usable is there' }
  switch (target) {
    case 'terminal':
      return either(readId(value), () => terminalFault(value))
    case 'eventAt':
    case 'heardAt':
    case 'fixAt':
      return timeOutcome(TIME_WORDS[target], value, zone)
    case 'kind':
      return { refused: kindFault(value) }
    case 'firmware':
      return either(
        readFirmware(value),
        () => `${excerpt(value)} is not a text of 1 to 64 printable characters`,
      )
    default: {
      const limits = NUMBERS[target]
      return limits === undefined
        ? either(readBoolean(value), () => `${excerpt(value)} is neither true nor false`)
        : either(numberWithin(value, limits), () => limitsFault(value, limits))
    }
  }
}

function either(value: unknown, fault: () => string): Outcome {
  return value === undefined ? { refused: fault() } : { value }
}

function timeOutcome(what: string, value: unknown, zone: string | undefined): Outcome {
  const at = readTime(value, zone)
  return at === undefined
    ? { refused: timeFault(what, value) }
    : { value: toIso(at), how: timeForm(value, at, zone) }
}

/** How a time that was read was written. */
function timeForm(value: unknown, at: Instant, zone: string | undefined): string {
  if (typeof value === 'number') return `Unix time in ${timeUnit(value)}`
  const text = String(value).trim()
  if (readIso(text, zone) !== at) return `Unix time in ${timeUnit(Number(text))}, as text`
  return parseIso(text) === undefined ? `ISO 8601 without an offset, read in ${zone}` : 'ISO 8601'
}
