import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import {
  ADMIN_TOKEN,
  type AppWorld,
  appDeps,
  appOptions,
  createWorld,
  PUSH_TOKEN,
  tokenOf,
} from '../../support/app-deps.ts'
import { until } from '../../support/until.ts'

const MEBIBYTE = 1024 * 1024

let world: AppWorld
let push: (
  body: Uint8Array<ArrayBuffer> | string,
  headers?: Record<string, string>,
  source?: string,
) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  push = async (body, headers = { 'X-Token': PUSH_TOKEN }, source = 'push') =>
    app.request(`/api/v1/ingest/${source}`, { method: 'POST', headers, body })
})

describe('push', () => {
  test.each([
    ['X-Token', PUSH_TOKEN],
    ['Authorization', `Bearer ${PUSH_TOKEN}`],
    ['Authorization', `bearer ${PUSH_TOKEN}`],
  ])('takes the token of the source as %s: %s', async (name, value) => {
    world.pushResult = { kind: 'accepted', accepted: 2, rejected: [{ index: 1, reason: 'no-terminal' }] }
    const response = await push('{}', { [name]: value })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ accepted: 2, rejected: [{ index: 1, reason: 'no-terminal' }] })
    expect(Buffer.from(world.pushed[0] ?? []).toString()).toBe('{}')
  })

  test('takes the token of the source beside that of somebody else', async () => {
    const other = { Authorization: 'Bearer of-a-proxy' }
    expect((await push('{}', { ...other, 'X-Token': PUSH_TOKEN })).status).toBe(202)
    expect((await push('{}', { ...other, 'X-Token': 'x' })).status).toBe(401)
    expect((await push('{}', { ...(await tokenOf(world, 'ingest')), 'X-Token': 'x' })).status).toBe(202)
  })

  test('answers with the status that the source wants', async () => {
    expect((await push('{}', { 'X-Token': 'f' }, 'flespi')).status).toBe(200)
  })

  test.each([
    ['no token', {}],
    ['an empty token', { 'X-Token': '' }],
    ['another token', { 'X-Token': 'x' }],
    ['the token of another source', { 'X-Token': 'f' }],
  ])('with %s is 401 and is not read', async (_name, headers) => {
    const response = await push('{}', headers)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(world.pushed).toEqual([])
  })

  test('takes the token of an ingest account for every source', async () => {
    const headers = await tokenOf(world, 'ingest')
    expect((await push('{}', headers)).status).toBe(202)
    expect((await push('{}', headers, 'flespi')).status).toBe(200)
    expect((await push('{}', headers, 'nobody')).status).toBe(404)
  })

  test.each(['admin', 'operator', 'dealer'] as const)('with the token of a %s is 403', async (role) => {
    expect((await push('{}', await tokenOf(world, role))).status).toBe(403)
    expect((await push('{}', { Authorization: `Bearer ${ADMIN_TOKEN}` })).status).toBe(403)
    expect(world.pushed).toEqual([])
  })

  test('to an unknown source is 404', async () => {
    expect((await push('{}', { 'X-Token': PUSH_TOKEN }, 'nobody')).status).toBe(404)
  })

  test('unpacks gzip, also when the header is missing', async () => {
    const packed = new Uint8Array(gzipSync('{"a":1}'))
    await push(packed, { 'X-Token': PUSH_TOKEN, 'Content-Encoding': 'gzip' })
    await push(packed)
    expect(world.pushed.map((bytes) => Buffer.from(bytes).toString())).toEqual(['{"a":1}', '{"a":1}'])
  })

  test.each([
    ['gzip that is damaged', new Uint8Array([0x1f, 0x8b, 1, 2, 3]), 'gzip'],
    ['gzip that is none', new TextEncoder().encode('{}'), 'gzip'],
    ['another encoding', new TextEncoder().encode('{}'), 'br'],
  ])('of %s is 400', async (_name, body, encoding) => {
    const response = await push(body, { 'X-Token': PUSH_TOKEN, 'Content-Encoding': encoding })
    expect(response.status).toBe(400)
    expect(world.pushed).toEqual([])
    expect(world.refused).toEqual(['push not-json'])
  })

  test('takes 16 MiB and refuses a byte more, plain and unpacked', async () => {
    expect((await push('x'.repeat(16 * MEBIBYTE))).status).toBe(202)
    expect((await push('x'.repeat(16 * MEBIBYTE + 1))).status).toBe(413)
    expect((await push(new Uint8Array(gzipSync('x'.repeat(16 * MEBIBYTE))))).status).toBe(202)
    expect((await push(new Uint8Array(gzipSync('x'.repeat(16 * MEBIBYTE + 1))))).status).toBe(413)
    expect(world.refused).toEqual(['push too-large', 'push too-large'])
  })

  test.each([
    [{ kind: 'unreadable', reason: 'nothing' } as const, 400],
    [{ kind: 'too-large', reason: 'too many' } as const, 413],
    [{ kind: 'busy' } as const, 429],
  ])('answered with %j by the reader is %i', async (result, status) => {
    world.pushResult = result
    const response = await push('x')
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '1' : null)
  })

  test('of many large bodies at once unpacks a few at a time, and small ones meanwhile', async () => {
    const waiting: (() => void)[] = []
    const deps = appDeps(world)
    const app = createApp(
      {
        ...deps,
        push: {
          ...deps.push,
          push: async (id, body) => {
            if (body.byteLength > MEBIBYTE) await new Promise<void>((resolve) => waiting.push(resolve))
            return deps.push.push(id, body)
          },
        },
      },
      appOptions(),
    )
    const send = (body: Uint8Array<ArrayBuffer>) =>
      app.request('/api/v1/ingest/push', { method: 'POST', headers: { 'X-Token': PUSH_TOKEN }, body })
    const packed = new Uint8Array(gzipSync('x'.repeat(2 * MEBIBYTE)))
    const large = Array.from({ length: 10 }, () => send(packed))
    const taken: number[] = []
    while (world.pushed.length < 10) {
      await until(() => waiting.length === Math.min(4, 10 - world.pushed.length))
      expect((await send(new Uint8Array(gzipSync('{"a":1}')))).status).toBe(202)
      world.pushed.pop()
      taken.push(waiting.length)
      for (const go of waiting.splice(0)) go()
      await until(() => world.pushed.length >= taken.reduce((all, count) => all + count, 0))
    }
    expect(taken).toEqual([4, 4, 2])
    expect((await Promise.all(large)).map(({ status }) => status)).toEqual(Array(10).fill(202))
  })
})
