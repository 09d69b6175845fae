import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { headerOf, readLetter } from '../../../src/http/mime.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  bodyOf,
  createWorld,
  terminal,
  tokenOf,
} from '../../support/app-deps.ts'

type Body = Readonly<Record<string, unknown>>
type List = { readonly items: readonly Body[]; readonly next: string | null; readonly total: number }

let world: AppWorld
let ask: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>

const PATH = '/api/v1/requests'
const WISH = { terminals: ['1'], problem: 'no-data', subject: 'Нет данных', text: 'Терминал: 1' }

beforeEach(() => {
  world = createWorld()
  world.terminals = [
    terminal({ id: '1', client: 'Alfa', dealer: 'D', group: 'D/Alfa' }),
    terminal({ id: '2', client: 'Beta', dealer: 'D', group: 'D/Beta' }),
  ]
  const app = createApp(appDeps(world), appOptions())
  ask = async (path, body, headers = BY_TOKEN) =>
    app.request(path, {
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
})

const act = async (id: string, action: string, body: unknown = {}): Promise<Body> =>
  bodyOf<Body>(await ask(`${PATH}/${id}/${action}`, body))

describe('a request', () => {
  test('is about one of the kinds of problems that there are', async () => {
    const response = await ask(PATH, { ...WISH, problem: 'moon' })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('body.problem')
    expect((await ask(PATH, { ...WISH, problem: 'fuel' })).status).toBe(201)
  })

  test('is found by another name of its terminal', async () => {
    world.facts['1'] = { aliases: ['gw-1'] }
    await ask(PATH, WISH)
    expect((await bodyOf<List>(await ask(`${PATH}?terminal=gw-1`))).total).toBe(1)
  })

  test('is made with 201 and everything that is known', async () => {
    const response = await ask(PATH, { ...WISH, template: { version: 3, draft: false } })
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      ...WISH,
      addressee: 'support',
      id: 'R-2026-0001',
      state: 'open',
      overdue: false,
      unregistered: false,
      next: { kind: 'send', at: null, overdue: false },
      createdAt: '2026-01-15T10:00:00.000Z',
      createdBy: 'admin',
      client: 'Alfa',
      dealer: 'D',
      group: 'D/Alfa',
      template: { version: 3, draft: false },
      sentAt: null,
      ticket: null,
      ticketAt: null,
      questionAt: null,
      promised: null,
      officialAskedAt: null,
      officialDueAt: null,
      officialAnsweredAt: null,
      closedAt: null,
      steps: [],
      events: [{ at: '2026-01-15T10:00:00.000Z', by: 'admin', kind: 'created', text: '' }],
      letters: [
        {
          number: 0,
          at: '2026-01-15T10:00:00.000Z',
          subject: 'Нет данных',
          messageId: expect.stringContaining('@watch.example.org>'),
          repliesTo: null,
        },
      ],
    })
  })

  test.each([
    [{}],
    [{ ...WISH, terminals: ['unknown'] }],
    [{ ...WISH, terminals: Array.from({ length: 51 }, (_, id) => String(id)) }],
    [{ ...WISH, subject: 'x'.repeat(201) }],
    [{ ...WISH, subject: 'a\nBcc: b@c' }],
    [{ ...WISH, text: 'x'.repeat(20_001) }],
    [{ ...WISH, text: '' }],
    [{ ...WISH, extra: 1 }],
    [[]],
  ])('as %j is 422', async (body) => {
    expect((await ask(PATH, body)).status).toBe(422)
    expect((await bodyOf<List>(await ask(PATH))).total).toBe(0)
  })

  test('about a problem that has one is 409 with the first, unless it is wanted anyway', async () => {
    await ask(PATH, WISH)
    const response = await ask(PATH, WISH)
    expect(response.status).toBe(409)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ request: 'R-2026-0001' })
    expect((await ask(PATH, { ...WISH, anyway: true })).status).toBe(201)
  })

  test('goes its way from the letter to the end', async () => {
    await ask(PATH, WISH)
    const id = 'R-2026-0001'
    expect(await act(id, 'sent')).toMatchObject({
      unregistered: true,
      next: { kind: 'register', at: '2026-01-15T11:00:00.000Z', overdue: false },
    })
    expect(await act(id, 'ticket', { number: '777' })).toMatchObject({ ticket: '777', unregistered: false })
    expect(await act(id, 'asked', { text: 'Which SIM?' })).toMatchObject({ next: { kind: 'answer' } })
    expect(await act(id, 'answered', { text: 'MTS' })).toMatchObject({ next: { kind: 'wait' } })
    const promise = { at: '2026-01-16T12:00:00', note: 'archive', approximate: true }
    expect(await act(id, 'promised', promise)).toMatchObject({
      promised: { ...promise, at: '2026-01-16T09:00:00.000Z' },
    })
    expect(await act(id, 'official-asked')).toMatchObject({ officialDueAt: '2026-01-20T20:59:59.000Z' })
    expect(await act(id, 'official-answered', { text: 'No fault.' })).toMatchObject({
      officialAnsweredAt: '2026-01-15T10:00:00.000Z',
    })
    await act(id, 'step', { text: 'Restart' })
    expect(await act(id, 'step-done', { step: 1, result: 'No change' })).toMatchObject({
      steps: [{ text: 'Restart', result: 'No change' }],
    })
    await act(id, 'note', { text: 'x' })
    await act(id, 'follow-up', { text: 'y' })
    expect(await act(id, 'close', { text: 'Solved' })).toMatchObject({ state: 'closed', next: null })
    const reopened = await act(id, 'reopen')
    expect(reopened).toMatchObject({ state: 'open', events: { length: 14 }, letters: { length: 3 } })
  })

  test.each([
    ['none', 'note', { text: 'x' }, 404],
    ['R-2026-0001', 'asked', { text: 'x' }, 409],
    ['R-2026-0001', 'reopen', {}, 409],
    ['R-2026-0001', 'ticket', { number: '' }, 422],
    ['R-2026-0001', 'note', { text: 'x'.repeat(5001) }, 422],
    ['R-2026-0001', 'sent', { messageId: '<a@b>\r\nBcc: c@d' }, 422],
    ['R-2026-0001', 'promised', { at: '2026-01-14T00:00:00Z' }, 422],
    ['R-2026-0001', 'promised', { at: 'soon' }, 422],
    ['R-2026-0001', 'step-done', { step: 1, result: 'x' }, 422],
    ['R-2026-0001', 'unknown', {}, 404],
  ])('%s/%s with %j is %s', async (id, action, body, status) => {
    await ask(PATH, WISH)
    expect((await ask(`${PATH}/${id}/${action}`, body)).status).toBe(status)
  })
})

