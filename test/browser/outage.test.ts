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
      await form.locator('input[name=note]').fill('меняют накопитель')
      await form.locator('button.main').click()
      await page.getByText(handling.done.expected).waitFor()
      await desk.pass(1)
      await until(() => mailsTo(desk.mail, RU).length === 2)
      const second = mailsTo(desk.mail, RU)[1]
      if (!second) throw new Error('there is no second letter')
      const { text, inReplyTo } = await readMail(second)
      expect(text).toContain(at.slice(11))
      expect(text).toContain('меняют накопитель')
      expect(inReplyTo, 'one thread').toBeTruthy()

      await page.reload()
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

    test.each(['ru', 'en'] as const)(
      'the pages of an outage are in order for axe and a phone (%s)',
      async (language) => {
        const [outage] = await hall.desk.api.outages()
        const [letter] = await hall.desk.api.letters()
        const page = await hall.visit('operator', { language, colours: language === 'ru' ? 'light' : 'dark' })
        const paths = [
          ['outage', `/outages/${outage?.id}`],
          ['outage-service', '/service'],
          ['outage-letters', '/letters'],
          ['outage-letter', `/letters/${encodeURIComponent(letter?.id ?? '')}`],
          ['outage-preview', `/letters/preview?kind=update&outage=${outage?.id}`],
          ['outage-check', `/check/${CALLED.id}`],
        ] as const
        for (const [name, path] of paths) {
          await page.setViewportSize(PHONE)
          await page.goto(path)
          await screenshot(page, `${name}-phone-${language}`)
          await expectNoSidewaysScroll(page)
          await expectNoAxeFindings(page)
        }
      },
    )
  },
  { outage: true },
)
