import { beforeEach, describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  terminal,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [terminal({ id: 'a/1', name: 'Truck', state: 'stale' })]
})

async function ask(path: string, form?: Record<string, string>): Promise<Response> {
  return await createApp(appDeps(world), appOptions()).request(path, {
    headers: BY_TOKEN,
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  })
}

const ADDRESS = '/terminals/a%2F1/acknowledge'

describe('the list of terminals', () => {
  test('has a box for a silent one, and neither boxes nor their form for others', async () => {
    expect(await (await ask('/?all=1')).text()).toContain('name="id" value="a/1" form="known"')
    world.terminals = [terminal({ id: 'a/1' })]
    expect(await (await ask('/?all=1')).text()).not.toContain('/terminals/acknowledge')
  })

  test('shows until when a silence is known, by whom and why, and lets it be taken back', async () => {
    const acknowledged = { until: NOW + DAY, reason: '<b>repair</b>', by: 'anna' }
    world.terminals = [terminal({ id: 'a/1', state: 'fresh', acknowledged })]
    const text = await (await ask('/?all=1')).text()
    expect(words(text)).toContain('известно до')
    expect(text).toContain('(anna): &lt;b&gt;repair&lt;/b&gt;')
    expect(text).toContain('name="id" value="a/1" form="known"')
    expect(text).toContain('name="withdraw"')
  })
})

describe('the form', () => {
  test('notes what is known in the local time of the page and leads back to the terminal', async () => {
    const response = await ask(ADDRESS, { until: '2026-01-15T15:00', reason: 'repair' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/?q=a%2F1&done=acknowledged')
    const acknowledged = { until: NOW + 2 * HOUR, reason: 'repair', by: 'admin' }
    expect(world.changes).toEqual([{ id: 'a/1', change: { acknowledged } }])
    expect(words(await (await ask('/?q=a%2F1&done=acknowledged')).text())).toContain('Записано')
  })

  test('takes it back, whatever stands in the fields', async () => {
    const response = await ask(ADDRESS, { until: '', reason: '', withdraw: '1' })
    expect(response.headers.get('location')).toBe('/?q=a%2F1&done=withdrawn')
    expect(world.changes).toEqual([{ id: 'a/1', change: { acknowledged: null } }])
  })

  test('is shown again with what was typed when it cannot be taken', async () => {
    const response = await ask(ADDRESS, { until: '2026-01-15T12:00', reason: '"repair"' })
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(text).toContain('role="alert"')
    expect(text).toContain('value="2026-01-15T12:00"')
    expect(text).toContain('value="&quot;repair&quot;"')
    expect(world.changes).toEqual([])
  })

  test('of nobody is 404, and a stranger is led to the login', async () => {
    expect((await ask('/terminals/2/acknowledge', {})).status).toBe(404)
    const app = createApp(appDeps(world), appOptions())
    const response = await app.request(ADDRESS, { method: 'POST' })
    expect(response.headers.get('location')).toBe('/login')
  })
})