describe('the list', () => {
  beforeEach(async () => {
    for (const problem of ['no-data', 'wrong-position', 'fuel', 'firmware'])
      await ask(PATH, { ...WISH, problem })
    await ask(PATH, { ...WISH, terminals: ['2'], problem: 'power' })
    await act('R-2026-0001', 'sent')
    await act('R-2026-0002', 'close')
    await act('R-2026-0003', 'ticket', { number: '7' })
  })

  const ids = async (query: string): Promise<readonly unknown[]> =>
    (await bodyOf<List>(await ask(PATH + query))).items.map(({ id }) => id)

  test('is of one state or of one terminal, newest first and what is overdue before', async () => {
    const number = (...numbers: number[]) => numbers.map((each) => `R-2026-000${each}`)
    expect(await ids('')).toEqual(number(5, 4, 3, 2, 1))
    expect(await ids('?state=open&terminal=')).toEqual(number(5, 4, 3, 1))
    expect(await ids('?state=closed')).toEqual(number(2))
    expect(await ids('?state=unregistered')).toEqual(number(1))
    expect(await ids('?state=overdue')).toEqual([])
    expect(await ids('?terminal=2')).toEqual(number(5))
    await world.clock.advance(7_200_000)
    expect(await ids('?state=overdue')).toEqual(number(1))
    expect(await ids('?state=open')).toEqual(number(1, 5, 4, 3))
  })

  test('comes in pages', async () => {
    const first = await bodyOf<List>(await ask(`${PATH}?limit=2`))
    expect(first).toMatchObject({ total: 5, items: { length: 2 } })
    expect(await ids(`?limit=4&cursor=${first.next}`)).toEqual(['R-2026-0003', 'R-2026-0002', 'R-2026-0001'])
    expect((await ask(`${PATH}?cursor=x`)).status).toBe(422)
    expect((await ask(`${PATH}?state=lost`)).status).toBe(422)
  })

  test('comes as CSV, without formulas', async () => {
    await ask(PATH, { ...WISH, subject: '=cmd|x', problem: 'other' })
    const response = await ask(`${PATH}?state=open`, undefined, { ...BY_TOKEN, Accept: 'text/csv' })
    expect(response.headers.get('content-type')).toContain('text/csv')
    const lines = (await response.text()).trim().split('\r\n')
    expect(lines).toHaveLength(6)
    expect(lines[1]).toBe(
      "R-2026-0006,open,no,no,2026-01-15T10:00:00.000Z,admin,Alfa,D,D/Alfa,1,other,'=cmd|x,,,send,,",
    )
  })
})

