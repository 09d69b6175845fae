import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createInventoryFile } from '../../src/compose/inventory-file.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startStation } from '../support/fleet-station.ts'
import { tempFolder } from '../support/temp-folder.ts'

async function begin(folder: ReturnType<typeof tempFolder>) {
  const stores = createMemoryStores()
  const { desk, log } = await startStation(createFakeClock(), stores)
  await writeFile(
    folder.file('watch.yaml'),
    JSON.stringify({ fleet: { terminals: folder.file('fleet.csv') } }),
  )
  await writeFile(folder.file('fleet.csv'), '')
  const loaded = await loadConfig({ file: folder.file('watch.yaml'), env: {}, cwd: folder.path })
  if (!loaded.ok) throw new Error('the configuration of the test is wrong')
  const begun = () => createInventoryFile({ desk, settings: stores.settings, log })
  const write = (...lines: readonly string[]): Promise<void> =>
    writeFile(folder.file('fleet.csv'), ['terminal_id,name,uuid', ...lines].join('\n'))
  let importFile = begun()
  return {
    desk,
    log,
    /** The file as a start finds it. */
    async file(...lines: readonly string[]): Promise<void> {
      await write(...lines)
      importFile = begun()
      await importFile(loaded.config)
    },
    /** The file as a reload finds it. */
    async reload(...lines: readonly string[]): Promise<void> {
      await write(...lines)
      await importFile(loaded.config)
    },
    upload: (...lines: readonly string[]) =>
      desk.importCsv(new TextEncoder().encode(['terminal_id,name,uuid', ...lines].join('\n'))),
  }
}

test('the file that was imported before does not bring back a terminal that was replaced since', async () => {
  using folder = tempFolder()
  const { file, upload, desk, log } = await begin(folder)
  await file('1,Truck,u-1')
  await upload('2,,u-1')
  await file('1,Truck,u-1')
  expect(desk.seenBy('all').get('u-1')?.id).toBe('2')
  expect(log.lines.find(({ level }) => level === 'warn')?.fields['warning']).toContain(
    'vehicle u-1 has terminal 2',
  )
})

test('a file that says something new is followed', async () => {
  using folder = tempFolder()
  const { file, upload, desk } = await begin(folder)
  await file('1,Truck,u-1')
  await upload('2,,u-1')
  await file('3,Lorry,u-1')
  expect(desk.seenBy('all').get('u-1')).toMatchObject({ id: '3', name: 'Lorry' })
})

test('a file with bad rows is told, not imported, and not taken for one that was', async () => {
  using folder = tempFolder()
  const { file, desk, log } = await begin(folder)
  await file('1,Truck,u-1', ',x,')
  expect((await desk.seenBy('all').summary()).total).toBe(0)
  expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { badRows: 1, rejected: [{ line: 3 }] } })
  await file('1,Truck,u-1')
  expect((await desk.seenBy('all').summary()).total).toBe(1)
})

test('a reload leaves out a file that is as it was, so that later changes stay, and takes a changed one', async () => {
  using folder = tempFolder()
  const { file, reload, upload, desk } = await begin(folder)
  const nameOf = (id: string) => desk.seenBy('all').get(id)?.name
  await file('1,Truck,', '2,Van,')
  await upload('1,Lorry,')
  await reload('1,Truck,', '2,Van,')
  expect(nameOf('1')).toBe('Lorry')
  await reload('1,Truck,', '2,Bus,')
  expect([nameOf('1'), nameOf('2')]).toEqual(['Truck', 'Bus'])
})

test('a reload tells again of a file with bad rows, although it is as it was', async () => {
  using folder = tempFolder()
  const { file, reload, log } = await begin(folder)
  await file('1,Truck,', ',x,')
  await reload('1,Truck,', ',x,')
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2)
})
