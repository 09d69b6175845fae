import { beforeEach, describe, expect, test } from 'vitest'
import { CAUSE_CODES } from '../../../src/core/freshness/diagnosis/codes.ts'
import { STATES } from '../../../src/core/freshness/state.ts'
import { ROLES } from '../../../src/core/people/account.ts'
import { VERDICTS } from '../../../src/core/request/check.ts'
import { ACCESS } from '../../../src/http/access.ts'
import { createApp } from '../../../src/http/app.ts'
import { LETTER_STATES } from '../../../src/http/json/letter.ts'
import { helpLink } from '../../../src/http/pages/help/help-link.ts'
import { inline } from '../../../src/http/pages/help/inline.ts'
import { HELP_PARTS } from '../../../src/http/pages/help/outline.ts'
import { HELP } from '../../../src/http/pages/help/texts.ts'
import { type AppWorld, appDeps, appOptions, createWorld, tokenOf } from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function helpText(language: 'ru' | 'en', headers: Record<string, string> = {}): Promise<string> {
  const response = await createApp(appDeps(world), appOptions()).request(`/help?lang=${language}`, {
    headers,
  })
  expect(response.status).toBe(200)
  return await response.text()
}

const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found)

describe.each(['ru', 'en'] as const)('the guide in %s', (language) => {
  test('explains every word that the code knows, in the order of the code', async () => {
    const anchors = all(await helpText(language), / id="([^"]+)"/g)
    const of = (set: string) => anchors.filter((anchor) => anchor.startsWith(`${set}-`))
    expect(of('state')).toEqual(STATES.map((state) => `state-${state}`))
    expect(of('cause')).toEqual(CAUSE_CODES.map((cause) => `cause-${cause}`))
    expect(of('verdict')).toEqual(VERDICTS.map((verdict) => `verdict-${verdict}`))
    expect(of('role')).toEqual(ROLES.map((role) => `role-${role}`))
    expect(of('letter').filter((anchor) => !/^letter-due/.test(anchor))).toEqual(
      LETTER_STATES.map((state) => `letter-${state}`),
    )
    expect(of('service').length).toBeGreaterThanOrEqual(5)
    expect(of('component').length).toBeGreaterThanOrEqual(5)
    expect(of('segment').length).toBe(5)
  })

  test('has each anchor once, and a place for each link', async () => {
    const text = await helpText(language)
    const anchors = all(text, / id="([^"]+)"/g)
    expect(anchors).toEqual([...new Set(anchors)])
    for (const target of all(text, / href="#([^"]+)"/g)) expect(anchors).toContain(target)
    for (const named of all(text, / aria-labelledby="([^"]+)"/g)) expect(anchors).toContain(named)
  })

  test('links only to pages that the program has', async () => {
    const addresses = all(await helpText(language, await tokenOf(world, 'admin')), / href="(\/[^"#?]*)"/g)
    expect(addresses.length).toBeGreaterThan(15)
    for (const address of addresses) expect(Object.keys(ACCESS)).toContain(`GET ${address}`)
  })

  test('shows no mark of its texts as text, and its headings come in order', async () => {
    const text = await helpText(language)
    expect(words(text)).not.toMatch(/\*\*|`|\]\(/)
    const levels = all(text, /<h(\d)/g).map(Number)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    for (const [index, level] of levels.entries()) {
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
    }
  })

  test('keeps its sentences short', () => {
    const { sections, words: explained } = HELP[language]
    const texts = [
      ...Object.values(sections).flatMap(({ blocks }) => blocks.filter((block) => typeof block === 'string')),
      ...Object.values(explained).flatMap((set) => Object.values<string>(set)),
    ]
    for (const sentence of texts.flatMap((text) => text.split(/(?<=[.!?])\s/))) {
      expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(34)
    }
  })
})

test('both languages have the same anchors, glossaries of their own apart', async () => {
  const [ru, en] = await Promise.all([helpText('ru'), helpText('en')])
  expect(all(ru, / id="([^"]+)"/g)).toEqual(all(en, / id="([^"]+)"/g))
  expect(words(en).replace('Русский', '')).not.toMatch(/[а-яё]{3}/i)
})

test('is open to strangers, without the navigation, and the login page leads there', async () => {
  const app = createApp(appDeps(world), appOptions())
  expect(await helpText('en')).not.toContain('<nav aria-label="Sections"')
  expect(await (await app.request('/login')).text()).toContain('href="/help"')
})

test('names what a reader may not open without a link', async () => {
  const dealer = await helpText('en', await tokenOf(world, 'dealer', { clients: ['Alfa'] }))
  const operator = await helpText('en', await tokenOf(world, 'operator'))
  expect(all(dealer, / href="(\/recipients|\/users)"/g)).toEqual([])
  expect(words(dealer)).toContain('Recipients')
  expect(new Set(all(operator, / href="(\/recipients|\/users)"/g))).toEqual(new Set(['/recipients']))
})

test('what stands between marks is escaped, and other addresses are no links', () => {
  const parts = inline({ who: undefined }, 'a **<b>** `<i>` [<u>](/check) [out](https://example.org) **')
  expect(parts.join('')).toBe(
    'a <strong>&lt;b&gt;</strong> <code>&lt;i&gt;</code> <a href="/check">&lt;u&gt;</a> [out](https://example.org) **',
  )
})

test('each question mark of the pages leads to a section of that name', () => {
  for (const section of Object.values(HELP_PARTS).flat()) {
    expect(String(helpLink({ language: 'en' }, section))).toContain(
      `href="/help#${section}" title="Help: ${HELP.en.sections[section].title.replaceAll("'", '&#39;')}`,
    )
  }
})
