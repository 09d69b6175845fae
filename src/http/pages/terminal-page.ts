import type { Hono } from 'hono'
import { stateStrip } from '../../core/fleet/state-strip.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import { namesOf } from '../../core/request/terminal-names.ts'
import { DAY } from '../../core/time.ts'
import { mayCall } from '../access.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { keepNote } from '../noting.ts'
import { seenFleet, seenRequests } from '../seen.ts'
import { NoteInput } from '../terminal-input.ts'
import { faultPage } from './fault.ts'
import { formOf, formText, isTicked } from './form.ts'
import { doneText } from './notice.ts'
import { page, readerOf } from './page.ts'
import { terminalView } from './terminal.ts'
import { terminalHref } from './terminal-href.ts'
import {
  type FormReader,
  maintenanceReader,
  profileReader,
  readLifecycle,
  readThresholds,
} from './terminal-input.ts'
import type { TerminalPageView } from './terminal-view.ts'

const SHOWN_MS = 30 * DAY
const MOST_NOTES = 100

/** `/terminals/{id}`: all that is known of a terminal and what may be done about it. */
export function addTerminalPage(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.get('/terminals/:id', async (c) => {
    const id = c.req.param('id')
    const view = seenFleet(c, deps).get(id)
    if (!view) return missing(c, options)
    // One of its other names: the page stands under one address.
    if (view.id !== id) return c.redirect(terminalHref(view.id), 303)
    return show(c, deps, options, view, 200)
  })

  addAsk(app, deps, options)
  addNotes(app, deps, options)
  addForget(app, deps, options)
  const now = () => deps.clock.now()
  addChange(app, deps, options, 'maintenance', maintenanceReader(options.timezone, now))
  addChange(app, deps, options, 'thresholds', readThresholds)
  addChange(app, deps, options, 'profile', profileReader(deps.editor.profiles))
  addChange(app, deps, options, 'lifecycle', readLifecycle)
}

/** Exactly what an address without anything behind it gives, so that nobody learns which ids there are. */
function missing(c: HttpContext, options: AppOptions) {
  return c.html(faultPage(c, options, 404), 404)
}

function done(c: HttpContext, view: TerminalView, what: string) {
  return c.redirect(`${terminalHref(view.id)}?done=${what}`, 303)
}

/** Asks the watched service about the terminal; where it tells nothing the page says why. */
function addAsk(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.post('/terminals/:id/ask', async (c) => {
    const view = seenFleet(c, deps).get(c.req.param('id'))
    if (!view) return missing(c, options)
    const outcome = await deps.asker.ask(view.id)
    const { texts, format } = readerOf(c, options, deps.clock.now())
    switch (outcome.kind) {
      case 'answered':
        return done(c, view, 'asked')
      case 'refused':
        return show(c, deps, options, view, 409, {
          fault: texts.unit.askRefused(texts.unit.askRefusals[outcome.why]),
        })
      case 'too-often': {
        const fault = texts.unit.askTooOften(format.duration(outcome.retryAfterMs))
        return show(c, deps, options, view, 429, { fault })
      }
    }
  })
}

function addNotes(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.post('/terminals/:id/notes', async (c) => {
    const view = seenFleet(c, deps).get(c.req.param('id'))
    if (!view) return missing(c, options)
    const form = await formOf(c)
    const kind = isTicked(form, 'kind') ? 'reply' : 'note'
    const typed = { text: formText(form, 'text'), kind }
    const checked = NoteInput.safeParse(typed)
    const noted = checked.success ? await keepNote(c, deps, options, view, checked.data) : undefined
    if (noted?.kind === 'kept') return done(c, view, 'note')
    const { unit, checking } = readerOf(c, options, deps.clock.now()).texts
    const text = noted ? checking.otherTerminal(noted.name) : unit.wrong.text
    return show(c, deps, options, view, 422, { tried: { form: 'notes', typed, faults: { text } } })
  })
}

function addForget(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions): void {
  app.post('/terminals/:id/forget-learnt', async (c) => {
    const view = seenFleet(c, deps).get(c.req.param('id'))
    if (!view) return missing(c, options)
    switch (await deps.editor.forgetLearnt(view.id, actorOf(c, options))) {
      case 'forgotten':
        return done(c, view, 'forgotten')
      case 'nothing':
        return done(c, view, 'nothing-learnt')
      case 'missing':
        return missing(c, options)
    }
  })
}

/** A form that changes the terminal; refused it is shown again with what was typed. */
function addChange(
  app: Hono<HttpEnv>,
  deps: AppDeps,
  options: AppOptions,
  name: string,
  read: FormReader,
): void {
  app.post(`/terminals/:id/${name}`, async (c) => {
    const view = seenFleet(c, deps).get(c.req.param('id'))
    if (!view) return missing(c, options)
    const { texts } = readerOf(c, options, deps.clock.now())
    const result = read(await formOf(c), texts.unit.wrong)
    if ('tried' in result) {
      const fault = texts.unit.check422
      return show(c, deps, options, view, 422, { tried: result.tried, fault })
    }
    const changed = await deps.editor.change(view.id, result.wish, actorOf(c, options))
    return changed ? done(c, view, result.done) : missing(c, options)
  })
}

async function show(
  c: HttpContext,
  deps: AppDeps,
  options: AppOptions,
  view: TerminalView,
  status: 200 | 409 | 422 | 429,
  more: Partial<Pick<TerminalPageView, 'tried' | 'fault'>> = {},
) {
  const fleet = seenFleet(c, deps)
  const reader = readerOf(c, options, deps.clock.now())
  const identity = c.get('identity')
  const facts = fleet.facts(view.id)
  if (!facts) return missing(c, options)
  const [from, to] = [reader.now - SHOWN_MS, reader.now]
  const [transitions, notes] = await Promise.all([
    fleet.history(view.id, from, to),
    deps.notes.of(namesOf(fleet, view.id), identity.scope, MOST_NOTES),
  ])
  const { firstSeenAt } = facts
  const blind = fleet.blind(view.id, from, to)
  const { state, stateSince } = view
  const { unit, acknowledging } = reader.texts
  const content = terminalView(reader, {
    view,
    facts,
    service: { name: deps.service.name, status: deps.service.status() },
    transitions,
    strip: stateStrip({ from, to, firstSeenAt, state, stateSince, transitions, blind }),
    notes,
    profiles: deps.editor.profiles(),
    may: { lifecycle: mayCall(identity.role, 'POST /terminals/:id/lifecycle') },
    requests: seenRequests(c, deps).about(view.id),
    tried: undefined,
    done: doneText(c, { ...unit.done, ...acknowledging.done }),
    fault: undefined,
    ...more,
  })
  const title = view.name || view.id
  return c.html(page(reader, { title, section: 'fleet', signedIn: true, main: content }), status)
}
