/** Node tells developers at the end of certificate errors what they might do. */
const NODE_ADVICE = /; if the root CA .*$/s

/** Longest evidence or reason that a probe hands out. */
const EVIDENCE_LENGTH = 200

/**
 * Text of unknown origin as one line of at most `length` UTF-16 units: control, format and direction characters
 * become spaces, what is cut off ends with an ellipsis.
 */
export function oneLine(text: string, length: number = EVIDENCE_LENGTH): string {
  const line = text
    .slice(0, 20 * length)
    .toWellFormed()
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** A URL for people: without user, password, query and fragment, any of which may hold a secret. */
export function showUrl(url: URL): string {
  return oneLine(`${url.protocol}//${url.host}${url.pathname}`, 100)
}

/** `host:port`, an IPv6 address in brackets. */
export function showHost(host: string, port: number): string {
  return oneLine(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, 100)
}

/** What went wrong, led by the system's or OpenSSL's code where the message lacks it. */
export function showError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.slice(0, 3).map(showError))].join('; ')
  }
  if (!(error instanceof Error)) return String(error)
  const code = errorCode(error)
  // OpenSSL's own message is an internal file and line; its reason is the readable part.
  const message = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
  const said = message.replace(NODE_ADVICE, '')
  return oneLine(code === '' || said.includes(code) ? said : `${code}: ${said}`, 120)
}

/** The `code` of a Node error, such as `ECONNREFUSED`; empty when it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
