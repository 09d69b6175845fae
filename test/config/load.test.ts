import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig, parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'

/** `${NAME}`, as it stands in a file. */
const ref = (name: string): string => `\${${name}}`

function valid(yaml: string, env: Record<string, string> = {}): Config {
  const loaded = parseConfig(yaml, env)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config
}

/** Faults as `path: message`. */
function faults(yaml: string, env: Record<string, string> = {}): string[] {
  const loaded = parseConfig(yaml, env)
  return loaded.ok ? [] : loaded.faults.map(({ path, message }) => `${path}: ${message}`)
}

describe('defaults', () => {
  test('an empty file gives the defaults of the contract', () => {
    const config = valid('')
    expect(config).toMatchObject({
      timezone: 'Europe/Moscow',
      language: 'ru',
      data: './data',
      http: { host: '127.0.0.1', port: 8080, publicUrl: '', metricsToken: '', trustProxy: false },
      broker: { enabled: true, host: '127.0.0.1', port: 1883, users: {} },
      accounts: [],
      fleet: { terminals: '' },
      influx: { url: '', org: '', bucket: '', token: '' },
    })
    expect(config.freshness).toEqual({
      default: {
        moving: 30 * MINUTE,
        parked: 6.5 * HOUR,
        lost: 24 * HOUR,
        neverAfter: 24 * HOUR,
        learn: false,
      },
      profiles: {},
      groups: {},
      terminals: {},
      resumeGrace: 2 * MINUTE,
      flushEvery: SECOND,
    })
    expect(config.service).toMatchObject({
      name: 'Omnicomm Online',
      baseUrl: 'https://online.omnicomm.ru',
      account: '',
      interval: MINUTE,
      timeout: 25 * SECOND,
      controls: ['https://ya.ru/', 'https://vk.com/', 'https://www.cloudflare.com/'],
      recoveryPeriod: 5 * MINUTE,
      noticeAfter: HOUR,
      maintenancePauses: true,
    })
    expect(config.service.components).toEqual([
      {
        id: 'web',
        kind: 'http',
        url: 'https://online.omnicomm.ru/',
        counts: 'outage',
        expect: { status: 200, contains: '' },
      },
      { id: 'auth', kind: 'omnicomm-login', counts: 'outage', every: 5 * MINUTE },
      { id: 'api', kind: 'omnicomm-state', counts: 'outage', terminal: '' },
      { id: 'tree', kind: 'omnicomm-tree', counts: 'degraded', every: 15 * MINUTE, minVehicles: 1 },
    ])
    expect(config.letters).toEqual({
      from: 'Omnicomm Online <watch@localhost>',
      smtp: '',
      dkim: {},
      warnAfter: 45 * MINUTE,
      updateEvery: 60 * MINUTE,
      operators: [],
      recipients: [],
      watchdogUrl: '',
    })
  })

  test('without sources there are gate, on the embedded broker, and push', () => {
    expect(valid('language: en').sources).toEqual([
      {
        id: 'gate',
        kind: 'mqtt',
        url: 'mqtt://127.0.0.1:1883',
        topics: ['fleet/#'],
        format: 'json',
        qos: 1,
        watchBroker: true,
        interval: MINUTE,
      },
      { id: 'push', kind: 'http', format: 'json', interval: MINUTE },
    ])
    expect(valid('sources: []').sources).toEqual([])
  })

  test('the default gate follows the embedded broker', () => {
    const yaml = 'broker: { host: 0.0.0.0, port: 18830, users: { gateway: secret } }'
    expect(valid(yaml).sources[0]).toMatchObject({
      url: 'mqtt://127.0.0.1:18830',
      username: 'gateway',
      password: 'secret',
    })
    expect(valid('broker: { host: "::1" }').sources[0]).toMatchObject({ url: 'mqtt://[::1]:1883' })
    expect(valid('broker: { enabled: false }').sources.map(({ id }) => id)).toEqual(['push'])
  })

  test('times of letters follow noticeAfter until they are set', () => {
    const derived = valid('service: { noticeAfter: 90s }').letters
    expect([derived.warnAfter, derived.updateEvery]).toEqual([67_500, 90_000])
    const set = valid('service: { noticeAfter: 2h }\nletters: { warnAfter: 10m, updateEvery: 20m }').letters
    expect([set.warnAfter, set.updateEvery]).toEqual([10 * MINUTE, 20 * MINUTE])
  })

  test("a recipient's language is that of the file until it is set", () => {
    const yaml = 'language: en\nletters: { recipients: [{ email: a@b.c }, { email: d@b.c, language: ru }] }'
    expect(valid(yaml).letters.recipients).toEqual([
      { email: 'a@b.c', name: '', language: 'en' },
      { email: 'd@b.c', name: '', language: 'ru' },
    ])
  })
})

