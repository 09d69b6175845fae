import { expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { SCRIPT_ADDRESS } from '../../src/http/assets/script.ts'
import { STYLE_ADDRESS } from '../../src/http/assets/style.ts'
import { appDeps, appOptions, BY_TOKEN, createWorld } from '../support/app-deps.ts'

test('the script is served to strangers, for long, under an address that changes with it', async () => {
  const app = createApp(appDeps(createWorld()), appOptions())
  const response = await app.request(SCRIPT_ADDRESS)
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  const script = await response.text()
  for (const part of ['data-copy', 'data-print', 'EventSource']) expect(script).toContain(part)
})

test('pages name the script, and their policy lets our own script and connections through and no others', async () => {
  const response = await createApp(appDeps(createWorld()), appOptions()).request('/login')
  expect(await response.text()).toContain(`<script src="${SCRIPT_ADDRESS}" defer`)
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("connect-src 'self';")
  expect(policy).not.toContain('unsafe')
})

test('pages and what they load are sent packed to who takes that, answers of the API and events as they are', async () => {
  const world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  const encodingOf = async (path: string): Promise<string | null> => {
    const response = await app.request(path, { headers: { ...BY_TOKEN, 'Accept-Encoding': 'gzip' } })
    await response.body?.cancel()
    return response.headers.get('content-encoding')
  }
  for (const path of ['/', SCRIPT_ADDRESS, STYLE_ADDRESS]) expect(await encodingOf(path)).toBe('gzip')
  for (const path of ['/api/v1/summary', '/events', '/healthz']) expect(await encodingOf(path)).toBeNull()
  world.live.stop()
})
