import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { Language } from '../../core/letters/letter.ts'
import { DAY, type Instant, SECOND } from '../../core/time.ts'
import { mayCall, type Route } from '../access.ts'
import { SCRIPT_ADDRESS } from '../assets/script.ts'
import { STYLE_ADDRESS } from '../assets/style.ts'
import { isSecure } from '../client.ts'
import type { AppOptions } from '../deps.ts'
import { type HttpContext, type Identity, identityOf } from '../env.ts'
import { createFormat, type Format, machineTime } from './format.ts'
import { navigation, type Section } from './navigation.ts'
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
  /** Undefined for a stranger. */
  readonly who: Identity | undefined
}

/** Remembers the language that somebody asked for in this browser. */
export const LANGUAGE_COOKIE = 'lang'

/** The reader's language: `?lang=` (remembered), else what was remembered, else his own, else the configured one. */
export function readerOf(c: HttpContext, options: AppOptions, now: Instant): Reader {
  const asked = languageFrom(c.req.query('lang'))
  if (asked) {
    setCookie(c, LANGUAGE_COOKIE, asked, {
      path: '/',
      sameSite: 'Lax',
      httpOnly: true,
      maxAge: (365 * DAY) / SECOND,
      secure: isSecure(c, options),
    })
  }
  const who = identityOf(c)
  const chosen = asked ?? languageFrom(getCookie(c, LANGUAGE_COOKIE)) ?? who?.language
  const language = chosen ?? options.language
  const texts = TEXTS[language]
  const format = createFormat(language, texts, options.timezone, now)
  const { timezone } = options
  return { language, texts, format, now, timezone, otherLanguage: inOther(c, language), who }
}

function languageFrom(text: string | undefined): Language | undefined {
  return text === 'ru' || text === 'en' ? text : undefined
}

/** Without a path where it stays the same: one that begins with two slashes would name another host. */
function inOther(c: HttpContext, language: Language): string {
  const query = new URLSearchParams(c.req.query())
  // What was done is said once.
  query.delete('done')
  query.set('lang', language === 'ru' ? 'en' : 'ru')
  return `${c.req.method === 'GET' ? '' : '/'}?${query}`
}

type Frame = {
  readonly title: string
  readonly section?: Section
  /** Shows the navigation; only to somebody who has an account. */
  readonly signedIn: boolean
  /** Loads the page anew where no script keeps it up to date; only where nothing is typed. */
  readonly refreshSeconds?: number
  readonly main: Html
}

/** A whole page around its content. */
export function page(reader: Reader, frame: Frame): Html {
  const { texts, language } = reader
  const who = frame.signedIn ? reader.who : undefined
  return html`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    ${frame.refreshSeconds ? html`<noscript><meta http-equiv="refresh" content="${frame.refreshSeconds}"></noscript>` : ''}
    <title>${frame.title} · omnicomm-watch</title>
    <link rel="stylesheet" href="${STYLE_ADDRESS}">
    <link rel="icon" href="data:,">
    <script src="${SCRIPT_ADDRESS}" defer data-copied="${texts.copied}" data-not-copied="${texts.notCopied}"></script>
  </head>
  <body>
    <a class="skip" href="#main">${texts.skip}</a>
    <header class="top">
      <a class="brand" href="/">omnicomm<b>watch</b></a>
      ${who ? navigation(texts, who.role, frame.section) : ''}
      <div class="mine">
        <a class="quiet" href="/help"${frame.section === 'help' ? html` aria-current="page"` : ''}>${texts.helpPage}</a>
        <a class="quiet" hreflang="${language === 'ru' ? 'en' : 'ru'}" href="${reader.otherLanguage}">${texts.otherLanguage}</a>
        ${who ? accountMenu(texts, who, frame.section) : ''}
      </div>
    </header>
    <main id="main">
${frame.main}
    </main>
    <footer>${texts.footer} · ${texts.timesIn(reader.timezone)}</footer>
  </body>
</html>
`
}

function accountMenu(texts: Texts, { name, via }: Identity, section: Frame['section']): Html {
  const current = section === 'account' ? html` aria-current="page"` : ''
  return html`<a class="quiet account" href="/account"${current} title="${texts.accountPage}">${name}</a>
      ${via === 'session' ? html`<form method="post" action="/logout"><button class="quiet">${texts.signOut}</button></form>` : ''}`
}

/** Whether the reader may use a route; what he may not use is not shown. */
export function may({ who }: Pick<Reader, 'who'>, route: Route): boolean {
  return who !== undefined && mayCall(who.role, route)
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
