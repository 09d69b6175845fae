import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { Language } from '../../core/letters/letter.ts'
import { DAY, type Instant, SECOND } from '../../core/time.ts'
import { STYLE_ADDRESS } from '../assets/style.ts'
import type { AppOptions } from '../deps.ts'
import type { HttpContext } from '../env.ts'
import { createFormat, type Format, machineTime } from './format.ts'
import { TEXTS, type Texts } from './texts.ts'

/** A piece of finished HTML. */
export type Html = ReturnType<typeof html>

/** What every page knows of its reader. */
export type Reader = {
  readonly language: Language
  readonly texts: Texts
  readonly format: Format
  readonly now: Instant
  readonly timezone: string
  /** The present address in the other language. */
  readonly otherLanguage: string
}

const LANGUAGE_COOKIE = 'lang'

/** The reader's language: `?lang=` (remembered), else what was remembered, else the configured one. */
export function readerOf(c: HttpContext, options: AppOptions, now: Instant): Reader {
  const asked = languageFrom(c.req.query('lang'))
  if (asked) {
    setCookie(c, LANGUAGE_COOKIE, asked, {
      path: '/',
      sameSite: 'Lax',
      httpOnly: true,
      maxAge: (365 * DAY) / SECOND,
      secure: options.publicUrl.startsWith('https:'),
    })
  }
  const language = asked ?? languageFrom(getCookie(c, LANGUAGE_COOKIE)) ?? options.language
  const texts = TEXTS[language]
  const format = createFormat(language, texts, options.timezone, now)
  return { language, texts, format, now, timezone: options.timezone, otherLanguage: inOther(c, language) }
}

function languageFrom(text: string | undefined): Language | undefined {
  return text === 'ru' || text === 'en' ? text : undefined
}

function inOther(c: HttpContext, language: Language): string {
  const query = new URLSearchParams(c.req.query())
  // What was done is said once.
  query.delete('done')
  query.set('lang', language === 'ru' ? 'en' : 'ru')
  return `${c.req.method === 'GET' ? c.req.path : '/'}?${query}`
}

/** The navigation, in its order. */
const SECTIONS = {
  fleet: ['/', 'fleet'],
  incidents: ['/incidents', 'incidentsPage'],
  inventory: ['/inventory', 'inventoryPage'],
  service: ['/service', 'servicePage'],
  letters: ['/letters', 'lettersPage'],
  recipients: ['/recipients', 'recipientsPage'],
  audit: ['/audit', 'auditPage'],
} as const

type Frame = {
  readonly title: string
  readonly section?: keyof typeof SECTIONS
  readonly signedIn: boolean
  /** Loads the page anew; only where nothing is typed. */
  readonly refreshSeconds?: number
  readonly main: Html
}

/** A whole page around its content. */
export function page(reader: Reader, frame: Frame): Html {
  const { texts, language } = reader
  return html`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    ${frame.refreshSeconds ? html`<meta http-equiv="refresh" content="${frame.refreshSeconds}">` : ''}
    <title>${frame.title} · omnicomm-watch</title>
    <link rel="stylesheet" href="${STYLE_ADDRESS}">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <a class="skip" href="#main">${texts.skip}</a>
    <header class="top">
      <a class="brand" href="/">omnicomm<b>watch</b></a>
      ${frame.signedIn ? navigation(texts, frame.section) : ''}
      <span class="spacer"></span>
      <a class="quiet" hreflang="${language === 'ru' ? 'en' : 'ru'}" href="${reader.otherLanguage}">${texts.otherLanguage}</a>
      ${frame.signedIn ? signOut(texts) : ''}
    </header>
    <main id="main">
${frame.main}
    </main>
    <footer>${texts.footer} · ${texts.timesIn(reader.timezone)}</footer>
  </body>
</html>
`
}

function navigation(texts: Texts, section: Frame['section']): Html {
  return html`<nav aria-label="${texts.navigation}">
        ${Object.entries(SECTIONS).map(([name, [href, text]]) =>
          name === section
            ? html`<a href="${href}" aria-current="page">${texts[text]}</a> `
            : html`<a href="${href}">${texts[text]}</a> `,
        )}
      </nav>`
}

function signOut(texts: Texts): Html {
  return html`<form method="post" action="/logout"><button class="quiet">${texts.signOut}</button></form>`
}

/** A moment in short, with the exact time behind it. */
export function moment(reader: Reader, at: Instant | null): Html {
  if (at === null) return html`<span class="muted">${reader.texts.never}</span>`
  const { format } = reader
  return html`<time datetime="${machineTime(at)}" title="${format.precise(at)}">${format.moment(at)}</time>`
}

/** A moment with date and seconds. */
export function preciseMoment(reader: Reader, at: Instant): Html {
  return html`<time datetime="${machineTime(at)}">${reader.format.precise(at)}</time>`
}
