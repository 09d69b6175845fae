import { beforeEach, describe, expect, test } from 'vitest'
import { HOUR } from '../../../src/core/time.ts'
import { headerOf, readLetter } from '../../../src/http/mime.ts'
import { type AppWorld, BY_TOKEN, NOW, terminal, tokenOf } from '../../support/app-deps.ts'
import { askPage, worldWith } from '../../support/ask-page.ts'
import { SILENT } from '../../support/check-facts.ts'
import { words } from '../../support/page-words.ts'

const XSS = '<img src=x onerror=alert(1)>"\'&'
const FIRMWARE = { version: '120', at: NOW, status: 'green', latest: 120 } as const

let world: AppWorld

beforeEach(() => {
  world = worldWith(
    terminal({
      id: 'a/1',
      name: 'КАМАЗ А123ВС77',
      client: 'Alfa',
      model: 'S',
      firmware: FIRMWARE,
      ...SILENT,
    }),
    terminal({ id: '354002530', name: XSS, client: XSS, model: XSS, state: 'decommissioned' }),
    terminal({ id: '.', name: 'Dot' }),
  )
})

function ask(path: string, form?: Record<string, string>, headers: Record<string, string> = BY_TOKEN) {
  return askPage(world, path, { form, headers })
}

const FILLED = Object.fromEntries(
  ['account', 'serial', 'imei', 'archive', 'link', 'sim', 'readings', 'leds', 'tried', 'documentation'].map(
    (key) => [`point-${key}`, `known ${key}`],
  ),
)

describe('the box', () => {
  test('leads from one terminal to its check, by id, plate and other names', async () => {
    world.facts['a/1'] = { aliases: ['gw-7'] }
    for (const text of ['a/1', ' а 123 вс 77 ', 'не едет А123ВС77', 'gw-7']) {
      const response = await ask('/check', { text })
      expect(response.headers.get('location')).toBe('/check/a%2F1')
    }
    expect((await ask('/check/gw-7')).headers.get('location')).toBe('/check/a%2F1')
    expect((await ask('/check?q=a/1')).headers.get('location')).toBe('/check/a%2F1')
  })

  test('shows the outcome of each terminal of a letter, and what was not found', async () => {
    const text = words(await (await ask('/check', { text: 'А123ВС77, 354002530 и 354999999' })).text())
    expect(text).toContain('Можно открывать обращение')
    expect(text).toContain('Обращение не открывать')
    expect(text).toContain('Похоже на номер, но такого терминала нет')
  })

  test('offers those that fit, and says so when nothing is found or the letter is too long', async () => {
    world.terminals.push(terminal({ id: '9', name: 'Трактор' }), terminal({ id: '8', name: 'трактор' }))
    const several = await (await ask('/check', { text: 'трактор' })).text()
    expect(several).toContain('href="/check/8"')
    expect(several).toContain('href="/check/9"')
    expect(words(await (await ask('/check', { text: 'привет' })).text())).toContain('не нашлось')
    expect((await ask('/check', { text: 'x '.repeat(10_001) })).status).toBe(422)
  })

  test('gives a letter back that is too long, with the reason, and takes one whose lines end in two characters', async () => {
    const long = `А123ВС77 ${'x'.repeat(20_000)}`
    const refused = await ask('/check', { text: long })
    expect(refused.status).toBe(422)
    const page = await refused.text()
    expect(page).toContain(`>${long}</textarea>`)
    expect(words(page)).toContain('Текст слишком длинный')
    expect(page).not.toMatch(/<textarea name="text"[^>]* maxlength/)
    const lines = `${'x\r\n'.repeat(9000)}А123ВС77`
    expect((await ask('/check', { text: lines })).headers.get('location')).toBe('/check/a%2F1')
  })

  test('shows an id that can be no address without leading in circles', async () => {
    const response = await ask('/check?q=.')
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Dot')
  })

  test('takes a long Russian letter', async () => {
    const response = await ask('/check', { text: `${'привет '.repeat(2800)} А123ВС77` })
    expect(response.headers.get('location')).toBe('/check/a%2F1')
  })

  test('finds nothing that a dealer does not see', async () => {
    const dealer = await tokenOf(world, 'dealer', { clients: ['Beta'] })
    expect(words(await (await ask('/check', { text: 'А123ВС77' }, dealer)).text())).not.toContain('КАМАЗ')
    expect((await ask('/check/a%2F1', undefined, dealer)).status).toBe(404)
    for (const form of ['', '/reply', '/eml', '/keep']) {
      expect((await ask(`/check/a%2F1${form}`, { text: 'INFO FW=1' }, dealer)).status).toBe(404)
    }
  })
})

