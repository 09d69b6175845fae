import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startDutyOperator } from '../../../src/adapters/simulation/duty-operator.ts'
import { SECOND } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'

const DUTY = 'duty@partner.example'
const ID = '20260101T000000Z'

const letter = (to: string, id = ID) => ({
  to,
  subject: 'Early warning',
  text: `Omnicomm Online is unavailable.\n\nPage of the outage: http://127.0.0.1:8080/outages/${id}\n`,
  file: '',
})

test('the operator on duty says when it will be over, tells what is known and plans work once', async () => {
  await using stage = await setStage()
  const { said, asked, operator, service } = stage
  operator.read(letter('dispatcher@client.example'))
  operator.read({ ...letter(DUTY), text: 'The report of the month.' })
  await stage.pass(10 * SECOND)
  expect(asked).toEqual([])

  operator.read(letter(DUTY))
  operator.read(letter(DUTY))
  await stage.passUntil(() => said.length === 1)
  expect(said).toEqual(['expects the service back by 03:04'])
  const at = '2026-01-01T00:04:00.000Z'
  expect(asked).toEqual([[`/outages/${ID}/expected-resolution`, { at, note: expect.any(String) }]])
  await stage.pass(30 * SECOND)
  expect(asked).toHaveLength(1)

  service.letters = [{ kind: 'initial', state: 'sent' }]
  await stage.passUntil(() => said.length === 2)
  expect(asked[1]).toEqual([`/outages/${ID}/message`, { text: expect.any(String) }])
  service.end = '2026-01-01T00:01:00.000Z'
  await stage.passUntil(() => said.length === 3)
  const window = { reason: expect.any(String), announce: true }
  const times = { from: '2026-01-02T01:00:00.000Z', to: '2026-01-02T02:00:00.000Z' }
  expect(asked[2]).toEqual(['/maintenance', { ...window, ...times }])

  service.end = null
  operator.read(letter(DUTY, 'another'))
  await stage.passUntil(() => asked.length === 5)
  service.end = '2026-01-01T00:05:00.000Z'
  await stage.pass(30 * SECOND)
  expect(asked.slice(3).map(([path]) => path)).toEqual([
    '/outages/another/expected-resolution',
    '/outages/another/message',
  ])
  expect(stage.log.lines).toEqual([])
})

test('an operator on duty whom the service refuses says so in the log, and ends at once when told to', async () => {
  await using stage = await setStage()
  stage.service.status = 409
  stage.operator.read(letter(DUTY))
  await stage.passUntil(() => stage.log.lines.length === 1)
  expect(stage.log.lines[0]?.fields['error']).toContain('answered 409')
  stage.operator.read(letter(DUTY, 'another'))
  await stage.operator.stop()
  await stage.pass(10 * SECOND)
  expect(stage.asked).toHaveLength(1)
  expect(stage.log.lines).toHaveLength(1)
})

/** An operator with a real HTTP server in place of the service; `asked`: what was posted. */
async function setStage() {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const asked: (readonly [string, unknown])[] = []
  const said: string[] = []
  const service: { status: number; end: string | null; letters: readonly unknown[] } = {
    status: 200,
    end: null,
    letters: [],
  }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const text of request.setEncoding('utf8')) body += text
    const isAllowed = request.headers.authorization === 'Bearer token-1'
    if (request.method === 'POST') asked.push([request.url?.slice('/api/v1'.length) ?? '', JSON.parse(body)])
    response.writeHead(isAllowed ? service.status : 401)
    response.end(JSON.stringify({ end: service.end, letters: service.letters }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const operator = startDutyOperator(
    { clock, log },
    {
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: 'token-1',
      address: DUTY,
      zone: 'Europe/Moscow',
      say: (line) => said.push(line),
    },
  )
  /** Lets time pass while real answers come in. */
  async function passUntil(isSo: () => boolean): Promise<void> {
    await until(async () => {
      if (isSo()) return true
      await clock.advance(500)
      return false
    }, 10_000)
  }
  return {
    log,
    asked,
    said,
    service,
    operator,
    passUntil,
    async pass(ms: number): Promise<void> {
      const endMs = clock.monotonic() + ms
      await passUntil(() => clock.monotonic() >= endMs)
    },
    async [Symbol.asyncDispose]() {
      await operator.stop()
      server.closeAllConnections()
      server.close()
    },
  }
}
