import { expect, test } from 'vitest'
import { clientAddress } from '../../src/http/client.ts'
import type { HttpContext } from '../../src/http/env.ts'

/** A request of a proxy on this machine with this header. */
function proxied(forwarded: string): HttpContext {
  const header = (name: string) => (name === 'x-forwarded-for' ? forwarded : undefined)
  const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
  return { env, req: { header } } as unknown as HttpContext
}

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['203.0.113.1, 192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:51234', '192.0.2.7'],
  ['2001:db8::7', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['[2001:db8::7]:51234', '2001:db8::7'],
  ['192.0.2.7, ', '127.0.0.1'],
  ['unknown', '127.0.0.1'],
  ['192.0.2.7:', '127.0.0.1'],
  [']:[', '127.0.0.1'],
  ['1'.repeat(100), '127.0.0.1'],
])('a trusted proxy that says %j has a caller at %s', (forwarded, address) => {
  expect(clientAddress(proxied(forwarded), true)).toBe(address)
  expect(clientAddress(proxied(forwarded), false)).toBe('127.0.0.1')
})
