import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { backupCommand } from '../../src/commands/backup.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-backup-'))
  await writeFile(join(folder, 'watch.yaml'), 'data: .\n')
})

afterEach(() => rm(folder, { recursive: true }))

async function run(args: readonly string[]) {
  const seen = { out: '', err: '' }
  const out = (text: string): void => {
    seen.out += text
  }
  const err = (text: string): void => {
    seen.err += text
  }
  const status = await backupCommand([...args, '--config', 'watch.yaml'], { out, err, env: {}, cwd: folder })
  return { status, ...seen }
}

describe('backup', () => {
  test('copies a database that is in use, and the copy holds what was stored', async () => {
    const live = await openSqliteStores({ path: join(folder, 'watch.sqlite') })
    await live.settings.set('key', 'value')
    expect(await run(['copy.sqlite'])).toMatchObject({ status: 0, err: '' })
    await live.close()
    const copy = await openSqliteStores({ path: join(folder, 'copy.sqlite') })
    expect(await copy.settings.get('key')).toBe('value')
    await copy.close()
  })

  test('never overwrites a file', async () => {
    await writeFile(join(folder, 'watch.sqlite'), '')
    await writeFile(join(folder, 'copy.sqlite'), 'mine')
    expect(await run(['copy.sqlite'])).toMatchObject({
      status: 1,
      err: expect.stringContaining('exists already'),
    })
  })

  test.each([[[]], [['a', 'b']], [['a', '--foo']]])('%j is wrong usage', async (args) => {
    expect((await run(args)).status).toBe(2)
  })
})
