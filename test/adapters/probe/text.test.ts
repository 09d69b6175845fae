import { describe, expect, test } from 'vitest'
import { errorCode, showError, showHost, showUrl } from '../../../src/adapters/probe/text.ts'

describe('texts of probes', () => {
  test('a URL is shown without anything that may be secret', () => {
    expect(showUrl(new URL('https://user:pass@[::1]:8443/a/b?token=x#y'))).toBe('https://[::1]:8443/a/b')
  })

  test('an IPv6 address with a port is shown in brackets', () => {
    expect([showHost('::1', 80), showHost('a.example', 80)]).toEqual(['[::1]:80', 'a.example:80'])
  })

  test('an error is shown with its code once, and several errors in a row', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:80'), { code: 'ECONNREFUSED' })
    const expired = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })
    expect(showError(expired)).toBe('CERT_HAS_EXPIRED: certificate has expired')
    expect(showError(new AggregateError([refused, refused, expired]))).toBe(
      'connect ECONNREFUSED ::1:80; CERT_HAS_EXPIRED: certificate has expired',
    )
  })

  test('what is no error has no code', () => {
    expect([errorCode('x'), errorCode(new Error('x')), showError('x')]).toEqual(['', '', 'x'])
  })
})
