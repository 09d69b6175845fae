import { expect, test } from 'vitest'
import { createSessions, matchesSecret } from '../../src/http/session.ts'
import { createWorld, NOW, tokenOf } from '../support/app-deps.ts'

test.each([
  ['secret', 'secret', true],
  ['Secret', 'secret', false],
  ['secret ', 'secret', false],
  [undefined, 'secret', false],
  ['', '', false],
  [undefined, '', false],
])('the given secret %j matches the configured %j: %s', (given, secret, matches) => {
  expect(matchesSecret(given, secret)).toBe(matches)
})

test('a store that failed once does not spoil later sessions', async () => {
  const world = createWorld()
  await tokenOf(world, 'admin')
  const admin = world.accounts.get('admin')
  if (!admin) throw new Error('there is no admin')
  const { settings } = world.stores
  let broken = true
  const get = (key: string) => (broken ? Promise.reject(new Error('locked')) : settings.get(key))
  const sessions = createSessions({ ...settings, get }, world.accounts)
  await expect(sessions.create(admin, NOW)).rejects.toThrow('locked')
  broken = false
  expect((await sessions.read(await sessions.create(admin, NOW), NOW))?.account).toBe(admin)
})
