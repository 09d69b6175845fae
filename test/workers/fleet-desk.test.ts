import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { StoreError } from '../../src/ports.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { startStation } from '../support/fleet-station.ts'
import { ANNA } from '../support/store-rows.ts'

const IMEI = '861234567890123'
const OTHER = '861234567890124'

async function begin(settings = DEFAULTS) {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const station = await startStation(clock, stores, { settings })
  const load = (...lines: readonly string[]) =>
    station.desk.importCsv(new TextEncoder().encode(lines.join('\n')))
  return { clock, stores, station, load }
}

describe('the import of an inventory', () => {
  test('creates, updates and leaves alone what the file does not say', async () => {
    const { load, station } = await begin()
    await load('terminal_id,name,client', '1,Truck,North', '2,Van,South')
    expect(await load('terminal_id;name;client', '1;Lorry;', '3;Bus;West')).toMatchObject({
      created: 1,
      updated: 1,
    })
    expect(station.desk.seenBy('all').get('1')).toMatchObject({ name: 'Lorry', client: 'North' })
    expect(station.desk.seenBy('all').get('2')).toMatchObject({ name: 'Van' })
    expect((await station.desk.seenBy('all').summary()).total).toBe(3)
  })

  test('is stored when it resolves and is there after a crash', async () => {
    const { load, station, clock, stores } = await begin()
    await load('terminal_id,name', '1,Truck')
    station.crash()
    const again = await startStation(clock, stores)
    expect(again.desk.seenBy('all').get('1')).toMatchObject({ name: 'Truck', state: 'unknown' })
  })

  test('with one bad row changes nothing and tells of each bad row by its line', async () => {
    const { load, station } = await begin()
    const report = await load('terminal_id,imei', `1,${IMEI}`, '2,abc', ',', '1,')
    expect(report.rejected.map(({ line }) => line)).toEqual([3, 4, 5])
    expect((await station.desk.seenBy('all').summary()).total).toBe(0)
  })

  test('a discovered terminal that it names is discovered no more and keeps its data', async () => {
    const { load, station, clock } = await begin()
    station.hear('1')
    await clock.advance(SECOND)
    const contactAt = station.contactAt('1')
    expect(await load('terminal_id,name', '1,Truck')).toMatchObject({ created: 0, updated: 1 })
    expect(station.desk.seenBy('all').get('1')).toMatchObject({ discovered: false, contactAt })
  })

  test('rejects when it could not be stored', async () => {
    const clock = createFakeClock()
    const stores = createMemoryStores()
    const full = { ...stores.fleet, flush: () => Promise.reject(new StoreError('full', 'the disk is full')) }
    const { desk } = await startStation(clock, { ...stores, fleet: full })
    await expect(desk.importCsv(new TextEncoder().encode('terminal_id\n1'))).rejects.toThrow(
      'the disk is full',
    )
  })

  test('makes the thresholds of the terminal its own group at once', async () => {
    const groups = { 'D/C': { moving: HOUR } }
    const { load, station } = await begin({ ...DEFAULTS, groups })
    station.hear('1')
    await load('terminal_id,dealer,client,group', '1,D,C,Trucks')
    expect(station.desk.seenBy('all').get('1')?.threshold).toEqual({ seconds: 3600, from: 'group' })
  })
})

describe('aliases', () => {
  test('lead data and questions to their terminal', async () => {
    const { load, station, clock } = await begin()
    await load('terminal_id,imei,uuid', `1,${IMEI},u-1`)
    station.hear(IMEI)
    await clock.advance(2 * SECOND)
    expect((await station.desk.seenBy('all').summary()).total).toBe(1)
    expect(station.desk.seenBy('all').get('u-1')).toMatchObject({ id: '1', state: 'fresh' })
    const history = await station.desk.seenBy('all').history(IMEI, 0, clock.now() + 1)
    expect(history.map(({ to }) => to)).toEqual(['fresh', 'unknown'])
  })

  test('an id that is an alias of another terminal is refused, in the fleet and within one file', async () => {
    const { load, station } = await begin()
    const file = ['terminal_id,name,imei', `1,Truck,${IMEI}`, `${IMEI},Van,`]
    expect(await load(...file)).toMatchObject({
      created: 0,
      rejected: [{ line: 3, reason: `${IMEI} is another name of terminal 1` }],
    })
    expect((await station.desk.seenBy('all').summary()).total).toBe(0)
    await load('terminal_id,name,imei', `1,Truck,${IMEI}`)
    expect((await load('terminal_id,name', `${IMEI},Van`)).rejected).toHaveLength(1)
    expect(station.desk.seenBy('all').get('1')).toMatchObject({ name: 'Truck' })
  })

  test('the id of a terminal stays its own whatever others claim', async () => {
    const { load, station } = await begin()
    await load('terminal_id,imei', `${IMEI},`, `1,${IMEI}`)
    expect(station.desk.seenBy('all').get(IMEI)?.id).toBe(IMEI)
  })

  test.each([
    ['first', [`1,${OTHER}`, `2,${IMEI}`]],
    ['last', [`2,${IMEI}`, `1,${OTHER}`]],
  ])(
    'a tracker that was exchanged leads to its new terminal, named %s, as after a restart',
    async (_name, rows) => {
      const { load, station, clock, stores } = await begin()
      await load('terminal_id,imei', `1,${IMEI}`, '2,')
      await load('terminal_id,imei', ...rows)
      const leads = [IMEI, OTHER].map((alias) => station.desk.seenBy('all').get(alias)?.id)
      expect(leads).toEqual(['2', '1'])
      station.crash()
      const again = await startStation(clock, stores)
      expect([IMEI, OTHER].map((alias) => again.desk.seenBy('all').get(alias)?.id)).toEqual(leads)
    },
  )
})

