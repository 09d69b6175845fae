import { beforeEach, describe, expect, test } from 'vitest'
import { causeView } from '../../../src/core/freshness/diagnosis/cause-view.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import { ServiceStopping } from '../../../src/ports.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  bodyOf,
  createWorld,
  NOW,
  terminal,
} from '../../support/app-deps.ts'

let world: AppWorld
let get: (path: string, headers?: Record<string, string>) => Promise<Response>
let send: (method: string, path: string, body: unknown) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  get = async (path, headers = {}) => app.request(path, { headers: { ...BY_TOKEN, ...headers } })
  send = async (method, path, body) =>
    app.request(path, {
      method,
      headers: { ...BY_TOKEN, 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
})

describe('one terminal', () => {
  test('is written as the contract says, with null for what is not known', async () => {
    world.terminals = [
      terminal({
        id: '1',
        name: 'A',
        fixAt: null,
        threshold: { seconds: null, from: 'profile' },
        readings: { voltage: { value: 12.5, at: NOW } },
      }),
    ]
    const body: unknown = await (await get('/api/v1/terminals/1')).json()
    expect(body).toEqual({
      id: '1',
      name: 'A',
      client: '',
      dealer: '',
      group: '',
      state: 'fresh',
      stateSince: '2026-01-15T09:00:00.000Z',
      contactAt: '2026-01-15T09:59:00.000Z',
      dataAt: '2026-01-15T09:59:00.000Z',
      liveAt: '2026-01-15T09:59:00.000Z',
      fixAt: null,
      linkAt: null,
      dataAgeSeconds: 60,
      threshold: { seconds: null, from: 'profile' },
      parked: false,
      source: 'gate',
      discovered: false,
      unstable: false,
      clockBehind: false,
      readings: { voltage: { value: 12.5, at: '2026-01-15T10:00:00.000Z' } },
    })
  })

  test('says as of when, how far it lags and when it is expected only where that applies', async () => {
    world.terminals = [
      terminal({ id: '1', asOf: NOW, lagSeconds: 7, caughtUpAt: NOW + HOUR, expectedAt: NOW + MINUTE }),
    ]
    expect(await (await get('/api/v1/terminals/1')).json()).toMatchObject({
      asOf: '2026-01-15T10:00:00.000Z',
      lagSeconds: 7,
      caughtUpAt: '2026-01-15T11:00:00.000Z',
      expectedAt: '2026-01-15T10:01:00.000Z',
    })
  })

  test('names the open incident that explains its silence', async () => {
    const incident = { id: 'i-1', dimension: 'operator', group: 'МТС' } as const
    world.terminals = [terminal({ id: '1', state: 'stale', incident })]
    expect(await (await get('/api/v1/terminals/1')).json()).toMatchObject({ incident })
  })

  test('says why it is probably silent, on what that rests and what to do', async () => {
    const cause = {
      code: 'power-cut',
      confidence: 'high',
      evidence: [{ kind: 'power-alarm' }],
    } as const
    world.terminals = [terminal({ id: '1', state: 'stale', model: 'Omnicomm Profi 2.0', cause })]
    const body = await bodyOf<{ cause: Record<string, unknown> }>(await get('/api/v1/terminals/1'))
    expect(body.cause).toEqual({
      ...causeView(cause, 'ru', { model: 'Omnicomm Profi 2.0' }),
      code: 'power-cut',
      confidence: 'high',
    })
    expect(body.cause['evidence']).toEqual([expect.any(String)])
  })

  test('whose id is unknown is a 404 problem', async () => {
    const response = await get('/api/v1/terminals/nobody')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404 })
  })

  test('with a slash, a space and Cyrillic letters in its id is found by the escaped id', async () => {
    world.terminals = [terminal({ id: 'а/б в' })]
    expect(await (await get(`/api/v1/terminals/${encodeURIComponent('а/б в')}`)).json()).toMatchObject({
      id: 'а/б в',
    })
  })
})

