import { describe, expect, test } from 'vitest'
import { parseSmtpUrl, relayName } from '../../../src/adapters/smtp/url.ts'

describe('letters.smtp', () => {
  test.each([
    ['smtp://relay.example.org', { host: 'relay.example.org', port: 587, secure: false, requireTls: false }],
    ['smtp://u:p@relay.example.org:25', { port: 25, requireTls: true, auth: { user: 'u', pass: 'p' } }],
    ['smtp://u:p@relay.example.org?requireTLS=false', { requireTls: false }],
    ['smtp://u:p@127.0.0.1:2525', { requireTls: false, rejectUnauthorized: false }],
    ['smtp://u:p@relay.example.org?ignoreTLS=true', { requireTls: false, ignoreTls: true }],
    [
      'smtps://u:p@relay.example.org',
      { port: 465, secure: true, requireTls: false, rejectUnauthorized: true },
    ],
    ['smtps://u%40x.ru:p%25%2F@relay.example.org', { auth: { user: 'u@x.ru', pass: 'p%/' } }],
    ['smtp://[::1]:25', { host: '::1', rejectUnauthorized: false }],
  ])('%s', (url, expected) => {
    expect(parseSmtpUrl(url)).toMatchObject(expected)
  })

  test.each([
    'relay',
    'http://relay',
    'smtp://',
    'smtp://u:secret@relay?pool=true',
    'smtp://u:%secret@relay',
  ])('%s is refused without repeating the password', (url) => {
    expect(() => parseSmtpUrl(url)).toThrow(/^letters\.smtp(?!.*secret)/)
  })

  test.each([
    ['smtp://relay.example.org', 'relay.example.org:587'],
    ['smtps://u%40x.ru:secret@relay.example.org', 'u%40x.ru@relay.example.org:465'],
    ['smtp://u:secret@relay.example.org:25?requireTLS=true', 'u@relay.example.org:25'],
  ])('%s names the relay %s, without the password', (url, name) => {
    expect(relayName(url)).toBe(name)
  })
})
