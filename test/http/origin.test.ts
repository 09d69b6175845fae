import { expect, test } from 'vitest'
import { localPath } from '../../src/http/origin.ts'

test.each([
  ['//evil.example/', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['service', '/'],
  ['', '/'],
  [`/${'x'.repeat(2000)}`, '/'],
  ['/service', '/service'],
  ['/?client=%D0%90&state=stale', '/?client=%D0%90&state=stale'],
])('after a login %j leads to %s', (next, path) => {
  expect(localPath(next)).toBe(path)
})
