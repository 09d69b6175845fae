import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { configReference } from '../../src/config/reference.ts'

const reference = configReference()
const lines = reference.split('\n')

test('the committed reference follows from the schema (npm run generate)', async () => {
  expect(await readFile(new URL('../../config/README.md', import.meta.url), 'utf8')).toBe(reference)
})

test('each description of the schema stands in the reference', () => {
  const missing = descriptionsIn(JSON.parse(configJsonSchema())).filter(
    (text) => !reference.includes(text.replaceAll('|', '\\|').replaceAll('<', '&lt;')),
  )
  // What holds keys of its own is described by these.
  expect(missing).toEqual([
    'Thresholds where nothing nearer sets them',
    'What a good answer is',
    'DKIM signature: domain, selector and keyFile together',
    'Immediate notes about single terminals',
  ])
})

test('a row says the key, what may stand there, what counts without it, and what it means', () => {
  expect(lines).toContain(
    '| `http.port` | number 0 to 65535 | `8080` | Port; 0 takes a free one, which is printed |',
  )
  expect(lines).toContain(
    '| `accounts[].id` | text | **required** | Name to which sources, components and service.account refer |',
  )
  expect(reference).toContain('| `freshness.default.parked` | duration or `off` | `6h30m` |')
  expect(reference).toContain('| `service.components` | list | `web` (http), `auth` (omnicomm-login),')
  expect(reference).toContain('| `freshness.groups.NAME` | the keys of `freshness.default` | | |')
})

test('entries that differ by kind have a chapter for each kind', () => {
  const kinds = lines
    .filter((line) => line.startsWith('### '))
    .map((line) => /kind: ([\w-]+)/.exec(line)?.[1])
  for (const kind of [
    'mqtt',
    'http',
    'omnicomm-online',
    'omnicomm-tcp',
    'wialon-ips',
    'egts',
    'tcp',
    'tls',
    'dns',
  ]) {
    expect(kinds).toContain(kind)
  }
})

test('every row has its four cells', () => {
  const rows = lines.filter((line) => line.startsWith('|'))
  expect(rows.filter((line) => line.replaceAll('\\|', '').split('|').length !== 6)).toEqual([])
})

/** Every description, `kind`s included. */
function descriptionsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const here = 'description' in schema && typeof schema.description === 'string' ? [schema.description] : []
  return [...new Set([...here, ...Object.values(schema).flatMap(descriptionsIn)])]
}
