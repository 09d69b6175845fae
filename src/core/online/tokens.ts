import { MINUTE, SECOND } from '../time.ts'
import { isGroup } from './reply.ts'

/** What a login or a refresh gives. */
export type Tokens = { readonly access: string; readonly refresh: string | null }

/** What a token says of itself; null where it does not. */
export type Claims = {
  /** Unix seconds. */
  readonly issuedAt: number | null
  /** Unix seconds. */
  readonly expiresAt: number | null
  readonly login: string | null
}

const LONGEST_TOKEN = 8000
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The tokens of `{"jwt", "refresh"}`; undefined when there is no access token in it. */
export function decodeTokens(value: unknown): Tokens | undefined {
  if (!isGroup(value) || !isToken(value['jwt'])) return undefined
  return { access: value['jwt'], refresh: isToken(value['refresh']) ? value['refresh'] : null }
}

/** Reads the middle part of a JWT. It proves nothing, as the signature is the server's matter. */
export function readClaims(token: string): Claims {
  const claims = parse(fromBase64url(token.split('.')[1] ?? ''))
  const { iat, exp, login } = isGroup(claims) ? claims : {}
  return {
    issuedAt: seconds(iat),
    expiresAt: seconds(exp),
    login: typeof login === 'string' && login !== '' ? login : null,
  }
}

/**
 * How long a token that was received just now is good for, ms; null when it does not say. The difference of its own
 * two times is independent of what this machine's clock shows.
 */
export function freshLifetimeMs({ issuedAt, expiresAt }: Claims, nowMs: number): number | null {
  if (expiresAt === null) return null
  if (issuedAt !== null && issuedAt < expiresAt) return (expiresAt - issuedAt) * SECOND
  return Math.max(0, expiresAt * SECOND - nowMs)
}

/** When a token of that lifetime is renewed: early, so that no call is refused for it. */
export function renewAfterMs(lifetimeMs: number): number {
  return lifetimeMs - Math.min(2 * MINUTE, lifetimeMs / 4)
}

/** It stands in a header: visible ASCII only. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(value)
}

function seconds(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 1e11 ? value : null
}

/** Bytes as characters of the same number: enough for JSON of which only ASCII is read. */
function fromBase64url(text: string): string {
  let bytes = ''
  let bits = 0
  let held = 0
  for (const char of text.slice(0, LONGEST_TOKEN)) {
    const value = BASE64URL.indexOf(char === '+' ? '-' : char === '/' ? '_' : char)
    if (value < 0) break
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes += String.fromCharCode((bits >> held) & 0xff)
  }
  return bytes
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
