import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createSystemClock } from '../../src/adapters/system/clock.ts'
import { openOutputs } from '../../src/compose/outputs.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import type { Recipient } from '../../src/core/letters/letter.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { ANNA, BOB, exampleOutage, newLetter, OUTAGE_START, owing } from '../support/letters.ts'
import { createMailCatcher } from '../support/mail-catcher.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Letters = Config['letters']

async function setUp(letters: Partial<Letters> = {}) {
  const folder = tempFolder()
  closers.push(() => folder[Symbol.dispose]())
  const loaded = await loadConfig({ file: undefined, env: {}, cwd: folder.path })
  if (!loaded.ok) throw new Error('the defaults are a good configuration')
  const configured = (change: Partial<Letters>): Config => ({
    ...loaded.config,
    data: folder.path,
    letters: { ...loaded.config.letters, from: 'Watch <watch@example.org>', ...change },
  })
  const stores = createMemoryStores()
  const metrics = createRecordingMetrics()
  const world = { recipients: [ANNA] as readonly Recipient[], cancelled: false }
  const outputs = await openOutputs(
    {
      clock: createSystemClock({ onError: () => {} }),
      log: createRecordingLog(),
      metrics,
      outbox: stores.outbox,
      claiming: (take) => take(),
      outages: stores.outages,
      settings: stores.settings,
      recipients: () => world.recipients,
      call: async () => ({ kind: 'own-fault', reason: 'not asked for' }),
      isCancelled: () => world.cancelled,
      isOver: () => false,
      isPlanned: () => true,
      plannedWork: () => [],
      troubles: () => [],
    },
    configured(letters),
  )
  closers.push(() => outputs.stop())
  outputs.start()
  const states = async () =>
    (await stores.outbox.list({ limit: 10 })).items.map(({ recipient, state }) => `${recipient} ${state}`)
  const due = async (outage: Outage = exampleOutage()) => {
    const letters = await outputs.plan([owing(outage)], Date.now())
    await stores.outages.commit({ outages: [outage], letters, audit: [] })
    outputs.wake()
  }
  return { folder, configured, stores, metrics, world, outputs, states, due }
}

async function catcher() {
  const caught = await createMailCatcher()
  closers.push(caught.close)
  return caught
}

describe('the letters of the service', () => {
  test('are files while no SMTP is configured, and are not ready then', async () => {
    const { folder, metrics, states, due } = await setUp()
    await due()
    await until(async () => (await states())[0] === 'anna@example.org filed', 5000)
    expect(readdirSync(join(folder.path, 'letters'))).toHaveLength(1)
    expect(metrics.value('watch_letters_ready')).toBe(0)
  })

  test('go to those who are recipients when their turn comes', async () => {
    const { url, mails } = await catcher()
    const { world, metrics, outputs, stores, states } = await setUp({ smtp: url })
    expect(metrics.value('watch_letters_ready')).toBe(1)
    world.recipients = [ANNA, BOB]
    const letters = await outputs.plan([owing(exampleOutage())], Date.now())
    world.recipients = [BOB]
    await stores.outages.commit({ outages: [exampleOutage()], letters, audit: [] })
    outputs.wake()
    await until(async () => (await states()).every((state) => !state.endsWith('pending')), 5000)
    await until(async () => (await states()).includes('bob@example.org sent'), 5000)
    expect(await states()).toContain('anna@example.org superseded')
    expect(mails).toHaveLength(1)
  })

  test('about an outage that was cancelled are not sent any more', async () => {
    const { url, mails } = await catcher()
    const { world, states, due } = await setUp({ smtp: url })
    world.cancelled = true
    await due()
    await until(async () => (await states())[0] === 'anna@example.org superseded', 5000)
    expect(mails).toHaveLength(0)
  })

  test('are not sent as an old update that somebody puts back into the queue', async () => {
    const { url, mails } = await catcher()
    const { stores, outputs, states } = await setUp({ smtp: url })
    const bulletins = { updates: 2, at: OUTAGE_START, nextAt: OUTAGE_START }
    const updates = [1, 2].map((sequence) => newLetter({ kind: 'update', sequence, dueAt: sequence }))
    const letters = { add: updates, supersede: [] }
    await stores.outages.commit({ outages: [exampleOutage({ bulletins })], letters, audit: [] })
    outputs.wake()
    await until(async () => (await states())[0] === 'anna@example.org sent', 5000)
    expect(await states()).toEqual(['anna@example.org sent', 'anna@example.org superseded'])
    expect(mails).toHaveLength(1)
  })

  test('tell operators what they have to look at', async () => {
    const { url, mails } = await catcher()
    const { outputs, states } = await setUp({ smtp: url, operators: ['ops@example.org'] })
    outputs.notices.raise({ topic: 'control-silent', key: 'https://a.example/', reason: 'no answer' })
    await until(async () => (await states())[0] === 'ops@example.org sent', 5000)
    expect(mails).toHaveLength(1)
  })

  test('are signed as soon as a key is configured; a bad one is refused and changes nothing', async () => {
    const { url, mails } = await catcher()
    const { folder, configured, outputs, states, due } = await setUp({ smtp: url })
    const keyFile = join(folder.path, 'dkim.pem')
    const signing = configured({ smtp: url, dkim: { domain: 'example.org', selector: 'a', keyFile } })
    await expect(outputs.reconfigure(signing)).rejects.toThrow(
      `letters.dkim.keyFile: the key in ${keyFile} cannot be read`,
    )
    writeFileSync(keyFile, 'no key')
    await expect(outputs.reconfigure(signing)).rejects.toThrow('is not in PEM form')
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await outputs.reconfigure(signing)
    await due()
    await until(async () => (await states())[0] === 'anna@example.org sent', 5000)
    expect(Buffer.from(mails[0]?.bytes ?? '').toString()).toMatch(/^DKIM-Signature: /)
  })

  test('are previewed with the texts and the settings of now', async () => {
    const { outputs, configured } = await setUp()
    const name = 'Another Name'
    const config = configured({})
    await outputs.reconfigure({ ...config, service: { ...config.service, name } })
    expect(outputs.preview({ kind: 'initial', language: 'en' }).subject).toContain(name)
  })

  test('without a due letter are in order', async () => {
    const { outputs, metrics } = await setUp()
    await until(() => metrics.value('watch_letters_audit_ok') === 1, 5000)
    expect(outputs.findings()).toEqual([])
  })
})
