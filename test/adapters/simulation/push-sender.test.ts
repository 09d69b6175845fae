import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { expect, test } from 'vitest'
import { createPushSender } from '../../../src/adapters/simulation/push-sender.ts'
import { SECOND } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'

test('records leave in batches, every second one packed, and what was refused leaves with the next', async () => {
  const seen: string[] = []
  let status = 202
  const server = createServer((request, response) => {
    const packed = request.headers['content-encoding'] === 'gzip'
    void text(packed ? request.pipe(createGunzip()) : request).then((body) => {
      seen.push(`${request.headers.authorization} ${packed ? 'packed' : 'plain'} ${body}`)
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const clock = createFakeClock()
  const sender = createPushSender(
    { clock, log: createRecordingLog() },
    { url: `http://127.0.0.1:${address.port}/api/v1/ingest/push`, token: 'secret' },
  )

  await clock.advance(2 * SECOND)
  sender.add('{"n":1}')
  sender.add('{"n":2}')
  await clock.advance(2 * SECOND)
  status = 429
  sender.add('{"n":3}')
  await clock.advance(2 * SECOND)
  status = 202
  sender.add('{"n":4}')
  await clock.advance(2 * SECOND)
  await sender.stop()
  server.closeAllConnections()
  server.close()

  expect(seen).toEqual([
    'Bearer secret plain {"n":1}\n{"n":2}\n',
    'Bearer secret packed {"n":3}\n',
    'Bearer secret plain {"n":3}\n{"n":4}\n',
  ])
})
