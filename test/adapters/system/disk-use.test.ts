import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diskUse } from '../../../src/adapters/system/disk-use.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('the files of a database are measured beside the room that is left', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.sqlite')
  writeFileSync(path, 'x'.repeat(100))
  const use = await diskUse(path)
  expect(use).toMatchObject({ database: 100, wal: 0 })
  expect(use.free).toBeGreaterThan(1_000_000)
  writeFileSync(`${path}-wal`, 'x'.repeat(7))
  expect(await diskUse(path)).toMatchObject({ database: 100, wal: 7 })
})

test('where nobody can look nothing is claimed', async () => {
  expect(await diskUse('/dev/null/nowhere/watch.sqlite')).toEqual({
    database: undefined,
    wal: undefined,
    free: undefined,
  })
})
