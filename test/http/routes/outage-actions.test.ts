import { beforeEach, describe, expect, test } from 'vitest'
import { NO_BULLETINS, UNHANDLED } from '../../../src/core/outage/handling.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  outage,
} from '../../support/app-deps.ts'

const ID = '20260115T085500Z'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.outages = [outage({ id: ID, state: 'open', end: null })]
})

async function act(action: string, body?: unknown, id = ID): Promise<Response> {
  const app = createApp(appDeps(world), appOptions())
  const json =
    body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  const address = { incoming: { socket: { remoteAddress: '192.0.2.7' } } }
  const init = { method: 'POST', ...json, headers: { ...BY_TOKEN, ...json.headers } }
  return app.request(`/api/v1/outages/${id}/${action}`, init, address)
}

const one = async (): Promise<unknown> => {
  const app = createApp(appDeps(world), appOptions())
  return (await app.request(`/api/v1/outages/${ID}`, { headers: BY_TOKEN })).json()
}

describe('the expected time', () => {
  test('is stored with note, author and time, and the answer is the outage', async () => {
    const response = await act('expected-resolution', { at: '2026-01-15T12:00:00Z', note: ' new disks ' })
    expect(response.status).toBe(200)
    const body: unknown = await response.json()
    expect(body).toMatchObject({
      id: ID,
      expectedResolution: {
        at: '2026-01-15T12:00:00.000Z',
        note: 'new disks',
        by: 'admin',
        setAt: '2026-01-15T10:00:00.000Z',
      },
      letters: [],
      timeline: [],
    })
    expect(await one()).toEqual(body)
  })

  test('is withdrawn with null; the note may be left out', async () => {
    await act('expected-resolution', { at: '2026-01-15T12:00:00Z' })
    const response = await act('expected-resolution', { at: null })
    expect(await response.json()).toMatchObject({ expectedResolution: { at: null, note: '' } })
  })

  test('without an offset is local time of the configured zone', async () => {
    const response = await act('expected-resolution', { at: '2026-01-15T15:00' })
    expect(await response.json()).toMatchObject({ expectedResolution: { at: '2026-01-15T12:00:00.000Z' } })
  })

  test.each([
    [{ at: '2026-01-15T10:00:00Z' }, 'body.at: must be in the future'],
    [{ at: '2026-01-14T10:00:00Z' }, 'body.at: must be in the future'],
    [{ at: '2062-01-15T10:00:00Z' }, 'body.at: must be within ten years'],
    [{ at: 'soon' }, 'body.at: is no ISO 8601 time'],
    [{ at: 5 }, 'body.at'],
    [{ note: 'x' }, 'body.at'],
    [{ at: null, note: 'x'.repeat(501) }, 'body.note: must have at most 500 characters'],
    [{ at: null, note: 'two\nlines' }, 'body.note: must be one line'],
    [{ at: null, extra: 1 }, 'extra'],
  ])('of %j is 422', async (body, fault) => {
    const response = await act('expected-resolution', body)
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(fault)
    expect(world.outages[0]?.handling).toEqual(UNHANDLED)
  })
})

describe('a message', () => {
  test('may have lines, whose ends become plain', async () => {
    const response = await act('message', { text: 'one\r\ntwo\n' })
    expect(await response.json()).toMatchObject({
      message: { text: 'one\ntwo', by: 'admin', at: '2026-01-15T10:00:00.000Z' },
    })
  })

  test('of exactly 1000 characters is taken', async () => {
    expect((await act('message', { text: 'x'.repeat(1000) })).status).toBe(200)
  })

  test.each([[{ text: '' }], [{ text: ' \n ' }], [{ text: 'x'.repeat(1001) }], [{ text: 'a\u0007b' }], [{}]])(
    'of %j is 422',
    async (body) => {
      expect((await act('message', body)).status).toBe(422)
    },
  )
})

