import { expect, test } from 'vitest'
import { HOUR } from '../../src/core/time.ts'
import { localInput } from '../../src/http/pages/local-time.ts'
import { TEXTS } from '../../src/http/pages/texts.ts'
import { describeAtDesk, screenshot, signIn } from '../support/browser.ts'
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
    const send = async (form: string, fill: Readonly<Record<string, string>>): Promise<void> => {
      await page.goto(path)
      const place = page.locator(`form[action="${path}/${form}"]`)
      const folded = page.locator('details', { has: place }).locator('summary').first()
      if ((await folded.count()) > 0 && !(await place.isVisible())) await folded.click()
      for (const [name, value] of Object.entries(fill)) {
        const field = place.locator(`[name="${name}"]`)
        if (await field.evaluate((element) => element.tagName === 'SELECT')) await field.selectOption(value)
        else await field.fill(value)
      }
      await place.locator('button').first().click()
      await page.getByRole('status').first().waitFor()
    }
    await send('acknowledge', { until: local(HOUR), reason: 'driver on leave' })
    expect(await page.locator('main').innerText()).toContain('driver on leave')
    await send('thresholds', { moving: '15m' })
    await send('profile', { profile: 'tractor' })
    await send('notes', { text: 'spoke to the dispatcher' })
    expect(await page.locator('main').innerText()).toContain('spoke to the dispatcher')
    await send('maintenance', { from: local(-HOUR), to: local(HOUR), reason: 'new antenna' })
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

  test('people, recipients, contacts and planned work are kept by forms alone', async () => {
    const page = await hall.visit('admin', LOOK)
    await page.goto('/users')
    await page.getByLabel(en.accounts.name, { exact: true }).fill('new-dealer')
    await page.locator('input[name=role][value=dealer]').check()
    await page.getByRole('button', { name: en.accounts.add, exact: true }).click()
    await page.locator('.secret code').waitFor()
    await page.goto('/recipients')
    await page.locator('form[action="/recipients"] input[name=email]').fill('new@example.org')
    await page.locator('form[action="/recipients"] button').first().click()
    await page.getByText('new@example.org').first().waitFor()
    await page.goto('/audit')
    expect(await page.locator('main').innerText()).toContain('new-dealer')
  })
})
