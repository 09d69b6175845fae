import { beforeEach, describe, expect, test } from 'vitest'
import type { LiveState } from '../../src/core/fleet/live-state.ts'
import type { Scope } from '../../src/core/fleet/scope.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { createLiveDesk } from '../../src/workers/live-desk.ts'
import { type AppWorld, appDeps, createWorld, NOW, outage, terminal } from '../support/app-deps.ts'
import { until } from '../support/until.ts'

let world: AppWorld
let looked: Scope[]
let desk: ReturnType<typeof createLiveDesk>

beforeEach(() => {
  world = createWorld()
  looked = []
  desk = createLiveDesk({
    clock: world.clock,
    log: world.log,
    seenBy(scope) {
      looked.push(scope)
      return appDeps(world).fleet.seenBy(scope)
    },
    service: { status: () => world.status },
  })
})

function listen(name = 'anna', scope: Scope = 'all') {
  const heard: (LiveState | null)[] = []
  const stop = desk.listen({ name, scope }, (state) => {
    heard.push(state)
  })
  if (typeof stop === 'string') throw new Error(stop)
  return { heard, stop }
}

describe('who listens', () => {
  test('is told at once, and then every five seconds', async () => {
    world.terminals = [terminal({ id: '1', state: 'lost' })]
    const { heard } = listen()
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({
      states: { lost: 1, fresh: 0 },
      needs: { attention: 1, incident: 0, acknowledged: 0 },
      service: 'up',
      outage: null,
      changes: 0,
      epoch: NOW,
    })
    await world.clock.advance(14 * SECOND)
    expect(heard).toHaveLength(3)
  })

  test('hears of an open outage', async () => {
    const open = outage({ id: 'o7', state: 'open', end: null })
    world.status = { state: 'down', since: NOW, components: [], outage: open }
    const { heard } = listen()
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({ service: 'down', outage: 'o7' })
  })

  test('hears how many changes there were since the first one listened, however many were before', async () => {
    world.stateChanges = 40
    const { heard } = listen()
    await until(() => heard.length === 1)
    world.stateChanges = 43
    await world.clock.advance(5 * SECOND)
    world.stateChanges = 44
    await world.clock.advance(5 * SECOND)
    expect(heard.map((state) => state?.changes)).toEqual([0, 3, 4])
  })

  test('is told nothing more once he has left, and nobody is looked at when all have', async () => {
    const { heard, stop } = listen()
    await until(() => heard.length === 1)
    stop()
    stop()
    await world.clock.advance(MINUTE)
    expect(heard).toHaveLength(1)
    expect(looked).toHaveLength(1)
  })
})

test('a scope is looked at once, however many listen', async () => {
  const scope = { clients: ['A'], groups: [] }
  const all = [listen('a', scope), listen('b', { clients: ['A'], groups: [] }), listen('c')]
  await until(() => all.every(({ heard }) => heard.length > 0))
  looked.length = 0
  await world.clock.advance(5 * SECOND)
  expect(looked).toEqual([scope, 'all'])
  for (const { heard } of all) expect(heard.at(-1)).not.toBeNull()
})

test('numbers go on for a page that comes back within ten minutes, and begin anew later', async () => {
  const first = listen()
  await until(() => first.heard.length === 1)
  first.stop()
  world.stateChanges = 2
  await world.clock.advance(9 * MINUTE)
  const second = listen()
  await until(() => second.heard.length === 1)
  expect(second.heard[0]).toMatchObject({ changes: 2, epoch: NOW })
  second.stop()
  await world.clock.advance(20 * MINUTE)
  const third = listen()
  await until(() => third.heard.length === 1)
  expect(third.heard[0]).toMatchObject({ changes: 0, epoch: NOW + 29 * MINUTE })
})

test('an account has five pages at most, and all together two hundred', () => {
  const own = Array.from({ length: 5 }, () => listen('anna'))
  expect(desk.listen({ name: 'anna', scope: 'all' }, () => {})).toBe('many')
  own[0]?.stop()
  listen('anna')
  for (let i = 0; i < 195; i++) listen(`other ${i}`)
  expect(desk.listen({ name: 'boris', scope: 'all' }, () => {})).toBe('full')
})

test('a look that fails is logged, and the next one is told', async () => {
  const failing = createLiveDesk({
    clock: world.clock,
    log: world.log,
    seenBy: () => ({
      attention: async () => {
        if (world.stateChanges === 0) throw new Error('no fleet')
        return appDeps(world).fleet.seenBy('all').attention(0)
      },
    }),
    service: { status: () => world.status },
  })
  const heard: (LiveState | null)[] = []
  failing.listen({ name: 'anna', scope: 'all' }, (state) => {
    heard.push(state)
  })
  await until(() => world.log.lines.length === 1)
  world.stateChanges = 1
  await world.clock.advance(5 * SECOND)
  expect(heard).toHaveLength(1)
})

test('when the service stops everybody is told and nobody is taken any more', async () => {
  const { heard } = listen()
  await until(() => heard.length === 1)
  desk.stop()
  expect(heard.at(-1)).toBeNull()
  expect(desk.listen({ name: 'b', scope: 'all' }, () => {})).toBe('full')
  await world.clock.advance(MINUTE)
  expect(looked).toHaveLength(1)
})
