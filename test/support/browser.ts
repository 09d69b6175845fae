import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
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
    const open: { readonly key: string; readonly context: BrowserContext; readonly troubles: string[] }[] = []
    /** Profiles that are emptied and free, by the look that they were made for: a new one takes half a second. */
    const free = new Map<string, BrowserContext[]>()

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: BINARY, args: ARGUMENTS, chromiumSandbox: false })
      desk = await openDesk(options)
    }, TEST_MS)
    afterAll(async () => {
      await browser?.close()
      await desk?.[Symbol.asyncDispose]()
    })
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail')
        await keepFailure(
          open.map(({ context }) => context),
          task.name,
        )
      const closed = open.splice(0)
      for (const { key, context } of closed) {
        await Promise.all(context.pages().map((page) => page.close()))
        await context.clearCookies()
        free.set(key, [...(free.get(key) ?? []), context])
      }
      expect(closed.flatMap(({ troubles }) => troubles)).toEqual([])
    })

    suite({
      get desk() {
        return desk
      },
      async visit(role, look = {}) {
        const key = JSON.stringify({ ...look, refusals: [] })
        const context = free.get(key)?.pop() ?? (await browser.newContext(profileOf(desk.base, look)))
        context.setDefaultTimeout(WAIT_MS)
        const troubles: string[] = []
        open.push({ key, context, troubles })
        const url = desk.base
        if (role !== null) {
          await context.addCookies([{ name: SESSION_COOKIE, value: await desk.session(role), url }])
        }
        if (look.language) await context.addCookies([{ name: LANGUAGE_COOKIE, value: look.language, url }])
        const page = await context.newPage()
        watch(page, troubles, look.refusals ?? [])
        return page
      },
    })
  })
}

function profileOf(baseURL: string, look: Look): BrowserContextOptions {
  return {
    baseURL,
    viewport: look.size ?? DESKTOP,
    colorScheme: look.colours ?? 'light',
    javaScriptEnabled: look.script ?? true,
    locale: look.language === 'en' ? 'en-GB' : 'ru-RU',
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
    permissions: [],
  }
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
async function keepFailure(contexts: readonly BrowserContext[], test: string): Promise<void> {
  for (const [index, page] of contexts.flatMap((context) => context.pages()).entries()) {
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
  await page.evaluate(AXE)
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

/** The page as a whole does not move sideways; the elements that stick out are named. */
async function sidewaysScroll(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(`(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5)
      .map((element) => element.tagName.toLowerCase() + '.' + element.className + ' to '
        + Math.round(element.getBoundingClientRect().right))
      .slice(0, 12)
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
