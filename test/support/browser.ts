import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/people/account.ts'
import { SESSION_COOKIE } from '../../src/http/auth.ts'
import { LANGUAGE_COOKIE } from '../../src/http/pages/page.ts'
import { findChromium } from './chromium.ts'
import { type Desk, type DeskOptions, openDesk } from './desk-world.ts'

export type { Page }

/** How somebody looks at the pages. */
export type Look = {
  readonly language?: 'ru' | 'en'
  readonly size?: Size
  readonly colours?: 'light' | 'dark'
  readonly script?: boolean
  /** Statuses of answers that the test is about; any other over 399 fails it. */
  readonly refusals?: readonly number[]
}

type Size = { readonly width: number; readonly height: number }

const DESKTOP: Size = { width: 1280, height: 900 }
export const PHONE: Size = { width: 375, height: 812 }

export type Hall = {
  readonly desk: Desk
  /** A page of a browser profile of its own, without cookies; `null`: of somebody who has not signed in. */
  visit(role: Role | null, look?: Look): Promise<Page>
}

const BINARY = findChromium()
/** For machines on which everything else runs as well. */
const WAIT_MS = 20_000
const TEST_MS = 90_000
const SCREENS = new URL('../../.artifacts/screens/', import.meta.url).pathname

/**
 * Tests in a real browser at a desk of their own. Skipped by name where Chromium is missing, a failure with
 * REQUIRE_SERVERS=1. After each test nothing may have gone wrong in any of its pages.
 */
export function describeAtDesk(name: string, suite: (hall: Hall) => void, options: DeskOptions = {}): void {
  if (BINARY === undefined) {
    if (process.env['REQUIRE_SERVERS'] === '1') {
      test(`${name}: chromium is installed`, () => expect(BINARY, 'chromium is required here').toBeDefined())
    } else describe.skip(`${name} (skipped: chromium is not installed)`, () => suite(EMPTY_HALL))
    return
  }
  describe(name, { timeout: TEST_MS }, () => {
    let browser: Browser
    let desk: Desk
    const open: Visit[] = []
    /** Visits that are over, by their look: a page that is used again costs half a second less than a new one. */
    const free = new Map<string, Page[]>()

    beforeAll(async () => {
      browser = await theBrowser(BINARY)
      desk = await openDesk(options)
    }, TEST_MS)
    afterAll(async () => {
      await Promise.all(browser?.contexts().map((context) => context.close()) ?? [])
      await desk?.[Symbol.asyncDispose]()
    })
    afterEach(async ({ task }) => {
      const isFailed = task.result?.state === 'fail'
      const over = open.splice(0)
      if (isFailed)
        await keepFailure(
          over.map(({ page }) => page),
          task.name,
        )
      for (const { key, page } of over) {
        page.removeAllListeners()
        await page.context().clearCookies()
        if (isFailed) await page.context().close()
        else free.set(key, [...(free.get(key) ?? []), page])
      }
      expect(over.flatMap(({ troubles }) => troubles)).toEqual([])
    })

    suite({
      get desk() {
        return desk
      },
      async visit(role, look = {}) {
        const key = JSON.stringify({ script: look.script ?? true, locale: localeOf(look) })
        const page = free.get(key)?.pop() ?? (await newPage(browser, desk.base, look))
        const context = page.context()
        const troubles: string[] = []
        open.push({ key, page, troubles })
        await page.setViewportSize(look.size ?? DESKTOP)
        await page.emulateMedia({ media: null, colorScheme: look.colours ?? 'light' })
        const url = desk.base
        if (role !== null) {
          await context.addCookies([{ name: SESSION_COOKIE, value: await desk.session(role), url }])
        }
        if (look.language) await context.addCookies([{ name: LANGUAGE_COOKIE, value: look.language, url }])
        watch(page, troubles, look.refusals ?? [])
        return page
      },
    })
  })
}

/** One page and what went wrong on it in a test; each has a browser profile of its own. */
type Visit = { readonly key: string; readonly page: Page; readonly troubles: string[] }

