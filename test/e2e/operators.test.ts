import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { EN, mailsTo, type OutageStage, RU, readMail, setOutageStage } from '../support/outage-stage.ts'
import type { ServiceApi } from '../support/service-api.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const DUTY = 'duty@example.net'
const HOUR_MS = 3_600_000

test('operators are warned, say when it will be over, and take back what was an error; everything is on record', async () => {
  await using stage = await setOutageStage()
  const deadMan = await startDeadMan()
  await using deployment = await deployService({
    ...stage.config,
    http: { port: 0, publicUrl: 'https://watch.example.net' },
    letters: {
      ...stage.config.letters,
      operators: [DUTY],
      warnAfter: '2s',
      updateEvery: '1h',
      watchdogUrl: deadMan.url,
    },
  })
  const { api, end } = await deployment.start()
  await until(async () => (await api.service()).state === 'up', 10_000)
  await until(() => deadMan.calls() > 0, 70_000)
  await stage.watched.refuse()

  await until(() => mailsTo(stage.mail, DUTY).length === 1, 20_000)
  const [open] = await api.outages()
  const id = open?.id ?? ''
  const [warning] = await textsTo(stage, DUTY)
  expect(warning).toContain(`https://watch.example.net/outages/${id}`)
  const expected = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + HOUR_MS).toISOString()
  expect(await act(api, id, 'expected-resolution', { at: expected, note: 'A disk is being replaced' })).toBe(
    200,
  )

  await until(() => mailsTo(stage.mail, EN).length === 1, 20_000)
  expect((await textsTo(stage, EN))[0]).toContain('A disk is being replaced')
  const later = new Date(Date.parse(expected) + HOUR_MS).toISOString()
  expect(await act(api, id, 'expected-resolution', { at: later, note: 'One more disk' })).toBe(200)
  await until(() => mailsTo(stage.mail, EN).length === 2, 10_000)
  expect((await textsTo(stage, EN))[1]).toContain('One more disk')
  expect(await act(api, id, 'message', { text: 'Data is safe.' })).toBe(200)
  await until(() => mailsTo(stage.mail, RU).length === 3, 10_000)
  expect((await textsTo(stage, RU))[2]).toContain('Data is safe.')
  expect(await act(api, id, 'confirm', {})).toBe(200)

  // Somebody new gets the letter with the next FAIL, and nothing of what was said before.
  const added = await post(api, '/api/v1/recipients', {
    email: 'new@example.org',
    name: 'New',
    language: 'en',
  })
  expect(added.status).toBe(201)
  await until(() => mailsTo(stage.mail, 'new@example.org').length === 1, 10_000)
  expect((await textsTo(stage, 'new@example.org'))[0]).toContain('One more disk')

  expect(await act(api, id, 'cancel', { reason: 'The probe asked the wrong host' })).toBe(200)
  await until(() => mailsTo(stage.mail, EN).length === 4, 10_000)
  await until(() => mailsTo(stage.mail, RU).length === 4, 10_000)
  expect((await textsTo(stage, EN))[3]).toContain('The probe asked the wrong host')
  expect(await act(api, id, 'message', { text: 'too late' })).toBe(409)
  expect((await api.service()).outage).toBeUndefined()

  await stage.watched.accept()
  await until(async () => (await api.outage(id)).end !== null, 20_000)
  const outage = await api.outage(id)
  expect(outage.state).toBe('cancelled')
  expect(outage.audit.map(({ action, by }) => `${action} ${by}`).reverse()).toEqual([
    'outage.expected-resolution admin',
    'outage.expected-resolution admin',
    'outage.message admin',
    'outage.confirm admin',
    'outage.cancel admin',
  ])
  expect(kindsOf(outage.letters, EN)).toEqual(['initial', 'update', 'update', 'correction'])
  expect(await api.metric('watch_letters_audit_ok')).toBe(1)
  await deadMan.stop()
  expect(await end('SIGTERM')).toBe(0)
}, 180_000)

test('planned work is announced by letter, pauses the clock, and is taken back by letter', async () => {
  await using stage = await setOutageStage()
  await using deployment = await deployService(stage.config)
  const { api } = await deployment.start()
  const from = new Date(Date.now() + HOUR_MS).toISOString()
  const to = new Date(Date.now() + 2 * HOUR_MS).toISOString()
  const window = { from, to, reason: 'New servers', announce: true }
  const made = await post(api, '/api/v1/maintenance', window)
  expect(made.status).toBe(201)
  const { id } = (await made.json()) as { readonly id: string }
  await until(() => stage.mail.mails.length === 2, 10_000)
  expect((await textsTo(stage, EN))[0]).toContain('New servers')
  const gone = await api.request(`/api/v1/maintenance/${id}`, { method: 'DELETE' })
  expect(gone.status).toBe(204)
  await until(() => stage.mail.mails.length === 4, 10_000)
  expect(await subjectsTo(stage, EN)).toHaveLength(1)
  const audit = await (await api.request(`/api/v1/audit?subject=${id}`)).json()
  expect(audit).toMatchObject({
    items: [{ action: 'maintenance.delete' }, { action: 'maintenance.add' }],
  })
}, 60_000)

async function post(api: ServiceApi, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return api.request(path, { method: 'POST', body: JSON.stringify(body), headers })
}

async function act(api: ServiceApi, id: string, action: string, body: unknown): Promise<number> {
  return (await post(api, `/api/v1/outages/${id}/${action}`, body)).status
}

async function textsTo({ mail }: OutageStage, address: string): Promise<readonly string[]> {
  return Promise.all(mailsTo(mail, address).map(async (one) => (await readMail(one)).text))
}

async function subjectsTo({ mail }: OutageStage, address: string): Promise<readonly string[]> {
  const mails = await Promise.all(mailsTo(mail, address).map(readMail))
  return [...new Set(mails.map(({ subject }) => subject))]
}

function kindsOf(
  letters: readonly { readonly kind: string; readonly recipient: string }[],
  recipient: string,
): readonly string[] {
  return letters
    .filter((letter) => letter.recipient === recipient)
    .map(({ kind }) => kind)
    .reverse()
}

/** The address that hears each minute that all letters are in order. */
async function startDeadMan() {
  let calls = 0
  const server = createServer((_request, response) => {
    calls++
    response.end('ok')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/ping`,
    calls: () => calls,
    stop: async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
    },
  }
}
