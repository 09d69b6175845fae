import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import type { Reader } from '../../src/core/flagging/audience.ts'
import { handOver } from '../../src/core/fleet/handover.ts'
import { incidentInScope } from '../../src/core/fleet/incident-scope.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createIncidentLetters } from '../../src/workers/incident-letters.ts'
import { createLetterWriter } from '../../src/workers/letter-writer.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { LETTER_SETTING, shippedTemplates } from '../support/letters.ts'
import { createMassScenario, type Talker } from '../support/mass-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { flushOf } from '../support/store-rows.ts'

/** A fleet in which mass silence is looked for, and the letters about it; its readers are these clients. */
function createRig(...clients: readonly string[]) {
  const scenario = createMassScenario()
  const clock = createFakeClock(scenario.now())
  const stores = createMemoryStores()
  const writer = createLetterWriter(
    { outbox: stores.outbox, builder: createMailBuilder() },
    {
      ...LETTER_SETTING,
      ...{ from: 'Watch <watch@example.org>', operators: [], templates: shippedTemplates() },
      recipients: () => [],
    },
  )
  const readers = clients.map((client): Reader => {
    const recipient = { email: `${client || 'ops'}@example.org`, name: '', language: 'en' } as const
    return { recipient, scope: { dealer: '', client }, zone: 'UTC' }
  })
  const letters = createIncidentLetters({
    clock,
    log: createRecordingLog(),
    metrics: createRecordingMetrics(),
    fleet: scenario.fleet,
    flags: stores.flags,
    outbox: stores.outbox,
    readers: () => readers,
    contactOf: () => '',
    write: writer.flagLetter,
    stored: () => {},
  })
  letters.start()

  async function run(ms: number): Promise<void> {
    for (const end = scenario.now() + ms; scenario.now() < end; ) {
      scenario.run(30 * SECOND)
      await stores.fleet.flush(flushOf({ at: scenario.now(), incidents: scenario.changed() }))
      await clock.advance(30 * SECOND)
    }
  }

  /** Oldest first: whose client it is, which letter, and its text. */
  async function written() {
    const { items } = await stores.outbox.list({ limit: 100 })
    return Promise.all(
      items.toReversed().map(async ({ id, sequence, recipient }) => {
        const { text = '' } = await PostalMime.parse((await stores.outbox.get(id))?.mime ?? new Uint8Array())
        const about = `${recipient.split('@')[0]} ${sequence === 1 ? 'begun' : 'over'}`
        return { about, text: text.replaceAll('\r\n', '\n') }
      }),
    )
  }
  return { ...scenario, run, written, stores }
}

const ofMts = ({ operator }: Talker): boolean => operator === 'MTS'
const nobody = (): boolean => false
const abouts = async (rig: ReturnType<typeof createRig>) => (await rig.written()).map(({ about }) => about)

test('a client whose terminals talk seldom joins the incident late, and is told then and of the end', async () => {
  const rig = createRig('Agro', 'Beta')
  rig.add(50, { operator: 'MTS', client: 'Agro' })
  rig.add(50, { operator: 'MTS', client: 'Beta' }, 1, 5 * MINUTE)
  rig.add(150, { operator: 'Bee', client: 'Gamma' })
  await rig.run(2 * HOUR)
  rig.mute(ofMts)
  await rig.run(9 * MINUTE)
  expect(await abouts(rig)).toEqual(['Agro begun'])
  await rig.run(HOUR)
  expect(await abouts(rig)).toEqual(['Agro begun', 'Beta begun'])
  rig.mute(nobody)
  await rig.run(HOUR)
  expect(await abouts(rig)).toEqual(['Agro begun', 'Beta begun', 'Agro over', 'Beta over'])
})

test('the letter of the end tells who is silent still, each the number of his own, before any is stale', async () => {
  const rig = createRig('', 'Agro', 'Beta')
  rig.add(200, (n) => ({ operator: 'MTS', client: n < 150 ? 'Agro' : 'Beta' }))
  rig.add(200, { operator: 'Bee', client: 'Gamma' })
  await rig.run(30 * MINUTE)
  rig.mute(ofMts)
  await rig.run(10 * MINUTE)
  rig.mute(({ id }) => Number(id) < 30)
  await rig.run(14 * MINUTE)
  const over = (await rig.written()).filter(({ about }) => about.endsWith('over'))
  expect(over.map(({ about }) => about)).toEqual(['ops over', 'Agro over', 'Beta over'])
  const [ops, agro, beta] = over.map(({ text }) => text)
  for (const text of [ops, agro]) {
    expect(text).toContain('Still silent: 30 terminals.')
    expect(text).not.toContain('All of them are back')
  }
  expect(ops).toContain('Were silent in all: 200 terminals\n')
  expect(agro).toContain('Were silent in all: 150 terminals\nOnly your terminals are counted.\n')
  expect(beta).toContain('All of them are back. Nothing has to be done.')
})

test('of an outage of four minutes nobody is told by letter', async () => {
  const rig = createRig('', 'Agro')
  rig.add(100, { operator: 'MTS', client: 'Agro' })
  rig.add(200, { operator: 'Bee', client: 'Gamma' })
  await rig.run(30 * MINUTE)
  rig.mute(ofMts)
  await rig.run(4 * MINUTE)
  rig.mute(nobody)
  await rig.run(HOUR)
  expect(rig.closed).toHaveLength(1)
  expect(await rig.written()).toEqual([])
})

test('whoever gets a terminal in the middle of it learns nothing of its former client', async () => {
  const rig = createRig('Agro', 'Beta')
  rig.add(50, { client: 'Agro', dealer: 'North' })
  rig.add(200, { client: 'Beta', dealer: 'South' })
  await rig.run(30 * MINUTE)
  rig.mute(({ client }) => client === 'Agro')
  await rig.run(4 * MINUTE)
  const given = rig.fleet.inventory.at(0)
  if (!given) throw new Error('no terminal')
  changeTerminal(rig.fleet, handOver(given, { ...given, client: 'Beta', dealer: 'South' }, rig.now()))
  await rig.run(10 * MINUTE)
  const [agro, beta] = await rig.written()
  expect(agro?.text).toContain('client "Agro"')
  expect(agro?.text).toContain('Silent now: 49 terminals\n')
  expect(beta?.text).toContain('Terminals fell silent together: one client.')
  expect(beta?.text).toContain('Silent now: 1 terminal\n')
  expect(beta?.text).not.toMatch(/Agro|North|50|49/)
  const [opened] = rig.opened
  const rows = (await rig.stores.flags.incident(opened?.id ?? ''))?.rows ?? new Uint32Array()
  const seen = opened && incidentInScope(rig.fleet, opened, rows, { clients: ['Beta'], groups: [] })
  expect(seen).toMatchObject({ group: '', also: [], members: 1, silent: 1 })
})
