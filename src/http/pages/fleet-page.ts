import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { TerminalFilter, terminalQuery } from '../routes/terminals.ts'
import { ownSideNotes, serviceBanner } from './banner.ts'
import { incidentBanners, incidentNote } from './incident-banner.ts'
import { doneNote, doneText } from './notice.ts'
import { overview } from './overview.ts'
import { type Html, page, type Reader, readerOf } from './page.ts'
import { terminalList } from './terminal-list.ts'

const TERMINALS_PER_PAGE = 100
const REFRESH_SECONDS = 30

/** `/`: the fleet by client, or with a filter its terminals. */
export function addFleetPage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/', async (c) => {
    const reader = readerOf(c, options, deps.clock.now())
    const content = isFiltered(c) ? await list(c, deps, reader) : await clients(c, deps, options, reader)
    if (content === 'bad-cursor') return c.redirect('/', 303)
    return c.html(
      page(reader, {
        title: reader.texts.fleet,
        section: 'fleet',
        signedIn: true,
        ...(isFiltered(c) ? {} : { refreshSeconds: REFRESH_SECONDS }),
        main: html`<h1 class="hidden">${reader.texts.fleet}</h1>
${doneNote(doneText(c, reader.texts.acknowledging.done))}
${serviceBanner(reader, deps.service.name, deps.service.status(), true)}
${(isFiltered(c) ? incidentNote : incidentBanners)(reader, deps.incidents.open())}
${ownSideNotes(reader, deps.warnings(reader.language), deps.fleet.sources())}
${content}`,
      }),
    )
  })
}

function isFiltered(c: HttpContext): boolean {
  const { all, ...query } = c.req.query()
  return all !== undefined || Object.keys(TerminalFilter.shape).some((name) => query[name])
}

async function clients(c: HttpContext, deps: AppDeps, options: AppOptions, reader: Reader): Promise<Html> {
  const number = /^\d{1,4}$/.test(c.req.query('page') ?? '') ? Number(c.req.query('page')) : 0
  const baseUrl = options.publicUrl.replace(/\/+$/, '') || new URL(c.req.url).origin
  return overview(reader, await deps.fleet.summary(), number, options.firstSteps?.() ?? {}, baseUrl)
}

/** A filter that makes no sense is left out: an old link still shows something. */
async function list(c: HttpContext, deps: AppDeps, reader: Reader): Promise<Html | 'bad-cursor'> {
  const { cursor, ...filters } = c.req.query()
  const checked = TerminalFilter.safeParse(filters)
  const filter = checked.success ? checked.data : {}
  const query = terminalQuery({ ...filter, cursor: cursor || undefined, limit: TERMINALS_PER_PAGE })
  const found = await deps.fleet.list(query)
  return found === 'bad-cursor' ? found : terminalList(reader, query, found, await deps.fleet.summary())
}