describe('the page of a check', () => {
  test('tells the verdict, the reasons, the items and what to do, then asks for what is missing', async () => {
    const text = await (await ask('/check/a%2F1')).text()
    const said = words(text)
    expect(said).toContain('Можно открывать обращение')
    expect(said).toContain('Данные неактуальны: возраст 2 ч при пороге 30 мин')
    expect(said).toContain('не в порядке:')
    expect(said).toContain('регламент, п. 5')
    expect(said).toContain('Что сделать сначала')
    expect(text).toContain('href="https://doc.omnicomm.ru/"')
    expect(text).toMatch(/class="missing"><span>Индикация светодиодов\s+<span class="needed">/)
    expect(text).toContain('name="point-terminal" value="a/1"')
    expect(text).toMatch(/<textarea id="request-text"[^>]* readonly/)
    expect(said).toContain('черновик, а не официальный список')
    expect(text).not.toMatch(/<[^>]+ style=|<script>|onclick/)
  })

  test('keeps the request closed behind a warning where none is needed', async () => {
    const text = await (await ask('/check/354002530')).text()
    expect(text).toMatch(/<details class="card request">/)
    expect(words(text)).toContain('обращение открывать не нужно')
  })

  test('is in English as well, and about the problem that was chosen', async () => {
    const text = await (await ask('/check/a%2F1?lang=en&problem=power')).text()
    expect(words(text)).toContain('A ticket may be opened')
    expect(text).toContain('<option value="power" selected>')
    expect((await ask('/check/a%2F1?problem=moon')).status).toBe(404)
  })

  test('shows strings from outside as text, in fields and in the letter', async () => {
    world.replies = { info: { at: NOW, told: { kind: 'info', firmware: XSS, imei: XSS, others: {} } } }
    world.checkFacts = { disputed: true, contact: { id: '', name: XSS, phone: XSS, email: XSS, hours: '' } }
    for (const path of ['/check/354002530', '/check?q=354002530,%20а123вс77']) {
      const text = await (await ask(path)).text()
      expect(text).toContain('&lt;img src=x')
      expect(text).not.toContain('<img')
    }
  })
})

describe('the reply box', () => {
  test('keeps a reply and says so', async () => {
    const response = await ask('/check/a%2F1/reply', { text: 'INFO DID=a/1 FW=120', problem: 'fuel' })
    expect(response.headers.get('location')).toBe('/check/a%2F1?problem=fuel&done=reply')
    expect(await world.stores.notes.of('a/1', 'all', 5)).toMatchObject([{ kind: 'reply' }])
    expect(words(await (await ask('/check/a%2F1?done=reply')).text())).toContain('Ответ терминала сохранён')
  })

  test('shows again what it cannot keep, with the reason', async () => {
    const other = await ask('/check/a%2F1/reply', { text: 'INFO DID=777 FW=120' })
    expect(other.status).toBe(422)
    const text = await other.text()
    expect(text).toContain('ответ другого терминала: 777.')
    expect(text).toContain('>INFO DID=777 FW=120</textarea>')
    expect((await ask('/check/a%2F1/reply', { text: `${XSS} none` })).status).toBe(422)
  })
})

/** The fields of the form of a request as a browser sends them. */
function fieldsOf(page: string): Record<string, string> {
  const fields = new Map<string, string>()
  for (const [, name = '', value = ''] of page.matchAll(/<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"/g)) {
    fields.set(name, value)
  }
  for (const [, name = '', text = ''] of page.matchAll(
    /<textarea name="([^"]+)"[^>]*>([^<]*)<\/textarea>/g,
  )) {
    fields.set(name, text)
  }
  return Object.fromEntries(fields)
}

