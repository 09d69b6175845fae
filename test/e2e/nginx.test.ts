import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { freePort } from '../support/mosquitto.ts'
import { describeWithCommand, startNginx } from '../support/real-server.ts'
import { selfSigned } from '../support/self-signed.ts'
import { deployService } from '../support/service-process.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const [, LOCATION = ''] = /^```nginx\n(.*?)^```$/ms.exec(README) ?? []
/** Who asks; the proxy itself is 127.0.0.1. */
const VISITOR = '127.0.0.9'

describeWithCommand('nginx', 'the service behind nginx as README has it', () => {
  test('people sign in over TLS, are known by their own address, get live updates at once and send large files', async () => {
    const [port, httpsPort] = [await freePort(), await freePort()]
    const url = `https://127.0.0.1:${httpsPort}`
    await using deployment = await deployService({
      http: { port, publicUrl: url, trustProxy: true, metricsToken: 'metrics-token' },
      broker: { enabled: false },
      sources: [{ id: 'push', kind: 'http', token: 'push-token' }],
      service: { components: [] },
    })
    const service = await deployment.start()
    const location = LOCATION.replace('127.0.0.1:8080', `127.0.0.1:${port}`)
    await using _nginx = await startNginx(location, { port: httpsPort, ...selfSigned() })
    const ask = (path: string, options: RequestOptions = {}, body = '') =>
      visit(`${url}${path}`, options, body)

    const password = /Password {2}(\S+)/.exec(service.output())?.[1] ?? ''
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: url }
    const entered = `user=admin&password=${encodeURIComponent(password)}`
    const signedIn = await ask('/login', { method: 'POST', headers: form }, entered)
    expect([signedIn.statusCode, signedIn.headers.location]).toEqual([303, '/'])
    const [cookie = ''] = signedIn.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/; Secure/)
    const headers = { cookie: cookie.split(';')[0] ?? '' }

    const audit = await text(await ask('/audit', { headers }))
    expect(audit).toContain(VISITOR)
    const csv = `terminal_id,name\n${Array.from({ length: 60_000 }, (_, n) => `${n},name ${n}`).join('\n')}\n`
    const imported = await ask(
      '/api/v1/terminals/import',
      { method: 'POST', headers: { ...headers, 'content-type': 'text/csv', origin: url } },
      csv,
    )
    expect([imported.statusCode, await text(imported)]).toEqual([200, expect.stringContaining('60000')])
    expect((await ask('/metrics')).statusCode).toBe(401)

    const events = await ask('/events', { headers })
    const [first] = await once(events, 'data')
    expect(String(first)).toContain('retry:')
    events.destroy()
  })
})

async function visit(url: string, options: RequestOptions, body: string): Promise<IncomingMessage> {
  const asked = request(url, { ...options, rejectUnauthorized: false, localAddress: VISITOR })
  asked.end(body)
  const [response] = await once(asked, 'response')
  return response
}
