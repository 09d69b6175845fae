import { expect, test } from 'vitest'
import { HOUR } from '../../src/core/time.ts'
import { TEXTS } from '../../src/http/pages/texts.ts'
import { describeAtDesk, expectNoSidewaysScroll, type Page, PHONE, screenshot } from '../support/browser.ts'
import type { Desk } from '../support/desk-world.ts'

/** Would say so if any of it ever ran. */
const MARK = 'itRan'
const ATTACKS = [
  `"><img src=x onerror=window.${MARK}=1>`,
  `<script>window.${MARK}=1</script>`,
  `' autofocus onfocus='window.${MARK}=1' x='`,
  `</textarea></title><svg/onload=window.${MARK}=1>`,
  `javascript:window.${MARK}=1//`,
] as const
const ID = '200000901'
const LONG = 'Ж'.repeat(180)
const DESKTOP = { width: 1280, height: 900 }

const UNIT = `/terminals/${ID}`
const CHECK = `/check/${ID}`
const REQUEST = '/requests/:id'

/** What comes from outside, the attack that it carries, and a page on which people read it. */
const FIELDS = {
  // Cells of the inventory file.
  name: [0, UNIT],
  client: [1, UNIT],
  dealer: [2, UNIT],
  group: [0, UNIT],
  model: [3, UNIT],
  sim: [3, UNIT],
  operator: [4, UNIT],
  region: [1, UNIT],
  // Messages in JSON: a value, and the id of a terminal that nobody knows.
  firmware: [1, UNIT],
  stranger: [0, '/inventory'],
  // What people write.
  known: [3, UNIT],
  work: [1, UNIT],
  remark: [1, UNIT],
  subject: [1, REQUEST],
  body: [3, REQUEST],
  note: [1, REQUEST],
  ticket: [0, REQUEST],
  recipient: [0, '/recipients'],
  contact: [2, '/contacts'],
  hours: [1, '/contacts'],
  plan: [3, '/service'],
  rule: [0, '/service'],
  point: [1, '/templates/other'],
  origin: [0, '/templates/other'],
  release: [1, '/firmware'],
  searched: [0, '/?q='],
  pasted: [3, '/check?q='],
} as const satisfies Readonly<Record<string, readonly [number, string]>>
type Field = keyof typeof FIELDS

/** Texts that no form takes: they come back in their fields, to be corrected. */
const REFUSED = [
  ['reply', CHECK, 'section[aria-labelledby=reply]', 'textarea', `reply${ATTACKS[3]}`],
  ['account', '/users', 'form[action="/users"]', 'input[name=name]', `account${ATTACKS[0]}`],
  ['phone', '/contacts', 'form[action="/contacts"]', 'input[name=phone]', `phone${ATTACKS[2]}`],
  ['version', '/firmware', 'form[action="/firmware"]', 'input[name=latest]', `version${ATTACKS[0]}`],
] as const

describeAtDesk('texts from outside that attack the reader', (hall) => {
  test('are shown as they are, run nowhere and move no phone sideways, wherever they came in', async () => {
    const request = await bringIn(hall.desk)
    const page = await hall.visit('admin')
    const unread = new Set(Object.keys(FIELDS) as Field[])
    for (const path of PAGES) {
      await page.goto(path.replace(':id', request))
      const read = await wordsOf(page)
      for (const [field, [, place]] of Object.entries(FIELDS)) {
        if (path.startsWith(place) && read.includes(textOf(field as Field))) unread.delete(field as Field)
      }
      await expectNothingRan(page, path)
      await page.setViewportSize(PHONE)
      await expectNoSidewaysScroll(page)
      if (path === UNIT) await screenshot(page, 'hostile-phone')
      await page.setViewportSize(DESKTOP)
    }
    expect([...unread], 'fields that are not read literally where they should be').toEqual([])
  })

  test('are kept as they are in the reply of a terminal by SMS, which is read on its page', async () => {
    const page = await hall.visit('admin')
    const reply = `INFO DID=${ID} HW=5 BL=12 FW=290 sms${ATTACKS[1]}`
    await page.goto(CHECK)
    await page.locator('section[aria-labelledby=reply] textarea').fill(reply)
    await page.locator('section[aria-labelledby=reply] button').click()
    await page.getByText(TEXTS.ru.checking.done.reply).waitFor()
    await page.goto(UNIT)
    expect(await wordsOf(page)).toContain(`sms${ATTACKS[1]}`)
    await expectNothingRan(page, UNIT)
  })

  test('come back as they are where a form refuses them', async () => {
    const page = await hall.visit('admin', { refusals: [401, 422] })
    for (const [name, path, form, field, text] of REFUSED) {
      await page.goto(path)
      await expectBack(page, form, field, text)
      await expectNothingRan(page, name)
    }
    await page.context().clearCookies()
    await page.goto('/login')
    await page.locator('input[name=password]').fill('whatever it is')
    await expectBack(page, 'form[action="/login"]', 'input[name=user]', textOf('name'))
    await expectNothingRan(page, 'login')
  })
})