describe('what was typed into the request', () => {
  const opened = async (path = '/check/a%2F1') => fieldsOf(await (await ask(path)).text())

  test('goes along to another kind of problem and back, and leaves what the program knew to what it knows', async () => {
    const known = await opened()
    const typed = { ...known, 'point-leds': 'GSM red', 'point-tried': 'restart\r\nno result' }
    const power = await ask('/check/a%2F1', { ...typed, show: '1', problem: 'archive-loading' })
    expect(power.status).toBe(200)
    const text = await power.text()
    expect(text).toContain('<option value="archive-loading" selected>')
    expect(text).toMatch(/<textarea name="point-tried"[^>]*>restart\nno result<\/textarea>/)
    expect(text).toContain('<input type="hidden" name="point-leds" value="GSM red">')
    await world.clock.advance(HOUR)
    const back = await ask('/check/a%2F1', { ...fieldsOf(text), show: '1', problem: 'no-data' })
    const fields = fieldsOf(await back.text())
    expect(fields).toMatchObject({ 'point-leds': 'GSM red', 'point-tried': 'restart\nno result' })
    expect(fields['point-period']).toContain('по 15 января 2026 г., 14:00')
    expect(known['point-period']).toContain('по 15 января 2026 г., 13:00')
  })

  test('is sent under the kind of problem that the page shows, whatever is chosen beside it', async () => {
    const text = await (await ask('/check/a%2F1', { ...(await opened()), problem: 'power' })).text()
    expect(text).toContain('<option value="no-data" selected>')
  })

  test('stays when a reply is kept, which fills in what it tells', async () => {
    const typed = { ...(await opened()), 'point-leds': 'GSM red', text: 'INFO DID=a/1 REC=1532' }
    world.replies = { info: { at: NOW, told: { kind: 'info', records: 1532, others: {} } } }
    const response = await ask('/check/a%2F1/reply', typed)
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(words(page)).toContain('Ответ терминала сохранён')
    expect(fieldsOf(page)).toMatchObject({ 'point-leds': 'GSM red', text: '' })
    expect(fieldsOf(page)['point-archive']).toContain('1532')
    expect(await world.stores.notes.of('a/1', 'all', 5)).toMatchObject([{ kind: 'reply' }])
  })

  test('stays when a reply is refused, and a reply that was not kept yet when the text is made anew', async () => {
    const typed = { ...(await opened()), 'point-leds': 'GSM red', text: 'INFO DID=777 FW=1' }
    for (const [path, status] of [
      ['/check/a%2F1/reply', 422],
      ['/check/a%2F1', 200],
      ['/check/a%2F1/eml', 422],
    ] as const) {
      const response = await ask(path, typed)
      expect(response.status).toBe(status)
      const { 'point-leds': leds, text } = fieldsOf(await response.text())
      expect([leds, text]).toEqual(['GSM red', 'INFO DID=777 FW=1'])
    }
  })

  test('is nothing as long as nobody typed: another kind of problem has an address then', async () => {
    const response = await ask('/check/a%2F1', { ...(await opened()), show: '1', problem: 'power' })
    expect(response.headers.get('location')).toBe('/check/a%2F1?problem=power')
    const reply = await ask('/check/a%2F1/reply', { ...(await opened()), text: 'INFO DID=a/1 FW=120' })
    expect(reply.headers.get('location')).toBe('/check/a%2F1?problem=no-data&done=reply')
  })

  test('that no kind of problem on the page asks for is carried in bounded length', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`point-other-${n}`, 'щ'.repeat(1000)]),
    )
    const text = await (await ask('/check/a%2F1', { 'point-leds': 'x', ...others })).text()
    expect(text.match(/name="point-other-/g)).toHaveLength(20)
  })
})

