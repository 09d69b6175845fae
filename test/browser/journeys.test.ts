import { expect, test } from 'vitest'
import { ru as checkRu } from '../../src/core/request/check-texts-ru.ts'
import { type Instant, MINUTE } from '../../src/core/time.ts'
import { localInput } from '../../src/http/pages/local-time.ts'
import { TEXTS } from '../../src/http/pages/texts.ts'
import { describeAtDesk, type Page, screenshot } from '../support/browser.ts'
import { CALLED, HEALTHY, SILENT_CLIENT } from '../support/desk-fleet.ts'

const ru = TEXTS.ru
const { checking, requests, releases } = ru
const TICKET = 'SR-2026-04711'

describeAtDesk('the day of a technician', (hall) => {
  test('a client calls: from the plate to the cause, the check, the text of the request and its ticket number', async () => {
    const page = await hall.visit('operator', { refusals: [422] })
    await page.goto('/')
    await page.getByRole('searchbox').fill(CALLED.plate)
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]q=/)
    await page.locator(`a[href="/terminals/${CALLED.id}"]`).first().click()
    await page.getByRole('heading', { name: CALLED.name }).waitFor()
    expect(await page.locator('.terminal .badge').first().innerText()).toBe(ru.state.stale)
    expect((await page.locator('.todo p').innerText()).length, 'what to do').toBeGreaterThan(20)
    await screenshot(page, 'call-1-terminal')

    await page.getByRole('link', { name: ru.unit.check }).click()
    await page.getByRole('heading', { name: checkRu.verdicts['ready-for-ticket'] }).waitFor()
    await page.getByText(checking.draftNote).waitFor()
    await screenshot(page, 'call-2-check')
    await page.getByRole('button', { name: checking.keep }).click()
    await page
      .getByText(checking.missingFault('').split(':')[0] ?? '')
      .first()
      .waitFor()
    await fillMissing(page)
    await page.getByRole('button', { name: checking.refresh }).click()
    await screenshot(page, 'call-3-text')
    const text = await page.locator('#request-text').inputValue()
    expect(text).toContain(CALLED.id)
    expect(text).toContain('Сказал водитель')
    expect(text).toContain('ЧЕРНОВИК')

    await page.getByRole('button', { name: checking.keep }).click()
    await page.getByRole('heading', { name: requests.nextTitle }).waitFor()
    await page.getByRole('button', { name: requests.forms.sent.button }).click()
    await page.getByText(requests.unregisteredText.slice(0, 40)).waitFor()
    await screenshot(page, 'call-4-not-registered')
    await page.getByLabel(requests.fields.number).fill(TICKET)
    await page.getByRole('button', { name: requests.forms.ticket.button }).click()
    await page.getByText(TICKET, { exact: true }).first().waitFor()
    await screenshot(page, 'call-5-ticket')

    await page.goto(`/terminals/${CALLED.id}`)
    await page.getByText(TICKET).first().waitFor()
    await page.goto(`/check/${CALLED.id}`)
    await page.getByRole('heading', { name: checkRu.verdicts['do-not-open'] }).waitFor()
  })

  test('in the morning: what is known is said of several at once, leaves the list, and comes back in time', async () => {
    const page = await hall.visit('operator')
    const list = `/?client=${encodeURIComponent(SILENT_CLIENT)}&state=lost`
    await page.goto(list)
    const boxes = page.locator('input[type=checkbox][name=id]')
    expect(await boxes.count()).toBe(2)
    await screenshot(page, 'morning-1-list')
    for (const box of await boxes.all()) await box.check()
    await page.getByText(ru.acknowledging.many, { exact: true }).click()
    const until = hall.desk.clock.now() + 10 * MINUTE
    await page.locator('#known input[name=until]').fill(moscow(until))
    await page.locator('#known input[name=reason]').fill('Карьер закрыт на ремонт дороги')
    await page.locator('#known button.main').click()
    await page.getByRole('status').first().waitFor()
    await screenshot(page, 'morning-2-known')

    await page.goto('/')
    expect(await silentOf(page), 'what is known needs no attention').toEqual([])
    await hall.desk.pass(11)
    await page.goto('/')
    expect(await silentOf(page)).toHaveLength(2)
  })

  test('firmware: a version from a pasted reply and an entry in the catalogue change the verdict', async () => {
    const page = await hall.visit('operator')
    await page.goto(`/check/${HEALTHY.id}?problem=firmware`)
    await page.getByRole('heading', { name: checkRu.verdicts['fix-first'] }).waitFor()
    await page
      .getByLabel(checking.replyBox)
      .fill(`Переслал водитель:\nINFO DID=${HEALTHY.id} HW=5 BL=12 FW=290 REC=14 IMEI=${HEALTHY.imei}`)
    await page.getByRole('button', { name: checking.replyKeep }).click()
    await page.getByText(checking.done.reply).waitFor()
    await screenshot(page, 'firmware-1-reply')
    expect(await page.locator('.checklist').innerText()).toContain('290')

    await page.goto('/firmware')
    await page.getByLabel(releases.field.model).fill(HEALTHY.model)
    await page.getByLabel(releases.field.latest).fill('308')
    await page.getByRole('button', { name: releases.save, exact: true }).click()
    await page.getByText(releases.done.saved).waitFor()
    await screenshot(page, 'firmware-2-catalogue')
    await page.goto(`/check/${HEALTHY.id}?problem=firmware`)
    expect(await page.locator('.verdict ul').innerText()).toContain('308')

    await page
      .getByLabel(checking.replyBox)
      .fill(`INFO DID=${HEALTHY.id} HW=5 BL=12 FW=308 REC=0 IMEI=${HEALTHY.imei}`)
    await page.getByRole('button', { name: checking.replyKeep }).click()
    await page.getByRole('heading', { name: checkRu.verdicts['ready-for-ticket'] }).waitFor()
  })

  test('a page that stays open says that something has changed, and moves nothing of what is read', async () => {
    const page = await hall.visit('operator')
    const events = page.waitForRequest(/\/events/)
    await page.goto('/')
    await events
    const before = await placesOf(page)
    const fresh = page.locator('[data-live="states.fresh"]').first()
    const count = Number(await fresh.innerText())
    await hall.desk.push([talk(CALLED.id, hall.desk.clock.now())])
    await hall.desk.pass(1)
    await hall.desk.push([talk(CALLED.id, hall.desk.clock.now())])
    await hall.desk.pass(1)
    await page.locator('[data-live-changes]').waitFor()
    await screenshot(page, 'live-1-changes')
    expect(Number(await fresh.innerText()), 'numbers are new').toBeGreaterThan(count)
    expect(await placesOf(page), 'and stand where they stood').toEqual(before)
    await page.locator('[data-live-show]').click()
    await page.locator('[data-live-changes]').waitFor({ state: 'hidden' })
  })

  test('a list pasted from a letter is checked at once, and what is not there is said', async () => {
    const page = await hall.visit('operator')
    await page.goto('/check')
    const letter = `Добрый день!\nНе видим ${CALLED.plate} 77 и ${HEALTHY.id}, а ещё 299999999.\nСпасибо`
    await page.getByLabel(checking.box).fill(letter)
    await page.getByRole('button', { name: checking.go }).click()
    const rows = page.locator('main tbody tr')
    await rows.first().waitFor()
    const found = await rows.allInnerTexts()
    expect(found).toHaveLength(3)
    expect(found.join('\n')).toContain(CALLED.name)
    expect(found.join('\n')).toContain(checking.notFound)
    await screenshot(page, 'check-list-from-a-letter')
  })

  test('the text of a request is copied by its button, comes as a letter, and is printed without the forms', async () => {
    const page = await hall.visit('operator', { language: 'en' })
    const en = TEXTS.en.checking
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: hall.desk.base })
    await page.goto(`/check/${HEALTHY.id}?problem=wrong-data`)
    await page.getByRole('button', { name: en.copy }).click()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    expect(copied).toBe(await page.locator('#request-text').inputValue())
    expect(copied).toContain('DRAFT')
    await fillMissing(page, TEXTS.en)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: en.eml }).click()
    expect((await download).suggestedFilename()).toMatch(/\.eml$/)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#request-text').isVisible()).toBe(false)
    expect(await page.locator('nav').first().isVisible()).toBe(false)
  })
})

async function fillMissing(page: Page, texts = ru): Promise<void> {
  const fields = page.locator('.points label', { hasText: texts.checking.needed }).locator('input, textarea')
  for (const field of await fields.all()) await field.fill('Сказал водитель')
}

/** Links to terminals of the silent client in what needs attention. */
async function silentOf(page: Page): Promise<readonly string[]> {
  const links = page.locator('.attention a[href^="/terminals/2000002"]')
  const names = await links.allInnerTexts()
  return names.filter((name) => /201|202/.test(name))
}

/** Where each heading, link and field stands, whatever number it shows. */
async function placesOf(page: Page): Promise<unknown> {
  return await page.evaluate(`[...document.querySelectorAll('main h2, main a, main input')]
    .map((element) => element.getBoundingClientRect())
    .filter(({ width }) => width > 0)
    .map(({ x, y }) => [x, y])`)
}

function talk(ident: string, ts: Instant): object {
  return { ident, ts, ignition: true, voltage: 27.1, speed: 30, lat: 56.5, lon: 44.2, satellites: 9 }
}

function moscow(at: Instant): string {
  return localInput(at, 'Europe/Moscow')
}
