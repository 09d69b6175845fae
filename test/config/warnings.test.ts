import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'

/** A file that leaves nothing to warn of. */
const QUIET = `
letters: { smtp: "smtp://h", from: a@b.org, recipients: [{ email: c@b.org }] }
service: { components: [{ id: web, kind: http, url: "https://h/" }] }
`

function warnings(yaml: string): string[] {
  const loaded = parseConfig(yaml, {})
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.warnings.map(({ path, message }) => `${path}: ${message}`)
}

test('a complete configuration has no warnings', () => {
  expect(warnings(QUIET)).toEqual([])
})

test('the embedded defaults say that nobody gets letters and what is not watched', () => {
  expect(warnings('')).toEqual([
    'letters.recipients: is empty: nobody will get letters about outages',
    'letters.smtp: is empty: letters are written as .eml files and reach nobody',
    ...['[1]: auth', '[2]: api', '[3]: tree'].map(
      (component) =>
        `service.components${component} is not watched: it needs an account (accounts, then service.account)`,
    ),
  ])
})

test.each([
  [
    'sources: [{ id: direct, kind: omnicomm-tcp }]',
    'sources[0]: kind omnicomm-tcp is not available in this version; nothing will be received by it',
  ],
  [
    'sources: [{ id: t, kind: http, format: traccar }]',
    'sources[0]: format traccar is not available in this version; nothing will be received by it',
  ],
  [
    'sources: [{ id: f, kind: http, format: flespi, mapping: { eventAt: "$.t" } }]',
    'sources[0].mapping: is used with format json only, not with flespi',
  ],
  [
    'sources: [{ id: f, kind: http, token: short }]',
    'sources[0].token: is shorter than 8 characters and can be guessed',
  ],
  ['influx: { url: "http://h" }', 'influx.url: nothing is written to InfluxDB in this version'],
  ['accounts: [{ id: a, token: t }]', 'accounts: has no effect in this version'],
  [
    'freshness: { default: { lost: 20m } }',
    'freshness.default.lost: is not above moving: stale terminals are lost at once',
  ],
])('%s: %s', (yaml, warning) => {
  expect(warnings(QUIET + yaml)).toEqual([warning])
})

test.each([
  ['interval: 40s', 'service.timeout: is longer than half of service.interval, which bounds each attempt'],
  [
    'controls: ["https://h/a", "https://h/b"]',
    'service.controls: all name one host; hosts of different operators tell more',
  ],
])('service %s: %s', (key, warning) => {
  expect(warnings(QUIET.replace('service: {', `service: { ${key},`))).toEqual([warning])
})

test('components that cannot be watched are named one by one', () => {
  const yaml = `
letters: { smtp: "smtp://h", from: a@b.org, recipients: [{ email: c@b.org }] }
service: { components: [{ id: cert, kind: tls, host: h }] }`
  expect(warnings(yaml)).toEqual([
    'service.components[0]: cert is not watched: kind tls is not available in this version',
    'service.components: none is watched that counts as outage: the service stays unknown and no letter becomes due',
  ])
})