describe('cancelling', () => {
  test('is stored with reason and author', async () => {
    const response = await act('cancel', { reason: 'our firewall' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      state: 'cancelled',
      cancelled: { reason: 'our firewall', by: 'admin' },
      nextLetterBy: null,
    })
  })

  test('needs a reason', async () => {
    expect((await act('cancel', { reason: '  ' })).status).toBe(422)
    expect((await act('cancel', { reason: 'x'.repeat(501) })).status).toBe(422)
    expect((await act('cancel', {})).status).toBe(422)
  })
})

test.each([
  ['confirm', 'confirmed'],
  ['send-letter', 'ordered'],
])('%s takes an empty body and none', async (action, field) => {
  expect((await act(action)).status).toBe(200)
  world.outages = [outage({ id: ID, state: 'open', end: null })]
  const response = await act(action, {})
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    [field]: { by: 'admin', at: '2026-01-15T10:00:00.000Z' },
  })
  expect((await act(action, { extra: 1 })).status).toBe(422)
})

describe('a refusal in words', () => {
  const written = { updates: 0, at: NOW - MINUTE, nextAt: NOW + HOUR }

  test.each([
    ['message', { text: 'x' }, { state: 'closed', end: NOW }, 'The outage is over'],
    ['confirm', {}, { state: 'cancelled' }, 'cancelled as false'],
    ['send-letter', {}, { letterDueAt: NOW - MINUTE, bulletins: written }, 'written already'],
    [
      'confirm',
      {},
      { handling: { ...UNHANDLED, confirmed: { by: 'b', at: NOW } } },
      'The outage is confirmed already.',
    ],
  ] as const)('of %s %j is 409', async (action, body, change, words) => {
    world.outages = [outage({ id: ID, state: 'open', end: null, ...change })]
    const response = await act(action, body)
    expect(response.status).toBe(409)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.text()).toContain(words)
  })

  test.each(['expected-resolution', 'message', 'cancel', 'confirm', 'send-letter'])(
    'of %s on an outage that does not exist is 404',
    async (action) => {
      const body = { 'expected-resolution': { at: null }, message: { text: 'x' }, cancel: { reason: 'x' } }
      expect(
        (await act(action, Object.entries(body).find(([name]) => name === action)?.[1], 'x')).status,
      ).toBe(404)
    },
  )
})

test('every action stands in the audit of the outage with who, how and from where', async () => {
  await act('confirm')
  await act('cancel', { reason: 'our firewall' })
  expect(await one()).toMatchObject({
    audit: [
      {
        at: '2026-01-15T10:00:00.000Z',
        by: 'admin',
        via: 'token',
        address: '192.0.2.7',
        action: 'outage.cancel',
        before: { state: 'open' },
        after: { state: 'cancelled' },
      },
      { action: 'outage.confirm' },
    ],
  })
})

test.each([
  [{ bulletins: { updates: 1, at: NOW, nextAt: NOW + HOUR } }, '2026-01-15T11:01:00.000Z'],
  [{ bulletins: { updates: 1, at: NOW, nextAt: NOW + HOUR + 1 } }, '2026-01-15T11:01:00.000Z'],
  [{ bulletins: NO_BULLETINS }, null],
  [{ bulletins: { updates: 1, at: NOW, nextAt: NOW + HOUR }, state: 'closed', end: NOW }, null],
  [{ bulletins: { updates: 1, at: NOW, nextAt: NOW + HOUR }, state: 'cancelled' }, null],
] as const)('the next letter of %j is promised by %s', async (change, promised) => {
  world.outages = [outage({ id: ID, state: 'open', end: null, ...change })]
  expect(await one()).toMatchObject({ nextLetterBy: promised })
})

test('the time of the early warning is told', async () => {
  world.outages = [outage({ id: ID, warnedAt: NOW - DAY })]
  expect(await one()).toMatchObject({ warnedAt: '2026-01-14T10:00:00.000Z' })
})
