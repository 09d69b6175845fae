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

/** Every page that needs no outage, and how somebody gets to it who knows no ids. */
const PAGES: readonly (readonly [string, string])[] = [
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
  ['incidents', '/incidents'],
  ['inventory', '/inventory'],
  ['service', '/service'],
  ['letters', '/letters'],
  ['recipients', '/recipients'],
  ['firmware', '/firmware'],
  ['templates', '/templates'],
  ['contacts', '/contacts'],
  ['users', '/users'],
  ['audit', '/audit'],
  ['account', '/account'],
]

/** Those that people open on their phones; pictures of the others cost more time than they are worth. */
const ON_THE_ROAD = new Set(['fleet', 'client', 'terminal', 'check', 'requests', 'service'])

describeAtDesk('every page', (hall) => {
  async function open(path: string, look?: Look): Promise<Page> {
    const page = await hall.visit('admin', look)
    await page.goto(path)
    return page
  }

  test.each(PAGES)(
    '%s: axe finds nothing serious, dark or light, and a phone need not move it sideways',
    async (name, path) => {
      const page = await open(path, { language: 'ru' })
      expect(await page.locator('h1').count(), 'one heading of the first level').toBe(1)
      await screenshot(page, name)
      await expectNoAxeFindings(page)
      await page.setViewportSize(PHONE)
      await expectNoSidewaysScroll(page)

      await page.emulateMedia({ colorScheme: 'dark' })
      await page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=en`)
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      expect(await russianIn(page), 'Russian words on the English page').toEqual([])
      if (ON_THE_ROAD.has(name)) await screenshot(page, `${name}-phone-dark-en`)
      await expectNoSidewaysScroll(page)
      await expectNoAxeFindings(page, 'colours')
    },
  )

  test.each([
    ['fleet', '/'],
    ['terminal', `/terminals/${CALLED.id}`],
    ['check', `/check/${CALLED.id}`],
  ])('%s: what is printed are its words, not its menus and buttons', async (name, path) => {
    const page = await open(path)
    await page.emulateMedia({ media: 'print' })
    await screenshot(page, `print-${name}`)
    expect(await page.locator('.top nav').isVisible()).toBe(false)
    expect(await page.getByRole('button').filter({ visible: true }).allInnerTexts()).toEqual([])
    expect(await page.locator('main').innerText()).toContain(CALLED.id)
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

/** Russian words of the program itself: names of terminals, clients and people are what they are. */
async function russianIn(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('h1, h2, button, label, th[scope=col], nav a').allInnerTexts()
  return texts.filter(
    (text) => /[а-яё]{3}/i.test(text) && !/Северный|Волга|Заря|Дилер|МАЗ|КАМАЗ|МегаФон|Русский/.test(text),
  )
}
