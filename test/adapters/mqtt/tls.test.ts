import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { expect, test, vi } from 'vitest'
import { PacedSocket } from '../../../src/adapters/mqtt/paced-socket.ts'
import { describeWithMosquitto, freePort, startMosquitto } from '../../support/mosquitto.ts'
import { selfSigned } from '../../support/self-signed.ts'
import { until } from '../../support/until.ts'
import { connectPublisher, runSource } from './harness.ts'

const needsOpenssl = test.skipIf(
  spawnSync('openssl', ['version']).status !== 0 && process.env['REQUIRE_SERVERS'] !== '1',
)

describeWithMosquitto('MQTT source over TLS', () => {
  needsOpenssl(
    'the certificate is checked against `ca`, and a refusal says why (needs openssl)',
    async () => {
      const { cert, key } = selfSigned()
      const port = await freePort()
      const broker = await startMosquitto(
        [
          `listener ${port} 127.0.0.1`,
          'certfile FOLDER/cert.pem',
          'keyfile FOLDER/key.pem',
          'allow_anonymous true',
        ],
        { 'cert.pem': cert, 'key.pem': key },
      )
      try {
        const url = `mqtts://127.0.0.1:${port}`
        await using trusting = runSource({ url, ca: cert, clientId: 'trusting' })
        await trusting.until(() => trusting.source.health().connected)
        const texts = Array.from({ length: 1000 }, (_, n) => `${n}:`.padEnd(500, '.'))
        await using publisher = await connectPublisher(broker.port)
        await Promise.all(texts.map((text) => publisher.publish('fleet/1', text)))
        await trusting.until(() => trusting.texts().length >= texts.length)
        expect(trusting.texts()).toEqual(texts)

        await using strict = runSource({ url, clientId: 'strict' })
        await strict.until(() => strict.source.health().detail['trouble'] !== null)
        expect(strict.source.health().detail['trouble']).toMatch(/self-signed certificate/)
        expect(strict.log.lines[0]).toMatchObject({
          level: 'warn',
          message: 'The MQTT broker cannot be reached',
        })

        // Set by people for the sake of other programs.
        vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
        await using warned = runSource({ url, clientId: 'warned' })
        await warned.until(() => warned.source.health().detail['trouble'] !== null)
        expect(warned.happenings).toEqual([])

        await using broken = runSource({ url, ca: 'no PEM', clientId: 'broken' })
        await broken.until(() => broken.source.health().detail['trouble'] !== null)
        expect(broken.happenings).toEqual([])
      } finally {
        vi.unstubAllEnvs()
        await broker.dispose()
      }
    },
  )
})

needsOpenssl('messages before the end of a connection are taken and acknowledged over TLS too', async () => {
  const { cert, key } = selfSigned()
  let acknowledged = ''
  const server = createServer({ cert, key, allowHalfOpen: true }, (peer) => {
    peer.on('data', (bytes: Buffer) => {
      acknowledged += bytes.toString()
    })
    for (let n = 0; n < 2000; n++) peer.write(`PUBLISH ${n}\n`)
    peer.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const paced = new PacedSocket((options) => connect({ port, host: '127.0.0.1', ca: cert, ...options }))
    let heard = ''
    paced.on('data', (bytes: Buffer) => {
      heard += bytes.toString()
      paced.cork()
      paced.write('PUBACK')
      setImmediate(() => paced.uncork())
    })
    await once(paced, 'close')
    expect(heard).toBe(Array.from({ length: 2000 }, (_, n) => `PUBLISH ${n}\n`).join(''))
    await until(() => /^(PUBACK)+$/.test(acknowledged), 2000, 'acknowledged')
    expect(paced.errored).toBeNull()
  } finally {
    server.close()
  }
})

test('a broker is asked for the certificate of its name, and one by address for none', async () => {
  const asked: string[] = []
  let connections = 0
  const server = createServer({
    SNICallback: (name, answer) => {
      asked.push(name)
      answer(null)
    },
  })
  server.on('tlsClientError', () => {
    connections += 1
  })
  server.listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    for (const host of ['localhost', '127.0.0.1']) {
      const before = connections
      await using source = runSource({ url: `mqtts://${host}:${port}` })
      await source.until(() => connections > before)
    }
    expect(new Set(asked)).toEqual(new Set(['localhost']))
  } finally {
    server.close()
  }
})
