import { once } from 'node:events'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  DataFolderOwned,
  DataFolderUnusable,
  holderOf,
  ownDataFolder,
} from '../../../src/adapters/system/data-owner.ts'
import { type ChildScript, startScript } from '../../support/child-script.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

let folder: ReturnType<typeof tempFolder>
let path: string

beforeEach(() => {
  folder = tempFolder()
  path = folder.file('new/data')
})
afterEach(() => folder[Symbol.dispose]())

async function startOwner(): Promise<ChildScript> {
  const child = startScript(new URL('./owner-child.ts', import.meta.url), [path])
  await until(() => child.lines.length > 0, 15_000)
  return child
}

test('the folder is created for its owner alone', () => {
  const owner = ownDataFolder(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  owner.release()
})

test('a second process is refused and the owner is named by process, host and time', async () => {
  await using owner = await startOwner()
  expect(owner.lines).toEqual(['owned'])
  await using second = await startOwner()
  const holder = `process ${owner.process.pid} on ${hostname()} since 20\\d\\d-\\d\\d-\\d\\dT[\\d:.]+Z`
  expect(second.lines.join('\n')).toMatch(new RegExp(`^DataFolderOwned: .*${path} is in use by ${holder}`))
  expect(() => ownDataFolder(path)).toThrow(DataFolderOwned)
})

test('a killed owner blocks nobody, and the next one is named instead', async () => {
  const killed = await startOwner()
  await killed.kill()
  expect(existsSync(`${path}/owner.json`)).toBe(true)
  await using next = await startOwner()
  expect(next.lines).toEqual(['owned'])
  expect(() => ownDataFolder(path)).toThrow(`process ${next.process.pid} on`)
})

test('an owner that ends by itself leaves the folder free and no card behind', async () => {
  const owner = await startOwner()
  owner.process.stdin?.end()
  await once(owner.process, 'exit')
  expect(existsSync(`${path}/owner.json`)).toBe(false)
  ownDataFolder(path).release()
})

test('in one process the folder has one owner as well, until it is released', () => {
  const first = ownDataFolder(path)
  expect(() => ownDataFolder(path)).toThrow(DataFolderOwned)
  first.release()
  const second = ownDataFolder(path)
  first.release()
  expect(() => ownDataFolder(path)).toThrow(DataFolderOwned)
  second.release()
})

test('what owns the folder is told: the service, a command, or nobody', () => {
  const service = ownDataFolder(path)
  expect(holderOf(path)).toBe('service')
  service.release()
  expect(holderOf(path)).toBeUndefined()
  const command = ownDataFolder(path, 'command')
  expect(holderOf(path)).toBe('command')
  expect(() => ownDataFolder(path)).toThrow(/in use by a command, process \d+ on /)
  // As a version before this one wrote it.
  writeFileSync(`${path}/owner.json`, '{"pid":1,"host":"x"}')
  expect(holderOf(path)).toBe('service')
  command.release()
})

test('an owner whose card cannot be read is still respected', () => {
  const owner = ownDataFolder(path)
  writeFileSync(`${path}/owner.json`, 'null')
  expect(() => ownDataFolder(path)).toThrow(/in use by another process/)
  owner.release()
})

test.each([
  ['below a file', 'file/data'],
  ['that is a file', 'file'],
])('a folder %s is refused with its name and what to do', (_name, place) => {
  writeFileSync(folder.file('file'), '')
  path = folder.file(place)
  expect(() => ownDataFolder(path)).toThrow(DataFolderUnusable)
  expect(() => ownDataFolder(path)).toThrow(`The data folder ${path} cannot be used`)
  expect(() => ownDataFolder(path)).toThrow(/name another folder/)
})