describe('values', () => {
  test('parked: off means that a parked terminal is never judged', () => {
    for (const off of ['off', '"off"', 'false']) {
      expect(valid(`freshness: { default: { parked: ${off} } }`).freshness.default.parked).toBe(Infinity)
    }
  })

  test.each([
    ['0s', 0],
    ['0h0.0m', 0],
    ['0.4ms', 1],
    ['90s', 90_000],
    ['1h30m', 90 * MINUTE],
  ])('recoveryPeriod %s is %d ms', (text, ms) => {
    expect(valid(`service: { recoveryPeriod: ${text} }`).service.recoveryPeriod).toBe(ms)
  })

  test.each(['0s', '-5m', '5', '"5"', 'soon', '5 m', '1h-2m', 'null', '[]'])(
    'interval %s is refused with what a duration is',
    (text) => {
      expect(faults(`service: { interval: ${text} }`)).toEqual([
        expect.stringMatching(/^service\.interval: must be a duration above zero: numbers with units/),
      ])
    },
  )

  test('a duration that is too long to be counted is refused, also where 0s is allowed', () => {
    for (const key of ['interval', 'recoveryPeriod']) {
      expect(faults(`service: { ${key}: 999999999999d }`)).toEqual([
        expect.stringContaining(`service.${key}: must be a duration`),
      ])
    }
  })

  test('a terminal id that looks like a number keeps its spelling', () => {
    const yaml = 'freshness: { terminals: { 0354002529: { moving: 2h }, 1e3: { moving: 1h } } }'
    expect(Object.keys(valid(yaml).freshness.terminals)).toEqual(['0354002529', '1e3'])
  })

  test.each([
    ['http: { port: 65536 }', 'http.port: must be at most 65535'],
    ['http: { port: 1.5 }', 'http.port: must be a whole number'],
    ['timezone: Mars/Olympus', 'timezone: must be a time zone name such as Europe/Moscow'],
    ['language: de', 'language: must be one of ru, en'],
    ['http:', 'http: must be a group of keys, not empty (give a value or leave the key out)'],
    ['langauge: ru', 'langauge: is not a known key; did you mean language?'],
    ['fleet: { file: x }', 'fleet.file: is not a known key; known here: terminals'],
    ['data: 5', 'data: must be text, not a number (text that looks like a number needs quotes)'],
    ['letters: { from: nobody }', 'letters.from: must be name@example.org or Name <name@example.org>'],
    [
      'letters: { operators: ["a b@c"] }',
      'letters.operators[0]: must be an e-mail address such as name@example.org',
    ],
    ['service: { name: "a\\r\\nBcc: x" }', 'service.name: must be one line without control characters'],
    [
      'freshness: { groups: { A/B: { mooving: 1h } } }',
      'freshness.groups["A/B"].mooving: is not a known key; did you mean moving?',
    ],
    [
      'sources: [{ id: x, kind: mqtt, url: "mqtt://h", topics: ["a/#/b"] }]',
      'sources[0].topics[0]: must be an MQTT topic filter: + stands for one whole segment, # for all the rest at the end',
    ],
    [
      'sources: [{ id: x, kind: http, mapping: { eventAt: "ts" } }]',
      'sources[0].mapping.eventAt: expected a path such as "$.ident" or "$.list[0].x", or "topic:1"',
    ],
    [
      'sources: [{ id: x, kind: mqtt, url: "mqtt://h", topics: [a], qos: 3 }]',
      'sources[0].qos: must be 0, 1 or 2',
    ],
    [
      'accounts: [{ id: a, token: "JWT abc" }]',
      'accounts[0].token: must be the token alone: visible ASCII characters without spaces',
    ],
    [
      'accounts: [{ id: a, token: abc, refresh: жетон }]',
      'accounts[0].refresh: must be the token alone: visible ASCII characters without spaces',
    ],
    [
      'service: { controls: ["https://a/", "tcp://b"] }',
      'service.controls[1]: must begin with http:// or https://, or be tcp://host:port',
    ],
  ])('%s is refused: %s', (yaml, fault) => {
    expect(faults(yaml)).toEqual([fault])
  })

  test('an unknown target of a mapping is refused', () => {
    expect(faults('sources: [{ id: x, kind: http, mapping: { event: "$.ts", lat: "$.y" } }]')).toEqual([
      'sources[0].mapping.event: is not a known key; did you mean eventAt?',
      expect.stringMatching(/^sources\[0\]\.mapping\.lat: is not a known key; known here: terminal, eventAt/),
    ])
  })

  test('every key of the contract is accepted, also those of which later versions make use', () => {
    const yaml = `
sources:
  - { id: gate, kind: mqtt, url: "mqtt://h", topics: [t], username: u, password: p, ca: f, clientId: c, sharedGroup: g, protocolVersion: 4, interval: 30s }
  - { id: push, kind: http, format: traccar, token: t }
  - { id: online, kind: omnicomm-online, account: main, pollEvery: 60s }
  - { id: own, kind: omnicomm-online, baseUrl: "https://h", login: l, password: p }
  - { id: direct, kind: omnicomm-tcp, host: 127.0.0.1, port: 5203, acknowledge: false }
accounts: [{ id: main, baseUrl: "https://h", login: l, password: p }, { id: two, baseUrl: "https://h", token: t, refresh: r }]
freshness: { default: { learn: true, liveLag: 2m, floor: 1m, cap: 2h } }
service:
  account: main
  components:
    - { id: a, kind: tcp, host: h, port: 1, slowAfter: 1s }
    - { id: b, kind: tls, host: h, port: 443, daysLeft: 14 }
    - { id: c, kind: dns, name: h }
    - { id: d, kind: omnicomm-login, counts: outage, every: 5m }
    - { id: e, kind: omnicomm-state, terminal: "1" }
    - { id: f, kind: omnicomm-tree, counts: degraded, minVehicles: 1 }
    - { id: g, kind: omnicomm-activity }
    - { id: h, kind: omnicomm-dataplane }
letters: { dkim: { domain: d.org, selector: s, keyFile: f }, watchdogUrl: "https://h/x", operators: [o@d.org] }
influx: { url: "http://h:8086", org: o, bucket: b, token: t }
`
    expect(faults(yaml)).toEqual([])
  })
})