describe('the list of terminals', () => {
  test('is paged by cursor and says how many there are', async () => {
    world.terminals = Array.from({ length: 5 }, (_, i) => terminal({ id: String(i) }))
    const ids: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const response: Response = await get(`/api/v1/terminals?limit=2&cursor=${cursor}`)
      const body = await bodyOf<{ items: { id: string }[]; next: string | null; total: number }>(response)
      expect(body.total).toBe(5)
      ids.push(...body.items.map(({ id }) => id))
      cursor = body.next
    }
    expect(ids).toEqual(['0', '1', '2', '3', '4'])
  })

  test('has 100 entries a page when the request does not say', async () => {
    world.terminals = Array.from({ length: 150 }, (_, i) => terminal({ id: String(i) }))
    const body = await bodyOf<{ items: unknown[] }>(await get('/api/v1/terminals'))
    expect(body.items).toHaveLength(100)
  })

  test('takes the filters of the contract; empty ones count as absent', async () => {
    world.terminals = [
      terminal({ id: '1', client: 'A', state: 'stale' }),
      terminal({ id: '2', client: 'B', state: 'stale' }),
      terminal({ id: '3', client: '' }),
    ]
    const ids = async (query: string): Promise<string[]> => {
      const body = await bodyOf<{ items: { id: string }[] }>(await get(`/api/v1/terminals?${query}`))
      return body.items.map(({ id }) => id)
    }
    expect(await ids('state=&client=&dealer=&group=&q=&sort=&cursor=&limit=')).toEqual(['1', '2', '3'])
    expect(await ids('state=stale&client=B')).toEqual(['2'])
    expect(await ids('noclient=1')).toEqual(['3'])
    expect(await ids('q=2')).toEqual(['2'])
  })

  test('is narrowed to a cause', async () => {
    world.terminals = (['sim', 'power-cut'] as const).map((code) =>
      terminal({ id: code, state: 'lost', cause: { code, confidence: 'low', evidence: [] } }),
    )
    const body = await bodyOf<{ items: { id: string }[]; total: number }>(
      await get('/api/v1/terminals?cause=sim&state=lost'),
    )
    expect(body).toMatchObject({ items: [{ id: 'sim' }], total: 1 })
  })

  test.each([
    ['limit=0', 'query.limit'],
    ['limit=1001', 'query.limit'],
    ['limit=ten', 'query.limit'],
    ['limit=1.5', 'query.limit'],
    ['limit=-1', 'query.limit'],
    ['state=rotten', 'query.state'],
    ['cause=weather', 'query.cause'],
    ['sort=size', 'query.sort'],
    ['cursor=nonsense', 'query.cursor'],
    [`q=${'x'.repeat(201)}`, 'query.q'],
  ])('refuses %s with 422 and names the place', async (query, path) => {
    const response = await get(`/api/v1/terminals?${query}`)
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 422, errors: [{ path }] })
  })

  test('names every fault at once', async () => {
    const body = await bodyOf<{ errors: unknown[] }>(await get('/api/v1/terminals?limit=0&state=x'))
    expect(body.errors).toHaveLength(2)
  })
})

