import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithMosquitto, freePort, startMosquitto } from '../../support/mosquitto.ts'
import { runSource } from './harness.ts'

const openssl = spawnSync('openssl', ['version']).status === 0

describeWithMosquitto('MQTT source over TLS', () => {
  test.skipIf(!openssl && process.env['REQUIRE_SERVERS'] !== '1')(
    'the certificate is checked against `ca`, and a refusal says why (needs openssl)',
    async () => {
      const { cert, key } = await selfSigned()
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

async function selfSigned(): Promise<{ cert: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'))
  try {
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
    const about = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1']
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...about])
    expect(made.status, made.stderr?.toString()).toBe(0)
    return {
      cert: await readFile(join(folder, 'cert.pem'), 'utf8'),
      key: await readFile(join(folder, 'key.pem'), 'utf8'),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
