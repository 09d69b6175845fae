import { z } from 'zod'
import { isAddress, parseMailbox } from '../core/letters/mailbox.ts'
import { formatDuration, parseDuration, parseIso, toIso } from '../core/time.ts'

const DURATION = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/
const DURATION_HINT =
  'must be a duration above zero: numbers with units (ms, s, m, h, d), such as 30s or 6h30m'

const durationText = z.string(DURATION_HINT).regex(DURATION, DURATION_HINT)

/** A duration as text in the file, a number of milliseconds inside. */
export const duration = z.codec(durationText, z.number(), {
  decode(text, context) {
    const ms = parseDuration(text)
    if (ms !== undefined) return ms
    context.issues.push({ code: 'custom', message: DURATION_HINT, input: text })
    return z.NEVER
  },
  encode: formatDuration,
})

/** As `duration`; `0s` is allowed. */
export const durationOrZero = z.codec(durationText, z.number(), {
  decode(text, context) {
    const ms = /[1-9]/.test(text) ? parseDuration(text) : 0
    if (ms !== undefined) return ms
    context.issues.push({ code: 'custom', message: DURATION_HINT, input: text })
    return z.NEVER
  },
  encode: (ms) => (ms === 0 ? '0s' : formatDuration(ms)),
})

const OFF_HINT = `${DURATION_HINT}, or off`

/** A duration in milliseconds; `off` is Infinity. YAML 1.1 tools write `off` as false. */
export const durationOrOff = z.codec(
  z.union([z.string(), z.literal(false)], { error: OFF_HINT }),
  z.union([z.number(), z.literal(Number.POSITIVE_INFINITY)]),
  {
    decode(value, context) {
      if (value === 'off' || value === false) return Number.POSITIVE_INFINITY
      const ms = parseDuration(value)
      if (ms !== undefined) return ms
      context.issues.push({ code: 'custom', message: OFF_HINT, input: value })
      return z.NEVER
    },
    encode: (ms) => (Number.isFinite(ms) ? formatDuration(ms) : 'off'),
  },
)

/** The id of a configured thing: it stands in addresses, labels and letters. */
export const configId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 Latin letters, digits, - or _')

/** One line of text for people or programs; control characters are refused, since texts reach letter headers. */
export const line = (maxLength = 200) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !hasControl(text), 'must be one line without control characters')

/** `line` that is not empty. */
export const filledLine = (maxLength = 200) => line(maxLength).min(1)

export const port = z.int().min(1).max(65_535)

/** A port; 0 asks the system for a free one. */
export const portOrFree = z.int().min(0).max(65_535)

/** A host name or IP address, without scheme, port or brackets. */
export const host = z
  .string()
  .min(1)
  .max(253)
  .refine((text) => isHost(text), 'must be a host name or IP address, without scheme and port')

/** A bare e-mail address. */
export const emailAddress = z.string().refine(isAddress, 'must be an e-mail address such as name@example.org')

/** `emailAddress` in ASCII, as headers of letters take it, or empty. */
export const emailAddressOrEmpty = z
  .string()
  .refine(
    (text) => text === '' || (isAddress(text) && /^[!-~]+$/.test(text)),
    'must be an e-mail address such as name@example.org, or empty',
  )

/** Days of the calendar as `2027-01-08`. */
export const dates = z
  .array(z.string().refine(isDate, 'must be a date such as 2027-01-08, in quotation marks'))
  .max(1000)

/** An e-mail address, also as `Name <name@example.org>`. */
export const mailbox = line(320).refine(
  (text) => parseMailbox(text) !== undefined,
  'must be name@example.org or Name <name@example.org>',
)

export const timezone = z
  .string()
  .refine((text) => isTimezone(text), 'must be a time zone name such as Europe/Moscow')

/** `timezone`, or empty. */
export const timezoneOrEmpty = z
  .string()
  .refine(
    (text) => text === '' || isTimezone(text),
    'must be a time zone name such as Europe/Moscow, or empty',
  )

/** Whether a text holds control characters or line ends of any kind. */
export function hasControl(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return true
  }
  return false
}

function isHost(text: string): boolean {
  if (/[\s/@?#[\]\\]/.test(text) || hasControl(text)) return false
  return URL.canParse(text.includes(':') ? `tcp://[${text}]:1` : `tcp://${text}:1`)
}

function isTimezone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Whether a text is a day that there is, as `2027-01-08`. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = parseIso(`${text}T00:00:00Z`)
  return at !== undefined && toIso(at).startsWith(text)
}
