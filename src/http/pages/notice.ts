import { html } from 'hono/html'
import type { HttpContext } from '../env.ts'
import type { Html } from './page.ts'

/** Says that something was done; the page before led here. */
export function doneNote(text: string | undefined): Html | string {
  return text === undefined ? '' : html`<p class="note good" role="status">${text}</p>`
}

/** Says what is wrong with what was typed, or why something is not possible. */
export function faultNote(text: string | undefined): Html | string {
  return text === undefined ? '' : html`<p class="note bad" role="alert">${text}</p>`
}

/** The text of `?done=` out of those that a page has. */
export function doneText(c: HttpContext, texts: Readonly<Record<string, string>>): string | undefined {
  const done = c.req.query('done')
  return done !== undefined && Object.hasOwn(texts, done) ? texts[done] : undefined
}
