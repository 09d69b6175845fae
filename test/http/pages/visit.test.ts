import { beforeEach, expect, test } from 'vitest'
import { type AppWorld, NOW, sessionOf, terminal } from '../../support/app-deps.ts'
import { askPage, EVIL, worldWith } from '../../support/ask-page.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = worldWith(
    terminal({
      id: 'a/1',
      name: 'А123ВС 77',
      client: 'Агро',
      dealer: 'Север',
      model: 'Smart 3.0',
      state: 'lost',
      cause: {
        code: 'power-cut',
        confidence: 'high',
        evidence: [{ kind: 'supply', volts: 5.1, system: 12 }],
      },
      firmware: { version: '120', at: NOW, status: 'green' },
      readings: { voltage: { value: 5.1, at: NOW } },
    }),
  )
  world.facts = { 'a/1': { imei: '861234567890123', sim: '+79990000000', aliases: ['old'] } }
})

function ask(path: string, headers?: Record<string, string>): Promise<Response> {
  return askPage(world, path, headers && { headers })
}

test('the sheet names the terminal, its cause with the evidence, its readings, commands and what to take along', async () => {
  const actor = { name: 'a', via: 'token', address: '' } as const
  await world.contacts.save(
    { id: 'Север', name: 'Север', phone: '+7 495 1', email: 'help@sever.example', hours: '' },
    actor,
  )
  const shown = words(await (await ask('/terminals/a%2F1/visit')).text())
  for (const part of [
    'Лист выезда: А123ВС 77',
    'Агро',
    'Smart 3.0',
    '861234567890123',
    '+79990000000',
    'help@sever.example',
    'Перед тем как замолчать, терминал потерял внешнее питание.',
    '5,1 В',
    'Предохранители и провод питания',
    '*GETINFO#',
    'Записи на месте',
  ]) {
    expect(shown).toContain(part)
  }
})

test('the sheet is told in English, too, and is found from the pages of the terminal and of its check', async () => {
  expect(words(await (await ask('/terminals/a%2F1/visit?lang=en')).text())).toContain(
    'To check, in this order',
  )
  for (const path of ['/terminals/a%2F1', '/check/a%2F1']) {
    expect(await (await ask(path)).text()).toContain('href="/terminals/a%2F1/visit"')
  }
})

test('another name of the terminal leads to its sheet, and one that nobody has to none', async () => {
  expect((await ask('/terminals/old/visit')).headers.get('location')).toBe('/terminals/a%2F1/visit')
  expect((await ask('/terminals/none/visit')).status).toBe(404)
  const stranger = await sessionOf(world, 'dealer', { clients: ['Other'] })
  expect((await ask('/terminals/a%2F1/visit', stranger)).status).toBe(404)
})

test('nothing of it is markup', async () => {
  world.terminals = [terminal({ id: EVIL, name: EVIL, client: EVIL, dealer: EVIL, model: EVIL, group: EVIL })]
  world.facts = { [EVIL]: { imei: EVIL, sim: EVIL, operator: EVIL } }
  const text = await (await ask(`/terminals/${encodeURIComponent(EVIL)}/visit`)).text()
  expect(text).toContain('&lt;script&gt;')
  expect(text).not.toContain('<script>alert')
  expect(text).not.toContain('<img')
})
