import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { auditPage } from '../routes/audit.ts'
import { auditTable } from './audit-table.ts'
import { type Html, page, type Reader, readerOf } from './page.ts'

const ENTRIES_PER_PAGE = 100
const MAX_SUBJECT = 200

/** `/audit`: what was done by whom. */
export function addAuditPage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/audit', async (c) => {
    const subject = c.req.query('subject')?.trim().slice(0, MAX_SUBJECT) || undefined
    const cursor = c.req.query('cursor') || undefined
    const found = await auditPage(deps, subject, ENTRIES_PER_PAGE, cursor)
    if (!found) return c.redirect('/audit', 303)
    const reader = readerOf(c, options, deps.clock.now())
    const { trail } = reader.texts
    const main = html`<h1>${trail.title}</h1>
<section class="card" aria-label="${trail.title}">
  <p class="muted">${trail.text}</p>
  ${subject === undefined ? '' : html`<p>${trail.only(subject)}. <a href="/audit">${trail.all}</a></p>`}
  ${auditTable(reader, found.items, true)}
  ${pages(reader, subject, cursor, found.next)}
</section>`
    return c.html(page(reader, { title: trail.title, section: 'audit', signedIn: true, main }))
  })
}

function pages(
  { texts }: Reader,
  subject: string | undefined,
  cursor: string | undefined,
  next: string | null,
): Html | string {
  if (cursor === undefined && next === null) return ''
  const address = (parameters: Readonly<Record<string, string>>): string =>
    `/audit?${new URLSearchParams({ ...(subject === undefined ? {} : { subject }), ...parameters })}`
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${cursor === undefined ? '' : html`<a class="button" href="${address({})}">${texts.firstPage}</a>`}
    ${next === null ? '' : html`<a class="button" href="${address({ cursor: next })}">${texts.nextPage}</a>`}
  </nav>`
}
