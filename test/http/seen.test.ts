import { beforeAll, describe, expect, test } from 'vitest'
import { handOver } from '../../src/core/fleet/handover.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { storedIncident } from '../../src/core/freshness/mass/open-incident.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { createApp } from '../../src/http/app.ts'
import { createCheckDesk } from '../../src/workers/check-desk.ts'
import { createFleetDesk } from '../../src/workers/fleet-desk.ts'
import { createIncidentDesk } from '../../src/workers/incident-desk.ts'
import { appDeps, appOptions, createWorld, type TestScope, tokenOf } from '../support/app-deps.ts'
import { createMassScenario } from '../support/mass-scenario.ts'
import { words } from '../support/page-words.ts'
import { flushOf } from '../support/store-rows.ts'

/** All 337 terminals of client Zagadka fall silent together; then the first two of them, 300 and 301, come to Beta. */
function massSilence() {
  const scenario = createMassScenario()
  const { fleet, now } = scenario
  scenario.add(300, { client: 'Beta', dealer: 'South' })
  scenario.add(337, { client: 'Zagadka', dealer: 'Tayna' })
  scenario.add(500, { client: 'Gamma', dealer: 'South' })
  scenario.run(30 * MINUTE)
  scenario.mute(({ client }) => client === 'Zagadka')
  scenario.run(12 * MINUTE)
  for (const row of [300, 301]) {
    const given = fleet.inventory.at(row)
    const taken = { client: 'Beta', group: 'South/Beta', dealer: 'South' }
    if (given) changeTerminal(fleet, handOver(given, { ...given, ...taken }, now()))
  }
  scenario.run(HOUR)
  return scenario
}

/** Asks the application over that fleet; by whoever may see this, or who may see everything. */
async function application() {
  const { fleet, now, mass } = massSilence()
  const incidents = [...mass.open.values()].map(storedIncident)
  const world = createWorld()
  const { clock, log, requests, contacts, stores } = world
  clock.step(now() - clock.now())
  await stores.fleet.flush(flushOf({ at: now(), incidents }))
  const save = async () => {}
  const { seenBy } = createFleetDesk({ clock, fleet, store: stores.fleet, log, audit: stores.audit, save })
  const base = appDeps(world)
  const { notes, service } = base
  const check = { clock, fleet, seenBy, requests, contacts, notes, service, plannedWork: () => [] }
  const deps = {
    ...base,
    fleet: { ...base.fleet, seenBy },
    incidents: createIncidentDesk({ fleet, store: stores.flags }),
    check: createCheckDesk(check, { account: () => ({ host: '', login: '' }) }),
  }
  const app = createApp(deps, appOptions({ language: 'en' }))
  return async (road: Road, scope?: TestScope): Promise<string> => {
    const by = await (scope ? tokenOf(world, 'dealer', scope) : tokenOf(world, 'operator'))
    const path = road.path.replace(':incident', incidents[0]?.incident.id ?? '')
    const body = road.body && { method: 'POST', body: JSON.stringify(road.body) }
    const headers = { ...by, 'content-type': 'application/json' }
    const response = await app.request(path, { ...body, headers })
    expect(response.status).toBe(200)
    const text = await response.text()
    return path.startsWith('/api/') ? text : words(text).replaceAll('&quot;', '"')
  }
}

/** Where an incident can be read; `everything` and `own`: what is told of it to whom. */
type Road = {
  readonly path: string
  readonly body?: object
  readonly everything: readonly string[]
  readonly own: readonly string[]
}

const NAME = { everything: ['client "Zagadka"'], own: ['one client'] }
const LINK = {
  everything: ['"dimension":"client","group":"Zagadka"', '337 of 337 are silent'],
  own: ['"dimension":"client","group":""', '(one client)', '2 of 2 are silent'],
}
const CHECK = {
  everything: ['337 of 337 are silent', 'several terminals: 337 are silent'],
  own: ['2 of 2 are silent', 'several terminals: 2 are silent'],
}

const ROADS: readonly Road[] = [
  { path: '/', ...NAME },
  { path: '/?needs=incident', ...NAME },
  { path: '/?all=1&q=300', ...NAME },
  {
    path: '/terminals/300',
    everything: ['client "Zagadka"', '(client: Zagadka)', '337 of 337 are silent'],
    own: ['one client', '(one client)', '2 of 2 are silent'],
  },
  {
    path: '/terminals/300?lang=ru',
    everything: ['(клиент: Zagadka)'],
    own: ['(один клиент)', 'молчат 2 из 2'],
  },
  { path: '/terminals/300/visit', everything: ['(client: Zagadka)'], own: ['(one client)', '2 of 2'] },
  { path: '/check/300', ...CHECK },
  { path: '/incidents', ...NAME },
  { path: '/incidents/:incident', ...NAME },
  { path: '/api/v1/terminals/300', ...LINK },
  { path: '/api/v1/terminals?q=300', ...LINK },
  { path: '/api/v1/terminals?format=csv', everything: [',incident,'], own: [',incident,'] },
  { path: '/api/v1/check/300', ...CHECK },
  { path: '/api/v1/check', body: { text: '300, 301' }, everything: ['337 of 337'], own: ['2 of 2 are'] },
  { path: '/api/v1/incidents', everything: ['"group":"Zagadka"'], own: ['"group":""', '"silent":2'] },
  {
    path: '/api/v1/incidents/:incident',
    everything: ['"group":"Zagadka"'],
    own: ['"group":""', '"silent":2'],
  },
]

describe('of an incident that is mostly of others', () => {
  let ask: Awaited<ReturnType<typeof application>>
  beforeAll(async () => {
    ask = await application()
  })

  test.each(ROADS)('an operator is told all on $path', async (road) => {
    const text = await ask(road)
    for (const part of road.everything) expect(text).toContain(part)
  })

  const scopes = [{ clients: ['Beta'] }, { groups: ['South'] }]
  test.each(ROADS.flatMap((road) => scopes.map((scope) => ({ ...road, road, scope }))))(
    'a dealer of $scope is told his own part alone on $path',
    async ({ road, scope }) => {
      const text = await ask(road, scope)
      for (const part of road.own) expect(text).toContain(part)
      expect(text).not.toMatch(/Zagadka|Tayna|\b33[567]\b/)
    },
  )
})
