import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { catalogueOf } from '../../src/core/request/firmware-model.ts'
import type { SupportRequest } from '../../src/core/request/support-request.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import type { Stores } from '../../src/ports.ts'
import { createCheckDesk } from '../../src/workers/check-desk.ts'
import { createNoteDesk } from '../../src/workers/note-desk.ts'
import { learningFromReplies } from '../../src/workers/sms-replies.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { openMass } from '../support/flagged-fleet.ts'
import { type Station, startStation } from '../support/fleet-station.ts'
import { supportRequest } from '../support/requests.ts'
import { ANNA, incident } from '../support/store-rows.ts'

const ALL = { name: 'anna', scope: 'all', since: 0 } as const
const CATALOGUE = catalogueOf([
  { id: 'Smart 3.0', latest: 120, criticalMin: 100, broken: [], released: '', note: '' },
])

let clock: FakeClock
let stores: Stores
let station: Station
/** Open requests about a terminal, and about a kind of problem. */
let ofTerminal: readonly SupportRequest[]
let ofProblem: readonly SupportRequest[]

beforeEach(async () => {
  clock = createFakeClock()
  stores = createMemoryStores()
  station = await startStation(clock, stores)
  ofTerminal = []
  ofProblem = []
  station.fleet.catalogue = CATALOGUE
  const csv = [
    'terminal_id,name,client,model,firmware,imei',
    '1,A123BC77,North,Smart 3.0,99,',
    '2,Van,South,,,861234567890123',
  ]
  await station.desk.importCsv(new TextEncoder().encode(csv.join('\n')))
})

function desk(own: Station = station) {
  const notes = learningFromReplies(createNoteDesk({ clock, store: stores.notes }), own.fleet)
  return createCheckDesk(
    {
      clock,
      fleet: own.fleet,
      notes,
      seenBy: own.desk.seenBy,
      requests: { seenBy: () => ({ openOf: () => ofTerminal, openOn: () => ofProblem }) },
      contacts: { contactOf: () => undefined },
      service: { name: 'Omnicomm Online', status: () => ({ state: 'up', since: null, components: [] }) },
      plannedWork: () => [{ id: 'w', from: clock.now() - 1, to: clock.now() + MINUTE, reason: 'update' }],
    },
    { account: () => ({ host: 'online.example.org', login: 'watcher' }) },
  )
}

async function firmware(own: Station = station) {
  return (await desk(own).facts('1', ALL))?.view.firmware
}

describe('the firmware of a terminal', () => {
  test('is that of the inventory until it tells its own, and the newest counts', async () => {
    expect(await firmware()).toEqual({ version: '99', at: null, status: 'critical_old', latest: 120 })
    await clock.advance(SECOND)
    station.hear('1', { readings: { firmware: '110' } })
    expect(await firmware()).toMatchObject({ version: '110', status: 'old' })
    await clock.advance(SECOND)
    await desk().noteReply('1', 'INFO DID=1 FW=120', ALL, ANNA)
    expect(await firmware()).toEqual({ version: '120', at: clock.now(), status: 'green', latest: 120 })
    await clock.advance(SECOND)
    station.hear('1', { readings: { firmware: '119' } })
    expect(await firmware()).toMatchObject({ version: '119', status: 'old' })
  })

  test('that a reply told is there after a restart, with its date and the reply itself', async () => {
    await desk().noteReply('1', 'INFO FW=120 REC=7', ALL, ANNA)
    const at = clock.now()
    await clock.advance(2 * SECOND)
    station.crash()
    const again = await startStation(clock, stores)
    again.fleet.catalogue = CATALOGUE
    expect(await firmware(again)).toMatchObject({ version: '120', at, status: 'green' })
    const facts = await desk(again).facts('1', ALL)
    expect(facts?.replies.info).toMatchObject({ at, told: { records: 7 } })
  })
})

