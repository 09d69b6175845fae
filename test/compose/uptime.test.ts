import { afterEach, expect, test } from 'vitest'
import { createNetwork } from '../../src/compose/network.ts'
import { createStops } from '../../src/compose/stops.ts'
import { openUptime } from '../../src/compose/uptime.ts'
import { loadConfig } from '../../src/config/load.ts'
import { MINUTE } from '../../src/core/time.ts'
import { StoreError } from '../../src/ports.ts'
import { ANNA, BOB } from '../support/letters.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { createRig, FAILED, OK } from '../workers/prober-rig.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('the end that a crash kept from being stored comes before the letters that it replaces', async () => {
  const rig = createRig()
  await rig.start()
  await rig.answer(FAILED, 62 * MINUTE)
  await rig.kill()
  rig.answers.set('web', OK)
  // The round that closes the outage is stored, and the process ends before its end is.
  const commit = () => Promise.reject(new StoreError('full', 'no space left'))
  rig.store = { ...rig.stores.outages, commit }
  await rig.start()
  await rig.answer(OK, 6 * MINUTE)
  await rig.kill()
  expect(await rig.newest()).toMatchObject({ state: 'open', end: null })

  const folder = tempFolder()
  closers.push(() => folder[Symbol.dispose]())
  const loaded = await loadConfig({ file: undefined, env: {}, cwd: folder.path })
  if (!loaded.ok) throw new Error('the defaults are a good configuration')
  const { service, letters } = loaded.config
  const config = {
    ...loaded.config,
    data: folder.path,
    service: { ...service, components: [], controls: ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2'] },
    letters: { ...letters, from: 'Watch <watch@example.org>', recipients: [ANNA, BOB] },
  }
  const { clock, log, metrics, stores } = rig
  const stops = createStops(log)
  closers.push(() => stops.run())
  const network = createNetwork({ clock, log, version: '0' })
  await openUptime({ clock, log, metrics, stores, network, version: '0' }, config, stops)
  const unfinished = async () => (await rig.letters()).filter((letter) => /pending|sending/.test(letter))
  await until(async () => (await unfinished()).length === 0)
  expect(await rig.letters()).toEqual([
    `combined ${ANNA.email} filed`,
    `combined ${BOB.email} filed`,
    `initial ${ANNA.email} superseded`,
    `initial ${BOB.email} superseded`,
  ])
})
