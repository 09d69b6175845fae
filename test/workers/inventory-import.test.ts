import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { Actor } from '../../src/core/audit.ts'
import type { ImportProgress } from '../../src/core/fleet/inventory.ts'
import { type FleetFlush, ServiceStopping } from '../../src/ports.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startStation } from '../support/fleet-station.ts'

const BORIS: Actor = { name: 'boris', via: 'session', address: '10.0.0.7' }

async function begin() {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const flushes: FleetFlush[] = []
  const station = await startStation(clock, {
    ...stores,
    fleet: {
      ...stores.fleet,
      flush: async (flush) => {
        flushes.push(flush)
        await stores.fleet.flush(flush)
      },
    },
  })
  return { clock, stores, station, flushes, desk: station.desk, fleet: station.fleet }
}

const bytesOf = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join('\n'))
const many = (count: number): Uint8Array =>
  bytesOf('terminal_id,name', ...Array.from({ length: count }, (_, n) => `${n},T`))

describe('the end of the service', () => {
  test.each(['reading', 'checking'] as const)('gives up an import that is %s', async (wanted) => {
    const { desk, fleet, station, flushes } = await begin()
    const phases: string[] = []
    const told = ({ phase }: ImportProgress): void => {
      phases.push(phase)
      if (phase === wanted) desk.end()
    }
    await expect(desk.importCsv(many(3000), { told })).rejects.toThrow(ServiceStopping)
    await station.sweeper.stop()
    expect(phases.filter((phase) => phase === wanted)).toHaveLength(1)
    expect(phases.at(-1)).toBe(wanted)
    expect([...fleet.inventory]).toEqual([])
    expect(fleet.namesAreFixed).toBe(false)
    expect(flushes.flatMap(({ terminals }) => terminals)).toEqual([])
  })

  test('gives up an import that has not begun to take rows over', async () => {
    const { desk, fleet, station } = await begin()
    let release = (): void => {}
    const held = station.sweeper.sweepNow(() => new Promise<void>((resolve) => (release = resolve)))
    const phases: string[] = []
    const refused = expect(
      desk.importCsv(many(3000), { told: ({ phase }) => void phases.push(phase) }),
    ).rejects.toThrow(ServiceStopping)
    while (!phases.includes('checking')) await nextTurn()
    for (let turn = 0; turn < 100; turn += 1) await nextTurn()
    desk.end()
    release()
    await Promise.all([held, refused])
    expect(phases).not.toContain('applying')
    expect([...fleet.inventory]).toEqual([])
  })

  test('lets an import that takes rows over come to its end at once, so that no half is stored', async () => {
    const { desk, station, flushes } = await begin()
    let turnsAmid = 0
    let isAmid = false
    const told = ({ phase, done }: ImportProgress): void => {
      if (phase === 'storing') isAmid = false
      if (phase !== 'applying' || done < 500 || isAmid) return
      isAmid = true
      desk.end()
      setImmediate(() => {
        turnsAmid += isAmid ? 1 : 0
      })
    }
    const importing = desk.importCsv(many(3000), { told })
    const report = await importing
    await station.sweeper.stop()
    expect(report).toMatchObject({ created: 3000 })
    expect(turnsAmid).toBe(0)
    expect(flushes.map(({ terminals }) => terminals.length).filter((count) => count > 0)).toEqual([3000])
  })

  test('begins no import and no adoption any more', async () => {
    const { desk, station, fleet } = await begin()
    station.hear('a')
    desk.end()
    await expect(desk.importCsv(many(1))).rejects.toThrow(ServiceStopping)
    await expect(desk.adopt({ terminals: ['a'] })).rejects.toThrow(ServiceStopping)
    expect([...fleet.inventory].map(({ discovered }) => discovered)).toEqual([true])
  })
})

