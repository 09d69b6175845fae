import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOnlineClients } from '../../../src/adapters/omnicomm-online/clients.ts'
import { USER_RATE } from '../../../src/core/online/rate.ts'
import type { HttpCall } from '../../../src/ports.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'

const MINUTE = 60_000
/** So long a call waits for its turn when the burst is used up. */
const TURN_MS = MINUTE / USER_RATE.perMinute
const STATE = '/ls/api/v1/vehicles/1/state'

/** A service that answers everything at once, and what it was asked when. */
function setUp(answerTo: (path: string) => number = () => 200) {
  const clock = createFakeClock()
  const sent: { readonly path: string; readonly at: number; readonly token: string | undefined }[] = []
  const call: HttpCall = async ({ url, headers }) => {
    const path = new URL(url).pathname
    sent.push({ path, at: clock.monotonic(), token: headers?.['Authorization'] })
    const body = path.startsWith('/auth') ? '{"jwt":"a","refresh":"r"}' : '{"status":true}'
    return { kind: 'answered', status: answerTo(path), headers: {}, body, latencyMs: 0 }
  }
  const clients = createOnlineClients({ clock, log: createRecordingLog(), call })
  const of = (id: string, login: string, password = 'p') =>
    clients.of({ id, baseUrl: 'https://online.example', login, password })
  const times = (path: string) => sent.filter((one) => one.path.startsWith(path)).map(({ at }) => at)
  return { clock, sent, of, times }
}

/** The most of `times` within any 60 s. */
function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + MINUTE).length))
}

/** Waits for what may itself wait until the clock has moved. */
async function ended(clock: FakeClock, work: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = work.finally(() => {
    isOver = true
  })
  for (await turns(); !isOver; await turns()) await clock.advance(1)
  await over
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve()
}

const GET = { timeoutMs: 25_000, maxBytes: 1000 }

test('two components and a reload share one budget, whatever they are configured to ask', async () => {
  const { clock, of, times } = setUp()
  for (let round = 0; round < 300; round++) {
    // Two accounts of one user, of which one is configured anew again and again.
    void of('first', 'Watcher').get(STATE, GET)
    void of('second', 'watcher ', `p${Math.floor(round / 20)}`).get(STATE, GET)
    await clock.advance(500)
  }
  await clock.advance(MINUTE)
  expect(times('/ls').length).toBeGreaterThan(100)
  expect(mostInAMinute(times('/ls'))).toBeLessThanOrEqual(60)
})

test('logins of all accounts share one budget far below what is documented', async () => {
  const { clock, of, times } = setUp()
  for (let round = 0; round < 300; round++) {
    void of(`a${round % 10}`, `user${round % 10}`).login(25_000)
    await clock.advance(200)
  }
  await clock.advance(MINUTE)
  expect(times('/auth').length).toBeGreaterThan(30)
  expect(mostInAMinute(times('/auth'))).toBeLessThanOrEqual(45)
})

test('a call for which no token comes in time is our own limit, never an outage, and waiting is no latency', async () => {
  const { clock, of } = setUp()
  const client = of('main', 'watcher')
  await Promise.all(Array.from({ length: USER_RATE.burst }, () => client.get(STATE, GET)))
  const waiting = client.get(STATE, GET)
  const late = client.get(STATE, { ...GET, timeoutMs: 3_500 })
  await turns()
  await clock.advance(TURN_MS)
  expect(await waiting).toMatchObject({ kind: 'answered', latencyMs: 0 })
  expect(await late).toMatchObject({
    kind: 'unusable',
    cause: 'budget',
    reason: expect.stringContaining('a longer every'),
  })
})

test('an answer that does not come within what waiting left of the time is our own limit too', async () => {
  const clock = createFakeClock()
  let isSilent = false
  const call: HttpCall = ({ url }, timeoutMs) =>
    isSilent
      ? new Promise((resolve) => {
          const failed = { kind: 'failed', phase: 'timeout', latencyMs: timeoutMs, evidence: '' } as const
          clock.after(timeoutMs, () => resolve(failed))
        })
      : Promise.resolve({
          kind: 'answered',
          status: 200,
          headers: {},
          body: url.includes('/auth') ? '{"jwt":"a"}' : '{"status":true}',
          latencyMs: 0,
        })
  const clients = createOnlineClients({ clock, log: createRecordingLog(), call })
  const client = clients.of({ id: 'a', baseUrl: 'https://o.example', login: 'l', password: 'p' })
  await Promise.all(Array.from({ length: USER_RATE.burst }, () => client.get(STATE, GET)))
  isSilent = true
  const pending = client.get(STATE, { ...GET, timeoutMs: 2 * TURN_MS })
  await turns()
  await clock.advance(TURN_MS)
  // The call itself gets its timer only when the wait is over.
  await turns()
  await clock.advance(TURN_MS)
  expect(await pending).toMatchObject({ kind: 'unusable', cause: 'budget' })
})

test('a refusal of exactly a minute ago still counts', async () => {
  const { clock, of, sent } = setUp((path) => (path === '/auth/login' ? 200 : 401))
  const refuse = async () => {
    for (const number of [1, 2, 3, 4, 5, 6]) {
      await of(`a${number}`, `user${number}`).get(STATE, { timeoutMs: 1, maxBytes: 1000 })
    }
  }
  await refuse()
  await clock.advance(MINUTE)
  await ended(clock, refuse())
  const refused = sent.filter(({ path }) => path !== '/auth/login').map(({ at }) => at)
  expect(refused.length).toBeGreaterThan(0)
  expect(mostInAMinute(refused)).toBeLessThanOrEqual(10)
})

test('tokens that are refused stop everything before the address is blocked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(7), fc.boolean(), fc.nat(20_000)), { minLength: 20, maxLength: 60 }),
      async (steps) => {
        const { clock, of, sent } = setUp((path) => (path === '/auth/login' ? 200 : 401))
        for (const [number, isLogin, pauseMs] of steps) {
          const client = of(`a${number}`, `user${number}`)
          const call = isLogin ? client.login(1) : client.get(STATE, { timeoutMs: 1, maxBytes: 1000 })
          await ended(clock, call)
          await clock.advance(pauseMs)
        }
        const refused = sent.filter(({ path }) => path !== '/auth/login').map(({ at }) => at)
        expect(mostInAMinute(refused)).toBeLessThanOrEqual(10)
      },
    ),
    { numRuns: 50, endOnFailure: true },
  )
})