/** A text of the outside with an attack in it; the field says where it came from. */
function textOf(field: Field): string {
  return `${field}${ATTACKS[FIELDS[field][0]]}`
}

const PAGES = [
  '/',
  '/?all=1',
  `/?q=${encodeURIComponent(textOf('searched'))}`,
  `/?client=${encodeURIComponent(textOf('client'))}`,
  `/?done=${encodeURIComponent(ATTACKS[0])}&lang=ru`,
  UNIT,
  CHECK,
  `/check?q=${encodeURIComponent(textOf('pasted'))}`,
  '/requests',
  REQUEST,
  '/requests/new',
  '/service',
  '/inventory',
  '/recipients',
  '/contacts',
  '/templates/other',
  '/firmware',
  '/audit',
] as const

/** Gives the service every text; returns the number of the request. */
async function bringIn({ put, push, clock }: Desk): Promise<string> {
  const at = (ms: number) => new Date(clock.now() + ms).toISOString()
  await put('POST', '/api/v1/terminals/import', inventory())
  await put('PUT', `/api/v1${UNIT}/acknowledge`, { until: at(HOUR), reason: textOf('known') })
  const window = { from: at(-HOUR), to: at(HOUR) }
  await put('PUT', `/api/v1${UNIT}/maintenance`, { ...window, reason: textOf('work') })
  await put('POST', `/api/v1${UNIT}/notes`, { text: textOf('remark') })
  const key = `key${ATTACKS[0]}`
  await push([
    { ident: ID, ts: clock.now(), firmware: textOf('firmware'), voltage: 12, [key]: key },
    { ident: textOf('stranger'), ts: clock.now(), [key]: { [key]: key } },
  ])
  await put('POST', '/api/v1/recipients', { email: 'x@example.org', name: textOf('recipient') })
  await put('PUT', '/api/v1/contacts/x', { name: textOf('contact'), hours: textOf('hours'), phone: '+7 1' })
  const later = { from: at(HOUR), to: at(2 * HOUR) }
  await put('POST', '/api/v1/maintenance', { ...later, reason: textOf('plan') })
  await put('POST', '/api/v1/maintenance/rules', {
    cron: '0 3 * * 0',
    duration: '2h',
    reason: textOf('rule'),
  })
  await put('PUT', '/api/v1/templates/other', { text: textOf('point'), source: textOf('origin') })
  await put('PUT', '/api/v1/firmware/x', { latest: 1, released: '2026-01-15', note: textOf('release') })
  return sendRequest(put)
}

async function sendRequest(put: Desk['put']): Promise<string> {
  const wish = { terminals: [ID], problem: 'other', subject: textOf('subject'), text: textOf('body') }
  const { id } = (await put('POST', '/api/v1/requests', wish)) as { readonly id: string }
  await put('POST', `/api/v1/requests/${id}/note`, { text: textOf('note') })
  await put('POST', `/api/v1/requests/${id}/sent`, {})
  await put('POST', `/api/v1/requests/${id}/ticket`, { number: textOf('ticket') })
  return id
}

/** One terminal whose cells attack, and one whose cells are single long words. */
function inventory(): string {
  const columns = ['name', 'client', 'dealer', 'group', 'model', 'sim', 'operator', 'region'] as const
  const line = (id: string, cell: (column: Field) => string): string =>
    [id, ...columns.map((column) => `"${cell(column).replaceAll('"', '""')}"`)].join(';')
  return [
    ['terminal_id', ...columns].join(';'),
    line(ID, textOf),
    line('200000902', (column) => (column === 'sim' ? '' : LONG)),
  ].join('\n')
}

/** Sends the form past what the browser itself would refuse; the answer has the text in the field again. */
async function expectBack(page: Page, form: string, field: string, text: string): Promise<void> {
  await unfold(page)
  await page.locator(`${form} ${field}`).fill(text)
  await page.locator(form).evaluate((element) => element.setAttribute('novalidate', ''))
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.locator(`${form} button`).first().click()
  expect((await answer).status()).toBeGreaterThanOrEqual(400)
  await page.waitForLoadState()
  expect(await page.locator(`${form} ${field}`).inputValue()).toBe(text)
}

/** No script of theirs ran, and none could: they made no element, no attribute and no link of their own. */
async function expectNothingRan(page: Page, where: string): Promise<void> {
  expect(await page.evaluate(`window.${MARK}`), where).toBeUndefined()
  const made = page.locator('main :is(img, svg[onload], [onerror], [onfocus]), a[href^="javascript:" i]')
  expect(await made.count(), where).toBe(0)
}

/** Opens what is folded, so that its words can be read. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
}

/** All words that can be seen on the page, those of its fields as well. */
async function wordsOf(page: Page): Promise<string> {
  await unfold(page)
  return (await page.evaluate(`document.querySelector('main').innerText + '\\n' +
    [...document.querySelectorAll('input, textarea')].map((field) => field.value).join('\\n')`)) as string
}