describe('the request', () => {
  test('takes what was typed into its text', async () => {
    const text = await (await ask('/check/a%2F1', { 'point-leds': `GSM ${XSS}`, problem: 'no-data' })).text()
    expect(text).toContain('Индикация светодиодов: GSM &lt;img')
    expect(text).not.toContain('<img')
  })

  test('is no letter while required points are empty, unless people say that they are not known', async () => {
    const refused = await ask('/check/a%2F1/eml', { 'point-leds': '' })
    expect(refused.status).toBe(422)
    const text = await refused.text()
    expect(words(text)).toContain('Не заполнено: ')
    expect(text).toContain('name="incomplete"')
    expect((await ask('/check/a%2F1/eml', { incomplete: '1' })).status).toBe(200)
  })

  test('is a letter that mail programs read', async () => {
    const response = await ask('/check/a%2F1/eml', FILLED)
    expect(response.headers.get('content-type')).toBe('message/rfc822')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="no-data-a_1.eml"')
    const letter = readLetter(new Uint8Array(await response.arrayBuffer()))
    expect(headerOf(letter, 'subject')).toBe('Нет данных от терминала: терминал a/1, КАМАЗ А123ВС77')
    expect(headerOf(letter, 'message-id')).toMatch(/^<check\.[\w.]+@[\w.-]+>$/)
    expect(letter.text).toContain('known leds')
  })

  test('is kept as a request, and a second one about the same is not made by accident', async () => {
    const kept = await ask('/check/a%2F1/keep', FILLED)
    expect(kept.headers.get('location')).toMatch(/^\/requests\/R-2026-0001$/)
    const [request] = await world.stores.requests.load()
    expect(request).toMatchObject({
      terminals: ['a/1'],
      problem: 'no-data',
      template: { version: 1, draft: true },
    })
    expect(request?.text).toContain('known tried')
    const again = await ask('/check/a%2F1/keep', FILLED)
    expect(again.status).toBe(409)
    expect(await again.text()).toContain('href="/requests/R-2026-0001"')
    expect((await ask('/check/a%2F1/keep', { ...FILLED, anyway: '1' })).status).toBe(303)
    const letter = readLetter(new Uint8Array(await (await ask('/check/a%2F1/eml', FILLED)).arrayBuffer()))
    expect(headerOf(letter, 'in-reply-to')).toMatch(/^<.+@.+>$/)
  })

  test('about the service is kept without the terminal, and seen at every other one', async () => {
    const form = { ...FILLED, problem: 'service-unavailable', incomplete: '1' }
    expect((await ask('/check/a%2F1/keep', form)).status).toBe(303)
    expect(await world.stores.requests.load()).toMatchObject([
      { terminals: [], problem: 'service-unavailable', subject: 'Omnicomm Online недоступен' },
    ])
    const other = await (await ask('/check/354002530?problem=service-unavailable')).text()
    expect(words(other)).toContain('По этой проблеме уже есть обращение (R-2026-0001)')
    expect((await ask('/check/354002530/keep', form)).status).toBe(409)
    expect(words(await (await ask('/check/a%2F1')).text())).not.toContain('R-2026-0001')
  })

  test('is one letter: what was downloaded and what is kept have the same Message-ID', async () => {
    const page = await (await ask('/check/a%2F1')).text()
    const draft = /name="draft" value="(\w+)"/.exec(page)?.[1] ?? ''
    const idOf = async (path: string, form?: Record<string, string>) => {
      const response = await ask(path, form)
      return headerOf(readLetter(new Uint8Array(await response.arrayBuffer())), 'message-id')
    }
    const downloaded = await idOf('/check/a%2F1/eml', { ...FILLED, draft })
    expect(await idOf('/check/a%2F1/eml', { ...FILLED, draft, 'point-leds': 'changed' })).toBe(downloaded)
    expect(await (await ask('/check/a%2F1', { ...FILLED, draft })).text()).toContain(`value="${draft}"`)
    await ask('/check/a%2F1/keep', { ...FILLED, draft })
    expect(await idOf('/api/v1/requests/R-2026-0001.eml')).toBe(downloaded)
    await ask('/check/a%2F1/keep', { ...FILLED, draft, anyway: '1' })
    expect(await idOf('/api/v1/requests/R-2026-0002.eml')).not.toBe(downloaded)
    const forged = await idOf('/check/a%2F1/eml', { ...FILLED, draft: 'x@y>\r\nBcc: z@z' })
    expect(forged).toMatch(/^<check\.[\w.]+@[\w.-]+>$/)
  })

  test('that is longer than a request may be is not kept', async () => {
    const long = Object.fromEntries(Object.keys(FILLED).map((key) => [key, 'щ'.repeat(2000)]))
    const more = { ...long, 'point-period': 'щ'.repeat(2000), 'point-many': 'щ'.repeat(2000) }
    expect((await ask('/check/a%2F1/keep', more)).status).toBe(422)
    expect(await world.stores.requests.load()).toEqual([])
  })
})
