import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
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
import { SILENT } from '../../support/check-facts.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [
    terminal({ id: 'a/1', name: 'КАМАЗ А123ВС77', client: 'Alfa', ...SILENT }),
    terminal({ id: '354002530', name: '<script>alert(1)</script>', client: 'Beta' }),
  ]
})

async function ask(
  path: string,
  body?: unknown,
  headers: Record<string, string> = BY_TOKEN,
): Promise<Response> {
  return await createApp(appDeps(world), appOptions()).request(`/api/v1/check${path}`, {
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
}

type Answer = {
  verdict: string
  reasons: string[]
  items: { point: string; ok: boolean | null; text: string }[]
  request: {
    template: string
    draft: boolean
    fields: { key: string; label: string; value: string; required: boolean }[]
    missing: string[]
    text: string
  }
}

describe('the check of a terminal', () => {
  test('has the shape of the contract', async () => {
    const response = await ask('/a%2F1')
    expect(response.status).toBe(200)
    const { verdict, reasons, items, request } = await bodyOf<Answer>(response)
    expect(verdict).toBe('fix-first')
    expect(reasons).toEqual([expect.stringContaining('Версия прошивки неизвестна')])
    expect(items[0]).toMatchObject({ point: 'data', ok: false, text: expect.stringContaining('2 ч') })
    expect(request).toMatchObject({ template: 'no-data', draft: true })
    expect(request.fields.find(({ key }) => key === 'terminal')).toEqual({
      key: 'terminal',
      label: 'ID терминала',
      value: 'a/1',
      required: true,
    })
    const empty = request.fields.filter(({ value, required }) => value === '' && required)
    expect(request.missing).toEqual(empty.map(({ key }) => key))
    expect(request.text).toContain('a/1')
  })

  test('is in the language and about the problem that are asked for', async () => {
    const { request, reasons } = await bodyOf<Answer>(await ask('/a%2F1?problem=archive-loading&language=en'))
    expect(request.template).toBe('archive-loading')
    expect(request.text).toContain('Problem: Loading of archive data')
    expect(reasons).toEqual([expect.stringContaining('The check is passed')])
  })

  test('about a problem or in a language that nobody knows is refused with the place', async () => {
    for (const query of ['problem=moon', 'language=fr']) {
      const response = await ask(`/a%2F1?${query}`)
      expect(response.status).toBe(422)
      const { errors } = await bodyOf<{ errors: { path: string }[] }>(response)
      expect(errors[0]?.path).toBe(`query.${query.split('=')[0]}`)
    }
  })

  test('of nobody, and of a terminal that a dealer does not see, is the same 404', async () => {
    const dealer = await tokenOf(world, 'dealer', { clients: ['Beta'] })
    const [unknown, others] = await Promise.all([
      ask('/nobody', undefined, dealer),
      ask('/a%2F1', undefined, dealer),
    ])
    expect([unknown.status, others.status]).toEqual([404, 404])
    expect(await unknown.text()).toBe(await others.text())
    expect((await ask('/354002530', undefined, dealer)).status).toBe(200)
  })

  test('tells a dealer nothing of the account that the service is watched by', async () => {
    const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    expect(await (await ask('/a%2F1')).text()).toContain('watcher')
    expect(await (await ask('/a%2F1', undefined, dealer)).text()).not.toContain('watcher')
  })
})

describe('a pasted list', () => {
  test('is checked word by word, with what was not found', async () => {
    const text = 'не едут а123вс77 и 354002530, 354999999'
    const { items } = await bodyOf<{ items: Record<string, unknown>[] }>(await ask('', { text }))
    expect(items).toEqual([
      expect.objectContaining({ text: 'а123вс77', found: true, ids: ['a/1'], verdict: 'fix-first' }),
      expect.objectContaining({ text: '354002530', found: true, verdict: 'ready-for-ticket' }),
      { text: '354999999', found: false, ids: [] },
    ])
  })

  test('of several lines is found by the plates in the names', async () => {
    world.terminals = [
      terminal({ id: '1', name: 'Грузовик А123ВС77' }),
      terminal({ id: '2', name: 'KAMAZ A124BC77' }),
      terminal({ id: '3', name: 'Scania А125ВС77' }),
    ]
    const text = 'Нет данных А123ВС77\nA124BC77\nтакже А 125 ВС 77 с утра'
    const { items } = await bodyOf<{ items: { ids: string[] }[] }>(await ask('', { text }))
    expect(items.map(({ ids }) => ids)).toEqual([['1'], ['2'], ['3']])
  })

  test('finds a dealer his own terminals only', async () => {
    const dealer = await tokenOf(world, 'dealer', { clients: ['Beta'] })
    const { items } = await bodyOf<{ items: unknown[] }>(await ask('', { text: 'А123ВС77' }, dealer))
    expect(items).toEqual([{ text: 'А123ВС77', found: false, ids: [] }])
  })

  test('that is too long or about an unknown problem is refused', async () => {
    expect((await ask('', { text: 'x'.repeat(20_001) })).status).toBe(422)
    expect((await ask('', { text: 'x', problem: 'moon' })).status).toBe(422)
    expect((await ask('', {})).status).toBe(422)
  })
})

describe('a reply by SMS', () => {
  test('is kept as a note and read', async () => {
    const text = 'INFO DID=354002530 FW=120 REC=7'
    const response = await ask('/354002530/reply', { text })
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      replies: [{ kind: 'info', terminalId: '354002530', firmware: '120', records: 7, others: {} }],
    })
    const notes = await world.stores.notes.of('354002530', 'all', 10)
    expect(notes).toMatchObject([{ kind: 'reply', text, by: 'admin' }])
  })

  test.each([
    ['of another terminal', 'INFO DID=999999999 FW=1', 422],
    ['that is none', 'hello', 422],
    ['that is too long', 'x'.repeat(4097), 422],
  ])('%s is refused, and nothing is kept', async (_, text, status) => {
    expect((await ask('/354002530/reply', { text })).status).toBe(status)
    expect(await world.stores.notes.of('354002530', 'all', 10)).toEqual([])
  })

  test('for nobody is 404', async () => {
    expect((await ask('/nobody/reply', { text: 'INFO FW=1' })).status).toBe(404)
  })
})