test('of an incident a dealer is told the numbers of his own terminals alone', async () => {
  const { fleet } = station
  const change = { dimension: 'dealer', group: 'D', expected: 2, silent: 2 } as const
  openMass(fleet, { incident: incident('i', clock.now(), change), rows: Uint32Array.of(0, 1) })
  const dealer = { name: 'd', scope: { clients: ['North'], groups: [] }, since: 0 }
  expect((await desk().facts('1', ALL))?.incident).toMatchObject({ expected: 2, group: 'D' })
  expect((await desk().facts('1', dealer))?.incident).toMatchObject({ id: 'i', expected: 1, group: '' })
})

describe('a reply without the id of a terminal', () => {
  test('and with an IMEI that is not that of the inventory teaches no firmware, but is kept', async () => {
    const reply = 'INFO FW=120 IMEI=861234567890124'
    expect(await desk().noteReply('2', reply, ALL, ANNA)).toMatchObject({ kind: 'kept' })
    expect((await desk().facts('2', ALL))?.view.firmware).toBeUndefined()
    await desk().noteReply('2', `INFO DID=2 ${reply.slice('INFO '.length)}`, ALL, ANNA)
    expect((await desk().facts('2', ALL))?.view.firmware?.version).toBe('120')
  })
})

describe('a reply', () => {
  test.each([
    ['of another terminal', '1', 'INFO DID=2 FW=120', { kind: 'other-terminal', name: '2' }],
    ['of nobody that is known', '1', 'INFO DID=777 FW=120', { kind: 'other-terminal', name: '777' }],
    ['that is none', '1', 'hello', { kind: 'no-reply' }],
    [
      'with the IMEI of another one',
      '1',
      'INFO FW=120 IMEI=861234567890123',
      { kind: 'other-terminal', name: '2' },
    ],
    ['that is endless', '1', 'x'.repeat(5000), { kind: 'too-long' }],
    ['for nobody', '9', 'INFO FW=1', { kind: 'missing' }],
  ])('%s is refused and changes nothing', async (_, id, text, outcome) => {
    expect(await desk().noteReply(id, text, ALL, ANNA)).toEqual(outcome)
    expect(await stores.notes.of(id, 'all', 9)).toEqual([])
    expect(await firmware()).toMatchObject({ version: '99' })
  })

  test('with an id that nobody has is kept beside the IMEI by which the terminal is known', async () => {
    const reply = (text: string) => desk().noteReply('2', `INFO DID=777 FW=120${text}`, ALL, ANNA)
    expect(await reply(' IMEI=861234567890123')).toMatchObject({ kind: 'kept' })
    expect(await reply('')).toEqual({ kind: 'other-terminal', name: '777' })
  })

  test('of another terminal tells who does not see that one nothing but what he typed', async () => {
    const dealer = { name: 'd', scope: { clients: ['North'], groups: [] }, since: 0 }
    for (const name of ['IMEI=861234567890123', 'DID=861234567890123']) {
      expect(await desk().noteReply('1', `INFO FW=120 ${name}`, dealer, ANNA)).toEqual({
        kind: 'other-terminal',
        name: '861234567890123',
      })
    }
  })

  test('of another terminal that was kept before such were refused tells nothing', async () => {
    await desk().noteReply('1', 'INFO DID=1 REC=7', ALL, ANNA)
    await clock.advance(SECOND)
    const text = 'INFO DID=2 HW=5 REC=9 IMEI=861234567890123\nLINK online.example.org:9977'
    const place = { terminalId: '1', client: 'North', group: '' }
    await stores.notes.add([{ ...place, at: clock.now(), by: 'anna', kind: 'reply', text }], [])
    expect((await desk().facts('1', ALL))?.replies).toEqual({
      info: { at: clock.now() - SECOND, told: { kind: 'info', terminalId: '1', records: 7, others: {} } },
    })
  })

  test('of a unit that was replaced is not one of the unit in its place', async () => {
    const load = (csv: string) => station.desk.importCsv(new TextEncoder().encode(csv))
    await load('terminal_id,name,client,uuid\n5,Truck,North,u-5')
    await desk().noteReply('5', 'INFO DID=5 REC=7', ALL, ANNA)
    await clock.advance(SECOND)
    await load('terminal_id,uuid\n6,u-5')
    const facts = await desk().facts('6', ALL)
    expect(facts?.view).toMatchObject({ id: '6', name: 'Truck' })
    expect(facts?.replies).toEqual({})
  })

  test('under another name of the terminal is its own', async () => {
    const outcome = await desk().noteReply('2', 'INFO DID=861234567890123 FW=5', ALL, ANNA)
    expect(outcome.kind).toBe('kept')
  })

  test('is not taken from somebody who does not see the terminal', async () => {
    const stranger = { name: 'bob', scope: { clients: ['South'], groups: [] }, since: 0 }
    expect(await desk().noteReply('1', 'INFO FW=120', stranger, ANNA)).toEqual({ kind: 'missing' })
    expect(await desk().facts('1', stranger)).toBeUndefined()
  })
})

