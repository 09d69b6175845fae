import type { Hono } from 'hono'
import { html } from 'hono/html'
import { groupWords } from '../../core/flagging/words.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { seenIncidents } from '../seen.ts'
import { faultPage } from './fault.ts'
import { helpLink } from './help/help-link.ts'
import { incidentView } from './incident.ts'
import { incidentHref, incidentTable } from './incident-table.ts'
import { type Html, page, type Reader, readerOf } from './page.ts'

const INCIDENTS_PER_PAGE = 50
const MEMBERS_PER_PAGE = 100

/** `/incidents`: mass silence now and before; `/incidents/{id}`: one of them with its terminals. */
export function addIncidentPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/incidents', async (c) => {
    const cursor = c.req.query('cursor') || undefined
    const incidents = seenIncidents(c, deps)
    const closed = await incidents.list({
      state: 'closed',
      limit: INCIDENTS_PER_PAGE,
      ...(cursor && { cursor }),
    })
    if (closed === 'bad-cursor') return c.redirect('/incidents', 303)
    const reader = readerOf(c, options, deps.clock.now())
    const { incidents: words } = reader.texts
    const main = html`<div class="head"><h1>${words.title}</h1>${helpLink(reader, 'incidents')}</div>
<p class="muted">${words.text}</p>
<section class="card" aria-labelledby="open">
  <h2 id="open">${words.open}</h2>
  ${tableOr(reader, incidents.open(), words.open, words.openNone)}
</section>
<section class="card" aria-labelledby="closed">
  <h2 id="closed">${words.closed}</h2>
  ${tableOr(reader, closed.items, words.closed, words.closedNone)}
  ${pages(reader, cursor, closed.next)}
</section>`
    return c.html(page(reader, { title: words.title, section: 'incidents', signedIn: true, main }))
  })

  app.get('/incidents/:id', async (c) => {
    const id = c.req.param('id')
    const cursor = c.req.query('cursor') || undefined
    const query = { limit: MEMBERS_PER_PAGE, ...(cursor && { cursor }) }
    const found = await seenIncidents(c, deps).get(id, query)
    if (!found) return c.html(faultPage(c, options, 404), 404)
    if (found === 'bad-cursor') return c.redirect(incidentHref(id), 303)
    const reader = readerOf(c, options, deps.clock.now())
    const main = incidentView(reader, { ...found, cursor })
    const title = groupWords(found.incident, reader.language)
    return c.html(page(reader, { title, section: 'incidents', signedIn: true, main }))
  })
}

function tableOr(
  reader: Reader,
  incidents: Parameters<typeof incidentTable>[1],
  caption: string,
  none: string,
): Html {
  return incidents.length === 0 ? html`<p>${none}</p>` : incidentTable(reader, incidents, caption)
}

function pages({ texts }: Reader, cursor: string | undefined, next: string | null): Html | string {
  if (cursor === undefined && next === null) return ''
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${cursor === undefined ? '' : html`<a class="button" href="/incidents">${texts.firstPage}</a>`}
    ${next === null ? '' : html`<a class="button" rel="next" href="/incidents?${new URLSearchParams({ cursor: next }).toString()}">${texts.nextPage}</a>`}
  </nav>`
}