describe('faults between keys', () => {
  test.each([
    [
      'sources: [{ id: a, kind: http }, { id: a, kind: http }]',
      ['sources[1].id: is the same as sources[0].id'],
    ],
    [
      'sources: [{ id: a, kind: egts }, { id: b, kind: wialon-ips, port: 20629 }, { id: c, kind: omnicomm-tcp, port: 8080 }]',
      ['sources[1].port: is the same as sources[0].port', 'sources[2].port: is the same as http.port'],
    ],
    ['sources: [{ id: a, kind: egts, port: 0 }, { id: b, kind: egts, port: 0 }]', []],
    ['sources: [{ id: a, kind: egts, host: 10.0.0.1 }, { id: b, kind: egts }]', []],
    [
      'letters: { recipients: [{ email: a@b.c }, { email: A@b.c }], operators: [x@y.z, X@Y.z] }',
      [
        'letters.recipients[1].email: is the same as letters.recipients[0].email',
        'letters.operators[1]: is the same as letters.operators[0]',
      ],
    ],
    [
      'broker: { host: 0.0.0.0 }',
      ['broker.host: without broker.users only a loopback address such as 127.0.0.1 is allowed'],
    ],
    ['broker: { host: 0.0.0.0, enabled: false }', []],
    ['broker: { host: 0.0.0.0, users: { a: b } }', []],
    [
      'service: { controls: ["https://a/"] }',
      [
        'service.controls: needs two or more hosts of different operators, so that our own network is told from the service',
      ],
    ],
    ['service: { controls: [], components: [] }', []],
    ['service: { account: main }', ['service.account: there is no such account; accounts is empty']],
    [
      'service: { components: [{ id: a, kind: omnicomm-tree, account: b }] }\naccounts: [{ id: m, token: t }]',
      ['service.components[0].account: there is no such account; accounts has m'],
    ],
    [
      'sources: [{ id: a, kind: omnicomm-online, account: b }]\naccounts: [{ id: m, token: t }]',
      ['sources[0].account: there is no such account; accounts has m'],
    ],
    [
      'sources: [{ id: a, kind: omnicomm-online, login: b }]',
      ['sources[0]: needs account, or baseUrl, login and password'],
    ],
    [
      'accounts: [{ id: a }, { id: b, refresh: r }, { id: c, token: t, login: l }]',
      [
        'accounts[0].login: is required: login and password, or token',
        'accounts[0].password: is required with login',
        'accounts[1].token: is required with refresh',
        'accounts[2]: has a login and a token; give one of them',
      ],
    ],
    [
      'letters: { dkim: { domain: d.org } }',
      [
        'letters.dkim.selector: is required for DKIM: domain, selector and keyFile together',
        'letters.dkim.keyFile: is required for DKIM: domain, selector and keyFile together',
      ],
    ],
    [
      'freshness: { profiles: { p: { floor: 2h, cap: 1h } } }',
      ['freshness.profiles.p.floor: must not be above cap'],
    ],
  ])('%s', (yaml, expected) => {
    expect(faults(yaml)).toEqual(expected)
  })
})

