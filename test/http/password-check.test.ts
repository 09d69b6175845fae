import { beforeEach, describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/core/time.ts'
import { hashPassword } from '../../src/http/password.ts'
import { createPasswords, type Passwords } from '../../src/http/password-check.ts'
import { ADMIN_TOKEN, type AppWorld, createWorld, TEST_ACTOR } from '../support/app-deps.ts'
import { cheapHash } from '../support/cheap-hash.ts'

const PASSWORD = 'a long enough password'

const CHEAP = cheapHash(PASSWORD)

let world: AppWorld
let passwords: Passwords

beforeEach(async () => {
  world = createWorld()
  const blank = { clients: [], groups: [], language: null, mustChange: false } as const
  await world.accounts.add({ id: 'olga', role: 'dealer', ...blank, passwordHash: CHEAP }, TEST_ACTOR)
  await world.accounts.add({ id: 'gate', role: 'ingest', ...blank, passwordHash: null }, TEST_ACTOR)
  await world.accounts.add({ id: 'admin', role: 'admin', ...blank, passwordHash: CHEAP }, TEST_ACTOR)
  passwords = createPasswords({ ...world, settings: world.stores.settings }, ADMIN_TOKEN)
})

const kindOf = async (name: string, password: string, address = '192.0.2.1') =>
  (await passwords.check(name, password, address)).kind

test.each([
  ['olga', PASSWORD, 'right'],
  ['OLGA', PASSWORD, 'right'],
  ['olga', 'wrong', 'wrong'],
  ['nobody', PASSWORD, 'wrong'],
  ['gate', '', 'wrong'],
  ['admin', ADMIN_TOKEN, 'right'],
  ['olga', ADMIN_TOKEN, 'wrong'],
])('%s with %j is %s', async (name, password, kind) => {
  expect(await kindOf(name, password)).toBe(kind)
})

test('a name that nobody has takes as long as one that somebody has', async () => {
  await world.accounts.change('olga', { passwordHash: await hashPassword(PASSWORD) }, TEST_ACTOR)
  /** The least of three, the first one aside: other work may hold any of them up. */
  const timeOf = async (name: string) => {
    const times: number[] = []
    for (let n = 0; n <= 3; n++) {
      const from = performance.now()
      expect((await passwords.check(name, 'wrong', name)).kind).toBe('wrong')
      times.push(performance.now() - from)
    }
    return Math.min(...times.slice(1))
  }
  const [known, unknown, machine] = [await timeOf('olga'), await timeOf('nobody'), await timeOf('gate')]
  expect(unknown).toBeGreaterThan(known / 4)
  expect(machine).toBeGreaterThan(known / 4)
})

test('a name or password without an end is refused at once, before it is made uniform', async () => {
  // To put so many marks in order takes minutes, longer than a test may run.
  const marks = `a${'\u0315\u0300\u0316'.repeat(200_000)}`
  expect(await kindOf(marks, 'x')).toBe('wrong')
  expect(await kindOf('olga', marks)).toBe('wrong')
})

test('at most four passwords are worked on at once', async () => {
  const kinds = await Promise.all([1, 2, 3, 4, 5].map((i) => kindOf('olga', 'wrong', `192.0.2.${i}`)))
  expect(kinds).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'throttled'])
  expect(await kindOf('olga', PASSWORD)).toBe('right')
})

describe('guessing', () => {
  const guess = async (name: string, times: number) => {
    for (let i = 0; i < times; i++) await passwords.check(name, 'wrong', `198.51.100.${i}`)
  }

  test('from many addresses is slowed down by the account', async () => {
    await guess('olga', 10)
    expect(await passwords.check('olga', PASSWORD, '192.0.2.1')).toEqual({
      kind: 'throttled',
      retryAfterSeconds: 60,
    })
    await world.clock.advance(MINUTE)
    expect(await kindOf('olga', PASSWORD)).toBe('right')
  })

  test('is answered in the same way for a name that nobody has', async () => {
    await guess('nobody', 10)
    expect(await kindOf('nobody', 'x')).toBe('throttled')
  })

  test('does not keep the owner out of a network from which he has signed in', async () => {
    expect(await kindOf('olga', PASSWORD)).toBe('right')
    await guess('olga', 10)
    expect(await kindOf('olga', PASSWORD, '203.0.113.1')).toBe('throttled')
    expect(await kindOf('olga', PASSWORD)).toBe('right')
  })

  test('does not keep the owner out of his network after a restart either', async () => {
    const stored = { ...world, settings: world.stores.settings }
    expect(await kindOf('olga', PASSWORD)).toBe('right')
    passwords = createPasswords(stored, ADMIN_TOKEN)
    await guess('olga', 10)
    expect(await kindOf('olga', PASSWORD, '203.0.113.1')).toBe('throttled')
    expect(await kindOf('olga', PASSWORD)).toBe('right')
  })

  test('is slowed down also while the networks can neither be read nor stored', async () => {
    const broken = { get: () => Promise.reject(new Error('x')), set: () => Promise.reject(new Error('x')) }
    passwords = createPasswords({ ...world, settings: broken }, ADMIN_TOKEN)
    expect(await kindOf('olga', PASSWORD)).toBe('right')
    await guess('olga', 10)
    expect(await kindOf('olga', PASSWORD)).toBe('throttled')
  })

  test('from one address is not hidden by an own good password', async () => {
    for (let i = 0; i < 10; i++) {
      expect(await kindOf(`victim${i}`, 'wrong')).toBe('wrong')
      if (i === 8) expect(await kindOf('olga', PASSWORD)).toBe('right')
    }
    expect(await kindOf('victim', 'wrong')).toBe('throttled')
  })

  test('does not keep out whoever may set the environment', async () => {
    await guess('admin', 10)
    expect(await kindOf('admin', ADMIN_TOKEN)).toBe('right')
  })
})
