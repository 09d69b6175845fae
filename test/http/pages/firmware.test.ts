import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld, tokenOf } from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function ask(
  path: string,
  body?: Record<string, string> | FormData,
  headers: Record<string, string> = BY_TOKEN,
) {
  return await createApp(appDeps(world), appOptions()).request(path, {
    headers,
    ...(body === undefined
      ? {}
      : { method: 'POST', body: body instanceof FormData ? body : new URLSearchParams(body) }),
  })
}

const MODEL = {
  model: 'Smart 3.0',
  latest: '120',
  critical_min: '100',
  broken: '115, 90',
  released: '',
  note: '<b>',
}

describe('the page of the catalogue', () => {
  test('says what an empty one means, takes a model, shows and changes it', async () => {
    expect(words(await (await ask('/firmware')).text())).toContain('Каталог пуст')
    expect((await ask('/firmware', MODEL)).headers.get('location')).toBe('/firmware?done=saved')
    const text = await (await ask('/firmware?edit=smart%203.0')).text()
    expect(text).toContain('&lt;b&gt;')
    expect(text).toContain('value="115 90"')
    expect(world.firmware.get('Smart 3.0')).toMatchObject({ latest: 120, broken: [115, 90] })
    expect((await ask('/firmware/remove', { model: 'Smart 3.0' })).status).toBe(303)
    expect(world.firmware.list()).toEqual([])
  })

  test('shows again what it cannot take', async () => {
    const response = await ask('/firmware', { ...MODEL, latest: '<i>', critical_min: '' })
    expect(response.status).toBe(422)
    const text = await response.text()
    expect(words(text)).toContain('Последняя версия: целое число от 0 до 999999999')
    expect(text).toContain('value="&lt;i&gt;"')
    const english = await ask('/firmware?lang=en', { ...MODEL, critical_min: '121' })
    expect(words(await english.text())).toContain('Critical: not below: must not be higher than latest')
  })

  test('loads a file and a text, as a whole or not at all', async () => {
    const form = new FormData()
    form.set('file', new File(['model;latest\nЛайт;7'], 'firmware.csv'))
    expect((await ask('/firmware/import', form)).headers.get('location')).toBe('/firmware?done=imported')
    expect(world.firmware.get('лайт')?.latest).toBe(7)
    const wrong = await ask('/firmware/import', { text: '- {model: OBD, latest: x}' })
    expect(wrong.status).toBe(422)
    expect(words(await wrong.text())).toContain('Ничего не загружено')
    expect((await ask('/firmware/import', { text: '' })).status).toBe(422)
  })

  test.each([
    ['- {model: OBD, latest: x}', 'запись 1 latest: целое число от 0 до 999999999'],
    ['model;latest\nOBD;1\n"Lite', 'строка 3: здесь начинается ячейка в кавычках, и закрывающей кавычки нет'],
    ['- {', /строка 1, знак \d+: YAML не разобрать/],
    ['model: OBD', 'должен быть список записей или CSV с названиями столбцов в первой строке'],
  ])('says in the language of the reader what is wrong with the file %j', async (text, fault) => {
    const wrong = await ask('/firmware/import', { text })
    expect(wrong.status).toBe(422)
    expect(words(await wrong.text())).toMatch(fault)
  })

  test('shows a long text again that it cannot take', async () => {
    const text = `model;latest\n${'Smart;1\n'.repeat(2000)}OBD;x`
    const wrong = await ask('/firmware/import', { text })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain(`${text}</textarea>`)
  })

  test('is read only for a dealer', async () => {
    const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    const text = await (await ask('/firmware', undefined, dealer)).text()
    expect(text).not.toContain('<form method="post" action="/firmware"')
    expect((await ask('/firmware', MODEL, dealer)).status).toBe(403)
  })
})

describe('the pages of the templates', () => {
  const OFFICIAL = { text: '1. <b>Логин</b>\n2. IMEI', source: 'FAQ <i>, 15.01.2026' }

  test('show drafts as drafts, take official points and go back', async () => {
    expect(words(await (await ask('/templates')).text())).toContain('черновик')
    const replaced = await ask('/templates/no-data', OFFICIAL)
    expect(replaced.headers.get('location')).toBe('/templates/no-data?done=replaced')
    const text = await (await ask('/templates/no-data')).text()
    expect(text).toContain('&lt;b&gt;Логин')
    expect(text).toContain('FAQ &lt;i&gt;, 15.01.2026')
    expect((await ask('/templates/no-data/restore', {})).headers.get('location')).toContain('done=restored')
    expect(world.templates.get('no-data')).toMatchObject({ status: 'draft', version: 3 })
  })

  test('show again what they cannot take', async () => {
    const texts = [
      [{ ...OFFICIAL, source: '' }, 'откуда и когда'],
      [{ ...OFFICIAL, text: '' }, 'хотя бы один пункт'],
      [{ ...OFFICIAL, text: `a\n${'x'.repeat(301)}` }, 'Строка 2'],
    ] as const
    for (const [form, fault] of texts) {
      const response = await ask('/templates/no-data', form)
      expect(response.status).toBe(422)
      expect(words(await response.text())).toContain(fault)
    }
    expect((await ask('/templates/moon')).status).toBe(404)
    expect((await ask('/templates/moon', OFFICIAL)).status).toBe(404)
    expect((await ask('/templates/moon/restore', {})).status).toBe(404)
  })
})
