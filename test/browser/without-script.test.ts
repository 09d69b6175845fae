import { expect, test } from 'vitest'
import { HOUR } from '../../src/core/time.ts'
import { localInput } from '../../src/http/pages/local-time.ts'
import { TEXTS } from '../../src/http/pages/texts.ts'
import { describeAtDesk, type Page, screenshot, signIn } from '../support/browser.ts'
import { CALLED, HEALTHY } from '../support/desk-fleet.ts'
import { PASSWORD } from '../support/desk-world.ts'

const en = TEXTS.en
const LOOK = { script: false, language: 'en' } as const

describeAtDesk('without any script', (hall) => {
  test('one signs in, finds a terminal, reads it and signs out', async () => {
    const page = await hall.visit(null, LOOK)
    await signIn(page, 'operator', PASSWORD)
    await page.getByRole('searchbox').fill(CALLED.id)
    await page.getByRole('button', { name: en.find }).click()
    await page.locator(`a[href="/terminals/${CALLED.id}"]`).first().click()
    await page.getByRole('heading', { name: CALLED.name }).waitFor()
    await screenshot(page, 'no-script-terminal')
    await page.getByRole('button', { name: en.signOut }).click()
    await page.getByRole('heading', { name: en.signIn }).waitFor()
  })

  test('every form of a terminal works: known, planned work, thresholds, profile, note', async () => {
    const page = await hall.visit('operator', LOOK)
    const { unit } = en
    const path = `/terminals/${CALLED.id}`
    const local = (ms: number) => localInput(hall.desk.clock.now() + ms, 'Europe/Moscow')
    const say = async (form: string, fill: Readonly<Record<string, string>>): Promise<void> => {
      await page.goto(path)
      const place = page.locator(`form[action="${path}/${form}"]`)
      const folded = page.locator('details', { has: place }).locator('summary').first()
      if ((await folded.count()) > 0 && !(await place.isVisible())) await folded.click()
      await send(page, `${path}/${form}`, fill)
      await page.getByRole('status').first().waitFor()
    }
    await say('acknowledge', { until: local(HOUR), reason: 'driver on leave' })
    expect(await page.locator('main').innerText()).toContain('driver on leave')
    await say('thresholds', { moving: '15m' })
    await say('profile', { profile: 'tractor' })
    await say('notes', { text: 'spoke to the dispatcher' })
    expect(await page.locator('main').innerText()).toContain('spoke to the dispatcher')
    await say('maintenance', { from: local(-HOUR), to: local(HOUR), reason: 'new antenna' })
    expect(await page.locator('.terminal .badge').first().innerText()).toBe(en.state.maintenance)
    await page.locator('summary', { hasText: unit.maintenance }).click()
    await page.locator(`form[action="${path}/maintenance"] button[name=end]`).click()
    await page.getByRole('status').first().waitFor()
  })

  test('a check, its request and the register work by forms alone', async () => {
    const page = await hall.visit('operator', LOOK)
    const { checking, requests } = en
    await page.goto('/check')
    await page.getByLabel(checking.box).fill(HEALTHY.name)
    await page.getByRole('button', { name: checking.go }).click()
    await page.getByRole('heading', { name: HEALTHY.name }).waitFor()
    expect(
      await page.getByRole('button', { name: checking.copy }).count(),
      'no button that does nothing',
    ).toBe(0)
    await page.locator('select[name=problem]').selectOption('other')
    await page.getByRole('button', { name: checking.showProblem }).click()
    for (const field of await page.locator('.points label.missing').locator('input, textarea').all()) {
      await field.fill('as the driver said')
    }
    await page.getByRole('button', { name: checking.keep }).click()
    await page.getByRole('button', { name: requests.forms.sent.button }).click()
    await page.getByLabel(requests.fields.number).fill('SR-1')
    await page.getByRole('button', { name: requests.forms.ticket.button }).click()
    await page.goto('/requests')
    expect(await page.locator('main table').innerText()).toContain('SR-1')
    await screenshot(page, 'no-script-requests')
  })

  test('users and recipients of letters are kept by forms alone', async () => {
    const page = await hall.visit('admin', LOOK)
    await page.goto('/users')
    await page.getByLabel(en.accounts.name, { exact: true }).fill('new-dealer')
    await page.locator('input[name=role][value=dealer]').check()
    await page.getByRole('button', { name: en.accounts.add, exact: true }).click()
    await page.locator('.secret code').waitFor()
    await page.goto('/recipients')
    await send(page, '/recipients', { email: 'new@example.org' })
    await page.getByText('new@example.org').first().waitFor()
    await page.goto('/audit')
    expect(await page.locator('main').innerText()).toContain('new-dealer')
  })

  test('contacts of dealers are added, changed and removed by forms alone', async () => {
    const page = await hall.visit('operator', LOOK)
    await page.goto('/contacts')
    const contact = {
      dealer: 'North',
      name: 'Duty desk',
      phone: '+7 495 000-00-00',
      email: 'desk@example.org',
    }
    await send(page, '/contacts', contact)
    await page.getByText(en.contacts.done.saved).waitFor()
    await page.getByRole('link', { name: `${en.contacts.edit}: North` }).click()
    await send(page, '/contacts', { hours: 'Mon-Fri 9:00-18:00' })
    const row = page.getByRole('row', { name: 'North' })
    expect(await row.innerText()).toContain('Mon-Fri 9:00-18:00')
    await row.locator('summary').click()
    await row.getByRole('button', { name: en.contacts.removeSure }).click()
    await page.getByText(en.contacts.done.removed).waitFor()
    expect(await row.count()).toBe(0)
  })

  test('planned work of the service, once and by a rule, is planned and taken back by forms alone', async () => {
    const page = await hall.visit('operator', LOOK)
    const local = (ms: number) => localInput(hall.desk.clock.now() + ms, 'Europe/Moscow')
    await page.goto('/service')
    const work = { from: local(2 * HOUR), to: local(3 * HOUR), reason: 'new storage' }
    await send(page, '/service/maintenance', work)
    await page.getByText(en.windowAdded).waitFor()
    const row = page.getByRole('row', { name: 'new storage' })
    expect(await row.innerText()).toContain(en.planned)
    await row.getByRole('button', { name: en.remove }).click()
    await page.getByText(en.windowRemoved).waitFor()
    expect(await row.count()).toBe(0)

    await send(page, '/service/rules', { cron: '0 3 * * 0', duration: '2h', reason: 'weekly backup' })
    await page.getByText(en.ruleAdded).waitFor()
    await page.getByRole('button', { name: `${en.remove}: 0 3 * * 0` }).click()
    await page.getByText(en.ruleRemoved).waitFor()
  })

  test('official points take the place of a draft and leave it by forms alone', async () => {
    const page = await hall.visit('operator', LOOK)
    await page.goto('/templates')
    const { templating } = en
    await page.locator('main tbody a').first().click()
    const path = new URL(page.url()).pathname
    await send(page, path, { text: '1. What the driver did\n2. Photo (optional)', source: 'FAQ, 2026-06-16' })
    await page.getByText(templating.done.replaced).waitFor()
    const points = page.locator('[aria-labelledby=points] li')
    expect(await points.allInnerTexts()).toEqual([
      expect.stringContaining('What the driver did'),
      expect.stringContaining('Photo'),
    ])
    await page.locator('summary', { hasText: templating.restore }).click()
    await page.getByRole('button', { name: templating.restoreSure }).click()
    await page.getByText(templating.done.restored).waitFor()
    expect((await points.allInnerTexts()).join()).not.toContain('What the driver did')
  })

  test('the firmware catalogue is changed, loaded and emptied by forms alone', async () => {
    const page = await hall.visit('operator', LOOK)
    const { releases } = en
    await page.goto('/firmware')
    await send(page, '/firmware', { model: 'Light 4.0', latest: '77' })
    await page.getByText(releases.done.saved).waitFor()
    await send(page, '/firmware/import', { text: '- { model: Light 4.0, latest: 78, released: 2026-06-01 }' })
    await page.getByText(releases.done.imported).waitFor()
    const row = page.getByRole('row', { name: 'Light 4.0' })
    expect(await row.innerText()).toContain('78')
    await row.locator('summary').click()
    await row.getByRole('button', { name: releases.removeSure }).click()
    await page.getByText(releases.done.removed).waitFor()
    expect(await row.count()).toBe(0)
  })

  test('an inventory file is refused with its lines, then taken, and its terminal taken out of service by forms alone', async () => {
    const page = await hall.visit('admin', { ...LOOK, refusals: [422] })
    await page.goto('/inventory')
    await importFile(page, 'terminal_id;name;lifecycle\n200000950;Loader 1;asleep')
    await page.getByRole('alert').getByText(en.stock.csvRejected).waitFor()
    await importFile(page, 'terminal_id;name;client\n200000950;Loader 1;Quarry')
    await page.getByText(en.stock.imported('1', '0', '0')).waitFor()

    const path = '/terminals/200000950'
    await page.goto(path)
    await page.locator('summary', { hasText: en.unit.lifecycleForm }).click()
    await send(page, `${path}/lifecycle`, { lifecycle: 'decommissioned' })
    await page.getByText(en.unit.done.lifecycle).waitFor()
    await page.locator('dl').getByText(en.unit.lifecycle.decommissioned).waitFor()
  })
})

/** Fills the form with this address and sends it by its first button. */
async function send(page: Page, action: string, fill: Readonly<Record<string, string>>): Promise<void> {
  const form = page.locator(`form[action="${action}"]`)
  for (const [name, value] of Object.entries(fill)) {
    const field = form.locator(`[name="${name}"]`)
    if (await field.evaluate((element) => element.tagName === 'SELECT')) await field.selectOption(value)
    else await field.fill(value)
  }
  await form.locator('button').first().click()
}

async function importFile(page: Page, text: string): Promise<void> {
  const file = { name: 'fleet.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.locator('form[action="/inventory/import"] input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: en.stock.csvImport }).click()
}
