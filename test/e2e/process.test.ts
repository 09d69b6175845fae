import { expect, test } from 'vitest'
import { deployService } from '../support/service-process.ts'

const CONFIG = { service: { components: [] } }

function passwordIn(output: string): string | undefined {
  return /Password {2}(\S+)/.exec(output)?.[1]
}

test('the first start prints address, push token and password, and the password signs in', async () => {
  await using deployment = await deployService(CONFIG)
  const service = await deployment.start()
  const token = /ingest\/push\n\s+token (\S+)/.exec(service.output())?.[1] ?? ''
  expect(service.output()).toContain(`Pages     ${service.api.base}/`)
  expect(service.output()).toContain(`MQTT      mqtt://127.0.0.1:${service.brokerPort}`)
  expect((await service.api.push('push', token, '{"ident":"1"}')).status).toBe(202)

  const password = passwordIn(service.output()) ?? ''
  const signIn = (typed: string) =>
    fetch(`${service.api.base}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: service.api.base },
      body: new URLSearchParams({ user: 'admin', password: typed }),
    })
  expect((await signIn(`${password}x`)).headers.get('set-cookie')).toBeNull()
  const signedIn = await signIn(password)
  expect(signedIn.status).toBe(303)
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await fetch(`${service.api.base}/`, { headers: { cookie }, redirect: 'manual' })
  expect(page.status).toBe(200)
})

test('a later start prints no password, and keeps the push token', async () => {
  await using deployment = await deployService(CONFIG)
  const first = await deployment.start()
  expect(passwordIn(first.output())).toMatch(/\S{16,}/)
  const token = /token (\S+)/.exec(first.output())?.[1]
  await first.end('SIGTERM')
  const second = await deployment.start()
  expect(second.output()).not.toContain('Password')
  expect(/token (\S+)/.exec(second.output())?.[1]).toBe(token)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the service with status 0 within 10 s', async (signal) => {
  await using deployment = await deployService(CONFIG)
  const service = await deployment.start()
  const before = performance.now()
  expect(await service.end(signal)).toBe(0)
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(service.log.filter(({ level }) => level === 'error' || level === 'raw')).toEqual([])
})

test('a data folder has one owner: a second serve ends with status 1 and names the first', async () => {
  await using deployment = await deployService(CONFIG)
  const first = await deployment.start()
  const second = await deployment.startAndEnd()
  expect(second.status).toBe(1)
  expect(second.errors).toContain(`in use by process ${first.pid} on `)
  expect((await first.api.readiness()).status).toBe(200)
})

test('what a killed service left behind blocks nobody', async () => {
  await using deployment = await deployService(CONFIG)
  const killed = await deployment.start()
  expect(await killed.end('SIGKILL')).toBeNull()
  const next = await deployment.start()
  expect((await next.api.readiness()).status).toBe(200)
})

test('a broken configuration ends the start with status 2 and every fault', async () => {
  await using deployment = await deployService({ ...CONFIG, timezone: 'Nowhere', http: { port: -1 } })
  const { status, errors } = await deployment.startAndEnd()
  expect(status).toBe(2)
  expect(errors).toContain('timezone: ')
  expect(errors).toContain('http.port: ')
})