test('letters come as files that a mail program sends in one thread', async () => {
  world.support = { ...world.support, addresses: { support: 'support@example.org', department: '' } }
  await world.contacts.save(
    { id: 'D', name: '', phone: '', email: 'support@dealer.example', hours: '' },
    { name: 'a', via: 'token', address: '' },
  )
  await ask(PATH, WISH)
  await act('R-2026-0001', 'sent')
  await act('R-2026-0001', 'follow-up', { text: 'Снова.' })
  const read = async (path: string) => {
    const response = await ask(`${PATH}/${path}`)
    expect(response.headers.get('content-type')).toBe('message/rfc822')
    return readLetter(new Uint8Array(await response.arrayBuffer()))
  }
  const first = await read('R-2026-0001.eml')
  const second = await read('R-2026-0001/letters/2.eml')
  expect(headerOf(first, 'from')).toBe('support@dealer.example')
  expect(headerOf(second, 'to')).toBe('support@example.org')
  expect(headerOf(first, 'subject')).toBe('Нет данных')
  expect(headerOf(second, 'subject')).toBe('Re: Нет данных')
  expect(headerOf(second, 'in-reply-to')).toBe(headerOf(first, 'message-id'))
  expect(second.text).toBe('Снова.')
  expect((await ask(`${PATH}/R-2026-0001/letters/1`)).status).toBe(404)
  expect((await ask(`${PATH}/R-2026-0009.eml`)).status).toBe(404)
})

describe('a dealer', () => {
  let dealer: Record<string, string>
  const asDealer = (path: string, body?: unknown) => ask(PATH + path, body, dealer)

  beforeEach(async () => {
    dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    await ask(PATH, WISH)
    await ask(PATH, { ...WISH, terminals: ['2'] })
    await ask(PATH, { ...WISH, terminals: [] })
    await ask(PATH, { ...WISH, terminals: ['1', '2'], problem: 'other' })
  })

  test('sees and changes the requests of his terminals, and those that he made', async () => {
    expect((await asDealer('', { ...WISH, terminals: [], problem: 'service-unavailable' })).status).toBe(201)
    const list = await bodyOf<List>(await asDealer(''))
    expect(list.items.map(({ id }) => id)).toEqual(['R-2026-0005', 'R-2026-0001'])
    expect((await asDealer('/R-2026-0001/note', { text: 'x' })).status).toBe(200)
    expect((await asDealer('/R-2026-0005')).status).toBe(200)
  })

  test.each(['R-2026-0002', 'R-2026-0003', 'R-2026-0004'])('finds no %s, whatever he asks', async (id) => {
    expect((await asDealer(`/${id}`)).status).toBe(404)
    expect((await asDealer(`/${id}.eml`)).status).toBe(404)
    expect((await asDealer(`/${id}/letters/0`)).status).toBe(404)
    expect((await asDealer(`/${id}/note`, { text: 'x' })).status).toBe(404)
  })

  test("can make none about another dealer's terminal, and hears of none", async () => {
    expect((await asDealer('', { ...WISH, terminals: ['2'] })).status).toBe(422)
    expect((await asDealer('', { ...WISH, terminals: ['1'], problem: 'other' })).status).toBe(201)
  })
})

test('a machine that pushes data has no business here', async () => {
  const machine = await tokenOf(world, 'ingest')
  expect((await ask(PATH, undefined, machine)).status).toBe(403)
  expect((await ask(PATH, WISH, machine)).status).toBe(403)
})
