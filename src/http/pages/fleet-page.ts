import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { TerminalFilter, terminalQuery } from '../routes/terminals.ts'
import { seenBlindSources, seenFleet, seenIncidents, seenRequests } from '../seen.ts'
import { clientCounts } from './attention-table.ts'
import { ownSideNotes, serviceBanner } from './banner.ts'
import { emptyScope } from './empty-scope.ts'
import { incidentBanners, incidentNote } from './incident-banner.ts'
import { live } from './live.ts'
import { doneNote, doneText } from './notice.ts'
import { overview } from './overview.ts'
import { type Html, may, page, type Reader, readerOf } from './page.ts'
import { requestNote } from './request-note.ts'
import { terminalList } from './terminal-list.ts'

const TERMINALS_PER_PAGE = 50
/** Of those that need attention, before the rest of the page. */
const FIRST = 25
/** One client with hundreds of them must not push all others off the page. */
const FIRST_PER_CLIENT = 5
const REFRESH_SECONDS = 30

/** `/`: the fleet by client, or with a filter its terminals. */
export function addFleetPage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/', async (c) => {
    const reader = readerOf(c, options, deps.clock.now())
    const content = isFiltered(c) ? await list(c, deps, reader) : await clients(c, deps, options, reader)
    if (content === 'bad-cursor') return c.redirect('/', 303)
    const blind = await seenBlindSources(c, deps)
    return c.html(
      page(reader, {
        title: reader.texts.fleet,
        section: 'fleet',
        signedIn: true,
        ...(isFiltered(c) ? {} : { refreshSeconds: REFRESH_SECONDS }),
        main: html`<h1 class="hidden">${reader.texts.fleet}</h1>
${doneNote(doneText(c, reader.texts.acknowledging.done) ?? doneMany(c, reader))}
${serviceBanner(reader, deps.service.name, deps.service.status(), true)}
${requestNote(reader, seenRequests(c, deps), deps.support())}
${(isFiltered(c) ? incidentNote : incidentBanners)(reader, seenIncidents(c, deps).open())}
${ownSideNotes(reader, may(reader, 'GET /recipients') ? deps.warnings(reader.language) : [], blind)}
${content}
${live(reader)}`,
      }),
    )
  })
}

function isFiltered(c: HttpContext): boolean {
  const { all, ...query } = c.req.query()
  return all !== undefined || Object.keys(TerminalFilter.shape).some((name) => query[name])
}

/** Says for how many terminals of a list it was noted. */
function doneMany(c: HttpContext, { texts }: Reader): string | undefined {
  const { done, count } = c.req.query()
  const { doneMany: words } = texts.acknowledging
  if (!/^\d{1,3}$/.test(count ?? '')) return undefined
  return done === 'known' || done === 'unknown' ? words[done](Number(count)) : undefined
}

async function clients(c: HttpContext, deps: AppDeps, options: AppOptions, reader: Reader): Promise<Html> {
  const number = /^\d{1,4}$/.test(c.req.query('page') ?? '') ? Number(c.req.query('page')) : 0
  const baseUrl = options.publicUrl.replace(/\/+$/, '') || new URL(c.req.url).origin
  const fleet = seenFleet(c, deps)
  const summary = await fleet.summary()
  const account = summary.total === 0 ? deps.accounts.get(c.get('identity').name) : undefined
  if (account?.role === 'dealer') return emptyScope(reader, account)
  const first = await fleet.leading({ needs: 'attention', perClient: FIRST_PER_CLIENT, limit: FIRST })
  const attention = await fleet.attention(Infinity)
  const causes = await fleet.causes()
  const steps = options.firstSteps?.() ?? {}
  return overview(reader, { summary, attention, first, causes, pageNumber: number, steps, baseUrl })
}

/** A filter that makes no sense is left out: an old link still shows something. */
async function list(c: HttpContext, deps: AppDeps, reader: Reader): Promise<Html | 'bad-cursor'> {
  const { cursor, ...filters } = c.req.query()
  const checked = TerminalFilter.safeParse(filters)
  const filter = checked.success ? checked.data : {}
  const query = terminalQuery({ ...filter, cursor: cursor || undefined, limit: TERMINALS_PER_PAGE })
  const fleet = seenFleet(c, deps)
  const found = await fleet.list(query)
  if (found === 'bad-cursor') return found
  const summary = await fleet.summary()
  const counts = clientCounts(await fleet.attention(Infinity), summary)
  return terminalList(reader, query, found, summary, counts)
}
