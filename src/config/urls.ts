import { z } from 'zod'
import { hasControl } from './values.ts'

const ESCAPES =
  'in a user name or password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25'

/** Schemes whose addresses end after host and port. */
const WITHOUT_PATH = ['smtp:', 'smtps:', 'mqtt:', 'mqtts:', 'tcp:']

/** What the query of `letters.smtp` may say, each true or false. */
const SMTP_FLAGS = ['requireTLS', 'ignoreTLS', 'tls.rejectUnauthorized']

/** An address with one of the schemes, such as `https`. */
export const urlOf = (...schemes: readonly string[]) => checked((text) => urlFault(text, schemes))

/** As `urlOf`; empty means that it is not set. */
export const urlOrEmpty = (...schemes: readonly string[]) =>
  checked((text) => (text === '' ? undefined : urlFault(text, schemes, 'empty, or ')))

/** Mail server: `smtp://user:password@host:587`, `smtps://`; empty means that it is not set. */
export const smtpUrlOrEmpty = checked((text) =>
  text === ''
    ? undefined
    : (urlFault(text, ['smtp', 'smtps'], 'empty, or ') ?? smtpQueryFault(new URL(text))),
)

/** A host that tells our own network from the watched service: HTTP address, or `tcp://host:port`. */
export const controlUrl = checked((text) => {
  const fits =
    urlFault(text, ['http', 'https']) === undefined ||
    (urlFault(text, ['tcp']) === undefined && new URL(text).port !== '')
  return fits ? undefined : 'must begin with http:// or https://, or be tcp://host:port'
})

function checked(fault: (text: string) => string | undefined) {
  return z
    .string()
    .max(2000)
    .superRefine((text, context) => {
      const message = fault(text)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
}

/** What is wrong with an address. It never repeats a part of it, because that may belong to a password. */
function urlFault(text: string, schemes: readonly string[], orElse = ''): string | undefined {
  const url = /[\s\\]/.test(text) || hasControl(text) ? null : URL.parse(text)
  if (
    url === null ||
    url.hostname === '' ||
    !schemes.some((scheme) => text.toLowerCase().startsWith(`${scheme}://`))
  ) {
    const names = schemes.map((scheme) => `${scheme}://`).join(' or ')
    const hint = text.includes('@') ? `; ${ESCAPES}` : ''
    return `must be ${orElse}an address that begins with ${names} and names a host${hint}`
  }
  const hasUser = url.username !== '' || url.password !== ''
  const rest = url.pathname + url.search + url.hash
  if (hasUser && rest.includes('@')) return `ends too early; ${ESCAPES}`
  if (!isDecodable(url.username + url.password)) return ESCAPES
  const hasPath = !['', '/'].includes(url.pathname) || url.hash !== ''
  if (WITHOUT_PATH.includes(url.protocol) && hasPath) return `must end after host and port; ${ESCAPES}`
  return undefined
}

function smtpQueryFault(url: URL): string | undefined {
  const isKnown = [...url.searchParams].every(
    ([name, value]) => SMTP_FLAGS.includes(name) && (value === 'true' || value === 'false'),
  )
  if (isKnown) return undefined
  return `may have only ${SMTP_FLAGS.join(', ')} after the "?", each =true or =false; ${ESCAPES}`
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
