import { expect, test } from 'vitest'
import { TEXTS } from '../../src/http/pages/texts.ts'
import { describeAtDesk, type Page, screenshot, signIn } from '../support/browser.ts'
import { CALLED, FOREIGN } from '../support/desk-fleet.ts'
import { PASSWORD } from '../support/desk-world.ts'

const ru = TEXTS.ru
const { accounts } = ru
const OWN_PASSWORD = 'четыре слова подряд тут'

describeAtDesk('people and their rights', (hall) => {
  test('a new user signs in with the password that he was given and must choose another one first', async () => {
    const admin = await hall.visit('admin')
    await admin.goto('/users')
    await admin.getByLabel(accounts.name, { exact: true }).fill('anna.petrova')
    await admin.locator('input[name=role][value=operator]').check()
    await admin.getByRole('button', { name: accounts.add, exact: true }).click()
    const given = await admin.locator('.secret code').innerText()
    await screenshot(admin, 'first-sign-in-1-password-given')
    await admin.goto('/users')
    expect(await admin.locator('main').innerText()).not.toContain(given)

    const anna = await hall.visit(null, { refusals: [403] })
    await signIn(anna, 'anna.petrova', given)
    await anna.getByRole('heading', { name: accounts.own.mustChange }).waitFor()
    await screenshot(anna, 'first-sign-in-2-must-change')
    await anna.goto('/requests')
    expect(new URL(anna.url()).pathname, 'nothing else is open yet').toBe('/account')

    await anna.getByLabel(accounts.own.current).fill(given)
    await anna.getByLabel(accounts.own.next, { exact: true }).fill(OWN_PASSWORD)
    await anna.getByLabel(accounts.own.again).fill(OWN_PASSWORD)
    await anna.getByRole('button', { name: accounts.own.change }).click()
    await anna.getByText(accounts.own.done.password).waitFor()
    await anna.goto('/')
    await anna.getByRole('search').waitFor()

    const again = await hall.visit(null, { refusals: [401] })
    await signIn(again, 'anna.petrova', given)
    await again.getByText(ru.refused).waitFor()
    await signIn(again, 'anna.petrova', OWN_PASSWORD)
    await again.getByRole('search').waitFor()
  })

  test('a dealer sees his clients only: a terminal of another dealer does not exist for him', async () => {
    const dealer = await hall.visit('dealer', { refusals: [404] })
    await dealer.goto('/?all=1')
    const list = await dealer.locator('main').innerText()
    expect(list).toContain(CALLED.name)
    expect(list).not.toContain(FOREIGN.client)
    for (const path of ['/terminals/', '/check/', '/check?q=']) {
      const answer = await dealer.goto(`${path}${FOREIGN.id}`)
      const text = await dealer.locator('main').innerText()
      expect(text).not.toContain(FOREIGN.client)
      if (!path.includes('?')) expect(answer?.status()).toBe(404)
    }
    await dealer.goto(`/terminals/${FOREIGN.id}`)
    const foreign = await dealer.locator('main').innerText()
    await screenshot(dealer, 'rights-foreign-terminal')
    await dealer.goto('/terminals/999999999')
    expect(await dealer.locator('main').innerText(), 'the same as for one that nobody has').toBe(foreign)
  })

  test('a dealer without clients is told what is missing and whom to ask', async () => {
    const { password } = (await hall.desk.put('POST', '/api/v1/users', {
      name: 'nobody-yet',
      role: 'dealer',
      clients: [],
    })) as { password: string }
    const dealer = await hall.visit(null)
    await signIn(dealer, 'nobody-yet', password)
    await dealer.getByLabel(accounts.own.current).fill(password)
    await dealer.getByLabel(accounts.own.next, { exact: true }).fill(OWN_PASSWORD)
    await dealer.getByLabel(accounts.own.again).fill(OWN_PASSWORD)
    await dealer.getByRole('button', { name: accounts.own.change }).click()
    await dealer.goto('/')
    await dealer.getByText(accounts.emptyTitle).waitFor()
    expect(await dealer.locator('main').innerText()).toContain(accounts.emptyNoScope)
    await screenshot(dealer, 'rights-dealer-without-clients')
  })

  test('an operator is not shown the page of the users, and is told whom to ask when he opens its address', async () => {
    const operator = await hall.visit('operator', { refusals: [403] })
    await operator.goto('/')
    expect(await operator.locator('a[href="/users"]').count()).toBe(0)
    const answer = await operator.goto('/users')
    expect(answer?.status()).toBe(403)
    await operator.getByText(ru.notAllowed).waitFor()
    await operator.getByRole('link', { name: ru.home }).click()
    await operator.getByRole('search').waitFor()
  })

  test('signing out ends the session: the way back leads to the sign-in page and then to where one was', async () => {
    const page = await hall.visit(null)
    await page.goto(`/terminals/${CALLED.id}`)
    expect(new URL(page.url()).pathname).toBe('/login')
    await page.locator('input[name=user]').fill('operator')
    await page.locator('input[name=password]').fill(PASSWORD)
    await page.getByRole('button', { name: ru.enter }).click()
    await page.getByRole('heading', { name: CALLED.name }).waitFor()
    const cookies = await page.context().cookies()
    expect(cookies.find(({ name }) => name === 'watch_session')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    })
    await page.getByRole('button', { name: ru.signOut }).click()
    await page.getByRole('heading', { name: ru.signIn }).waitFor()
    await page.context().addCookies(cookies)
    await page.goto('/')
    expect(new URL(page.url()).pathname, 'the old cookie opens nothing').toBe('/login')
  })

  test('with the keyboard alone: sign in, skip to the content, search, open a terminal, say that its silence is known', async () => {
    const page = await hall.visit(null)
    await page.goto('/login')
    // On a busy machine the browser comes to it later.
    await page.locator('input[autofocus]:focus').waitFor()
    await page.keyboard.type('operator')
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('search').waitFor()

    await page.keyboard.press('Tab')
    expect(await page.locator('a.skip:focus').count()).toBe(1)
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await screenshot(page, 'keyboard-skip-link')
    await page.keyboard.press('Enter')
    await tabTo(page, 'input[name=q]')
    await page.keyboard.type(CALLED.plate)
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]q=/)
    await skipTo(page, `a[href="/terminals/${CALLED.id}"]`)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: CALLED.name }).waitFor()

    const form = `form[action$="/acknowledge"]`
    await skipTo(page, `details:has(${form}) > summary`)
    await page.keyboard.press('Enter')
    await tabTo(page, `${form} input[name=until]`)
    // Day and month alike, and the half of the day: browsers order the parts as their own language does.
    await page.keyboard.type('070720261000A')
    await tabTo(page, `${form} input[name=reason]`)
    await page.keyboard.type('водитель в отпуске')
    await page.keyboard.press('Enter')
    await page.getByText(ru.acknowledging.done.acknowledged).waitFor()
  })
})

/** From the top of a new page: past the menu, which is the first stop, and on until the element has the focus. */
async function skipTo(page: Page, selector: string): Promise<void> {
  await page.keyboard.press('Tab')
  expect(await page.locator('a.skip:focus').count(), 'the way past the menu comes first').toBe(1)
  await page.keyboard.press('Enter')
  await tabTo(page, selector)
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor()
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${selector}:focus`).count()) > 0) return
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

/** More stops than these on the way to one thing are too many for a person. */
const MOST_STOPS = 25
