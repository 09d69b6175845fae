import { expect, test } from 'vitest'
import { HOUR } from '../../src/core/time.ts'
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

/** A text of the outside with an attack in it; the field says where it came from. */
function hostile(field: string, number = 0): string {
  return `${field}${ATTACKS[number % ATTACKS.length]}`
}

describeAtDesk('texts from outside that attack the reader', (hall) => {
  test('are shown as they are and run nowhere, wherever they came in', async () => {
    const { desk } = hall
    await bringIn(desk)
    const page = await hall.visit('admin')
    await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      console.error('policy violated: ' + event.violatedDirective + ' ' + event.sourceFile))`)
    const request = await requestBy(page)
    await desk.put('POST', `/api/v1/requests/${request}/note`, { text: hostile('note', 1) })
    await desk.put('POST', `/api/v1/requests/${request}/sent`, {})
    await desk.put('POST', `/api/v1/requests/${request}/ticket`, { number: hostile('T', 0).slice(0, 60) })

    const seen: string[] = []
    for (const path of pages(request)) {
      await page.goto(path)
      await unfold(page)
      seen.push(await textsOf(page))
      expect(await page.evaluate(`window.${MARK}`), path).toBeUndefined()
      expect(
        await page.locator('main img, main svg[onload], main [onerror], main [onfocus]').count(),
        path,
      ).toBe(0)
      const links = await page.locator('a[href^="javascript:" i]').count()
      expect(links, path).toBe(0)
    }
    await screenshot(page, 'hostile')
    const all = seen.join('\n')
    for (const field of SHOWN)
      expect(all, `the field ${field} is shown literally`).toContain(`${field}${attackOf(field)}`)
  })

  test('do not make a phone move sideways, long words neither', async () => {
    const page = await hall.visit('admin', { size: PHONE })
    const [request] = ((await (await hall.desk.api.request('/api/v1/requests')).json()) as Items).items
    for (const path of pages(request?.id ?? '')) {
      await page.goto(path)
      await expectNoSidewaysScroll(page)
    }
    await page.goto(`/terminals/${ID}`)
    await screenshot(page, 'hostile-phone')
  })
})

type Items = { readonly items: readonly { readonly id: string }[] }

/** Fields and the attack that each carries. */
const FIELDS = { name: 0, client: 1, model: 2, sim: 3, reason: 1, known: 3, recipient: 0, remark: 1 } as const
const SHOWN = Object.keys(FIELDS) as readonly (keyof typeof FIELDS)[]

function attackOf(field: keyof typeof FIELDS): string {
  return ATTACKS[FIELDS[field]]
}

async function bringIn(desk: Desk): Promise<void> {
  const text = (field: keyof typeof FIELDS) => hostile(field, FIELDS[field])
  const cells = [
    ID,
    text('name'),
    text('client'),
    hostile('dealer', 2),
    hostile('group', 0),
    text('model'),
    text('sim'),
  ]
  const row = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')
  const long = ['200000902', LONG, LONG, LONG, LONG, LONG, ''].map((cell) => `"${cell}"`).join(';')
  const head = 'terminal_id;name;client;dealer;group;model;sim'
  await desk.put('POST', '/api/v1/terminals/import', [head, row, long].join('\n'))
  const at = (ms: number) => new Date(desk.clock.now() + ms).toISOString()
  await desk.put('PUT', `/api/v1/terminals/${ID}/acknowledge`, { until: at(HOUR), reason: text('known') })
  await desk.put('PUT', `/api/v1/terminals/${ID}/maintenance`, {
    from: at(-HOUR),
    to: at(HOUR),
    reason: text('reason'),
  })
  await desk.put('POST', `/api/v1/terminals/${ID}/notes`, { text: text('remark') })
  await desk.put('POST', '/api/v1/recipients', {
    email: 'x@example.org',
    name: text('recipient'),
    language: 'ru',
  })
  const key = hostile('key', 0)
  await desk.push([
    { ident: ID, ts: desk.clock.now(), firmware: hostile('fw', 1).slice(0, 60), voltage: 12, [key]: key },
    { ident: hostile('wild', 0).slice(0, 60), ts: desk.clock.now(), [key]: { [key]: key } },
  ])
  await desk.put('POST', '/api/v1/requests', {
    terminals: [ID],
    problem: 'other',
    subject: hostile('subject', 1),
    text: hostile('body', 3),
  })
}

async function requestBy(page: Page): Promise<string> {
  await page.goto(`/check/${ID}`)
  await page.locator('textarea[name=text]').fill(`INFO DID=${ID} FW=<script>window.${MARK}=1</script> REC=1`)
  await page.locator('form[action$="/reply"] button').click()
  await page.waitForLoadState()
  const list = (await (await page.request.get('/api/v1/requests')).json()) as Items
  return list.items[0]?.id ?? ''
}

function pages(request: string): readonly string[] {
  return [
    '/',
    '/?all=1',
    `/?q=${encodeURIComponent(ATTACKS[0])}`,
    `/?client=${encodeURIComponent(ATTACKS[1])}`,
    `/terminals/${ID}`,
    `/check/${ID}`,
    `/check?q=${encodeURIComponent(`${ATTACKS[0]} ${ATTACKS[3]}`)}`,
    '/requests',
    `/requests/${request}`,
    '/requests/new',
    '/inventory',
    '/recipients',
    '/contacts',
    '/users',
    '/audit',
    `/?done=${encodeURIComponent(ATTACKS[0])}&lang=ru`,
  ]
}

/** Opens what is folded, so that its words can be read. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
}

/** All words of the page, those of its fields as well. */
async function textsOf(page: Page): Promise<string> {
  return (await page.evaluate(`document.querySelector('main').textContent + '\\n' +
    [...document.querySelectorAll('input, textarea')].map((field) => field.value).join('\\n')`)) as string
}
