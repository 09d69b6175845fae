import { expect, test } from 'vitest'
import { TEST_CERTIFICATE } from '../support/certificates.ts'
import { startFailingService } from '../support/failing-service.ts'
import { type FakeOnline, LOGIN, STATE, startFakeOnline, TREE } from '../support/fake-online.ts'
import { EN, mailsTo, type OutageStage, RU, readMail, setOutageStage } from '../support/outage-stage.ts'
import type { ServiceApi } from '../support/service-api.ts'
import { type ConfigTree, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const DUTY = 'duty@example.net'
const PASSWORD = 'pass-word-1'
const WRONG_PASSWORD = 'pass-word-0'
const TERMINAL = '200000001'

const LOGIN_PART = { id: 'auth', kind: 'omnicomm-login' }
const STATE_PART = { id: 'vehicle-state', kind: 'omnicomm-state', terminal: TERMINAL }
const TREE_PART = { id: 'vehicle-tree', kind: 'omnicomm-tree' }

/** Long enough that the outage would have closed, and that a login would have been tried again. */
const SEVERAL = 4

test('all kinds of components are watched, and an emptied tree degrades or ends the service as configured', async () => {
  await using stage = await setOutageStage()
  await using online = await startFakeOnline()
  await using secure = await startFailingService({ tls: 'self-signed' })
  online.users['reader'] = 'pass-word-2'
  online.activity = [{ id: Number(TERMINAL), dateID: Date.now(), uuid: 'u-1' }]
  const configOf = (tree: object) =>
    configWith(stage, online, [
      { ...LOGIN_PART, every: '3s' },
      STATE_PART,
      { ...TREE_PART, ...tree },
      { id: 'activity', kind: 'omnicomm-activity', account: 'reader' },
      { id: 'dataplane', kind: 'omnicomm-dataplane', account: 'reader' },
      { id: 'port', kind: 'tcp', host: '127.0.0.1', port: stage.watched.port },
      { id: 'name', kind: 'dns', name: 'localhost' },
      { id: 'certificate', kind: 'tls', host: 'localhost', port: secure.port },
    ])
  await using deployment = await deployService(configOf({ counts: 'degraded' }))
  const service = await deployment.start({ nodeOptions: trusting(TEST_CERTIFICATE) })
  const { api } = service
  await untilNotUp(api, [])
  expect((await api.service()).components).toHaveLength(9)
  expect((await api.service()).state).toBe('up')
  const users = online.requests.flatMap(({ body }) => (body === '' ? [] : [JSON.parse(body).login]))
  expect(new Set(users)).toEqual(new Set(['watcher', 'reader']))

  online.tree = { id: 1001, name: 'Group', objects: [], children: [] }
  await until(async () => (await api.service()).state === 'degraded', 10_000)
  expect(await component(api, TREE_PART.id)).toMatchObject({
    state: 'down',
    reason: expect.stringMatching(/^assert: .*vehicles/),
  })
  await rounds(api, 2)
  expect(await api.outages()).toEqual([])

  await deployment.configure(configOf({ counts: 'outage' }))
  service.hangUp()
  await until(async () => (await api.service()).state === 'down', 15_000)
  expect(await api.outages()).toMatchObject([{ state: 'open', failed: [TREE_PART.id] }])
  await untilNotUp(api, [TREE_PART.id])

  online.tree = { id: 1001, name: 'Group', objects: [{ uuid: 'u-2' }], children: [] }
  await until(async () => (await api.outages())[0]?.state === 'closed', 15_000)
  await untilNotUp(api, [])
}, 90_000)

test('an outage behind a fast login names what failed, and cannot end while a part of that is not watched', async () => {
  await using stage = await setOutageStage()
  await using online = await startFakeOnline()
  online.users['reader'] = 'pass-word-2'
  // Rounds of a second use up the calls of a login, and each has its own.
  const tree = { ...TREE_PART, account: 'reader' }
  const config = configWith(stage, online, [{ ...LOGIN_PART, every: '2s' }, STATE_PART, tree])
  await using deployment = await deployService(config)
  const { api } = await deployment.start()
  await untilNotUp(api, [])

  online.on(STATE, { kind: 'answer', status: 503, body: '<title>Unavailable</title>' })
  online.on(TREE, { kind: 'silent' })
  const logins = online.count(LOGIN)
  await until(async () => (await api.service()).state === 'down', 15_000)
  for (const reader of [RU, EN]) await until(() => mailsTo(stage.mail, reader).length === 1, 20_000)
  const [open] = await api.outages()
  expect(open).toMatchObject({ state: 'open', end: null })
  expect([...(open?.failed ?? [])].sort()).toEqual([STATE_PART.id, TREE_PART.id])
  await untilNotUp(api, [STATE_PART.id, TREE_PART.id])
  await untilReason(api, STATE_PART.id, /^http: .*503/)
  await untilReason(api, TREE_PART.id, /^timeout: /)
  expect(online.count(LOGIN)).toBeGreaterThan(logins)
  const [letter] = await textsTo(stage, RU)
  for (const { id } of [STATE_PART, TREE_PART]) expect(letter).toContain(id)
  expect(letter).not.toContain(LOGIN_PART.id)

  online.on(STATE, { kind: 'answer', status: 403, json: { message: 'REST is not enabled' } })
  online.on(TREE, { kind: 'usual' })
  await untilNotUp(api, [STATE_PART.id])
  const ok = await verdicts(api, 'ok')
  await rounds(api, SEVERAL, 'unknown')
  expect(await verdicts(api, 'ok')).toBe(ok)
  expect(await api.service()).toMatchObject({ state: 'unknown', outage: { id: open?.id, end: null } })
  expect(await component(api, STATE_PART.id)).toMatchObject({ state: 'not-watched' })
  const [unwatched] = await api.outages()
  expect(unwatched).toMatchObject({ id: open?.id, state: 'open' })
  expect(mailsTo(stage.mail, RU)).toHaveLength(1)
  await until(() => mailsTo(stage.mail, DUTY).length === 1, 10_000)
  expect((await textsTo(stage, DUTY))[0]).toContain('ask Omnicomm support for the right')

  const mendedAt = Date.now()
  online.on(STATE, { kind: 'usual' })
  for (const reader of [RU, EN]) await until(() => mailsTo(stage.mail, reader).length === 2, 20_000)
  const outage = await api.outage(open?.id ?? '')
  expect(outage.state).toBe('closed')
  expect(Date.parse(outage.end ?? '')).toBeGreaterThanOrEqual(mendedAt)
  expect(outage.downMs).toBe(unwatched?.downMs)
  expect((await api.service()).state).toBe('up')
  expect(await api.outages()).toHaveLength(1)
}, 90_000)

test('what is refused or blocked is asked no more and makes no outage; a corrected password is taken by a reload', async () => {
  await using stage = await setOutageStage()
  await using online = await startFakeOnline()
  const configOf = (password: string) =>
    configWith(stage, online, [LOGIN_PART, STATE_PART, TREE_PART], password)
  const parts = [LOGIN_PART, STATE_PART, TREE_PART].map(({ id }) => id)
  await using deployment = await deployService(configOf(WRONG_PASSWORD))
  const service = await deployment.start()
  const { api } = service
  const reloaded = () => service.log.filter(({ message }) => message === 'configuration reloaded').length

  // A login that is refused again and again gets the address blocked.
  await untilNotUp(api, parts)
  await rounds(api, SEVERAL)
  expect(online.paths()).toEqual([LOGIN])
  for (const id of parts) {
    expect(await component(api, id)).toMatchObject({
      state: 'not-watched',
      reason: expect.stringContaining('correct login and password in accounts and reload'),
    })
  }
  await until(async () => (await api.service()).state === 'up')
  await until(() => mailsTo(stage.mail, DUTY).length > 0, 10_000)
  expect(await textsTo(stage, DUTY)).toEqual([
    expect.stringContaining('correct login and password in accounts and reload'),
  ])

  await deployment.configure(configOf(PASSWORD))
  service.hangUp()
  await until(() => reloaded() === 1, 15_000)
  await untilNotUp(api, [])
  const failed = await verdicts(api, 'fail')

  online.on(STATE, { kind: 'answer', status: 403, json: { message: 'REST is not enabled' } })
  await untilReason(api, STATE_PART.id, /ask Omnicomm support for the right/)
  expect(await component(api, STATE_PART.id)).toMatchObject({ state: 'not-watched' })
  await untilNotUp(api, [STATE_PART.id])

  let refused = 0
  online.on(TREE, () => {
    refused += 1
    return { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }
  })
  await untilNotUp(api, parts)
  // The round that was under way has ended.
  await rounds(api, 1)
  const asked = online.requests.length
  await rounds(api, SEVERAL)
  // A block outlives the account as it was configured.
  await deployment.configure(configOf(WRONG_PASSWORD))
  service.hangUp()
  await until(() => reloaded() === 2, 15_000)
  await rounds(api, 2)
  expect(online.requests.length).toBe(asked)
  expect(refused).toBe(1)
  for (const id of parts) {
    expect(await component(api, id)).toMatchObject({
      state: 'not-watched',
      reason: expect.stringContaining('nothing is asked until'),
    })
  }
  await until(async () => (await api.service()).state === 'up')
  expect(await verdicts(api, 'fail')).toBe(failed)
  expect(await api.outages()).toEqual([])
  expect(stage.mail.mails.filter(({ to }) => !to.includes(DUTY))).toEqual([])
  const told = JSON.stringify([service.log, await textsTo(stage, DUTY), await api.service()])
  for (const secret of [PASSWORD, WRONG_PASSWORD]) expect(told).not.toContain(secret)
}, 90_000)

/** The stage with an address of the service itself, `web`, and these components besides. */
function configWith(
  { config, watched }: OutageStage,
  { baseUrl }: FakeOnline,
  components: readonly object[],
  password = PASSWORD,
): ConfigTree {
  const web = { id: 'web', kind: 'http', url: watched.url(), expect: { contains: 'Welcome' } }
  return {
    ...config,
    broker: { enabled: false },
    accounts: [
      { id: 'main', baseUrl, login: 'watcher', password },
      { id: 'reader', baseUrl, login: 'reader', password: 'pass-word-2' },
    ],
    service: {
      ...Object(config['service']),
      timeout: '500ms',
      noticeAfter: '2500ms',
      account: 'main',
      components: [web, ...components],
    },
    letters: { ...config.letters, operators: [DUTY], warnAfter: '1h', updateEvery: '1h' },
  }
}

/** Options for Node that make it trust a further certificate before anything else runs. */
function trusting(certificate: string): readonly string[] {
  const script = `
    import { getCACertificates, setDefaultCACertificates } from 'node:tls'
    setDefaultCACertificates([...getCACertificates(), ${JSON.stringify(certificate)}])`
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`]
}

async function component(api: ServiceApi, id: string) {
  return (await api.service()).components.find((each) => each.id === id)
}

/** Resolves when all components but these are known to be well: one that was slow once is so again. */
async function untilNotUp(api: ServiceApi, ids: readonly string[]): Promise<void> {
  await until(
    async () => {
      const { components } = await api.service()
      const found = components.filter(({ state }) => state !== 'up').map(({ id }) => id)
      return found.join() === ids.join()
    },
    15_000,
    `all are up but ${ids.join(' and ')}`,
  )
}

async function untilReason(api: ServiceApi, id: string, reason: RegExp): Promise<void> {
  const current = async () => (await component(api, id))?.reason ?? ''
  await until(async () => reason.test(await current()), 10_000, `${id} says ${reason}`)
}

function verdicts(api: ServiceApi, verdict = ''): Promise<number> {
  return api.metric('watch_probe_verdicts_total', verdict === '' ? '' : `verdict="${verdict}"`)
}

/** Resolves when so many more rounds have ended, with this verdict or with any. */
async function rounds(api: ServiceApi, count: number, verdict = ''): Promise<void> {
  const before = await verdicts(api, verdict)
  await until(
    async () => (await verdicts(api, verdict)) >= before + count,
    count * 5_000,
    `${count} more rounds ${verdict}`,
  )
}

async function textsTo({ mail }: OutageStage, address: string): Promise<readonly string[]> {
  return Promise.all(mailsTo(mail, address).map(async (one) => (await readMail(one)).text))
}
