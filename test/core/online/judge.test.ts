import { describe, expect, test } from 'vitest'
import { type Answered, judgeAnswer, judgeFreshTokenRefused } from '../../../src/core/online/judge.ts'
import { readReply } from '../../../src/core/online/reply.ts'

function judge(
  call: Answered['call'],
  status: number,
  body: unknown = {},
  workedBefore = false,
): ReturnType<typeof judgeAnswer> {
  const reply = readReply(typeof body === 'string' ? body : JSON.stringify(body))
  return judgeAnswer({ call, path: '/p', status, reply, workedBefore })
}

/** The kind, with the cause or phase. */
function short(judgement: ReturnType<typeof judgeAnswer>): string {
  switch (judgement.kind) {
    case 'unusable':
      return `unusable ${judgement.cause}`
    case 'failed':
      return `failed ${judgement.phase}`
    case 'good':
    case 'session-over':
      return judgement.kind
  }
}

const TOKENS = { jwt: 'a.b.c', refresh: 'd' }

describe('by status', () => {
  test.each([
    [200, 'good', 'failed login', 'failed login'],
    [204, 'good', 'failed login', 'failed login'],
    [302, 'unusable request', 'unusable request', 'failed http'],
    [400, 'unusable request', 'unusable request', 'unusable request'],
    [401, 'session-over', 'unusable credentials', 'session-over'],
    [403, 'unusable rights', 'unusable credentials', 'unusable rights'],
    [404, 'unusable request', 'unusable request', 'failed http'],
    [405, 'unusable request', 'unusable request', 'unusable request'],
    [408, 'failed http', 'failed login', 'failed http'],
    [429, 'unusable blocked', 'unusable blocked', 'unusable blocked'],
    [500, 'failed http', 'failed login', 'failed http'],
    [502, 'failed http', 'failed login', 'failed http'],
    [503, 'failed http', 'failed login', 'failed http'],
    [504, 'failed http', 'failed login', 'failed http'],
    [101, 'failed http', 'failed login', 'failed http'],
  ])('%i: a call %s, a login %s', (status, data, login, workedBefore) => {
    expect(short(judge('data', status))).toBe(data)
    expect(short(judge('login', status))).toBe(login)
    if (status >= 300) expect(short(judge('data', status, {}, true))).toBe(workedBefore)
  })

  test.each([401, 403])('%i on a refresh: that token is over', (status) => {
    expect(short(judge('refresh', status))).toBe('session-over')
  })

  test('tokens are what a login and a refresh are good for', () => {
    expect([short(judge('login', 200, TOKENS)), short(judge('refresh', 200, TOKENS))]).toEqual([
      'good',
      'good',
    ])
  })

  test('a body that is no JSON is a fault whatever its status says', () => {
    expect(judge('data', 200, '<title>Sorry</title>')).toEqual({
      kind: 'failed',
      phase: 'assert',
      evidence: '/p: status 200, a page "Sorry"',
    })
    expect(judge('data', 200, ' ')).toMatchObject({ evidence: '/p: status 200, an empty body' })
  })
})

describe('by code in a body of status 200', () => {
  test.each([
    [0, 'good', 'failed login'],
    [1, 'unusable credentials', 'unusable credentials'],
    [2, 'session-over', 'unusable request'],
    [3, 'session-over', 'unusable request'],
    [4, 'unusable request', 'unusable request'],
    [5, 'unusable vehicle', 'unusable credentials'],
    [6, 'unusable credentials', 'unusable credentials'],
    [7, 'unusable vehicle', 'unusable credentials'],
    [8, 'unusable request', 'unusable request'],
    [9, 'unusable vehicle', 'unusable credentials'],
    [10, 'unusable vehicle', 'unusable credentials'],
    [11, 'unusable vehicle', 'unusable credentials'],
    [12, 'unusable request', 'unusable request'],
    [13, 'unusable request', 'unusable request'],
    [14, 'failed assert', 'failed login'],
    [15, 'unusable request', 'unusable request'],
    [99, 'unusable request', 'unusable request'],
  ])('%i: a call %s, a login %s', (code, data, login) => {
    for (const body of [
      { code },
      { errorCode: `${code}` },
      { error: code },
      { err: code },
      { status: { code } },
    ]) {
      expect(short(judge('data', 200, body))).toBe(data)
    }
    expect(short(judge('login', 200, { code }))).toBe(login)
  })

  test('15 on a path that worked before is a fault', () => {
    expect(short(judge('data', 200, { code: 15 }, true))).toBe('failed assert')
  })

  test.each([
    ['timeBegin is required', 'unusable request'],
    ['не указан параметр', 'unusable request'],
    ['session is required', 'session-over'],
    ['Dead session', 'session-over'],
    ['сессия закрыта', 'session-over'],
    ['', 'session-over'],
  ])('3 with the text "%s": %s', (message, kind) => {
    expect(short(judge('data', 200, { code: 3, message }))).toBe(kind)
  })

  test('a server that fails is believed before its body', () => {
    expect(short(judge('data', 503, { code: 1 }))).toBe('failed http')
  })

  test('evidence names path, status, code and text', () => {
    expect(judge('data', 200, { status: { code: 14, message: 'broken\nline' } })).toMatchObject({
      evidence: '/p: status 200, code 14 (undefined error): broken line',
    })
  })
})

describe('by code in a body of another status', () => {
  test.each([
    [401, 401, 'session-over', 'session-over'],
    [401, 1, 'session-over', 'session-over'],
    [401, 9, 'session-over', 'session-over'],
    [403, 403, 'unusable rights', 'session-over'],
    [403, 1004, 'unusable rights', 'session-over'],
    [403, 9, 'unusable vehicle', 'unusable credentials'],
    [403, 3, 'session-over', 'session-over'],
    [404, 404, 'unusable request', 'unusable request'],
    [404, 10, 'unusable vehicle', 'unusable credentials'],
    [400, 2, 'session-over', 'session-over'],
    [400, 99, 'unusable request', 'unusable request'],
    [408, 408, 'failed http', 'failed login'],
  ])('a refusal by status %i and code %i: a call %s, a refresh %s', (status, code, data, refresh) => {
    for (const body of [{ code, message: 'Expired JWT Token' }, { error: { code } }]) {
      expect(short(judge('data', status, body))).toBe(data)
      expect(short(judge('refresh', status, body))).toBe(refresh)
    }
  })

  test('a path that worked before and is gone is a fault, though the body repeats the status', () => {
    expect(short(judge('data', 404, { code: 404 }, true))).toBe('failed http')
  })
})

test('a fresh token that is refused is a fault only where the path had worked', () => {
  expect(judgeFreshTokenRefused('status 401', true)).toMatchObject({ kind: 'failed', phase: 'http' })
  expect(judgeFreshTokenRefused('status 401', false)).toMatchObject({ kind: 'unusable', cause: 'rights' })
})
