import { expect, test } from 'vitest'
import {
  describeAtDesk,
  expectNoAxeFindings,
  expectNoSidewaysScroll,
  type Look,
  type Page,
  PHONE,
  screenshot,
} from '../support/browser.ts'
import { CALLED, HEALTHY, SILENT_CLIENT } from '../support/desk-fleet.ts'
import type { Desk } from '../support/desk-world.ts'

/** The path of a page; one with the number of something in it is looked up. */
type Place = string | ((desk: Desk) => Promise<string>)

/** Every page that needs no outage, and how somebody gets to it who knows no ids. */
const PAGES: readonly (readonly [string, Place])[] = [
  ['fleet', '/'],
  ['client', `/?client=${encodeURIComponent(SILENT_CLIENT)}`],
  ['all-terminals', '/?all=1'],
  ['nothing-found', '/?q=no-such-thing'],
  ['terminal', `/terminals/${CALLED.id}`],
  ['terminal-fresh', `/terminals/${HEALTHY.id}`],
  ['check-empty', '/check'],
  ['check', `/check?q=${CALLED.id}`],
  ['requests', '/requests'],
  ['request-new', '/requests/new'],
  ['request', requestPath],
  ['incidents', '/incidents'],
  ['incident', incidentPath],
  ['inventory', '/inventory'],
  ['service', '/service'],
  ['letters', '/letters'],
  ['recipients', '/recipients'],
  ['firmware', '/firmware'],
  ['templates', '/templates'],
  ['template', '/templates/other'],
  ['contacts', '/contacts'],
  ['users', '/users'],
  ['audit', '/audit'],
  ['account', '/account'],
  ['help', '/help'],
]

/** Those that people open on their phones. */
const ON_THE_ROAD = new Set(['fleet', 'client', 'terminal', 'check', 'request', 'service'])
/** A picture costs as much as two pages: none where a journey takes one, or where the page is as long as a book. */
const WITHOUT_PICTURE = new Set([
  'client',
  'all-terminals',
  'terminal',
  'check',
  'firmware',
  'users',
  'template',
  'help',
])

describeAtDesk('every page', (hall) => {
  const pathOf = async (place: Place): Promise<string> =>
    typeof place === 'string' ? place : await place(hall.desk)

  async function open(path: string, look?: Look): Promise<Page> {
    const page = await hall.visit('admin', look)
    await page.goto(path)
    return page
  }

  test.each(PAGES)(
    '%s: axe finds nothing serious, in Russian and light, in English and dark on a phone that need not move it sideways',
    async (name, place) => {
      const path = await pathOf(place)
      const page = await open(path)
      expect(await page.locator('h1').count(), 'one heading of the first level').toBe(1)
      if (!WITHOUT_PICTURE.has(name)) await screenshot(page, name)
      await expectNoAxeFindings(page)
      await page.setViewportSize(PHONE)
      await expectNoSidewaysScroll(page)
      await expectShortHeader(page)

      await page.emulateMedia({ colorScheme: 'dark' })
      await page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=en`)
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      expect(await russianIn(page), 'Russian words on the English page').toEqual([])
      await expectNoSidewaysScroll(page)
      await expectShortHeader(page)
      await expectNoAxeFindings(page)
      if (ON_THE_ROAD.has(name)) await screenshot(page, `${name}-phone-dark-en`)
    },
  )

  test.each<readonly [string, Place, string]>([
    ['fleet', '/', CALLED.id],
    ['terminal', `/terminals/${CALLED.id}`, CALLED.id],
    ['check', `/check/${CALLED.id}`, CALLED.id],
    ['request', requestPath, FAULT],
    ['requests', '/requests', 'МАЗ К456ОР 52'],
    ['incident', incidentPath, 'МегаФон'],
    ['service', '/service', 'Omnicomm Online'],
    ['recipients', '/recipients', 'dispatcher@example.org'],
  ])('%s: what is printed are its words, not its menus and buttons', async (name, place, words) => {
    const page = await open(await pathOf(place))
    await page.emulateMedia({ media: 'print' })
    await screenshot(page, `print-${name}`)
    expect(await page.locator('.top nav').isVisible()).toBe(false)
    expect(await page.getByRole('button').filter({ visible: true }).allInnerTexts()).toEqual([])
    expect(await page.locator('input:visible, textarea:visible, select:visible').count()).toBe(0)
    expect(await page.locator('main').innerText()).toContain(words)
    // What explains the silence stands on paper, too.
    if (name === 'fleet') expect(await page.locator('.banner').first().isVisible()).toBe(true)
  })

  test.each([
    ['fleet', '/', 'input[name=q]'],
    ['terminal', `/terminals/${CALLED.id}`, 'form[action$="/ask"] button'],
    ['check', `/check/${CALLED.id}`, 'button[formaction$="/keep"]'],
    ['requests', '/requests', 'a[href="/requests/new"]'],
  ])('%s: its main action can be touched on a phone', async (_name, path, selector) => {
    const page = await open(path, { size: PHONE })
    const action = page.locator(selector).first()
    await action.scrollIntoViewIfNeeded()
    const box = await action.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(24)
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(PHONE.width)
    await action.click({ trial: true })
  })
})

/** Two lines on a phone, and nothing lies over anything else. */
async function expectShortHeader(page: Page): Promise<void> {
  const top = await page.locator('.top').boundingBox()
  expect(top?.height).toBeLessThan(90)
  const brand = await page.locator('.brand').boundingBox()
  const beside = await page.locator('.mine > *').first().boundingBox()
  expect((brand?.x ?? 0) + (brand?.width ?? 0)).toBeLessThanOrEqual(beside?.x ?? 0)
}

/** Russian words of the program itself: names of terminals, clients and people are what they are. */
async function russianIn(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('h1, h2, button, label, th[scope=col], nav a').allInnerTexts()
  return texts.filter(
    (text) => /[а-яё]{3}/i.test(text) && !/Северный|Волга|Заря|Дилер|МАЗ|КАМАЗ|МегаФон|Русский/.test(text),
  )
}

const FAULT = 'Ошибочные показания датчика уровня топлива'

type Items = { readonly items: readonly { readonly id: string }[] }

/** A request that was sent and has a question to answer; made by the first who asks. */
async function requestPath(desk: Desk): Promise<string> {
  const known = (await (await desk.api.request('/api/v1/requests')).json()) as Items
  return `/requests/${known.items[0]?.id ?? (await sendRequest(desk))}`
}

async function sendRequest({ put }: Desk): Promise<string> {
  const terminals = [HEALTHY.id]
  const made = await put('POST', '/api/v1/requests', {
    terminals,
    problem: 'other',
    subject: HEALTHY.name,
    text: FAULT,
  })
  const { id } = made as { readonly id: string }
  await put('POST', `/api/v1/requests/${id}/sent`, {})
  await put('POST', `/api/v1/requests/${id}/ticket`, { number: 'SR-2026-00100' })
  await put('POST', `/api/v1/requests/${id}/asked`, { text: 'Какой датчик установлен?' })
  return id
}

/** The incident of the terminals that fell silent together. */
async function incidentPath({ api }: Desk): Promise<string> {
  const { items } = (await (await api.request('/api/v1/incidents')).json()) as Items
  const [incident] = items
  if (!incident) throw new Error('there is no incident')
  return `/incidents/${encodeURIComponent(incident.id)}`
}