describe('the audit trail', () => {
  test('has who imported a file, what came of it and which file it was', async () => {
    const { desk, stores, station, clock } = await begin()
    station.hear('S1')
    const file = bytesOf('terminal_id,uuid,aliases', '1,u-1,S1', '2,u-2,')
    await desk.importCsv(file, { actor: BORIS })
    await desk.importCsv(bytesOf('terminal_id,uuid', '3,u-2'), { actor: BORIS })
    const entries = await stores.audit.list({ limit: 10 })
    const common = { actor: BORIS, action: 'inventory.import', subject: 'inventory', at: clock.now() }
    expect(entries).toMatchObject([
      { ...common, before: null, after: { created: 0, updated: 1, merged: 0, replaced: 1 } },
      {
        ...common,
        after: {
          ...{ created: 2, updated: 0, merged: 1, replaced: 0 },
          sha256: createHash('sha256').update(file).digest('hex'),
        },
      },
    ])
  })

  test('has who adopted which terminals with what', async () => {
    const { desk, stores, station } = await begin()
    station.hear('a')
    station.hear('b')
    await desk.adopt({ terminals: 'all', client: 'North' }, BORIS)
    expect(await stores.audit.list({ limit: 10 })).toMatchObject([
      {
        ...{ actor: BORIS, action: 'inventory.adopt', subject: 'inventory', before: null },
        after: { adopted: 2, terminals: ['a', 'b'], client: 'North' },
      },
    ])
  })

  test('has nothing of what was refused, nor of the file of the configuration', async () => {
    const { desk, stores } = await begin()
    await desk.importCsv(bytesOf('terminal_id', ','), { actor: BORIS })
    await desk.adopt({ terminals: ['nobody'] }, BORIS)
    await desk.importCsv(many(1))
    expect(await stores.audit.list({ limit: 10 })).toEqual([])
  })

  test('that cannot be written undoes nothing, and the log has the action', async () => {
    const { desk, stores, station } = await begin()
    stores.audit.add = async () => {
      throw new Error('the disk is full')
    }
    expect(await desk.importCsv(many(1), { actor: BORIS })).toMatchObject({ created: 1 })
    expect(station.log.lines.at(-1)).toMatchObject({
      level: 'error',
      fields: { action: 'inventory.import', by: 'boris' },
    })
  })
})

test('an import that waits for another says so, and then how far it is itself', async () => {
  const { desk } = await begin()
  const phases: string[] = []
  const first = desk.importCsv(many(2000))
  await desk.importCsv(many(1), {
    told: ({ phase }) => {
      if (phases.at(-1) !== phase) phases.push(phase)
    },
  })
  await first
  expect(phases).toEqual(['waiting', 'reading', 'checking', 'applying', 'storing'])
})

test('a report lists bad rows of both kinds in the order of lines and counts them', async () => {
  const { desk } = await begin()
  await desk.importCsv(bytesOf('terminal_id,uuid', '1,u-1', '2,u-2'))
  const { rejected, rejectedTotal } = await desk.importCsv(
    bytesOf('terminal_id,uuid,imei', ',,', '1,u-2,', '7,,x'),
  )
  expect(rejected.map(({ line }) => line)).toEqual([2, 3, 4])
  expect(rejectedTotal).toBe(3)
})

test('a report is told in the language that is asked for', async () => {
  const { desk } = await begin()
  await desk.importCsv(bytesOf('terminal_id,uuid', '1,u-1', '2,u-2'))
  const rows = ['1,x,', '1,,', '2,,u-1', '"3', '4,3E+08,']
  const file = bytesOf('terminal_id,imei,uuid,more', ...rows)
  const { rejected, warnings } = await desk.importCsv(file, { language: 'ru' })
  expect(rejected.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '2 imei: в IMEI от 14 до 16 цифр',
    '3 терминал 1 уже есть в строке 2',
    '4 uuid u-1 у терминала 1, а 2 уже есть в справочнике, в машине u-2; если 2 ставят на его место, сначала загрузите файл, где у 2 вместо uuid стоит -, потом этот',
    '5 здесь начинается ячейка в кавычках, и закрывающей кавычки нет',
    '6 imei: 3E+08 — число, которое таблица округлила; сделайте столбец текстовым и заполните его снова',
  ])
  expect(warnings).toEqual(['столбец «more» неизвестен и пропущен'])
})

test('a report has twenty warnings at most, the last of which counts the others', async () => {
  const { desk } = await begin()
  const columns = Array.from({ length: 50 }, (_, n) => `c${n}`)
  const { warnings } = await desk.importCsv(bytesOf(`terminal_id,${columns.join(',')}`, '1'))
  expect(warnings).toHaveLength(20)
  expect(warnings.at(-1)).toBe('and 31 more warnings')
})

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
