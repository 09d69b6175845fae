import { describe, expect, test } from 'vitest'
import { blindSince } from '../../src/core/freshness/blindness.ts'
import type { UnusableCause } from '../../src/core/outage/verdict.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { ACTIVITY, LOGIN, type OnlineBehaviour } from '../support/fake-online.ts'
import { T0 } from '../support/fleet-scenario.ts'
import { type Polling, startPolling, statePathOf } from './online-rig.ts'

const status = (code: number, body = '{}'): OnlineBehaviour => ({ kind: 'answer', status: code, body })
const code = (number: number, message = ''): OnlineBehaviour => ({
  kind: 'answer',
  json: { code: number, message },
})

const LOOK = 'see the page of the service'
const RIGHTS = 'ask Omnicomm support'
const REPORT = 'report this'

/** What the poller makes of an answer, by the tables of reference/omnicomm-online-api.md 8.1 and 8.2. */
const REACTIONS: readonly [string, OnlineBehaviour, trouble: string, polls: number, logins: number][] = [
  ['status 400', status(400), REPORT, 6, 1],
  // Each poll begins with a new session, and what is refused to that is not asked a second time.
  ['status 401 to every token', status(401), RIGHTS, 6, 6],
  ['status 403', status(403), RIGHTS, 6, 1],
  ['status 404', status(404, 'PATH Not found'), 'check baseUrl', 6, 1],
  ['status 429', status(429), 'blocked for too many calls', 1, 1],
  ['status 500', status(500), LOOK, 6, 1],
  ['status 502', status(502), LOOK, 6, 1],
  ['status 503', status(503), LOOK, 6, 1],
  ['status 504', status(504), LOOK, 6, 1],
  ['a connection that breaks', { kind: 'reset' }, LOOK, 6, 1],
  ['an answer that breaks off', { kind: 'cut' }, LOOK, 6, 1],
  ['a page in place of JSON', status(200, '<title>Sorry</title>'), LOOK, 6, 1],
  ['code 1', code(1), 'correct login and password', 1, 1],
  ['code 2 to every token', code(2), RIGHTS, 6, 6],
  ['code 3 to every token', code(3, 'dead session'), RIGHTS, 6, 6],
  ['code 3 that is about the request', code(3, 'timeBegin is required'), REPORT, 6, 1],
  ['code 4', code(4), REPORT, 6, 1],
  ['code 5', code(5), 'bad object', 6, 1],
  ['code 6', code(6), 'use an ordinary account', 1, 1],
  ['code 7', code(7), 'unusable object', 6, 1],
  ['code 8', code(8), REPORT, 6, 1],
  ['code 9', code(9), 'access denied', 6, 1],
  ['code 10', code(10), 'data not found', 6, 1],
  ['code 11', code(11), 'blocked interval', 6, 1],
  ['code 12', code(12), REPORT, 6, 1],
  ['code 13', code(13), REPORT, 6, 1],
  ['code 14', code(14), LOOK, 6, 1],
  ['code 15', code(15), REPORT, 6, 1],
]

/** Which of these troubles are the account's, by what they say: operators are told of them. */
const CAUSES: Readonly<Record<string, UnusableCause>> = {
  [RIGHTS]: 'rights',
  'blocked for too many calls': 'blocked',
  'correct login and password': 'credentials',
  'use an ordinary account': 'credentials',
}

