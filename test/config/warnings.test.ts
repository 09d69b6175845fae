import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'

/** A file that leaves nothing to warn of. */
const QUIET = `
http: { publicUrl: "https://w" }
letters: { smtp: "smtp://h", from: a@b.org, operators: [o@b.org], recipients: [{ email: c@b.org }] }
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
    'letters.recipients: is empty: nobody will get letters about outages but those who are entered on the page',
    'letters.smtp: is empty: letters are written as .eml files and reach nobody',
    'letters.operators: is empty: nobody is warned before a letter is due, nor told of alarms',
    ...['[1]: auth', '[2]: api', '[3]: tree'].map(
      (component) =>
        `service.components${component} is not watched: it needs an account (accounts, then service.account)`,
    ),
  ])
})

test.each([
  [
    'sources: [{ id: direct, kind: omnicomm-tcp, acknowledge: true }]',
    'sources[0].acknowledge: allows terminals to overwrite their archive: if another server needs it too, that one loses data',
  ],
  [
    'sources: [{ id: t, kind: http, format: json, trustDeviceClock: false }]',
    'sources[0].trustDeviceClock: is used with format traccar only, not with json',
  ],
  [
    'sources: [{ id: f, kind: http, format: flespi, mapping: { eventAt: "$.t" } }]',
    'sources[0].mapping: is used with format json only, not with flespi',
  ],
  [
    'sources: [{ id: f, kind: http, token: short }]',
    'sources[0].token: is shorter than 8 characters and can be guessed',
  ],
  [
    'influx: { url: "http://h", org: o, bucket: b }',
    'influx.token: is not set, and InfluxDB 2 takes no points without it',
  ],
  [
    'sources: [{ id: o, kind: omnicomm-online, account: a, treeEvery: 1m }]\naccounts: [{ id: a, token: t }]',
    'sources[0].treeEvery: is shorter than 10m; the tree is the heaviest call and the first one to fail',
  ],
  [
    'accounts: [{ id: a, login: L, password: p }, { id: b, login: l, password: p }, { id: c, baseUrl: "https://other.example", login: l, password: p }]',
    'accounts[1].login: is that of accounts[0]; use one account for both',
  ],
  [
    'freshness: { default: { lost: 20m } }',
    'freshness.default.lost: is not above moving: stale terminals are lost at once',
  ],
])('%s: %s', (yaml, warning) => {
  expect(warnings(QUIET + yaml)).toEqual([warning])
})

test.each([
  [
    'from: a@b.org',
    'from: watch@localhost',
    'letters.from: is still the default: mail servers refuse senders at localhost',
  ],
  [
    'from: a@b.org',
    'from: a@b.org, dkim: { domain: other.org, selector: s, keyFile: k.pem }',
    'letters.dkim.domain: is not the domain of letters.from, so the signature does not speak for the sender (DMARC)',
  ],
  [
    'publicUrl: "https://w"',
    'publicUrl: ""',
    'http.publicUrl: is empty: letters to operators carry no link to the page of the outage',
  ],
  [
    'from: a@b.org',
    'from: a@b.org, warnAfter: 60m',
    'letters.warnAfter: is not below service.noticeAfter: the warning comes too late',
  ],
])('%s as %s: %s', (from, to, warning) => {
  expect(warnings(QUIET.replace(from, to))).toEqual([warning])
})

test('a DKIM domain above that of the sender speaks for it', () => {
  const dkim = 'from: a@mail.B.org, dkim: { domain: b.org, selector: s, keyFile: k.pem }'
  expect(warnings(QUIET.replace('from: a@b.org', dkim))).toEqual([])
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

/** A complete configuration with one account and these components. */
function watching(components: string, credentials = 'login: l, password: p'): string {
  return `
http: { publicUrl: "https://w" }
letters: { smtp: "smtp://h", from: a@b.org, operators: [o@b.org], recipients: [{ email: c@b.org }] }
accounts: [{ id: main, ${credentials} }]
service: { account: main, components: [{ id: web, kind: http, url: "https://h/" }, ${components}] }`
}

test('an account leaves nothing to warn of, with components of every kind', () => {
  const components = `
    { id: a, kind: omnicomm-login, every: 5m }, { id: b, kind: omnicomm-state, terminal: "1" },
    { id: c, kind: omnicomm-tree }, { id: d, kind: omnicomm-activity }, { id: e, kind: omnicomm-dataplane },
    { id: f, kind: tls, host: h }, { id: g, kind: dns, name: h }, { id: i, kind: tcp, host: h, port: 1 }`
  expect(warnings(watching(components))).toEqual([])
})

test.each([
  [
    '{ id: api, kind: omnicomm-state }',
    'login: l, password: p',
    'service.components[1]: api is not watched: it needs the id of a terminal to ask about (terminal)',
  ],
  [
    '{ id: auth, kind: omnicomm-login }',
    'token: t',
    'service.components[1]: auth is not watched: account main has a token alone; give it login and password, or refresh',
  ],
])('%s with %s: %s', (component, credentials, warning) => {
  expect(warnings(watching(component, credentials))).toEqual([warning])
})

test('components that ask more often than the budget lets them are told of', () => {
  const config = (interval: string) =>
    watching(
      '{ id: a, kind: omnicomm-login, every: 1s }, { id: b, kind: omnicomm-tree, every: 500ms }',
    ).replace('service: {', `service: { interval: ${interval}, timeout: 100ms,`)
  expect(warnings(config('4s'))).toEqual([])
  expect(warnings(config('2s'))).toEqual([
    'service.components: make 60 calls a minute with one account while they fail, and at most 50 are sent, so that the outage clock would stop; set a longer service.interval',
    'service.components: make 60 logins a minute while they fail, and at most 30 are sent, so that the outage clock would stop; set a longer service.interval',
  ])
  expect(warnings(config('500ms'))).toEqual([
    'service.components: make 120 calls a minute with one account, and at most 50 are sent; set a longer every',
    'service.components: make 60 logins a minute, and at most 30 are sent; set a longer every',
  ])
})

test('pages of the service that are asked for so often that its limit by address is near are told of', () => {
  const config = (url: string, interval: string) =>
    QUIET.replace('https://h/', url).replace(
      'service: {',
      `service: { interval: ${interval}, timeout: 100ms,`,
    )
  const page = 'https://online.omnicomm.ru/'
  expect(warnings(config(page, '4s'))).toEqual([])
  expect(warnings(config('https://elsewhere.example/', '1s'))).toEqual([])
  expect(warnings(config(page, '3s'))).toEqual([
    'service.components: make 40 requests a minute for pages of the service while they fail, and more than 30 may get this address blocked, so that the outage clock would stop; set a longer service.interval',
  ])
  const shard = 'accounts: [{ id: a, baseUrl: "https://shard.example", token: t }]'
  expect(warnings(config('https://shard.example/x', '1s') + shard)).toEqual([
    'service.components: make 60 requests a minute for pages of the service, and more than 30 may get this address blocked; set a longer every',
  ])
})

test('components that cannot be watched are named one by one', () => {
  const yaml = `
http: { publicUrl: "https://w" }
letters: { smtp: "smtp://h", from: a@b.org, operators: [o@b.org], recipients: [{ email: c@b.org }] }
service: { components: [{ id: auth, kind: omnicomm-login }] }`
  expect(warnings(yaml)).toEqual([
    'service.components[0]: auth is not watched: it needs an account (accounts, then service.account)',
    'service.components: none is watched that counts as outage: the service stays unknown and no letter becomes due',
  ])
})
