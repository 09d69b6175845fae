import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { type Listening, listen } from '../../src/http/server.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  PUSH_TOKEN,
  terminal,
} from '../support/app-deps.ts'

const MEBIBYTE = 1024 * 1024

let world: AppWorld
let server: Listening
let base: string
const sockets: Socket[] = []

beforeEach(async () => {
  world = createWorld()
  server = await listen(createApp(appDeps(world), appOptions()), '127.0.0.1', 0)
  base = `http://127.0.0.1:${server.port}`
})

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.close()
})

/** Sends raw bytes and collects what comes back until the other side closes. */
function raw(...parts: readonly string[]): { answer: Promise<string>; socket: Socket } {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  const answer = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', () => resolve(text))
  })
  for (const part of parts) socket.write(part)
  return { answer, socket }
}

describe('over a real connection', () => {
  test('a local caller reads the metrics, one behind a proxy does not', async () => {
    expect((await fetch(`${base}/metrics`)).status).toBe(200)
    expect((await fetch(`${base}/metrics`, { headers: { 'X-Forwarded-For': '192.0.2.1' } })).status).toBe(401)
  })

  test.each(['/login', '/users', '/api/v1/users'])('TRACE %s is no fault of the program', async (path) => {
    const { answer } = raw(`TRACE ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(await answer).toMatch(/^HTTP\/1.1 4\d\d /)
    expect(world.log.lines).toEqual([])
  })

  test('a pushed body arrives byte by byte, with a length and in chunks', async () => {
    const url = `${base}/api/v1/ingest/push`
    const headers = { 'X-Token': PUSH_TOKEN }
    const body = '{"ident":"Ж"}\n'.repeat(1000)
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(202)
    const stream = new Blob([body]).stream()
    expect((await fetch(url, { method: 'POST', headers, body: stream, duplex: 'half' })).status).toBe(202)
    expect(world.pushed.map((bytes) => Buffer.from(bytes).toString())).toEqual([body, body])
  })

  test('a body in chunks is refused when it passes 16 MiB', async () => {
    const stream = new Blob(['x'.repeat(17 * MEBIBYTE)]).stream()
    const response = await fetch(`${base}/api/v1/ingest/push`, {
      method: 'POST',
      headers: { 'X-Token': PUSH_TOKEN },
      body: stream,
      duplex: 'half',
    })
    expect(response.status).toBe(413)
    expect(world.pushed).toEqual([])
  })

  test.each([
    ['PUT', '/api/v1/terminals/1/lifecycle', '{"lifecycle":"active"}', 200],
    ['POST', '/api/v1/maintenance', '{"from":"2026-01-16T00:00:00Z","to":"2026-01-16T01:00:00Z"}', 201],
    ['POST', '/api/v1/maintenance', '{"from":', 400],
    ['POST', '/api/v1/maintenance', `"${'x'.repeat(MEBIBYTE)}"`, 413],
    ['POST', '/login', 'user=admin&password=wrong', 401],
    ['POST', '/login', `user=${'x'.repeat(100_000)}`, 413],
  ])('%s %s takes a body in chunks', async (method, path, text, status) => {
    world.terminals = [terminal({ id: '1' })]
    const type = path === '/login' ? 'application/x-www-form-urlencoded' : 'application/json'
    const headers = { ...BY_TOKEN, 'Content-Type': type }
    const body = new Blob([text]).stream()
    const response = await fetch(base + path, { method, headers, body, duplex: 'half', redirect: 'manual' })
    expect(response.status).toBe(status)
  })

  test.each([
    ['DELETE', '/api/v1/maintenance/1', 204],
    ['POST', '/api/v1/maintenance', 400],
    ['PUT', '/api/v1/terminals', 405],
    ['PATCH', '/login', 405],
    ['POST', '/logout', 303],
  ])(
    '%s %s takes a request without a body and without its length, as curl sends it',
    async (method, path, status) => {
      world.windows = [{ id: '1', from: NOW + 1, to: NOW + 2, reason: '' }]
      const head = [`${method} ${path} HTTP/1.1`, 'Host: x', 'Connection: close']
      const { answer } = raw(`${[...head, `Authorization: ${BY_TOKEN.Authorization}`].join('\r\n')}\r\n\r\n`)
      expect((await answer).split('\r\n')[0]).toContain(` ${status} `)
    },
  )

  test('a body of another type than JSON is unreadable', async () => {
    const response = await fetch(`${base}/api/v1/maintenance`, {
      method: 'POST',
      headers: BY_TOKEN,
      body: 'x',
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.text()).toContain('Content-Type: application/json')
  })

  test('a body that is announced too large is refused before it is sent', async () => {
    const head = [
      'POST /api/v1/ingest/push HTTP/1.1',
      'Host: x',
      `X-Token: ${PUSH_TOKEN}`,
      `Content-Length: ${17 * MEBIBYTE}`,
    ]
    expect(await raw(`${head.join('\r\n')}\r\n\r\n`).answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('a large CSV is streamed to its end', async () => {
    world.terminals = Array.from({ length: 5000 }, (_, i) =>
      terminal({ id: String(i), name: 'x'.repeat(100) }),
    )
    const response = await fetch(`${base}/api/v1/terminals`, { headers: { ...BY_TOKEN, Accept: 'text/csv' } })
    expect((await response.text()).split('\r\n')).toHaveLength(5002)
  })

  test('HEAD is answered without a body', async () => {
    const response = await fetch(`${base}/healthz`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  test('a caller who names no host, as HTTP/1.0 allows, is answered, and no page is of his site', async () => {
    expect(await raw('GET /healthz HTTP/1.0\r\n\r\n').answer).toMatch(/^HTTP\/1\.1 200 /)
    const from = (origin: string) => raw(`POST /logout HTTP/1.0\r\nOrigin: ${origin}\r\n\r\n`).answer
    expect(await from('http://localhost')).toMatch(/^HTTP\/1\.1 403 /)
    expect(await from(base)).toMatch(/^HTTP\/1\.1 403 /)
  })
})

describe('the server', () => {
  test('names the setting when its port is taken', async () => {
    const second = listen(createApp(appDeps(world), appOptions()), '127.0.0.1', server.port)
    await expect(second).rejects.toThrow(
      `http.port: ${server.port} on 127.0.0.1 is in use by another program; stop it or set another port`,
    )
  })

  test('names the setting when its host is no address of this machine', async () => {
    const second = listen(createApp(appDeps(world), appOptions()), '192.0.2.1', 0)
    await expect(second).rejects.toThrow('http.host: 192.0.2.1 is no address of this machine')
  })

  test('closes within two seconds although connections hang', async () => {
    raw('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    const half = raw(
      'POST /api/v1/ingest/push HTTP/1.1\r\nHost: x\r\nX-Token: push-token\r\nContent-Length: 9\r\n\r\n',
    )
    await new Promise<void>((resolve) => half.socket.once('connect', () => resolve()))
    const before = performance.now()
    await server.close()
    expect(performance.now() - before).toBeLessThan(2000)
    await expect(fetch(`${base}/healthz`)).rejects.toThrow()
  })
})
