import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { SESSION_COOKIE } from '../../src/http/auth.ts'
import { findChromium } from '../support/chromium.ts'
import { CALLED } from '../support/desk-fleet.ts'
import { type Desk, openDesk } from '../support/desk-world.ts'

// `npm run pictures`: makes the pictures of README anew, from the running program at the desk of the browser tests.

const FOLDER = new URL('../../.pictures/', import.meta.url)
const WIDTH = 1180
const executablePath = findChromium() ?? ''
if (executablePath === '') throw new Error('chromium is not installed')

await mkdir(FOLDER, { recursive: true })
await using calm = await openDesk()
await take(calm, [
  ['fleet', '/', 1000],
  ['terminal', `/terminals/${CALLED.id}`, 720],
  ['check', `/check/${CALLED.id}`, 720],
])
await using failing = await openDesk({ outage: true })
await take(failing, [['outage', `/outages/${await openOutage(failing)}`, 720]])

/** Name, address, and how much of the page is shown, in pixels from the top. */
type Picture = readonly [string, string, number]

async function take(desk: Desk, pages: readonly Picture[]): Promise<void> {
  await using browser = await chromium.launch({ executablePath, chromiumSandbox: false })
  const context = await browser.newContext({
    baseURL: desk.base,
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
  })
  await context.addCookies([{ name: SESSION_COOKIE, value: await desk.session('admin'), url: desk.base }])
  const page = await context.newPage()
  for (const each of pages) await picture(page, each)
}

async function picture(page: Page, [name, path, height]: Picture): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height })
  await page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=en`)
  const file = fileURLToPath(new URL(`${name}.png`, FOLDER))
  await page.screenshot({ path: file })
  process.stdout.write(`${file}: ${Math.round((await stat(file)).size / 1024)} KiB\n`)
}

async function openOutage(desk: Desk): Promise<string> {
  const [outage] = await desk.api.outages()
  if (outage === undefined) throw new Error('there is no outage at the desk')
  return outage.id
}