describe('a change by a person', () => {
  test('is judged and stored when it resolves', async () => {
    const { station, clock, stores } = await begin()
    station.hear('1')
    await clock.advance(2 * SECOND)
    expect(await station.desk.change('1', { lifecycle: 'suspended' }, ANNA)).toBe(true)
    expect(station.desk.seenBy('all').get('1')?.state).toBe('suspended')
    station.crash()
    expect((await startStation(clock, stores)).desk.seenBy('all').get('1')?.state).toBe('suspended')
  })

  test('of a terminal that there is not says so', async () => {
    const { station } = await begin()
    expect(await station.desk.change('nobody', { lifecycle: 'suspended' }, ANNA)).toBe(false)
  })

  test('that reaches the fleet while a tick stores neither waits for ever nor is told twice', async () => {
    const { station, clock } = await begin()
    station.hear('1')
    const ticking = clock.advance(5 * SECOND)
    const now = clock.now()
    await station.desk.change('1', { maintenance: { from: now, to: now + MINUTE, reason: '' } }, ANNA)
    await ticking
    expect((await station.history('1')).filter(({ to }) => to === 'maintenance')).toHaveLength(1)
  })
})

describe('what is known of one terminal', () => {
  test('is what the inventory and the configuration say of it', async () => {
    const { load, station, clock } = await begin()
    await load('terminal_id,imei,sim,uuid,operator,region,profile', `1,${IMEI},+7916,u-1,MTS,North,tractor`)
    const facts = station.desk.seenBy('all').facts(IMEI)
    expect(facts).toMatchObject({
      ...{ imei: IMEI, sim: '+7916', uuid: 'u-1', operator: 'MTS', region: 'North', profile: 'tractor' },
      ...{ aliases: [], lifecycle: 'active', intake: 'unknown', maintenance: null, firstSeenAt: clock.now() },
    })
    expect(facts?.thresholds).toEqual({
      moving: { seconds: 1800, from: 'default' },
      parked: { seconds: 23_400, from: 'default' },
      lost: { seconds: 86_400, from: 'default' },
      neverAfter: { seconds: 86_400, from: 'default' },
    })
  })

  test('holds the stretches in which its source could not have heard it', async () => {
    const { station, clock } = await begin()
    const begun = clock.now()
    station.hear('1')
    await clock.advance(MINUTE)
    const from = clock.now()
    station.link('gate').disconnected(from, 'the cable')
    await clock.advance(10 * MINUTE)
    station.link('gate').connected(clock.now(), false)
    await clock.advance(MINUTE)
    const blind = { from, to: from + 10 * MINUTE }
    const { blind: spans } = station.desk.seenBy('all')
    expect(spans('1', begun, clock.now())).toEqual([blind])
    expect(spans('1', from + MINUTE, from + 2 * MINUTE)).toEqual([
      { from: from + MINUTE, to: from + 2 * MINUTE },
    ])
    expect(spans('1', blind.to, clock.now())).toEqual([])
  })

  test('does not exist for those who may not see it', async () => {
    const { load, station, clock } = await begin()
    await load('terminal_id,client', '1,Agro')
    const other = station.desk.seenBy({ clients: ['Other'], groups: [] })
    expect(other.facts('1')).toBeUndefined()
    expect(other.blind('1', 0, clock.now())).toEqual([])
    expect(station.desk.seenBy({ clients: ['Agro'], groups: [] }).facts('1')).toBeDefined()
  })
})

