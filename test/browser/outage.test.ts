import { expect, test } from 'vitest'
import { ru as checkRu } from '../../src/core/request/check-texts-ru.ts'
import { HOUR } from '../../src/core/time.ts'
import { localInput } from '../../src/http/pages/local-time.ts'
import { TEXTS } from '../../src/http/pages/texts.ts'
import {
  describeAtDesk,
  expectNoAxeFindings,
  expectNoSidewaysScroll,
  PHONE,
  screenshot,
} from '../support/browser.ts'
import { CALLED } from '../support/desk-fleet.ts'
import { mailsTo, RU, readMail } from '../support/outage-stage.ts'
import { until } from '../support/until.ts'

const ru = TEXTS.ru
const { handling } = ru

/** What people write may look like a page. */
const NOTE = 'меняют накопитель <img src=x onerror="window.itRan=1">'

describeAtDesk(
  'an outage of the watched service',
  (hall) => {
    test('the letter has gone out after 60 minutes; the expected time that an operator enters is in the next one and on the page', async () => {
      const { desk } = hall
      await until(() => mailsTo(desk.mail, RU).length === 1)
      const page = await hall.visit('operator')
      await page.goto('/')
      await screenshot(page, 'outage-1-fleet')
      await page.getByRole('link', { name: ru.openThisOutage }).first().click()
      await page.getByText(handling.expectedNone).first().waitFor()
      await screenshot(page, 'outage-2-open')

      const at = localInput(desk.clock.now() + 3 * HOUR, 'Europe/Moscow')
      const form = page.locator('#expected-resolution')
      await form.locator('input[name=at]').fill(at)
      await form.locator('input[name=note]').fill(NOTE)
      await form.locator('button.main').click()
      await page.getByText(handling.done.expected).waitFor()
      await desk.pass(1)
      await until(() => mailsTo(desk.mail, RU).length === 2)
      const second = mailsTo(desk.mail, RU)[1]
      if (!second) throw new Error('there is no second letter')
      const { text, html, inReplyTo } = await readMail(second)
      expect(text).toContain(at.slice(11))
      expect(text).toContain(NOTE)
      expect(html, 'and is text there as well').toContain('&lt;img src=x onerror=')
      expect(html).not.toContain('<img src=x')
      expect(inReplyTo, 'one thread').toBeTruthy()

      await page.reload()
      expect(await page.locator('main').innerText()).toContain(NOTE)
      expect(await page.locator('#letters').locator('..').locator('..').innerText()).toContain(ru.letter.sent)
      await screenshot(page, 'outage-3-expected-time')
      await page.locator('a[href^="/letters/"]').last().click()
      await page.getByText(RU).first().waitFor()
      await screenshot(page, 'outage-4-letter')
    })

    test('who checks a terminal meanwhile is told that no ticket is needed, and why', async () => {
      const page = await hall.visit('dealer')
      await page.goto(`/check/${CALLED.id}`)
      await page.getByRole('heading', { name: checkRu.verdicts['do-not-open'] }).waitFor()
      await screenshot(page, 'outage-5-check')
      await page.goto(`/terminals/${CALLED.id}`)
      await page.getByText(ru.unit.serviceFirst('Omnicomm Online')).waitFor()
    })

    test('a dealer may read the outage, and neither its recipients nor what to do about it', async () => {
      const page = await hall.visit('dealer')
      await page.goto('/service')
      await page.locator('a[href^="/outages/"]').first().click()
      await page.getByRole('heading', { name: handling.facts }).waitFor()
      expect(await page.locator('main form').count()).toBe(0)
      expect(await page.locator('main').innerText()).not.toContain(RU)
      await screenshot(page, 'outage-6-dealer')
    })

    test('its pages are in order for axe and a phone, in both languages, light and dark', async () => {
      const [outage] = await hall.desk.api.outages()
      const [letter] = await hall.desk.api.letters()
      const page = await hall.visit('operator', { size: PHONE })
      const paths = [
        ['outage', `/outages/${outage?.id}?`],
        ['outage-service', '/service?'],
        ['outage-letters', '/letters?'],
        ['outage-letter', `/letters/${encodeURIComponent(letter?.id ?? '')}?`],
        ['outage-preview', `/letters/preview?kind=update&outage=${outage?.id}&`],
        ['outage-check', `/check/${CALLED.id}?`],
      ] as const
      for (const [name, path] of paths) {
        await page.goto(`${path}lang=ru`)
        await expectNoSidewaysScroll(page)
        await expectNoAxeFindings(page)
        await page.emulateMedia({ colorScheme: 'dark' })
        await expectNoAxeFindings(page, 'colours')
        await page.goto(`${path}lang=en`)
        await screenshot(page, `${name}-phone-dark-en`)
        await expectNoSidewaysScroll(page)
        await page.emulateMedia({ colorScheme: 'light' })
      }
    })

    test('on paper stands what is known of the outage, and none of the forms', async () => {
      const page = await hall.visit('operator')
      const [outage] = await hall.desk.api.outages()
      await page.goto(`/outages/${outage?.id}`)
      await page.emulateMedia({ media: 'print' })
      await screenshot(page, 'print-outage')
      expect(await page.locator('input:visible, textarea:visible, button:visible').count()).toBe(0)
      const heads = await page.locator('h2:visible').allInnerTexts()
      expect(heads).not.toContain(handling.messageTitle)
      expect(heads.length).toBeGreaterThan(3)
    })

    test('without any script an operator states the time, writes to the recipients, confirms, and cancels what was false', async () => {
      const { desk } = hall
      const page = await hall.visit('operator', { script: false, language: 'en' })
      const words = TEXTS.en.handling
      const [outage] = await desk.api.outages()
      const path = `/outages/${outage?.id}`
      const say = async (form: string, fill: Readonly<Record<string, string>>): Promise<void> => {
        const place = page.locator(`form[action="${path}/${form}"]`)
        for (const [name, value] of Object.entries(fill)) await place.locator(`[name=${name}]`).fill(value)
        await place.locator('button').first().click()
      }
      await page.goto(path)
      await say('expected-resolution', { at: localInput(desk.clock.now() + 5 * HOUR, 'Europe/Moscow') })
      await page.getByText(words.done.expected).waitFor()
      await page.getByRole('button', { name: words.withdrawTime }).click()
      await page.getByText(words.expectedAnew).first().waitFor()
      await say('message', { text: 'Two of three racks are back.' })
      await page.getByText(words.done.message).waitFor()
      await say('confirm', {})
      await page.getByText(words.done.confirm).waitFor()
      expect(await page.locator(`form[action="${path}/confirm"]`).count(), 'once is enough').toBe(0)

      await say('cancel', { reason: 'our own proxy failed' })
      await page.getByRole('heading', { name: words.sureTitle }).waitFor()
      expect(await page.locator('blockquote').innerText()).toBe('our own proxy failed')
      expect((await desk.api.outage(outage?.id ?? '')).state, 'asked before it is done').toBe('open')
      await page.getByRole('button', { name: words.sure }).click()
      await page.getByText(words.done.cancel).waitFor()
      await screenshot(page, 'outage-7-cancelled')
      expect((await desk.api.outage(outage?.id ?? '')).state).toBe('cancelled')
    })
  },
  { outage: true },
)
