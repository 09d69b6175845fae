import { html } from 'hono/html'
import type { AppOptions } from '../deps.ts'
import type { HttpContext } from '../env.ts'
import { type Html, page, readerOf } from './page.ts'
import type { Texts } from './texts.ts'

/** The page of a refused or failed request. It shows no time and needs no account. `why`: a text of its own. */
export function faultPage(
  c: HttpContext,
  options: AppOptions,
  status: keyof Texts['faults'],
  why?: 'notAllowed',
): Html {
  const reader = readerOf(c, options, 0)
  const text = why === undefined ? reader.texts.faults[status] : reader.texts[why]
  const main = html`<section class="card narrow">
  <h1>${status}</h1>
  <p>${text}</p>
  <p><a href="/">${reader.texts.home}</a></p>
</section>`
  return page(reader, { title: String(status), signedIn: true, main })
}
