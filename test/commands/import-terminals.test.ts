import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { ownDataFolder } from '../../src/adapters/system/data-owner.ts'
import { exportTerminalsCommand } from '../../src/commands/export-terminals.ts'
import { importTerminalsCommand } from '../../src/commands/import-terminals.ts'
import { createFleet } from '../../src/core/fleet/fleet.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { MINUTE } from '../../src/core/time.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { deployService } from '../support/service-process.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

let folder: ReturnType<typeof tempFolder>

beforeEach(async () => {
  folder = tempFolder()
  await writeFile(folder.file('watch.yaml'), 'data: ./data\n')
})
afterEach(() => folder[Symbol.dispose]())

async function run(
  command: typeof importTerminalsCommand,
  args: readonly string[],
  cwd = folder.path,
  shutdown = new AbortController().signal,
) {
  const seen = { out: '', err: '' }
  const out = (text: string): void => {
    seen.out += text
  }
  const err = (text: string): void => {
    seen.err += text
  }
  const io = { out, err, env: {}, cwd, shutdown, onReload: () => {} }
  const status = await command([...args, '--config', 'watch.yaml'], io)
  return { status, ...seen }
}

async function importing(...lines: readonly string[]) {
  await writeFile(folder.file('fleet.csv'), lines.join('\n'))
  return run(importTerminalsCommand, ['fleet.csv'])
}

const exported = async (): Promise<string> => (await run(exportTerminalsCommand, [])).out

async function stored() {
  const stores = await openSqliteStores({ path: folder.file('data/watch.sqlite') })
  const kept = await stores.fleet.load()
  await stores.close()
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  restoreFleet(fleet, kept)
  return { fleet, kept }
}