describe('what is gathered', () => {
  test('is what the fleet, the service and its planned work say', async () => {
    station.hear('1')
    await clock.advance(SECOND)
    const facts = await desk().facts('1', ALL)
    expect(facts).toMatchObject({
      view: { id: '1', state: 'fresh' },
      blindSince: null,
      incident: null,
      login: 'watcher',
      service: { name: 'Omnicomm Online', host: 'online.example.org', planned: { reason: 'update' } },
    })
    station.link('gate').disconnected(clock.now(), 'gone')
    const since = clock.now()
    await clock.advance(SECOND)
    expect(await desk().facts('1', ALL)).toMatchObject({ blindSince: since })
    const scope = { clients: ['North'], groups: [] }
    expect(await desk().facts('1', { name: 'bob', scope, since: 0 })).toMatchObject({ login: '' })
  })

  test('has the replies to a terminal that turned out to be this one, also under its IMEI', async () => {
    for (const name of ['x', '869999999999999']) station.hear(name)
    await desk().noteReply('x', 'INFO REC=7', ALL, ANNA)
    await desk().noteReply('869999999999999', 'LINK: online.example.org:9977', ALL, ANNA)
    const csv = 'terminal_id,imei,aliases\n1,869999999999999,x'
    await station.desk.importCsv(new TextEncoder().encode(csv))
    expect(station.desk.seenBy('all').get('x')?.id).toBe('1')
    expect((await desk().facts('1', ALL))?.replies).toMatchObject({
      info: { told: { records: 7 } },
      link: { told: { port: 9977 } },
    })
    expect((await desk().facts('2', ALL))?.replies).toEqual({})
  })

  test('of a problem of the service has the requests about that first, wherever it was noticed', async () => {
    const [own, both, other] = ['R-1', 'R-2', 'R-3'].map((id) => supportRequest({ id }))
    if (!own || !both || !other) throw new Error('no requests')
    ofTerminal = [own, both]
    ofProblem = [both, other]
    const ids = async (about: 'service' | 'equipment') =>
      (await desk().facts('1', ALL, { id: 'x', about }))?.requests.map(({ id }) => id)
    expect(await ids('service')).toEqual(['R-2', 'R-3', 'R-1'])
    expect(await ids('equipment')).toEqual(['R-1', 'R-2'])
  })

  test('of a text is the terminals of a scope that it names', async () => {
    const found = async (text: string, scope: Parameters<ReturnType<typeof desk>['find']>[1]) =>
      (await desk().find(text, scope)).found.map(({ ids }) => ids.join(' '))
    expect(await found('а123вс77, van, 861234567890123', 'all')).toEqual(['1', '2'])
    expect(await found('а123вс77, van', { clients: ['South'], groups: [] })).toEqual(['2'])
    expect(await found('1', { clients: ['South'], groups: [] })).toEqual([])
    expect(await found('1', 'all')).toEqual(['1'])
    await station.desk.importCsv(new TextEncoder().encode('terminal_id,name\n3,KAMAZ A124BC77'))
    expect(await found('Нет данных\nА123ВС77, а 124 вс 77', 'all')).toEqual(['1', '3'])
  })
})
