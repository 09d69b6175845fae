import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadRequestTemplates } from '../../src/config/request-templates.ts'
import { tempFolder } from '../support/temp-folder.ts'

const FOLDER = 'config/request-templates'

async function broken(file: string, change: (text: string) => string) {
  using folder = tempFolder()
  await cp(FOLDER, folder.path, { recursive: true })
  const path = join(folder.path, file)
  await writeFile(path, change(await readFile(path, 'utf8')))
  const read = loadRequestTemplates(folder.path)
  return read.ok
    ? []
    : read.faults.map(({ path: place, message }) => `${place.slice(folder.path.length + 1)} ${message}`)
}

describe('the drafts of the program', () => {
  test('are there for every kind of problem, in both languages', () => {
    const read = loadRequestTemplates(FOLDER)
    expect(read.ok && read.templates.map(({ id, about }) => [id, about])).toEqual([
      ['no-data', 'equipment'],
      ['wrong-position', 'equipment'],
      ['fuel', 'equipment'],
      ['power', 'equipment'],
      ['firmware', 'equipment'],
      ['wrong-data', 'data'],
      ['archive-loading', 'data'],
      ['replacement', 'data'],
      ['service-unavailable', 'service'],
      ['account', 'service'],
      ['finance', 'department'],
      ['other', 'other'],
    ])
    for (const { status, version, points } of read.ok ? read.templates : []) {
      expect([status, version]).toEqual(['draft', 1])
      expect(points.some(({ required }) => required)).toBe(true)
    }
  })

  test.each([
    ['points.yaml', (text: string) => text.replace('from: imei', 'from: moon'), 'points.yaml: 8.from'],
    ['points.yaml', (text: string) => text.replace('key: imei', 'key: mei'), 'points.yaml has no point imei'],
    ['problems.yaml', (text: string) => text.replace('imei, archive', 'imei, imei'), 'imei is there twice'],
    ['problems.yaml', () => '- {', 'problems.yaml: line 1'],
  ])('with a fault in %s are refused, and it is told', async (file, change, fault) => {
    expect((await broken(file, change)).join('\n')).toContain(fault)
  })

  test('that are not there are told', () => {
    expect(loadRequestTemplates('config/nowhere')).toMatchObject({ ok: false })
  })
})