describe('a terminal that goes to another client', () => {
  /** Heard and lost with Alfa, then handed over to Beta and heard again; gives the instant of the handover. */
  async function handedOver() {
    const begun = await begin()
    const { clock, load, station } = begun
    await load('terminal_id,client,group', '1,Alfa,D/Alfa')
    station.hear('1')
    await clock.advance(2 * HOUR)
    const at = clock.now()
    await load('terminal_id,client,group', '1,Beta,D/Beta')
    await clock.advance(MINUTE)
    station.hear('1')
    await clock.advance(MINUTE)
    return { ...begun, at }
  }

  const BETA = { clients: ['Beta'], groups: [] }

  test('leaves its past behind: the new dealer sees it from then on, an operator all of it', async () => {
    const { clock, station, at } = await handedOver()
    const end = clock.now() + 1
    const all = await station.desk.seenBy('all').history('1', 0, end)
    const past = all.filter((transition) => transition.at < at)
    expect(past.length).toBeGreaterThan(1)
    for (const scope of [BETA, { clients: [], groups: ['D/Beta'] }]) {
      const seen = station.desk.seenBy(scope)
      expect(await seen.history('1', 0, end)).toEqual(all.slice(0, all.length - past.length))
      expect(await seen.history('1', 0, at)).toEqual([])
      expect(seen.facts('1')?.firstSeenAt).toBe(at)
    }
    const former = station.desk.seenBy({ clients: ['Alfa'], groups: ['D/Alfa'] })
    expect(await former.history('1', 0, end)).toEqual([])
    expect(station.desk.seenBy('all').facts('1')?.firstSeenAt).toBeLessThan(at)
  })

  test('shows nobody else the stretches in which its source was blind before', async () => {
    const { clock, station, load } = await begin()
    await load('terminal_id,client', '1,Alfa')
    station.hear('1')
    station.link('gate').disconnected(clock.now(), 'closed')
    await clock.advance(HOUR)
    await load('terminal_id,client', '1,Beta')
    const at = clock.now()
    await clock.advance(MINUTE)
    const blind = (scope: 'all' | typeof BETA) => station.desk.seenBy(scope).blind('1', 0, clock.now())
    expect(blind('all')[0]?.from).toBeLessThan(at)
    expect(blind(BETA)).toEqual([{ from: at, to: clock.now() }])
  })

  test('is remembered after a crash, and when its vehicle gets another unit', async () => {
    const { clock, station, stores, at } = await handedOver()
    station.crash()
    const again = await startStation(clock, stores)
    const seen = async (id: string) => await again.desk.seenBy(BETA).history(id, 0, clock.now() + 1)
    const known = await seen('1')
    expect(known.length).toBeGreaterThan(0)
    expect(known.every((transition) => transition.at >= at)).toBe(true)
    await again.desk.importCsv(new TextEncoder().encode('terminal_id,uuid\n1,u-1'))
    await again.desk.importCsv(new TextEncoder().encode('terminal_id,uuid\n2,u-1'))
    await clock.advance(2 * SECOND)
    expect(again.desk.seenBy(BETA).get('2')).toMatchObject({ client: 'Beta' })
    expect((await seen('2')).every((transition) => transition.at >= at)).toBe(true)
  })

  test('by the vehicle tree does so as well', async () => {
    const { clock, station } = await begin()
    const vehicle = { name: '', dealer: '', model: '', uuid: 'u-1', intake: 'on', terminalId: '1' } as const
    await station.desk.applyTree('main', [{ ...vehicle, client: 'Alfa', group: 'D/Alfa' }])
    station.hear('1')
    await clock.advance(HOUR)
    await station.desk.applyTree('main', [{ ...vehicle, client: 'Beta', group: 'D/Beta' }])
    expect(station.desk.seenBy(BETA).facts('1')?.firstSeenAt).toBe(clock.now())
    expect(await station.desk.seenBy(BETA).history('1', 0, clock.now())).toEqual([])
  })
})

describe('the causes of those that need attention', () => {
  test('are counted for each scope, and anew when a page is loaded again', async () => {
    const { clock, station, load } = await begin()
    await load('terminal_id,client', '1,North', '2,South')
    station.hear('1')
    station.hear('2')
    await clock.advance(40 * MINUTE)
    const north = station.desk.seenBy({ clients: ['North'], groups: [] })
    const total = async (reader: typeof north): Promise<number> =>
      [...(await reader.causes()).values()].reduce((sum, count) => sum + count, 0)
    expect(await total(north)).toBe(1)
    expect(await total(station.desk.seenBy('all'))).toBe(2)
    const acknowledged = { until: clock.now() + HOUR, reason: 'repair', by: 'anna' }
    await station.desk.change('1', { acknowledged }, ANNA)
    expect(await total(north)).toBe(1)
    await clock.advance(30 * SECOND)
    expect(await total(north)).toBe(0)
  })
})