describe('import-terminals without a service', () => {
  test('creates the data folder and stores the inventory, which a service then has', async () => {
    expect(await importing('terminal_id,name,colour', '1,Truck,red', '2,Van,')).toEqual({
      status: 0,
      out: 'Imported: 2 created, 0 updated, 0 merged, 0 replaced.\n',
      err: 'warning: column "colour" is not known and was left out\n',
    })
    const { fleet, kept } = await stored()
    expect([...fleet.inventory].map(({ id, name }) => [id, name])).toEqual([
      ['1', 'Truck'],
      ['2', 'Van'],
    ])
    expect(kept.journal).toEqual([])
    ownDataFolder(folder.file('data')).release()
  })

  test('says which terminals were replaced, and the heartbeat stays that of the service before', async () => {
    await importing('terminal_id,name,uuid', '1,Truck,u-1')
    const first = (await stored()).kept.heartbeatAt
    expect(await importing('terminal_id,uuid', '2,u-1')).toMatchObject({
      status: 0,
      out: 'Imported: 0 created, 1 updated, 0 merged, 1 replaced.\n  Truck: terminal 1 was replaced by 2\n',
    })
    const { fleet, kept } = await stored()
    expect(kept.heartbeatAt).toBe(first)
    expect(fleet.inventory.at(fleet.rows.get('u-1') ?? -1)).toMatchObject({ id: '2', name: 'Truck' })
    expect(fleet.rows.has('1')).toBe(false)
  })

  test('that cannot be stored is not in the audit trail', async () => {
    await importing('terminal_id,name', '1,Truck')
    const db = new DatabaseSync(folder.file('data/watch.sqlite'))
    for (const table of ['terminals', 'inventory_pages']) {
      db.exec(
        `CREATE TRIGGER no_${table} BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'no room'); END`,
      )
    }
    db.close()
    await importing('terminal_id,name', '2,Van').catch(() => {})
    const stores = await openSqliteStores({ path: folder.file('data/watch.sqlite') })
    const count = await stores.audit.count()
    await stores.close()
    expect(count).toBe(1)
    expect([...(await stored()).fleet.inventory].map(({ id }) => id)).toEqual(['1'])
  })

  test('is in the audit trail with its counts and the digest of the file; a refused one is not', async () => {
    await importing('terminal_id,name', '1,Truck')
    await importing('terminal_id', '2', ',')
    const stores = await openSqliteStores({ path: folder.file('data/watch.sqlite') })
    const entries = await stores.audit.list({ limit: 10 })
    await stores.close()
    const sha256 = createHash('sha256').update('terminal_id,name\n1,Truck').digest('hex')
    expect(entries).toMatchObject([
      {
        actor: { name: 'import-terminals', via: 'command', address: '' },
        action: 'inventory.import',
        subject: 'inventory',
        after: { created: 1, updated: 0, merged: 0, replaced: 0, sha256 },
      },
    ])
  })

  test('waits for another command that imports, and says so', async () => {
    const other = ownDataFolder(folder.file('data'), 'command')
    await writeFile(folder.file('fleet.csv'), 'terminal_id\n1\n')
    const release = setTimeout(() => other.release(), 1500)
    expect(await run(importTerminalsCommand, ['fleet.csv'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('1 created'),
      err: 'Another import is working on the data folder; waiting for its end.\n',
    })
    clearTimeout(release)
    expect(existsSync(folder.file('data/inbox'))).toBe(false)
  })

  test('that is interrupted imports nothing', async () => {
    await writeFile(folder.file('fleet.csv'), 'terminal_id\n1\n')
    const ended = { status: 1, out: '', err: 'Interrupted; nothing was imported.\n' }
    expect(await run(importTerminalsCommand, ['fleet.csv'], undefined, AbortSignal.abort())).toEqual(ended)
    const waiting = new AbortController()
    const other = ownDataFolder(folder.file('data'), 'command')
    const answer = run(importTerminalsCommand, ['fleet.csv'], undefined, waiting.signal)
    waiting.abort()
    expect(await answer).toMatchObject({ status: 1, err: expect.stringContaining('nothing was imported') })
    other.release()

    const rows = Array.from({ length: 50_000 }, (_, n) => `${n},x`)
    await writeFile(folder.file('fleet.csv'), ['terminal_id,name', ...rows].join('\n'))
    const amid = new AbortController()
    const last = run(importTerminalsCommand, ['fleet.csv'], undefined, amid.signal)
    await until(() => existsSync(folder.file('data/watch.sqlite')))
    amid.abort()
    expect(await last).toEqual(ended)
    expect([...(await stored()).fleet.inventory]).toEqual([])
  })

  test('lists every bad row and imports none', async () => {
    expect(await importing('terminal_id,imei', '1,', '2,x', ',', '1,')).toEqual({
      status: 1,
      out: '',
      err:
        'Nothing was imported, 3 bad rows:\n  line 3: imei: an IMEI has 14 to 16 digits\n' +
        '  line 4: terminal_id is empty\n  line 5: terminal 1 is already on line 2\n',
    })
    expect([...(await stored()).fleet.inventory]).toEqual([])
  })

  test.each([
    [[], 2, 'usage: import-terminals'],
    [['a.csv', 'b.csv'], 2, 'Name one CSV file.'],
    [['--foo'], 2, "Unknown option '--foo'"],
    [['missing.csv'], 1, 'cannot be read'],
  ])('with the arguments %j ends with status %i', async (args, status, text) => {
    const ended = await run(importTerminalsCommand, args)
    expect(ended.status).toBe(status)
    expect(ended.err).toContain(text)
    expect(existsSync(folder.file('data'))).toBe(false)
  })

  test('says what is wrong with the configuration', async () => {
    await writeFile(folder.file('watch.yaml'), 'colour: red\n')
    expect(await importing('terminal_id', '1')).toMatchObject({
      status: 2,
      err: expect.stringContaining('colour'),
    })
  })
})

describe('export-terminals', () => {
  test('writes what import-terminals takes back, to a file or to standard output', async () => {
    await importing('terminal_id,name,sim,aliases', '1,"=Truck, ""red""",+7900,S1 S2', "2,'@x,,")
    const text = await exported()
    expect(await run(exportTerminalsCommand, ['copy.csv'])).toMatchObject({ status: 0, err: '' })
    expect(await readFile(folder.file('copy.csv'), 'utf8')).toBe(text)
    expect(readdirSync(folder.path).filter((name) => name.includes('part'))).toEqual([])
    expect(await run(importTerminalsCommand, ['copy.csv'])).toMatchObject({
      out: 'Imported: 0 created, 2 updated, 0 merged, 0 replaced.\n',
    })
    expect(await exported()).toBe(text)
  })

  test('fails without a database, and leaves a file that cannot be written alone', async () => {
    expect(await run(exportTerminalsCommand, [])).toMatchObject({
      status: 1,
      err: expect.stringContaining('no database'),
    })
    await importing('terminal_id', '1')
    await mkdir(folder.file('copy.csv'))
    expect((await run(exportTerminalsCommand, ['copy.csv'])).status).toBe(1)
    expect(readdirSync(folder.path)).not.toContain('copy.csv.part')
    expect((await run(exportTerminalsCommand, ['a', 'b'])).status).toBe(2)
    expect(await run(exportTerminalsCommand, ['nowhere/copy.csv'])).toMatchObject({
      status: 1,
      err: `There is no folder ${folder.file('nowhere')}; make it first.\n`,
    })
  })

  test.each([
    [1, /older version .* Start the service once: it upgrades the database\.$/],
    [999, /newer version/],
  ])('of a database of schema %i says what to do', async (version, advice) => {
    await importing('terminal_id', '1')
    const db = new DatabaseSync(folder.file('data/watch.sqlite'))
    db.exec(`PRAGMA user_version = ${version}`)
    db.close()
    const { status, out, err } = await run(exportTerminalsCommand, [])
    expect([status, out]).toEqual([1, ''])
    expect(err.trimEnd()).toMatch(advice)
  })
})

describe('beside a running service', () => {
  test('the file is handed over, imported all or nothing, and exported again', async () => {
    await using deployment = await deployService({ letters: { operators: [] } })
    const service = await deployment.start()
    const file = deployment.file('fleet.csv')
    const cwd = deployment.file('')
    await writeFile(file, 'terminal_id,name,uuid,colour\n1,Truck,u-1,\n')
    expect(await run(importTerminalsCommand, [file], cwd)).toMatchObject({
      status: 0,
      out: 'Imported: 1 created, 0 updated, 0 merged, 0 replaced.\n',
      err: 'warning: column "colour" is not known and was left out\n',
    })
    expect(await service.api.terminal('1')).toMatchObject({ name: 'Truck' })
    await writeFile(file, 'terminal_id,name\n1,Lorry\n,x\n')
    expect(await run(importTerminalsCommand, [file], cwd)).toMatchObject({
      status: 1,
      err: 'Nothing was imported, 1 bad row:\n  line 3: terminal_id is empty\n',
    })
    expect(await service.api.terminal('1')).toMatchObject({ name: 'Truck' })
    expect((await run(exportTerminalsCommand, [], cwd)).out).toContain('1,Truck,')
    expect(readdirSync(`${deployment.data}/inbox`)).toEqual([])

    // A service that is killed amid the work: the command does not wait for ever and says what it knows.
    await writeFile(
      file,
      `terminal_id,name\n${Array.from({ length: 60_000 }, (_, n) => `${n},x${n}`).join('\n')}\n`,
    )
    const last = run(importTerminalsCommand, [file], cwd)
    await until(() => readdirSync(`${deployment.data}/inbox`).some((name) => name.endsWith('.taken')), 20_000)
    await service.end('SIGKILL')
    expect(await last).toMatchObject({ status: 1, err: expect.stringContaining('as a whole or not at all') })
    const again = await deployment.start()
    expect(again.log.some(({ message }) => message.includes('handed over were being imported'))).toBe(true)
    const { total } = (await (await again.api.request('/api/v1/summary')).json()) as { total: number }
    expect([1, 60_000]).toContain(total)
    await again.end('SIGTERM')
  }, 120_000)
})
