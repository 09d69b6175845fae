import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  terminal,
} from '../../support/app-deps.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

const get = (path: string) => createApp(appDeps(world), appOptions()).request(path, { headers: BY_TOKEN })

async function adopt(body: unknown): Promise<Response> {
  return createApp(appDeps(world), appOptions()).request('/api/v1/terminals/adopt', {
    method: 'POST',
    headers: { ...BY_TOKEN, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
}

test('the inventory is given out as a file, piece by piece', async () => {
  const response = await get('/api/v1/inventory/export')
  expect(response.headers.get('content-type')).toContain('text/csv')
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="inventory.csv"')
  expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('\ufeffterminal_id\r\n1\r\n')
})

describe('adoption', () => {
  test.each([
    [
      { terminals: ['a', 'b'], client: ' North ', group: '' },
      { terminals: ['a', 'b'], client: 'North' },
    ],
    [
      { terminals: 'all', profile: 'tractor' },
      { terminals: 'all', profile: 'tractor' },
    ],
  ])('of %j hands over what was said', async (body, adoption) => {
    const response = await adopt(body)
    expect([response.status, await response.json()]).toEqual([200, { adopted: 1 }])
    expect(world.adoptions).toEqual([adoption])
  })

  test('that is refused names each terminal', async () => {
    world.adoptionReport = {
      adopted: 0,
      refused: [
        { id: 'a', reason: 'unknown' },
        { id: 'b', reason: 'not-discovered' },
      ],
    }
    const response = await adopt({ terminals: ['a', 'b'] })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      errors: [
        { path: 'terminals: a', message: 'there is no terminal with this id' },
        { path: 'terminals: b', message: 'is in the inventory already' },
      ],
    })
  })

  test.each([
    { terminals: [] },
    { terminals: 'some' },
    {},
    { terminals: ['a'], client: 'a\nb' },
    { terminals: ['a'], client: 'x'.repeat(201) },
    { terminals: ['a'], colour: 'red' },
    { terminals: Array.from({ length: 10_001 }, () => 'a') },
  ])('without sense is 422 (%#)', async (body) => {
    expect((await adopt(body)).status).toBe(422)
    expect(world.adoptions).toEqual([])
  })
})

test('conflicts are listed with their number', async () => {
  const conflict = { kind: 'alias', name: 'x', terminals: ['1', '2'], text: 'Both have it.' } as const
  world.conflicts = [conflict]
  expect(await (await get('/api/v1/inventory/conflicts')).json()).toEqual({ items: [conflict], total: 1 })
})

test('a terminal may be named as a part of the inventory is', async () => {
  world.terminals = ['export', 'conflicts', 'import', 'adopt'].map((id) => terminal({ id }))
  for (const { id } of world.terminals) {
    expect(await (await get(`/api/v1/terminals/${id}`)).json()).toMatchObject({ id })
  }
})
