import { beforeEach, describe, expect, test } from 'vitest'
import { STATES, type Transition } from '../../../src/core/freshness/state.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import { terminalHref } from '../../../src/http/pages/terminal-href.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  incident,
  NOW,
  outage,
  sessionOf,
  terminal,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [terminal({ id: '1', name: 'Truck' })]
})

async function ask(path: string, form?: Record<string, string>, language = 'en'): Promise<Response> {
  return await createApp(appDeps(world), appOptions()).request(path, {
    headers: { ...BY_TOKEN, Cookie: `lang=${language}` },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  })
}

async function textOf(path: string, language = 'en'): Promise<string> {
  const response = await ask(path, undefined, language)
  expect(response.status).toBe(200)
  return response.text()
}

const seen = async (path = '/terminals/1', language = 'en') => words(await textOf(path, language))

describe('the page of a terminal', () => {
  test.each(STATES)('says what %s means and what is to be done, in both languages', async (state) => {
    const cause = {
      code: 'unknown',
      confidence: 'low',
      evidence: [{ kind: 'contact', agoMs: HOUR }],
    } as const
    const isWell = ['fresh', 'decommissioned'].includes(state)
    world.terminals = [terminal({ id: '1', state, ...(isWell ? {} : { cause }) })]
    for (const [language, todo] of [
      ['en', 'What to do now'],
      ['ru', 'Что делать сейчас'],
    ] as const) {
      const text = await textOf('/terminals/1', language)
      expect(words(text)).toContain(todo)
      expect(text).toContain(`<span class="badge ${state}">`)
      expect(text).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  test('begins with the next step, which a failing service takes over', async () => {
    const cause = { code: 'power-cut', confidence: 'high', evidence: [{ kind: 'power-alarm' }] } as const
    world.terminals = [terminal({ id: '1', state: 'stale', cause })]
    const text = await seen()
    expect(text).toMatch(/What to do now Ask the client whether the battery was disconnected/)
    expect(text.indexOf('What to do now')).toBeLessThan(text.indexOf('lost its external supply'))
    world.status = { ...world.status, state: 'down', outage: outage({ id: 'o1', state: 'open', end: null }) }
    expect(await seen()).toContain('Omnicomm Online itself is failing. Do nothing about this terminal')
  })

  test('names the incident that explains its silence, and leads there', async () => {
    const { id, dimension, group } = incident({ id: 'i/1' })
    world.terminals = [terminal({ id: '1', state: 'stale', incident: { id, dimension, group } })]
    expect(await textOf('/terminals/1')).toContain(
      '<a href="/incidents/i%2F1">mobile operator &quot;MTS&quot;</a>',
    )
  })

  test('leads to the others of its client, dealer and group', async () => {
    world.terminals = [terminal({ id: '1', client: 'A & B', dealer: 'D', group: 'D/A' })]
    const text = await textOf('/terminals/1')
    for (const query of ['client=A+%26+B', 'dealer=D', 'group=D%2FA']) expect(text).toContain(`"/?${query}"`)
  })

  test('tells each clock in words, in local time with its zone, and exactly', async () => {
    world.terminals = [
      terminal({ id: '1', contactAt: NOW - 12 * MINUTE, dataAt: NOW - 3 * HOUR, fixAt: null }),
    ]
    const text = await textOf('/terminals/1')
    expect(text).toContain('12 minutes ago')
    expect(text).toContain('3 hours ago')
    expect(text).toContain('title="2026-01-15T09:48:00.000Z">15 Jan 2026, 12:48:00 (Europe/Moscow)')
    expect(words(text)).toContain('Position never')
    expect(await seen('/terminals/1', 'ru')).toContain('12 минут назад')
  })

  test('measures the age of the data by its threshold, and says where each threshold is from', async () => {
    world.terminals = [
      terminal({ id: '1', dataAgeSeconds: 600, threshold: { seconds: 1200, from: 'group' } }),
    ]
    const never = { seconds: 86_400, from: 'default' } as const
    world.facts = {
      '1': {
        thresholds: {
          moving: { seconds: 1200, from: 'group' },
          parked: { seconds: null, from: 'terminal' },
          ...{ lost: never, neverAfter: never },
        },
      },
    }
    const text = await textOf('/terminals/1')
    expect(text).toMatch(/<meter [^>]*value="600">10.min, threshold 20.min<\/meter>/)
    expect(words(text)).toContain('moving counts now 20 min of the group')
    expect(words(text)).toContain('parked not judged its own')
  })

  test('shows what it has learnt, with a button that makes it forget', async () => {
    const learnt = { moving: { seconds: 300, gaps: 812 }, parked: { seconds: null, gaps: 3 } }
    world.terminals = [terminal({ id: '1', learnt })]
    const text = await textOf('/terminals/1')
    expect(words(text)).toContain('moving: 5 min, gaps: 812')
    expect(words(text)).toContain('parked: too few gaps yet, gaps: 3')
    expect(text).toContain('action="/terminals/1/forget-learnt"')
  })

  test('marks readings that are older than the data', async () => {
    world.terminals = [
      terminal({
        id: '1',
        readings: {
          voltage: { value: 12.4, at: NOW - MINUTE },
          ignition: { value: true, at: NOW - 3 * HOUR },
          mileageM: { value: 12_345_678, at: NOW - MINUTE },
        },
      }),
    ]
    const text = await seen()
    expect(text).toContain('Supply 12.4 V 1 min')
    expect(text).toContain('Mileage 12,346 km')
    expect(text).toMatch(/Ignition yes 3 h 10:00 2 h 59 min older than the data/)
    expect(text.match(/older than the data/g)).toHaveLength(1)
  })

  test('shows firmware with what the catalogue says of it', async () => {
    const firmware = { version: '98', at: NOW - DAY, status: 'critical_old', latest: 120 } as const
    world.terminals = [terminal({ id: '1', firmware })]
    expect(await seen()).toMatch(/98 a critical update is missing told by the terminal .*; recommended: 120/)
    world.terminals = [
      terminal({ id: '1', firmware: { version: '9', at: null, status: 'unknown', reason: 'no-model' } }),
    ]
    expect(await seen()).toContain('by the inventory; the model is not known')
  })

  test('shows what the inventory knows', async () => {
    world.facts = {
      '1': {
        imei: '356938035643809',
        sim: '+79161234567',
        uuid: 'u-1',
        aliases: ['serial-7'],
        intake: 'off',
        maintenance: { from: NOW - HOUR, to: NOW + HOUR, reason: 'engine' },
      },
    }
    const text = await seen()
    for (const fact of ['356938035643809', '+79161234567', 'u-1', 'serial-7', ': engine'])
      expect(text).toContain(fact)
    expect(text).toContain('the service takes no data of this terminal in')
  })

  test('leads from another name to its address, and to the check of itself', async () => {
    world.facts = { '1': { aliases: ['other/name'] } }
    const response = await ask('/terminals/other%2Fname')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/terminals/1'])
    expect(await textOf('/terminals/1')).toContain('href="/check?q=1"')
  })

  test('of a terminal outside the scope is what nobody has, whatever is asked of it', async () => {
    world.terminals = [terminal({ id: '1', client: 'Agro' }), terminal({ id: '2', client: 'Other' })]
    const headers = await sessionOf(world, 'dealer', { clients: ['Agro'] })
    const app = createApp(appDeps(world), appOptions())
    const send = async (path: string, method = 'GET') => {
      const response = await app.request(path, { method, headers })
      return { status: response.status, text: (await response.text()).replaceAll('/9', '/2') }
    }
    const own = await send('/terminals/1')
    expect(own.status).toBe(200)
    expect(own.text).not.toContain('/lifecycle"')
    expect(await send('/terminals/2')).toEqual(await send('/terminals/9'))
    for (const name of [
      'ask',
      'notes',
      'maintenance',
      'thresholds',
      'profile',
      'forget-learnt',
      'acknowledge',
    ]) {
      expect((await send(`/terminals/2/${name}`, 'POST')).status).toBe(404)
    }
    expect((await send('/terminals/1/lifecycle', 'POST')).status).toBe(403)
    expect(world.changes).toEqual([])
  })

  test('leads strangers to the login and back', async () => {
    const app = createApp(appDeps(world), appOptions())
    const stranger = await app.request('/terminals/1')
    expect(stranger.headers.get('location')).toBe('/login?next=%2Fterminals%2F1')
  })
})

describe('the last 30 days', () => {
  test('are drawn, added up and listed', async () => {
    world.terminals = [terminal({ id: '1', state: 'lost', stateSince: NOW - DAY })]
    world.transitions = [
      change({ at: NOW - DAY, from: 'stale', to: 'lost', cause: 'sim', incident: 'i1' }),
      change({ at: NOW - 2 * DAY, from: 'fresh', to: 'stale', note: 'unstable-link' }),
    ]
    world.blind = [{ from: NOW - 12 * DAY, to: NOW - 10 * DAY }]
    const text = await textOf('/terminals/1')
    expect(text).toMatch(/<rect class="lost" x="96.67%" width="3.33%"/)
    expect(words(text)).toContain(
      'fresh 26 d 86.66% stale 1 d 3.33% lost 1 d 3.33% we could not hear its source 2 d',
    )
    expect(text).toContain('SIM card\n')
    expect(text).toContain('href="/incidents/i1"')
    expect(words(text)).toContain('unstable link')
  })

  test('without any change say so', async () => {
    const text = await seen()
    expect(text).toContain('Its state has not changed for 30 days.')
  })

  test('with ten thousand changes stay a page that can be read', async () => {
    world.terminals = [terminal({ id: '1', state: 'fresh', stateSince: NOW - MINUTE })]
    world.transitions = Array.from({ length: 10_000 }, (_, i) =>
      change({
        at: NOW - MINUTE - i * 4 * MINUTE,
        from: i % 2 === 0 ? 'stale' : 'fresh',
        to: i % 2 === 0 ? 'fresh' : 'stale',
      }),
    )
    const text = await textOf('/terminals/1')
    expect(text.length).toBeLessThan(150_000)
    expect(words(text)).toContain('The newest 50 of 10,000.')
  })

  function change(row: Pick<Transition, 'at' | 'from' | 'to'> & Partial<Transition>): Transition {
    return { terminalId: '1', contactAt: row.at - HOUR, source: 'gate', ...row }
  }
})

describe('forms of the page', () => {
  const wishes: readonly (readonly [string, Record<string, string>, object, string])[] = [
    [
      'maintenance',
      { from: '2026-01-15T12:00', to: '2026-01-15T15:00', reason: 'engine' },
      { maintenance: { from: NOW - HOUR, to: NOW + 2 * HOUR, reason: 'engine' } },
      'maintenance',
    ],
    ['maintenance', { from: '', end: '1' }, { maintenance: null }, 'maintenance-ended'],
    [
      'thresholds',
      { moving: '30m', parked: 'off', lost: '', learn: 'yes' },
      { thresholds: { moving: 30 * MINUTE, parked: Infinity, learn: true } },
      'thresholds',
    ],
    ['thresholds', { moving: '30m', clear: '1' }, { thresholds: null }, 'thresholds'],
    ['thresholds', {}, { thresholds: null }, 'thresholds'],
    ['profile', { profile: 'tractor' }, { profile: 'tractor' }, 'profile'],
    ['profile', { profile: '' }, { profile: '' }, 'profile'],
    ['lifecycle', { lifecycle: 'suspended' }, { lifecycle: 'suspended' }, 'lifecycle'],
  ]
  test.each(wishes)('%s takes %o and leads back', async (name, form, expected, done) => {
    const response = await ask(`/terminals/1/${name}`, form)
    expect([response.status, response.headers.get('location')]).toEqual([303, `/terminals/1?done=${done}`])
    expect(world.changes).toEqual([{ id: '1', change: expected }])
    expect(world.inventoryActors).toEqual(['admin'])
    expect(await textOf(`/terminals/1?done=${done}`)).toContain('class="note good" role="status"')
  })

  const slips: readonly (readonly [string, Record<string, string>, string, string])[] = [
    ['maintenance', { from: 'x', to: '2026-01-15T15:00' }, 'maintenance-from', '2026-01-15T15:00'],
    [
      'maintenance',
      { from: '2026-01-15T15:00', to: '2026-01-15T14:00' },
      'maintenance-to',
      '2026-01-15T14:00',
    ],
    [
      'maintenance',
      { from: '2026-01-15T10:00', to: '2026-01-15T12:59' },
      'maintenance-to',
      '2026-01-15T12:59',
    ],
    [
      'maintenance',
      { from: '2026-01-15T10:00', to: '2126-01-15T12:00' },
      'maintenance-to',
      '2126-01-15T12:00',
    ],
    ['thresholds', { moving: '"5 minutes"', lost: '2d' }, 'thresholds-moving', '&quot;5 minutes&quot;'],
    ['thresholds', { floor: '2h', cap: '1h' }, 'thresholds-cap', 'value="1h"'],
    ['profile', { profile: 'ship' }, 'profile-profile', 'ship'],
    ['lifecycle', { lifecycle: 'auto' }, 'lifecycle-lifecycle', ''],
    ['notes', { text: '  \n ', kind: 'reply' }, 'notes-text', 'value="reply" checked'],
  ]
  test.each(slips)('%s with %o is shown again beside the field', async (name, form, field, kept) => {
    const response = await ask(`/terminals/1/${name}`, form)
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain(`aria-invalid="true" aria-describedby="${field}-fault"`)
    expect(text).toContain(`id="${field}-fault"`)
    if (name !== 'profile') expect(text).toContain(kept)
    expect(world.changes).toEqual([])
  })

  test('notes are added with who wrote them, newest first, replies as they were pasted', async () => {
    expect((await ask('/terminals/1/notes', { text: 'first <b>note</b>' })).headers.get('location')).toBe(
      '/terminals/1?done=note',
    )
    await world.clock.advance(SECOND)
    await ask('/terminals/1/notes', { text: 'INFO DID=1\r\nFW=98', kind: 'reply' })
    const text = await textOf('/terminals/1')
    expect(text).toContain('<pre>INFO DID=1\nFW=98</pre>')
    expect(text).toContain('first &lt;b&gt;note&lt;/b&gt;')
    expect(text.indexOf('INFO DID')).toBeLessThan(text.indexOf('first &lt;'))
    expect(words(text)).toContain('· admin · reply to an SMS')
  })

  test('a reply of another terminal is none of its notes, and comes back with the reason', async () => {
    const response = await ask('/terminals/1/notes', { text: 'INFO DID=777 FW=98', kind: 'reply' })
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain('>INFO DID=777 FW=98</textarea>')
    expect(text).toContain('another terminal: 777')
    expect(await world.stores.notes.of('1', 'all', 9)).toEqual([])
  })

  test('what was learnt is forgotten', async () => {
    world.terminals = [terminal({ id: '1', learnt: {} })]
    expect((await ask('/terminals/1/forget-learnt', {})).headers.get('location')).toBe(
      '/terminals/1?done=forgotten',
    )
    world.terminals = [terminal({ id: '1' })]
    expect((await ask('/terminals/1/forget-learnt', {})).headers.get('location')).toBe(
      '/terminals/1?done=nothing-learnt',
    )
  })

  test('asking the service says what came of it', async () => {
    const refused = await ask('/terminals/1/ask', {})
    expect(refused.status).toBe(409)
    expect(words(await refused.text())).toContain(
      'told nothing of the terminal: no source polls Omnicomm Online about this terminal.',
    )
    for (const [why, inRussian, inEnglish] of [
      ['vehicle', 'сервис отказал в данных этого ТС', 'the service refuses data of this vehicle'],
      [
        'credentials',
        'логин или пароль учётной записи не приняты',
        'login or password of the account are refused',
      ],
    ] as const) {
      world.askOutcome = { kind: 'refused', why, reason: '/ls/api: status 200, code 9' }
      expect(words(await (await ask('/terminals/1/ask', {}, 'ru')).text())).toContain(inRussian)
      const text = words(await (await ask('/terminals/1/ask', {})).text())
      expect(text).toContain(inEnglish)
      expect(text).not.toContain('status 200')
    }
    world.askOutcome = { kind: 'too-often', retryAfterMs: 12_000 }
    const often = await ask('/terminals/1/ask', {})
    expect([often.status, words(await often.text())]).toEqual([
      429,
      expect.stringContaining('Try again in 12 s.'),
    ])
    world.askOutcome = { kind: 'answered' }
    expect((await ask('/terminals/1/ask', {})).headers.get('location')).toBe('/terminals/1?done=asked')
  })

  test('what people know of its silence leads back to the page', async () => {
    const form = { until: '2026-01-15T15:00', reason: 'repair', back: 'terminal' }
    const response = await ask('/terminals/1/acknowledge', form)
    expect(response.headers.get('location')).toBe('/terminals/1?done=acknowledged')
    expect(await seen('/terminals/1?done=acknowledged')).toContain('Noted: until then nobody is told')
    const slip = await ask('/terminals/1/acknowledge', { ...form, until: '' })
    expect(await slip.text()).toContain('name="back" value="terminal"')
  })

  test.each(['ask', 'notes', 'maintenance', 'thresholds', 'profile', 'lifecycle', 'forget-learnt'])(
    '%s of nobody is 404',
    async (name) => {
      expect((await ask(`/terminals/2/${name}`, { text: 'x' })).status).toBe(404)
      expect(world.changes).toEqual([])
    },
  )
})

const ODD = [
  'a/b',
  'a?b',
  'a#b',
  '100%',
  'a%2Fb',
  '%25',
  'Камаз 17',
  '"><svg onload=x>',
  'a&b=c',
  ';p=1',
  ' ',
]

describe('odd ids', () => {
  test.each(ODD)('such as %s have a page, forms and an address in the API', async (id) => {
    world.terminals = [terminal({ id, name: '' })]
    const address = terminalHref(id)
    const text = await textOf(address)
    expect(text).toContain(`action="${address}/notes"`)
    expect((await ask(`${address}/lifecycle`, { lifecycle: 'suspended' })).headers.get('location')).toBe(
      `${address}?done=lifecycle`,
    )
    expect(world.changes).toEqual([{ id, change: { lifecycle: 'suspended' } }])
    expect((await ask(`/api/v1${address}`)).status).toBe(200)
    expect((await ask(`/api/v1${address}/notes`)).status).toBe(200)
  })

  test.each(['.', '..'])('%s, which no address can hold, leads to the list', (id) => {
    expect(terminalHref(id)).toBe(`/?q=${id}`)
  })
})

describe('texts from outside', () => {
  const evil = '<script>alert(1)</script>"onfocus="x'

  test('are text and nothing else, in every field', async () => {
    world.profiles = [evil]
    world.terminals = [
      terminal({
        ...{ id: evil, name: evil, client: evil, dealer: evil, group: evil, model: evil, source: evil },
        state: 'stale',
        acknowledged: { until: NOW + DAY, reason: evil, by: evil },
        firmware: { version: evil, at: NOW, status: 'unknown', reason: 'no-number' },
        incident: { id: evil, dimension: 'operator', group: evil },
        cause: {
          code: 'firmware',
          confidence: 'low',
          evidence: [{ kind: 'firmware', version: evil, beforeMs: 1 }],
        },
        readings: { firmware: { value: evil, at: NOW }, [evil]: { value: evil, at: NOW } },
      }),
    ]
    world.facts = {
      [evil]: {
        ...{
          imei: evil,
          sim: evil,
          uuid: evil,
          profile: evil,
          region: evil,
          operator: evil,
          aliases: [evil],
        },
        maintenance: { from: NOW - HOUR, to: NOW + HOUR, reason: evil },
      },
    }
    const actor = { name: evil, via: 'token', address: '' } as const
    await appDeps(world).notes.add({ id: evil, client: '', group: '' }, { kind: 'reply', text: evil }, actor)
    world.transitions = [
      {
        terminalId: evil,
        at: NOW - HOUR,
        from: 'fresh',
        to: 'stale',
        contactAt: null,
        source: evil,
        incident: evil,
      },
    ]
    const response = await ask(`${terminalHref(evil)}/maintenance`, { from: evil, to: evil, reason: evil })
    for (const text of [await textOf(terminalHref(evil)), await response.text()]) {
      expect(text).not.toContain('<script>alert')
      expect(text).not.toContain('"onfocus=')
      expect(text).not.toMatch(/ style=/)
    }
  })
})
