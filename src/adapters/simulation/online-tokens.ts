import { createHmac, timingSafeEqual } from 'node:crypto'
import { HOUR, type Instant, SECOND } from '../../core/time.ts'

/** What a token is good for. */
export type TokenUse = 'access' | 'refresh'

/** Tokens as Omnicomm Online gives them (reference/omnicomm-online-api.md 2): JWTs that it knows again by their signature. */
export type Tokens = {
  /** The answer of a login or a refresh. */
  issue(login: string): { readonly jwt: string; readonly refresh: string }
  /** Whose token it is; undefined when it is forged, over, or for another use. */
  loginOf(token: string, use: TokenUse): string | undefined
}

const LIFETIME: Readonly<Record<TokenUse, number>> = { access: HOUR, refresh: 24 * HOUR }
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

type Claims = { readonly login: string; readonly aud: TokenUse; readonly exp: number }

export function createTokens(now: () => Instant, secret: string): Tokens {
  function token(login: string, use: TokenUse): string {
    const iat = Math.floor(now() / SECOND)
    const claims = { login, aud: use, iat, exp: iat + LIFETIME[use] / SECOND, server_name: 'simulation' }
    const signed = `${HEADER}.${encode(claims)}`
    return `${signed}.${signature(signed)}`
  }

  function signature(signed: string): string {
    return createHmac('sha256', secret).update(signed).digest('base64url')
  }

  return {
    issue: (login) => ({ jwt: token(login, 'access'), refresh: token(login, 'refresh') }),
    loginOf(text, use) {
      const [header = '', claims = '', sign = ''] = text.split('.')
      const expected = Buffer.from(signature(`${header}.${claims}`))
      const given = Buffer.from(sign)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      // What carries our signature is what we wrote.
      const { login, aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims
      return aud === use && exp * SECOND > now() ? login : undefined
    },
  }
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
