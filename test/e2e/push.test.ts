import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Deployment, deployService, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const TOKEN = 'push-token'

let deployment: Deployment
let service: ServiceProcess
beforeAll(async () => {
  deployment = await deployService({
    broker: { enabled: false },
    sources: [
      { id: 'push', kind: 'http', token: TOKEN },
      { id: 'hub', kind: 'http', token: 'hub-token', format: 'flespi' },
    ],
    service: { components: [] },
  })
  service = await deployment.start()
})
afterAll(() => deployment[Symbol.asyncDispose]())

function record(id: string, speed = 42): string {
  return JSON.stringify({ ident: id, ts: Date.now(), lat: 56.25, lon: 43.5, speed })
}

test.each([
  ['one object', ['210000001'], record('210000001')],
  ['one object over several lines', ['210000002'], `{\n "ident": "210000002",\n "speed": 5\n}\n`],
  ['an array', ['210000003', '210000004'], `[${record('210000003')},${record('210000004')}]`],
  ['NDJSON', ['210000005', '210000006'], `${record('210000005')}\n${record('210000006')}\n`],
])('%s is accepted and its terminals are fresh', async (_name, ids, body) => {
  const answer = await service.api.push('push', TOKEN, body)
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({ accepted: ids.length, rejected: [] })
  for (const id of ids) await until(async () => (await service.api.terminal(id))?.state === 'fresh')
})

test('a body may be packed with gzip', async () => {
  const body = gzipSync(`${record('210000010')}\n${record('210000011')}\n`)
  const answer = await service.api.push('push', TOKEN, body, { 'content-encoding': 'gzip' })
  expect(await answer.json()).toEqual({ accepted: 2, rejected: [] })
  expect(await service.api.terminal('210000011')).toMatchObject({ source: 'push' })
})

test('good records are taken and bad ones are listed with their place and reason', async () => {
  const body = [
    record('210000020'),
    '{"speed":1}',
    '{broken',
    '7',
    '{"ident":[1]}',
    '{"ident":"x","ts":"soon"}',
    record('210000021'),
  ]
  const answer = await service.api.push('push', TOKEN, body.join('\n'))
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({
    accepted: 2,
    rejected: [
      { index: 1, reason: 'no-terminal' },
      { index: 2, reason: 'not-json' },
      { index: 3, reason: 'unknown-shape' },
      { index: 4, reason: 'no-terminal' },
      { index: 5, reason: 'bad-value' },
    ],
  })
  expect(await service.api.terminal('210000021')).toBeDefined()
  await until(
    async () => (await service.api.metric('watch_messages_rejected_total', 'reason="bad-value"')) === 1,
  )
})

test('a source in another format answers as its senders expect', async () => {
  const message = { ident: '210000030', timestamp: Date.now() / 1000, 'position.speed': 42 }
  const answer = await service.api.push('hub', 'hub-token', JSON.stringify([message]))
  expect(answer.status).toBe(200)
  expect(await service.api.terminal('210000030')).toMatchObject({ source: 'hub' })
})

test.each([
  ['a wrong token', 401, 'push', 'guessed', record('1')],
  ["another source's token", 401, 'push', 'hub-token', record('1')],
  ['an unknown source', 404, 'nobody', TOKEN, record('1')],
  ['a body in which nothing can be parsed', 400, 'push', TOKEN, 'hello'],
  ['an empty body', 400, 'push', TOKEN, ''],
])('%s is refused with status %i and a problem document', async (_name, status, source, token, body) => {
  const answer = await service.api.push(source, token, body)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(await answer.json()).toMatchObject({ status })
})

test('a body over 16 MiB unpacked is refused, however small it is packed', async () => {
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024, ' '))
  const answer = await service.api.push('push', TOKEN, bomb, { 'content-encoding': 'gzip' })
  expect(answer.status).toBe(413)
})