describe('the environment', () => {
  test('fills texts and keys anywhere', () => {
    const yaml = `broker: { users: { "${ref('USER')}": "${ref('PASS')}" } }
sources: [{ id: a, kind: mqtt, url: "mqtt://${ref('HOST')}:1883", topics: ["x/${ref('USER')}"] }]`
    const config = valid(yaml, { USER: 'u', PASS: '{"a: b', HOST: 'h.example' })
    expect(config.broker.users).toEqual({ u: '{"a: b' })
    expect(config.sources[0]).toMatchObject({ url: 'mqtt://h.example:1883', topics: ['x/u'] })
  })

  test('fills numbers and truth values', () => {
    const config = valid(`http: { port: "${ref('PORT')}", trustProxy: "${ref('TRUST')}" }`, {
      PORT: '9000',
      TRUST: 'true',
    })
    expect(config.http).toMatchObject({ port: 9000, trustProxy: true })
    expect(faults(`http: { port: "${ref('PORT')}" }`, { PORT: 'x' })).toEqual([
      'http.port: must be a number, not text',
    ])
    expect(faults('http: { port: "9000" }')).toEqual(['http.port: must be a number, not text'])
  })

  test('a variable that is not set is one fault at its path, and an empty one is set', () => {
    const yaml = `sources: [{ id: a, kind: mqtt, url: "${ref('URL')}", topics: [t] }, { id: push, kind: http, token: "${ref('PUSH_TOKEN')}" }]`
    expect(faults(yaml)).toEqual([
      'sources[0].url: environment variable URL is not set',
      'sources[1].token: environment variable PUSH_TOKEN is not set',
    ])
    expect(valid(`letters: { smtp: "${ref('SMTP')}" }`, { SMTP: '' }).letters.smtp).toBe('')
  })

  test('a variable that is not set hides nothing that no text could make right', () => {
    expect(faults(`http: { porrt: "${ref('PORT')}" }\nletters: "${ref('LETTERS')}"`)).toEqual([
      'http.porrt: environment variable PORT is not set',
      'letters: environment variable LETTERS is not set',
      'http.porrt: is not a known key; did you mean port?',
      'letters: must be a group of keys, not text',
    ])
  })

  test('a broker that is switched off by a variable has no source', () => {
    const { broker, sources } = valid(`broker: { enabled: "${ref('BROKER')}" }`, { BROKER: 'false' })
    expect(broker.enabled).toBe(false)
    expect(sources.map(({ id }) => id)).toEqual(['push'])
  })

  test('names every variable of a text, and what is inherited by objects is not a variable', () => {
    expect(faults(`service: { name: "${ref('A')} ${ref('B')} ${ref('constructor')}" }`)).toEqual([
      'service.name: environment variable A is not set',
      'service.name: environment variable B is not set',
      'service.name: environment variable constructor is not set',
    ])
  })

  test('a doubled dollar means the text itself', () => {
    expect(valid(`service: { name: "$${ref('A')}" }`).service.name).toBe(ref('A'))
  })

  test('half a reference is a fault', () => {
    for (const text of [ref('A').slice(0, -1), ref(''), ref('A B')]) {
      expect(faults(`service: { name: "${text}" }`)).toEqual([
        expect.stringMatching(/^service\.name: has "\$\{" without the name/),
      ])
    }
  })

  test('keys that become the same are a fault', () => {
    expect(faults(`broker: { users: { a: x, "${ref('A')}": y } }`, { A: 'a' })).toEqual([
      'broker.users.a: is there twice',
    ])
  })
})

