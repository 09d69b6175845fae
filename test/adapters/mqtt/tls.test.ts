import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { expect, test } from 'vitest'
import { describeWithMosquitto, freePort, startMosquitto } from '../../support/mosquitto.ts'
import { selfSigned } from '../../support/self-signed.ts'
import { connectPublisher, runSource } from './harness.ts'

const openssl = spawnSync('openssl', ['version']).status === 0

describeWithMosquitto('MQTT source over TLS', () => {
  test.skipIf(!openssl && process.env['REQUIRE_SERVERS'] !== '1')(
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

        await using broken = runSource({ url, ca: 'no PEM', clientId: 'broken' })
        await broken.until(() => broken.source.health().detail['trouble'] !== null)
        expect(broken.happenings).toEqual([])
      } finally {
        await broker.dispose()
      }
    },
  )
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
