import type { Hono } from 'hono'
import { DAY, SECOND, toIso } from '../../core/time.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { letterCounts } from '../letter-counts.ts'
import { PeriodJson, reportRange } from '../report-range.ts'
import { plannedWorkInput, RuleInput } from '../window-input.ts'
import { type Form, formOf, formText, isTicked } from './form.ts'
import type { MaintenanceView } from './maintenance.ts'
import type { RulesView } from './maintenance-rules.ts'
import { doneText } from './notice.ts'
import type { OutageRow } from './outage-table.ts'
import { page, type Reader, readerOf } from './page.ts'
import { serviceView } from './service.ts'
import { timelineStart } from './timeline.ts'

const OUTAGES_SHOWN = 20
const PERIODS = { day1: DAY, day7: 7 * DAY, day30: 30 * DAY } as const

/** `/service` and its forms for planned work. */
export function addServicePages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  const textsOf = (c: HttpContext) => readerOf(c, options, deps.clock.now()).texts
  const refuseWindow = (c: HttpContext, status: 409 | 422, window: Omit<MaintenanceView, 'windows'>) =>
    show(c, deps, options, status, { window })
  const refuseRule = (c: HttpContext, status: 409 | 422, rule: Omit<RulesView, 'rules'>) =>
    show(c, deps, options, status, { rule })

  app.get('/service', (c) => show(c, deps, options, 200))

  app.post('/service/maintenance', async (c) => {
    const form = await formOf(c)
    const input = { ...typed(form, ['from', 'to', 'reason']), announce: isTicked(form, 'announce') }
    const wished = { ...input, from: input.from || soon(deps) }
    const checked = plannedWorkInput(options.timezone, () => deps.clock.now()).safeParse(wished)
    if (!checked.success) return refuseWindow(c, 422, { fault: textsOf(c).windowWrong, input })
    const added = await deps.maintenance.add(checked.data, actorOf(c, options))
    if (added === 'past') return refuseWindow(c, 409, { fault: textsOf(c).windowPast, input })
    return c.redirect('/service?done=windowAdded#maintenance', 303)
  })

  app.post('/service/maintenance/:id/end', async (c) => {
    switch (await deps.maintenance.remove(c.req.param('id'), actorOf(c, options))) {
      case 'removed':
      case 'ended':
        return c.redirect('/service?done=windowRemoved#maintenance', 303)
      case 'over':
      case 'missing':
        return refuseWindow(c, 409, { fault: textsOf(c).windowOver })
    }
  })

  app.post('/service/rules', async (c) => {
    const form = await formOf(c)
    const input = { ...typed(form, ['cron', 'duration', 'reason']), announce: isTicked(form, 'announce') }
    const checked = RuleInput.safeParse(input)
    if (!checked.success) return refuseRule(c, 422, { fault: textsOf(c).ruleWrong, input })
    const added = await deps.maintenance.addRule(checked.data, actorOf(c, options))
    if ('fault' in added) return refuseRule(c, 422, { fault: textsOf(c).ruleFault(added.fault), input })
    return c.redirect('/service?done=ruleAdded#rules', 303)
  })

  app.post('/service/rules/:id/remove', async (c) => {
    const result = await deps.maintenance.removeRule(c.req.param('id'), actorOf(c, options))
    if (result === 'missing') return refuseRule(c, 409, { fault: textsOf(c).ruleMissing })
    return c.redirect('/service?done=ruleRemoved#rules', 303)
  })
}

/** "Now" must not lie in the past when the window is stored a moment later. */
function soon(deps: Pick<AppDeps, 'clock'>): string {
  return toIso(deps.clock.now() + SECOND)
}

function typed<Name extends string>(form: Form, names: readonly Name[]): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name) => [name, formText(form, name)])) as Record<Name, string>
}

async function show(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  status: 200 | 409 | 422,
  refusal: {
    readonly window?: Omit<MaintenanceView, 'windows'>
    readonly rule?: Omit<RulesView, 'rules'>
  } = {},
) {
  const now = deps.clock.now()
  const reader = readerOf(c, options, now)
  const { service, maintenance } = deps
  const segments = await service.timeline(now - DAY, now)
  const from = timelineStart(segments, now)
  const main = serviceView(reader, {
    name: service.name,
    status: service.status(),
    timeline: { segments: segments.filter(({ to }) => to > from), from, to: now },
    uptime: await uptimes(deps, reader),
    reports: await reports(c, deps, reader),
    outages: await outages(deps),
    maintenance: { windows: maintenance.list(), ...refusal.window },
    rules: { rules: maintenance.rules(), ...refusal.rule },
    done: doneText(c, doneTexts(reader)),
  })
  return c.html(page(reader, { title: service.name, section: 'service', signedIn: true, main }), status)
}

function doneTexts({ texts }: Reader): Readonly<Record<string, string>> {
  const { windowAdded, windowRemoved, ruleAdded, ruleRemoved } = texts
  return { windowAdded, windowRemoved, ruleAdded, ruleRemoved }
}

async function uptimes({ service }: Pick<AppDeps, 'service'>, { now }: Reader) {
  const periods = ['day1', 'day7', 'day30'] as const
  return Promise.all(
    periods.map(async (period) => ({ period, report: await service.uptime(now - PERIODS[period], now) })),
  )
}

async function reports(c: HttpContext, deps: Pick<AppDeps, 'reports'>, { now }: Reader) {
  const period = PeriodJson.catch('day').parse(c.req.query('period'))
  const { from, to } = reportRange(period, now)
  return { period, reports: await deps.reports.uptime(period, from, to) }
}

async function outages(deps: Pick<AppDeps, 'service' | 'letters'>): Promise<OutageRow[]> {
  const found = await deps.service.outages(OUTAGES_SHOWN)
  return Promise.all(found.map(async (outage) => ({ outage, letters: await letterCounts(deps, outage.id) })))
}