describe('the list as CSV', () => {
  test('holds every matching terminal, with a byte order mark and a header', async () => {
    world.terminals = Array.from({ length: 2500 }, (_, i) => terminal({ id: String(i).padStart(4, '0') }))
    const response = await get('/api/v1/terminals', { Accept: 'text/csv' })
    expect(response.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = new TextDecoder().decode(bytes).split('\r\n')
    expect(lines[0]).toBe(
      'id,name,client,dealer,group,state,stateSince,contactAt,dataAt,liveAt,fixAt,linkAt,dataAgeSeconds,thresholdSeconds,thresholdFrom,source,cause,firmware,firmwareStatus,incident',
    )
    expect(lines).toHaveLength(2502)
    expect(lines[2500]).toMatch(/^2499,/)
  })

  test('quotes cells and takes the life out of formulas', async () => {
    world.terminals = [terminal({ id: '1', name: '=HYPERLINK("x")', client: 'a,"b"\nc', dataAt: null })]
    const text = await (
      await get('/api/v1/terminals', { Accept: 'text/csv;q=0.9, application/json;q=0.1' })
    ).text()
    expect(text).toContain('1,"\'=HYPERLINK(""x"")","a,""b""\nc",')
    expect(text).toContain('2026-01-15T09:59:00.000Z,,2026')
  })

  test('is a page with limit or cursor, and Link leads to the next one', async () => {
    world.terminals = ['1', '2', '3'].map((id) => terminal({ id, client: 'a&b' }))
    const first = await get('/api/v1/terminals?format=csv&client=a%26b&limit=2')
    expect((await first.text()).split('\r\n').map((line) => line.split(',')[0])).toEqual([
      expect.stringMatching(/id$/),
      '1',
      '2',
      '',
    ])
    const link = /^<(\/[^>]*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    expect(link).toBe('/api/v1/terminals?format=csv&client=a%26b&limit=2&cursor=2')
    const last = await get(link)
    expect((await last.text()).split('\r\n').slice(1)).toEqual([expect.stringMatching(/^3,/), ''])
    expect(last.headers.get('link')).toBeNull()
    expect((await get('/api/v1/terminals?format=csv&cursor=nonsense')).status).toBe(422)
  })

  test('is also given for format=csv, and JSON to a browser', async () => {
    expect((await get('/api/v1/terminals?format=csv')).headers.get('content-type')).toMatch('text/csv')
    const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    expect((await get('/api/v1/terminals', browser)).headers.get('content-type')).toBe('application/json')
  })
})

describe('the history of a terminal', () => {
  const at = (minutes: number) => ({
    terminalId: '1',
    at: NOW - minutes * MINUTE,
    from: 'fresh' as const,
    to: 'stale' as const,
    contactAt: null,
    source: 'gate',
  })

  test('gives the transitions of the range', async () => {
    world.terminals = [terminal({ id: '1' })]
    world.transitions = [at(1), at(90)]
    const path = '/api/v1/terminals/1/history?from=2026-01-15T12:00:00+03:00'
    expect(await (await get(path)).json()).toEqual({
      items: [
        { at: '2026-01-15T09:59:00.000Z', from: 'fresh', to: 'stale', contactAt: null, source: 'gate' },
      ],
      next: null,
      total: 1,
    })
  })

  test('says why it was probably silent and which incident explains it', async () => {
    world.terminals = [terminal({ id: '1' })]
    world.transitions = [
      { ...at(1), cause: 'power-cut' },
      { ...at(2), cause: 'incident', incident: 'i-1' },
    ]
    expect(await (await get('/api/v1/terminals/1/history')).json()).toMatchObject({
      items: [{ cause: 'power-cut' }, { cause: 'incident', incident: 'i-1' }],
    })
  })

  test('is a file of all of them with format=csv', async () => {
    world.terminals = [terminal({ id: '1' })]
    world.transitions = [{ ...at(1), cause: 'sim', incident: '=i' }, at(2)]
    const response = await get('/api/v1/terminals/1/history?format=csv')
    expect(response.headers.get('content-type')).toContain('text/csv')
    expect((await response.text()).split('\r\n')).toEqual([
      expect.stringMatching(/^.?at,from,to,contactAt,source,cause,incident,note$/),
      "2026-01-15T09:59:00.000Z,fresh,stale,,gate,sim,'=i,",
      '2026-01-15T09:58:00.000Z,fresh,stale,,gate,,,',
      '',
    ])
  })

  test('is a file of one page with a limit, and Link leads to the next one', async () => {
    world.terminals = [terminal({ id: '1' })]
    world.transitions = [at(1), at(2)]
    const first = await get('/api/v1/terminals/1/history?format=csv&limit=1')
    const next = '/api/v1/terminals/1/history?format=csv&limit=1&cursor=1'
    expect(first.headers.get('link')).toBe(`<${next}>; rel="next"`)
    expect((await first.text()).split('\r\n').slice(1)).toEqual([
      expect.stringMatching(/^2026-01-15T09:59/),
      '',
    ])
    const last = await get(next)
    expect((await last.text()).split('\r\n').slice(1)).toEqual([
      expect.stringMatching(/^2026-01-15T09:58/),
      '',
    ])
    expect(last.headers.get('link')).toBeNull()
  })

  test('reads a time without an offset in the configured zone', async () => {
    world.terminals = [terminal({ id: '1' })]
    world.transitions = [at(1), at(90)]
    const body = await bodyOf<{ total: number }>(
      await get('/api/v1/terminals/1/history?from=2026-01-15T12:00:00&to=2026-01-15T13:00:00'),
    )
    expect(body.total).toBe(1)
  })

  test('is 404 for an unknown terminal and 422 for a range that is none', async () => {
    expect((await get('/api/v1/terminals/1/history')).status).toBe(404)
    world.terminals = [terminal({ id: '1' })]
    expect((await get('/api/v1/terminals/1/history?from=yesterday')).status).toBe(422)
    expect((await get('/api/v1/terminals/1/history?from=2026-01-02&to=2026-01-01')).status).toBe(422)
    expect((await get('/api/v1/terminals/1/history?cursor=x')).status).toBe(422)
  })
})

describe('a change of a terminal', () => {
  beforeEach(() => {
    world.terminals = [terminal({ id: '1' })]
  })

  test('sets its life cycle', async () => {
    const response = await send('PUT', '/api/v1/terminals/1/lifecycle', { lifecycle: 'suspended' })
    expect(response.status).toBe(200)
    expect(world.changes).toEqual([{ id: '1', change: { lifecycle: 'suspended' } }])
  })

  test('sets a maintenance window and takes it away again', async () => {
    const window = { from: '2026-01-15T10:00:00Z', to: '2026-01-15T12:00:00Z', reason: ' repair ' }
    expect((await send('PUT', '/api/v1/terminals/1/maintenance', window)).status).toBe(200)
    expect((await send('PUT', '/api/v1/terminals/1/maintenance', null)).status).toBe(200)
    expect(world.changes.map(({ change }) => change)).toEqual([
      { maintenance: { from: NOW, to: NOW + 2 * HOUR, reason: 'repair' } },
      { maintenance: null },
    ])
  })

  test.each([
    ['lifecycle', { lifecycle: 'asleep' }, 422],
    ['lifecycle', { lifecycle: 'active', more: 1 }, 422],
    ['lifecycle', {}, 422],
    ['lifecycle', '{"lifecycle"', 400],
    ['maintenance', { from: '2026-01-15T10:00:00Z', to: '2026-01-15T10:00:00Z' }, 422],
    ['maintenance', { from: 'now', to: 'later' }, 422],
    ['maintenance', { from: '2026-01-14T10:00:00Z', to: '2026-01-15T09:59:00Z' }, 422],
    ['maintenance', { from: '2026-01-15T10:00:00Z', to: '2126-01-15T12:00:00Z' }, 422],
  ])('to %s %j is refused with %i', async (what, body, status) => {
    const response = await send('PUT', `/api/v1/terminals/1/${what}`, body)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(world.changes).toEqual([])
  })

  test('that does not exist is 404', async () => {
    expect((await send('PUT', '/api/v1/terminals/2/lifecycle', { lifecycle: 'active' })).status).toBe(404)
  })

  test('that is larger than a megabyte is 413', async () => {
    const body = { lifecycle: 'active', reason: 'x'.repeat(1_100_000) }
    expect((await send('PUT', '/api/v1/terminals/1/lifecycle', body)).status).toBe(413)
  })
})

describe('an import', () => {
  test('hands the bytes over as they are and reports', async () => {
    const response = await send('POST', '/api/v1/terminals/import', 'terminal_id,name\n1,Ж\n')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      created: 1,
      updated: 2,
      merged: 0,
      replaced: [],
      rejected: [],
      rejectedTotal: 0,
      warnings: [],
    })
    expect(world.inventoryActors).toEqual(['admin'])
    expect(Buffer.from(world.imported[0] ?? []).toString()).toBe('terminal_id,name\n1,Ж\n')
  })

  test('with rejected rows is 422 and lists them', async () => {
    world.importReport = {
      created: 0,
      updated: 0,
      rejected: [{ line: 3, reason: 'no id' }],
      warnings: ['unknown column x'],
    }
    const response = await send('POST', '/api/v1/terminals/import', 'x')
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({
      status: 422,
      created: 0,
      updated: 0,
      rejected: [{ line: 3, reason: 'no id' }],
    })
  })

  test('with very many rejected rows lists the first of them and says how many there are', async () => {
    const rejected = Array.from({ length: 10_001 }, (_, n) => ({ line: n + 2, reason: 'no id' }))
    world.importReport = { created: 0, updated: 0, rejected, rejectedTotal: 500_000, warnings: [] }
    const response = await send('POST', '/api/v1/terminals/import', 'x')
    const body = (await response.json()) as { rejected: unknown[]; rejectedTotal: number }
    expect([response.status, body.rejected.length, body.rejectedTotal]).toEqual([422, 10_000, 500_000])
  })

  test('that the end of the service gives up is 503', async () => {
    world.importFailure = new ServiceStopping('The service is stopping.')
    const response = await send('POST', '/api/v1/terminals/import', 'x')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('nothing was done') })
    expect(world.log.lines).toEqual([])
  })

  test('may be larger than other bodies', async () => {
    expect((await send('POST', '/api/v1/terminals/import', 'x'.repeat(2_000_000))).status).toBe(200)
  })
})