describe('all faults at once', () => {
  test('no kind of fault hides another', () => {
    const found = faults(`
timezone: Nowhere
timezone: Nowhere
extra: 1
broker: { host: 0.0.0.0 }
sources:
  - { id: a b, kind: mqtt, topics: [], interval: 5 }
  - { id: push, kind: http, token: "${ref('PUSH_TOKEN')}" }
  - { id: push, kind: htttp }
  - { id: "?", kind: mqqt }
service: { controls: [5], components: [{ id: x, kind: tcp }, { id: x, kind: dns }] }
letters: { recipients: [{ email: x }] }
`)
    const paths = found.map((line) => line.slice(0, line.indexOf(': ')))
    expect(paths).toEqual(
      [
        'line 3, column 1',
        'sources[1].token',
        'timezone',
        'sources[0].id',
        'sources[0].interval',
        'sources[0].url',
        'sources[0].topics',
        'sources[2].kind',
        'sources[3].kind',
        'service.components[0].host',
        'service.components[0].port',
        'service.components[1].name',
        'service.controls[0]',
        'letters.recipients[0].email',
        'extra',
        'sources[3].id',
        'sources[2].id',
        'service.components[1].id',
        'broker.host',
        'service.controls',
      ].toSorted((a, b) => paths.indexOf(a) - paths.indexOf(b)),
    )
    expect(paths).toHaveLength(20)
  })

  test('of an entry of unknown kind all is checked that every kind has', () => {
    const found = faults(`
sources: [{ id: "a b", kind: mqqt, interval: 5, url: x }]
service: { components: [{ id: x, kind: htp, counts: outtage, slowAfter: 0s, every: x }] }
`).map((fault) => fault.replace(/: .*/, ''))
    expect(found.toSorted()).toEqual([
      'service.components[0].counts',
      'service.components[0].every',
      'service.components[0].kind',
      'service.components[0].slowAfter',
      'sources[0].id',
      'sources[0].interval',
      'sources[0].kind',
    ])
  })

  test('a fault never repeats a value, which may be a secret', () => {
    const secret = 'hunter2'
    const text = faults(`
http: { metricsToken: [${secret}] }
letters: { smtp: "http://u:${secret}@h" }
sources: [{ id: "${secret} ", kind: http, token: "${secret} x" }]
`).join('\n')
    expect(text.split('\n')).toHaveLength(4)
    expect(text).not.toContain(secret)
  })

  test.each([
    ['smtp://watch:p@ss/wo:rd@mail.example.org:587', /^ends too early; .*@ as %40/],
    ['smtp://watch:p#ss@mail.example.org', /^must be empty, or an address .*# as %23/],
    ['smtp://watch:12?34@mail.example.org', /^may have only requireTLS, .*\? as %3F/],
    ['smtp://watch:100%@mail.example.org', /% as %25$/],
    ['smtp://mail.example.org/relay', /^must end after host and port/],
    ['smtp://mail.example.org?requireTls=true', /^may have only requireTLS/],
    ['smtp://mail.example.org?requireTLS=yes', /^may have only requireTLS/],
  ])('the mail server %s, which would be understood in another way, is refused', (smtp, message) => {
    const [fault = '', ...others] = faults(`letters: { smtp: "${smtp}" }`)
    expect(others).toEqual([])
    expect(fault.replace(/^letters\.smtp: /, '')).toMatch(message)
    expect(fault).not.toMatch(/watch|ss\/wo|34@/)
  })

  test.each([
    'smtp://watch:p%40ss%2Fwo%3Ard@mail.example.org:587',
    'smtps://mail.example.org/?requireTLS=true&tls.rejectUnauthorized=false',
    'smtp://mail',
  ])('the mail server %s is taken', (smtp) => {
    expect(valid(`letters: { smtp: "${smtp}" }`).letters.smtp).toBe(smtp)
  })

  test.each([
    ['mqtt://u:p@ss@h/x@y', 'ends too early'],
    ['mqtts://h/topic', 'must end after host and port'],
    ['ws://h/mqtt', undefined],
    ['mqtt://u:p%40@h:1884', undefined],
  ])('the broker %s gives the fault %s', (url, message) => {
    const found = faults(`sources: [{ id: a, kind: mqtt, url: "${url}", topics: [a] }]`)
    expect(found).toEqual(message === undefined ? [] : [expect.stringContaining(message)])
  })

  test('a key that is there twice is named, and hides no other fault', () => {
    expect(faults('language: ru\n"language": en\nhttp: { port: 1, port: 2 }\nbogus: 1\n')).toEqual([
      'line 2, column 1: "language" is there twice',
      'line 3, column 18: port is there twice',
      expect.stringMatching(/^bogus: /),
    ])
  })

  test('syntax faults carry line and column', () => {
    expect(faults('a: [1\nb: 2\n')[0]).toMatch(/^line 2, column 1: /)
    expect(faults('a: 1\n---\nb: 2\n')).toContainEqual(
      'line 2, column 1: a second document begins; one file holds one',
    )
    expect(faults('data: !folder x')[0]).toMatch(/^line 1, column /)
  })

  test.each(['5', '[]', 'text'])('a file that holds %s is refused', (yaml) => {
    expect(faults(yaml)).toEqual([expect.stringMatching(/^: must be a group of keys/)])
  })

  test('a text that begins like an alias or a type is told by its place, is not repeated, and hides no other fault', () => {
    const found = faults(`
http: { metricsToken: *hunter2 }
accounts: [{ id: main, baseUrl: "https://o.example", login: l, password: !hunter2 }]
bogus: 1
`)
    expect(found).toEqual([
      expect.stringMatching(/^line 3, column \d+: begins with !.* needs quotes$/),
      expect.stringMatching(/^line 2, column \d+: begins with \*.* needs quotes$/),
      'accounts[0].password: must not be empty',
      expect.stringMatching(/^bogus: /),
    ])
    expect(found.join()).not.toContain('hunter2')
  })

  test.each(['letters: &x { recipients: *x }', 'a: &a { b: &b [{ c: *a }] }', 'sources: &x [*x]'])(
    'an alias inside what it stands for is refused: %s',
    (yaml) => {
      expect(faults(yaml)[0]).toMatch(/^line 1, column \d+: stands for a group or list that it is in itself$/)
    },
  )

  test('nesting without end is a fault', () => {
    const deep = 200_000
    expect(faults(`a: ${'['.repeat(deep)}${']'.repeat(deep)}`)).toEqual([
      expect.stringMatching(/^line 1, column \d+: is nested too deeply$/),
    ])
  })

  test('aliases that unfold without end are refused', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`)
    expect(faults(`l0: &l0 [x]\n${levels.join('\n')}`)).toEqual([
      expect.stringMatching(/cannot be read: Excessive alias/),
    ])
  })
})

describe('files', () => {
  test('files that the configuration names and that cannot be read are faults beside all others', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'watch-config-'))
    try {
      await writeFile(join(cwd, 'there.pem'), '')
      const source = (id: string, ca: string): string =>
        `{ id: ${id}, kind: mqtt, url: "mqtts://h", topics: [a], ca: ${ca} }`
      await writeFile(
        join(cwd, 'c.yaml'),
        `sources: [${source('a', 'there.pem')}, ${source('b', 'nope.pem')}, ${source('c', `"${ref('NOPE')}"`)}]
fleet: { terminals: . }
bogus: 1
`,
      )
      const loaded = await loadConfig({ env: {}, cwd, file: 'c.yaml' })
      expect(loaded.ok ? [] : loaded.faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
        'sources[2].ca: environment variable NOPE is not set',
        expect.stringMatching(/^bogus: /),
        'sources[1].ca: there is no such file',
        'fleet.terminals: must be a file, not a folder',
      ])
    } finally {
      await rm(cwd, { recursive: true })
    }
  })

  test('the default file is taken if there is one, else the embedded defaults', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'watch-config-'))
    try {
      expect(await loadConfig({ env: {}, cwd })).toMatchObject({ ok: true, file: null })
      const { mkdir } = await import('node:fs/promises')
      await mkdir(join(cwd, 'config'))
      await writeFile(join(cwd, 'config/watch.yaml'), '\uFEFFlanguage: en\n')
      expect(await loadConfig({ env: {}, cwd })).toMatchObject({
        ok: true,
        file: join(cwd, 'config/watch.yaml'),
        config: { language: 'en' },
      })
    } finally {
      await rm(cwd, { recursive: true })
    }
  })

  test('a file that is missing, a folder, too large or not UTF-8 is one clear fault', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'watch-config-'))
    try {
      await writeFile(join(cwd, 'large.yaml'), '#'.repeat(1024 * 1024 + 1))
      await writeFile(join(cwd, 'latin.yaml'), new Uint8Array([0x6c, 0xe9]))
      const reasons = ['none.yaml', '.', 'large.yaml', 'latin.yaml'].map(async (file) => {
        const loaded = await loadConfig({ file, env: {}, cwd })
        return loaded.ok ? [] : loaded.faults.map(({ message }) => message.slice(join(cwd, file).length))
      })
      expect(await Promise.all(reasons)).toEqual([
        [': there is no such file'],
        [expect.stringContaining('EISDIR')],
        [': is larger than 1024 KiB'],
        [': is not UTF-8'],
      ])
    } finally {
      await rm(cwd, { recursive: true })
    }
  })
})
