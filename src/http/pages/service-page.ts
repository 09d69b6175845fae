import type { Hono } from 'hono'
import { DAY, SECOND, toIso } from '../../core/time.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { MAX_LIMIT } from '../json/list.ts'
import { windowInput } from '../window-input.ts'
import { formText } from './form-text.ts'
import type { MaintenanceView } from './maintenance.ts'
import type { OutageRow } from './outage-table.ts'
import { page, type Reader, readerOf } from './page.ts'
import { serviceView } from './service.ts'
import { timelineStart } from './timeline.ts'

const OUTAGES_SHOWN = 20
const PERIODS = { day1: DAY, day7: 7 * DAY, day30: 30 * DAY } as const

/** `/service` and its forms for planned work. */
export function addServicePages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/service', (c) => show(c, deps, options, 200))

  app.post('/service/maintenance', async (c) => {
    const form = await c.req.parseBody()
    const input = {
      from: formText(form['from']),
      to: formText(form['to']),
      reason: formText(form['reason']),
    }
    const { texts } = readerOf(c, options, deps.clock.now())
    const checked = windowInput(options.timezone).safeParse({ ...input, from: input.from || soon(deps) })
    if (!checked.success) return show(c, deps, options, 422, { fault: texts.windowWrong, input })
    const added = await deps.maintenance.add(checked.data)
    if (added === 'past') return show(c, deps, options, 409, { fault: texts.windowPast, input })
    return c.redirect('/service#maintenance', 303)
  })

  app.post('/service/maintenance/:id/end', async (c) => {
    switch (await deps.maintenance.remove(c.req.param('id'))) {
      case 'removed':
      case 'ended':
        return c.redirect('/service#maintenance', 303)
      case 'over':
      case 'missing': {
        const { texts } = readerOf(c, options, deps.clock.now())
        return show(c, deps, options, 409, { fault: texts.windowOver })
      }
    }
  })
}

/** "Now" must not lie in the past when the window is stored a moment later. */
function soon(deps: Pick<AppDeps, 'clock'>): string {
  return toIso(deps.clock.now() + SECOND)
}

async function show(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  status: 200 | 409 | 422,
  refusal: Omit<MaintenanceView, 'windows'> = {},
) {
  const now = deps.clock.now()
  const reader = readerOf(c, options, now)
  const { service } = deps
  const segments = await service.timeline(now - DAY, now)
  const from = timelineStart(segments, now)
  const main = serviceView(reader, {
    name: service.name,
    status: service.status(),
    timeline: { segments: segments.filter(({ to }) => to > from), from, to: now },
    uptime: await uptimes(deps, reader),
    outages: await outages(deps),
    maintenance: { windows: deps.maintenance.list(), ...refusal },
  })
  return c.html(page(reader, { title: service.name, section: 'service', signedIn: true, main }), status)
}

async function uptimes({ service }: Pick<AppDeps, 'service'>, { now }: Reader) {
  const periods = ['day1', 'day7', 'day30'] as const
  return Promise.all(
    periods.map(async (period) => ({ period, report: await service.uptime(now - PERIODS[period], now) })),
  )
}

async function outages(deps: Pick<AppDeps, 'service' | 'letters'>): Promise<OutageRow[]> {
  const found = await deps.service.outages(OUTAGES_SHOWN)
  return Promise.all(
    found.map(async (outage) => {
      const { items } = await deps.letters.list({ subject: outage.id, limit: MAX_LIMIT })
      return { outage, letters: items }
    }),
  )
}