let launched: Promise<Browser> | undefined

/** The browser of this worker, for all its files; it ends with the worker. */
function theBrowser(executablePath: string): Promise<Browser> {
  launched ??= chromium.launch({ executablePath, args: ARGUMENTS, chromiumSandbox: false })
  return launched
}

async function newPage(browser: Browser, baseURL: string, look: Look): Promise<Page> {
  const context = await browser.newContext(profileOf(baseURL, look))
  context.setDefaultTimeout(WAIT_MS)
  return context.newPage()
}

function profileOf(baseURL: string, look: Look): BrowserContextOptions {
  return {
    baseURL,
    javaScriptEnabled: look.script ?? true,
    locale: localeOf(look),
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
    permissions: [],
  }
}

function localeOf({ language }: Look): string {
  return language === 'en' ? 'en-GB' : 'ru-RU'
}

const ARGUMENTS = [
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--in-process-gpu',
  '--renderer-process-limit=1',
  '--disable-background-networking',
  '--disable-extensions',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
]

const EMPTY_HALL: Hall = {
  get desk(): Desk {
    throw new Error('there is no browser')
  },
  visit: () => Promise.reject(new Error('there is no browser')),
}

/** What every page showed when the test failed. */
async function keepFailure(pages: readonly Page[], test: string): Promise<void> {
  for (const [index, page] of pages.entries()) {
    await screenshot(page, `failed ${test} ${index + 1}`).catch(() => {})
  }
}

/** Collects what must not happen on a page: errors, forbidden content, dialogs, requests that failed. */
function watch(page: Page, troubles: string[], refusals: readonly number[]): void {
  const isExpected = (text: string): boolean =>
    refusals.some((status) => text.includes(`status of ${status}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`))
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // What a new page, or a download, puts an end to has not failed.
    if (why !== 'net::ERR_ABORTED') troubles.push(`request: ${request.url()} ${why}`)
  })
  page.on('response', (response) => {
    const status = response.status()
    if (status >= 400 && !refusals.includes(status)) troubles.push(`answer: ${status} ${response.url()}`)
  })
}

/** Keeps a picture of the whole page for people, under the ignored folder of the artefacts. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true })
  const file = `${name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 100)}.jpg`
  await page.screenshot({ path: join(SCREENS, file), type: 'jpeg', quality: 80, fullPage: true })
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type AxeResults = {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly help: string
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[]
  }[]
}

/**
 * What axe finds on the page that is serious or critical. It comes in past the content policy, which stays on.
 * `colours`: only what other colours change.
 */
async function axeFindings(page: Page, which: 'all' | 'colours'): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE)
  const rules = which === 'all' ? '' : "runOnly: ['color-contrast', 'link-in-text-block'],"
  const { violations } = (await page.evaluate(
    `axe.run(document, { ${rules} resultTypes: ['violations'], preload: false, iframes: false })`,
  )) as AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes: [first, ...others] }) => {
      const text = `${id}: ${first?.target} ${first?.failureSummary}`
      return others.length === 0 ? text : `${text} (and ${others.length} more)`
    })
}

export async function expectNoAxeFindings(page: Page, which: 'all' | 'colours' = 'all'): Promise<void> {
  expect(await axeFindings(page, which), page.url()).toEqual([])
}

/** The page as a whole does not move sideways; the elements that stick out are named, or else its width. */
async function sidewaysScroll(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(`(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5 && !element.closest('.sections'))
      .map((element) => element.tagName.toLowerCase() + '.' + element.className + ' to '
        + Math.round(element.getBoundingClientRect().right))
    return [...wide.slice(0, 12), 'the page to ' + document.documentElement.scrollWidth]
  })()`)) as readonly string[]
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await sidewaysScroll(page), page.url()).toEqual([])
}

/** Signs in as a person does. */
export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.goto('/login')
  await page.locator('input[name=user]').fill(user)
  await page.locator('input[name=password]').fill(password)
  await page.locator('main button').click()
}
