import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeTokens, freshLifetimeMs, readClaims, renewAfterMs } from '../../../src/core/online/tokens.ts'

const HOUR = 3_600_000

function token(claims: unknown, encoding: 'base64url' | 'base64' = 'base64url'): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString(encoding)}.sig`
}

test('the tokens of an answer are taken only where they can stand in a header', () => {
  expect(decodeTokens({ jwt: 'a.b.c', refresh: 'r' })).toEqual({ access: 'a.b.c', refresh: 'r' })
  expect(decodeTokens({ jwt: 'a' })).toEqual({ access: 'a', refresh: null })
  for (const value of [null, [], {}, { jwt: '' }, { jwt: 1 }, { jwt: 'a b' }, { jwt: 'a\r\nX: y' }]) {
    expect(decodeTokens(value)).toBeUndefined()
  }
  expect(decodeTokens({ jwt: 'x'.repeat(10_000) })).toBeUndefined()
})

test.each(['base64url', 'base64'] as const)('claims are read from %s', (encoding) => {
  const claims = { login: 'Вася>>>???', iat: 1_767_225_600, exp: 1_767_229_200, roles: ['ы', '~~~'] }
  expect(readClaims(token(claims, encoding))).toMatchObject({
    issuedAt: 1_767_225_600,
    expiresAt: 1_767_229_200,
  })
})

test.each(['', 'opaque', 'a.b.c', 'e30.bm90IGpzb24.x', token([1]), token({ exp: '1', iat: -1, login: '' })])(
  '%s claims nothing',
  (text) => {
    expect(readClaims(text)).toEqual({ issuedAt: null, expiresAt: null, login: null })
  },
)

test('whatever stands in the claims is read as Node reads it', () => {
  fc.assert(
    fc.property(fc.nat(4e9), fc.string({ unit: 'grapheme-ascii', minLength: 1 }), (exp, login) => {
      expect(readClaims(token({ login, exp }))).toEqual({ issuedAt: null, expiresAt: exp || null, login })
    }),
    { endOnFailure: true },
  )
})

test('a lifetime is taken from the two times of the token, else from the clock', () => {
  const now = 1_767_225_600_000
  const claims = (issuedAt: number | null, expiresAt: number | null) => ({ issuedAt, expiresAt, login: null })
  expect(freshLifetimeMs(claims(1_000, 4_600), now)).toBe(HOUR)
  expect(freshLifetimeMs(claims(null, now / 1000 + 60), now)).toBe(60_000)
  expect(freshLifetimeMs(claims(null, 5), now)).toBe(0)
  expect(freshLifetimeMs(claims(5, null), now)).toBeNull()
})

test('a token is renewed two minutes before its end, a short one after three quarters', () => {
  expect(renewAfterMs(HOUR)).toBe(HOUR - 120_000)
  expect(renewAfterMs(60_000)).toBe(45_000)
  expect(renewAfterMs(0)).toBe(0)
})
