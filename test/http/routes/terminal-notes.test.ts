import { beforeEach, describe, expect, test } from 'vitest'
import { SECOND } from '../../../src/core/time.ts'
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

const ANNA = { name: 'anna', via: 'session', address: '' } as const

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [terminal({ id: 'a/1', client: 'Agro' })]
})

type Notes = {
  items: { at: string; by: string; kind: string; text: string }[]
  total: number
  next: string | null
}

async function send(
  path: string,
  body?: unknown,
  headers: Record<string, string> = BY_TOKEN,
): Promise<Response> {
  return await createApp(appDeps(world), appOptions()).request(`/api/v1/terminals/${path}`, {
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
}

describe('notes of a terminal', () => {
  test('are kept with who wrote them and when, newest first, and stand in the audit trail', async () => {
    const added = await send('a%2F1/notes', { text: ' the driver\r\ncalled ' })
    expect(added.status).toBe(201)
    const first = { at: '2026-01-15T10:00:00.000Z', by: 'admin', kind: 'note', text: 'the driver\ncalled' }
    expect(await added.json()).toEqual(first)
    await world.clock.advance(SECOND)
    await send('a%2F1/notes', { text: 'INFO DID=a/1 FW=98', kind: 'reply' })
    const list = await bodyOf<Notes>(await send('a%2F1/notes'))
    expect(list).toMatchObject({
      total: 2,
      next: null,
      items: [{ kind: 'reply', text: 'INFO DID=a/1 FW=98' }, first],
    })
    expect(await world.stores.audit.list({ limit: 5, subject: 'a/1' })).toMatchObject([
      { action: 'terminal.reply', actor: { name: 'admin', via: 'token' } },
      { action: 'terminal.note', after: { text: 'the driver\ncalled' } },
    ])
  })

  test('are told in pages', async () => {
    for (const text of ['1', '2', '3']) {
      await world.clock.advance(SECOND)
      await send('a%2F1/notes', { text })
    }
    const page = await bodyOf<Notes>(await send('a%2F1/notes?limit=2'))
    expect([page.items.map(({ text }) => text), page.total]).toEqual([['3', '2'], 3])
    const rest = await bodyOf<Notes>(await send(`a%2F1/notes?limit=2&cursor=${page.next}`))
    expect([rest.items.map(({ text }) => text), rest.next]).toEqual([['1'], null])
    expect((await send('a%2F1/notes?cursor=x')).status).toBe(422)
  })

  test('have from 1 to 4,000 characters', async () => {
    expect((await send('a%2F1/notes', { text: 'x'.repeat(4000) })).status).toBe(201)
    const wrong = [
      { text: 'x'.repeat(4001) },
      { text: ' ' },
      {},
      { text: 1 },
      { text: 'x', more: 1 },
      { text: 'a\u0000' },
    ]
    for (const body of wrong) expect((await send('a%2F1/notes', body)).status).toBe(422)
    expect((await bodyOf<Notes>(await send('a%2F1/notes'))).total).toBe(1)
  })

  test('are found by every name of the terminal, also those that were written to one that it was merged with', async () => {
    await appDeps(world).notes.add(
      { id: 'old-id', client: '', group: '' },
      { kind: 'note', text: 'before' },
      ANNA,
    )
    world.facts = { 'a/1': { aliases: ['old-id'] } }
    await send('old-id/notes', { text: 'after' })
    const list = await bodyOf<Notes>(await send('a%2F1/notes'))
    expect(list.items.map(({ text }) => text).toSorted()).toEqual(['after', 'before'])
    expect(await world.stores.notes.of('a/1', 'all', 10)).toMatchObject([{ text: 'after' }])
  })

  test('are found by the units that the vehicle had before, as long as those were in it', async () => {
    const written = async (text: string) => {
      await appDeps(world).notes.add({ id: 'old', client: 'Agro', group: '' }, { kind: 'note', text }, ANNA)
      await world.clock.advance(SECOND)
    }
    await written('in this vehicle')
    const replacedAt = world.clock.now()
    await written('in another one')
    world.facts = { 'a/1': { formerUnits: [{ id: 'old', since: 0, until: replacedAt }] } }
    const list = await bodyOf<Notes>(await send('a%2F1/notes'))
    expect(list.items.map(({ text }) => text)).toEqual(['in this vehicle'])
    const page = createApp(appDeps(world), appOptions())
    const shown = await (await page.request('/terminals/a%2F1', { headers: BY_TOKEN })).text()
    expect(shown).toContain('in this vehicle')
    expect(shown).not.toContain('in another one')
  })

  test('are no replies of another terminal; one that cannot be read is kept as it is', async () => {
    const refused = await send('a%2F1/notes', { text: 'INFO DID=777 FW=98', kind: 'reply' })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('another terminal: 777')
    const added = await send('a%2F1/notes', { text: 'OK 1234 RESET', kind: 'reply' })
    expect(added.status).toBe(201)
    expect(await added.json()).toMatchObject({ kind: 'reply', text: 'OK 1234 RESET' })
    expect((await send('a%2F1/notes', { text: 'INFO DID=777 FW=98' })).status).toBe(201)
    expect((await bodyOf<Notes>(await send('a%2F1/notes'))).total).toBe(2)
  })

  test('of the client before are not shown to the dealer of the one after', async () => {
    await send('a%2F1/notes', { text: 'of Agro' })
    world.terminals = world.terminals.map((view) =>
      view.id === 'a/1' ? { ...view, client: 'Next', group: 'D/Next' } : view,
    )
    await send('a%2F1/notes', { text: 'of Next' })
    const next = await tokenOf(world, 'dealer', { clients: ['Next'] })
    const seen = async (headers?: Record<string, string>) =>
      (await bodyOf<Notes>(await send('a%2F1/notes', undefined, headers))).items.map(({ text }) => text)
    expect(await seen(next)).toEqual(['of Next'])
    expect((await seen()).toSorted()).toEqual(['of Agro', 'of Next'])
    const page = createApp(appDeps(world), appOptions())
    const shown = await (await page.request('/terminals/a%2F1', { headers: next })).text()
    expect(shown).toContain('of Next')
    expect(shown).not.toContain('of Agro')
  })

  test('are those of nobody outside the scope', async () => {
    const headers = await tokenOf(world, 'dealer', { clients: ['Other'] })
    expect((await send('a%2F1/notes', undefined, headers)).status).toBe(404)
    expect((await send('a%2F1/notes', { text: 'x' }, headers)).status).toBe(404)
    expect((await send('b/notes')).status).toBe(404)
    const own = await tokenOf(world, 'dealer', { clients: ['Agro'] })
    expect((await send('a%2F1/notes', { text: 'x' }, own)).status).toBe(201)
  })
})
