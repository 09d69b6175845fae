import { beforeEach, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { FirmwareCatalogue, FirmwareModel } from '../../src/core/request/firmware-model.ts'
import type { RequestTemplate } from '../../src/core/request/template.ts'
import { type RecordStore, StoreError, type Stores } from '../../src/ports.ts'
import { createFirmwareBook, MOST_MODELS } from '../../src/workers/firmware-book.ts'
import { createTemplateBook } from '../../src/workers/template-book.ts'
import { requestDrafts } from '../support/app-deps.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { ANNA } from '../support/store-rows.ts'

let stores: Stores
let used: FirmwareCatalogue[]

beforeEach(() => {
  stores = createMemoryStores()
  used = []
})

const base = () => ({ clock: createFakeClock(), log: createRecordingLog() })

async function openFirmware(store: RecordStore<FirmwareModel> = stores.firmware) {
  const book = createFirmwareBook({ ...base(), store, use: (catalogue) => used.push(catalogue) })
  await book.load()
  return book
}

async function openTemplates(drafts: readonly RequestTemplate[] = requestDrafts()) {
  const book = createTemplateBook({ ...base(), store: stores.templates, drafts })
  await book.load()
  return book
}

const model = (id: string, latest = 1): FirmwareModel => ({
  id,
  latest,
  criticalMin: 0,
  broken: [],
  released: '',
  note: '',
})

test('models are kept under one spelling each, and whoever judges gets every new catalogue', async () => {
  const book = await openFirmware()
  expect(await book.save([model('Smart 3.0'), model('OBD')], ANNA)).toEqual({ created: 2, updated: 0 })
  expect(await book.save([model('smart  3.0', 2)], ANNA)).toEqual({ created: 0, updated: 1 })
  expect(book.list().map(({ id, latest }) => [id, latest])).toEqual([
    ['OBD', 1],
    ['smart  3.0', 2],
  ])
  expect((await openFirmware()).list()).toEqual(book.list())
  expect(used.at(-1)?.get('smart 3.0')?.latest).toBe(2)
})

test('a change that changes nothing is not in the audit trail, and one that is not stored changes nothing', async () => {
  const book = await openFirmware()
  await book.save([model('OBD')], ANNA)
  await book.save([model('OBD')], ANNA)
  expect((await stores.audit.list({ limit: 9 })).map(({ action }) => action)).toEqual(['firmware.add'])
  const broken = {
    ...stores.firmware,
    commit: () => Promise.reject(new StoreError('full', 'The disk is full.')),
  }
  const other = await openFirmware(broken)
  await expect(other.save([model('OBD', 9)], ANNA)).rejects.toThrow(StoreError)
  expect(other.get('OBD')?.latest).toBe(1)
})

test('there are no more models than the program takes', async () => {
  const book = await openFirmware()
  const many = Array.from({ length: MOST_MODELS }, (_, n) => model(`m${n}`))
  expect(await book.save(many, ANNA)).toEqual({ created: MOST_MODELS, updated: 0 })
  expect(await book.save([model('one more')], ANNA)).toBe('full')
})

test('official points outlive a restart; a draft that came back follows the program and keeps its version', async () => {
  const points = [{ key: 'p1', label: { ru: 'x', en: 'x' }, required: true, from: 'ask' }] as const
  const book = await openTemplates()
  await book.replace('fuel', { points, source: 'FAQ' }, ANNA)
  expect((await openTemplates()).get('fuel')).toMatchObject({
    version: 2,
    status: 'official',
    points,
    source: 'FAQ',
  })
  await book.restore('fuel', ANNA)
  const newer = requestDrafts().map((draft) => ({ ...draft, points }))
  expect((await openTemplates(newer)).get('fuel')).toMatchObject({ version: 3, status: 'draft', points })
  expect(await book.restore('fuel', ANNA)).toBe('nothing')
  expect(await book.replace('moon', { points, source: '' }, ANNA)).toBe('missing')
  expect(
    (await stores.audit.list({ limit: 9 })).map(({ action, subject }) => `${action} ${subject}`),
  ).toEqual(['template.restore fuel', 'template.replace fuel'])
})