describe('a poll that is answered by', () => {
  test.each(REACTIONS)(
    '%s is no good one, says what to do and is not repeated out of turn; operators hear what is wrong with the account',
    async (...row) => {
      const [, behaviour, trouble, polls, logins] = row
      await using polling = await startPolling()
      const { clock, online } = polling
      online.on(ACTIVITY, behaviour)
      await clock.advance(5 * MINUTE + SECOND)
      expect(polling.trouble()).toContain(trouble)
      expect([online.count(ACTIVITY), online.count(LOGIN)]).toEqual([polls, logins])
      expect(polling.poller().health().connected).toBe(false)
      expect(blindSince(polling.watch().blindness)).not.toBeNull()
      expect(polling.logged('polling is in trouble')).toHaveLength(1)
      const cause = CAUSES[trouble]
      const alarm = {
        topic: 'account-unusable',
        key: 'main',
        cause,
        reason: expect.stringContaining(trouble),
        ...(cause === 'rights' && { part: 'activity' }),
      }
      // At every poll: who tells operators does so once a day.
      expect(polling.notices).toEqual(cause ? Array(6).fill(alarm) : [])
      expect([...polling.station().fleet.inventory]).toEqual([])
      expect(await polling.poller().ask('1')).toMatchObject({ kind: 'refused', reason: polling.trouble() })
    },
  )

  test('code 0, or an answer after a session that was over, is good', async () => {
    await using polling = await startPolling()
    const { clock, online, serve } = polling
    serve({ 1: T0 })
    await clock.advance(SECOND)
    online.endSessions()
    await clock.advance(MINUTE)
    expect(polling.trouble()).toBeNull()
    expect(polling.watch().polls?.answeredAt).toBe(T0 + MINUTE)
  })
})

/** A poller whose account has a silent terminal 1, and 2 and 3 that are silent too. */
async function withSuspects(): Promise<Polling> {
  const polling = await startPolling()
  polling.serve({ 1: T0 - 40 * MINUTE, 2: T0 - 41 * MINUTE, 3: T0 - 42 * MINUTE })
  for (const id of [2, 3]) {
    polling.online.on(statePathOf(id), { kind: 'answer', json: { lastDataDate: (T0 - 42 * MINUTE) / 1000 } })
  }
  return polling
}

/** How the state of terminal 1 is taken: about this vehicle alone, or as a trouble that stops all such questions. */
const STATES: readonly [string, OnlineBehaviour, about: 'vehicle' | 'all', text: string][] = [
  ['status 400', status(400), 'vehicle', REPORT],
  ['status 403', status(403), 'all', RIGHTS],
  ['status 404', status(404, 'PATH Not found'), 'vehicle', 'status 404'],
  ['status 429', status(429), 'all', 'blocked'],
  ['status 500', status(500), 'all', LOOK],
  ['status 503', status(503), 'all', LOOK],
  ['code 1', code(1), 'all', 'correct login and password'],
  ['code 4', code(4), 'vehicle', REPORT],
  ['code 5', code(5), 'vehicle', 'bad object'],
  ['code 6', code(6), 'all', 'use an ordinary account'],
  ['code 7', code(7), 'vehicle', 'unusable object'],
  ['code 8', code(8), 'vehicle', REPORT],
  ['code 9', code(9), 'vehicle', 'access denied'],
  ['code 10', code(10), 'vehicle', 'data not found'],
  ['code 11', code(11), 'vehicle', 'blocked interval'],
  ['code 12', code(12), 'vehicle', REPORT],
  ['code 13', code(13), 'vehicle', REPORT],
  ['code 14', code(14), 'all', LOOK],
  ['code 15', code(15), 'vehicle', REPORT],
  ['no data', { kind: 'answer', json: { address: '' } }, 'vehicle', 'no data'],
]

describe('a question about one terminal that is answered by', () => {
  test.each(STATES)('%s', async (_name, behaviour, about, text) => {
    await using polling = await withSuspects()
    const { clock, online } = polling
    online.on(statePathOf(1), behaviour)
    // The first question is asked after four seconds, for the terminal that was heard last.
    await clock.advance(13 * SECOND)
    expect(online.count(statePathOf(1))).toBe(1)
    const asked = [2, 3].map((id) => online.count(statePathOf(id)))
    expect(asked).toEqual(about === 'vehicle' ? [1, 1] : [0, 0])
    if (about === 'vehicle') expect(polling.poller().remark('1')).toContain(text)
    else expect(polling.trouble()).toContain(text)
    // None of it makes the polls worse.
    expect(blindSince(polling.watch().blindness)).toBeNull()
  })
})
