import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { EN, RU, setOutageStage } from '../support/outage-stage.ts'
import { type Deployment, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

/** Holds the write lock of the service's database, as a stray tool would. */
function lockDatabase({ data }: Deployment): Disposable {
  const db = new DatabaseSync(`${data}/watch.sqlite`, { timeout: 5000 })
  db.exec('BEGIN EXCLUSIVE')
  return { [Symbol.dispose]: () => db.close() }
}

test('a locked database makes the service not ready, with the reason, and costs no letter', async () => {
  await using stage = await setOutageStage()
  await using deployment = await deployService({
    ...stage.config,
    sources: [{ id: 'push', kind: 'http', token: 'push-token' }],
  })
  const { api, log } = await deployment.start()
  await until(async () => (await api.service()).state === 'up', 10_000)
  await stage.watched.refuse()
  await until(async () => (await api.outages()).length === 1, 10_000)
  {
    using _lock = lockDatabase(deployment)
    const answer = await api.push('push', 'push-token', '{"ident":"200000123","speed":42}')
    expect(answer.status).toBe(202)
    await until(async () => (await api.readiness()).status === 503, 15_000)
    expect((await api.readiness()).text).toContain('locked')
    expect((await api.request('/healthz')).status).toBe(200)
    expect(await api.terminal('200000123')).toMatchObject({ source: 'push' })
    expect(log.some(({ level, message }) => level === 'error' && message.includes('stored'))).toBe(true)
  }
  await until(async () => (await api.readiness()).status === 200, 15_000)
  await until(() => stage.mail.mails.length === 2, 30_000)
  await stage.watched.accept()
  await until(() => stage.mail.mails.length === 4, 30_000)
  for (const recipient of [RU, EN]) {
    const kinds = (await api.letters())
      .filter((letter) => letter.recipient === recipient)
      .map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(['initial', 'recovery'])
  }
}, 120_000)

test('what was taken in while the database was locked outlives a restart', async () => {
  await using deployment = await deployService({
    sources: [{ id: 'push', kind: 'http', token: 'push-token' }],
    service: { components: [] },
  })
  const first = await deployment.start()
  {
    using _lock = lockDatabase(deployment)
    await first.api.push('push', 'push-token', '{"ident":"200000123","speed":42}')
    await until(async () => (await first.api.readiness()).status === 503, 15_000)
  }
  await until(async () => (await first.api.readiness()).status === 200, 15_000)
  await first.end('SIGKILL')
  const second = await deployment.start()
  expect(await second.api.terminal('200000123')).toMatchObject({
    source: 'push',
    readings: { speedKmh: { value: 42 } },
  })
})
