import { expect, test } from 'vitest'
import { createPacedProbe, type OnlineResult } from '../../../src/adapters/omnicomm-online/pace.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const OK = { kind: 'ok', latencyMs: 1, slow: false } as const
const FAILED = { kind: 'failed', phase: 'http', latencyMs: 1, evidence: 'status 500' } as const
const LIMIT = { kind: 'unusable', reason: 'our own limit' } as const
const BLOCKED = { kind: 'unusable', reason: 'blocked' } as const

/** A probe that answers as told, and how often it was asked. */
function setUp() {
  const clock = createFakeClock()
  let asked = 0
  let next: OnlineResult = OK
  const probe = createPacedProbe(async () => {
    asked += 1
    return next
  }, clock)
  return {
    clock,
    asked: () => asked,
    ask: (result: OnlineResult) => {
      next = result
      return probe(1_000)
    },
  }
}

const limited: OnlineResult = { ...LIMIT, ownLimit: true }

test('without a limit each turn asks, and its result is what comes', async () => {
  const { ask, asked } = setUp()
  for (const result of [OK, FAILED, FAILED, BLOCKED, OK]) expect(await ask(result)).toEqual(result)
  expect(asked()).toBe(5)
})

test('where the limit leaves no room the last good answer stands for half a minute', async () => {
  const { ask, clock } = setUp()
  await ask(OK)
  await clock.advance(30_000)
  expect(await ask(limited)).toEqual(OK)
  await clock.advance(1)
  expect(await ask(limited)).toEqual(LIMIT)
})

test('a failure stands only when the service failed twice', async () => {
  const { ask } = setUp()
  await ask(OK)
  await ask(FAILED)
  expect(await ask(limited)).toEqual(LIMIT)
  await ask(FAILED)
  expect(await ask(limited)).toEqual(FAILED)
})

test.each([[LIMIT], [BLOCKED], [{ kind: 'own-fault', reason: 'EMFILE' } as const]])(
  'what is no answer never stands: %j',
  async (result) => {
    const { ask } = setUp()
    await ask(OK)
    await ask(result)
    expect(await ask(limited)).toEqual(LIMIT)
  },
)

test('while calls are short an answer of five seconds leaves the next ones to others', async () => {
  const { ask, asked, clock } = setUp()
  await ask(OK)
  await clock.advance(4_000)
  await ask(limited)
  expect(await ask(FAILED)).toEqual(OK)
  expect(asked()).toBe(2)
  await clock.advance(1_001)
  // Its second try asks as well: one failure proves nothing.
  expect(await ask(FAILED)).toEqual(FAILED)
  expect(await ask(FAILED)).toEqual(FAILED)
  expect(await ask(OK)).toEqual(FAILED)
  expect(asked()).toBe(4)
  await clock.advance(60_000)
  expect(await ask(OK)).toEqual(OK)
  expect(await ask(OK)).toEqual(OK)
  expect(asked()).toBe(6)
})
