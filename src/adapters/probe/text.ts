import { oneLine } from '../../core/one-line.ts'

/** Node tells developers at the end of certificate errors what they might do. */
const NODE_ADVICE = /; if the root CA .*$/s

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
