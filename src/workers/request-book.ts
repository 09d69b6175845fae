import type { Actor, AuditEntry, AuditValue } from '../core/audit.ts'
import type { Scope } from '../core/fleet/scope.ts'
import { messageIdOf } from '../core/letters/letter-id.ts'
import { addresseeOf } from '../core/request/addressee.ts'
import { type RequestStep, standingOf } from '../core/request/overdue.ts'
import { MOST_TERMINALS, type SupportRequest } from '../core/request/support-request.ts'
import { actOnRequest, type RequestAction } from '../core/request/support-request-action.ts'
import {
  isRequestSeen,
  placeOf,
  type RequestPlace,
  type RequestReaderName,
} from '../core/request/support-request-scope.ts'
import {
  isAbout,
  type RequestMade,
  type RequestOutcome,
  type RequestWish,
  sameOpen,
} from '../core/request/support-request-wish.ts'
import { type NamedTerminals, namesOf } from '../core/request/terminal-names.ts'
import { type WorkCalendar, yearWithoutDecree } from '../core/request/working-days.ts'
import { type Instant, MINUTE, toIso, zoneOffsetMs } from '../core/time.ts'
import type { Clock, Log, Metrics, Notices, RecordStore, Stop } from '../ports.ts'
import { SYSTEM } from './planned-work-draft.ts'
import { createTurns } from './turns.ts'

export type RequestBookDeps = {
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly store: RecordStore<SupportRequest>
  readonly log: Log
  readonly metrics: Metrics
  readonly notices: Notices
  /** The terminals of a scope. */
  readonly seenBy: (scope: Scope) => Pick<NamedTerminals, 'facts'> & {
    get(name: string): (RequestPlace & { readonly id: string }) | undefined
  }
}

export type RequestBookOptions = {
  /** Years are of its zone. */
  readonly calendar: () => WorkCalendar
  /** Of the Message-IDs. */
  readonly domain: () => string
}

/** The requests that somebody may see; others do not exist for him. */
export type SeenRequests = {
  /** Newest first. */
  list(): readonly SupportRequest[]
  get(id: string): SupportRequest | undefined
  /** Those about a terminal, also under a name or with a unit that it had before, newest first. */
  about(terminalId: string): readonly SupportRequest[]
  /** The open ones of these. */
  openOf(terminalId: string): readonly SupportRequest[]
  /** The open ones about a kind of problem, whatever terminals they are about, newest first. */
  openOn(problem: string): readonly SupportRequest[]
  create(wish: RequestWish, actor: Actor): Promise<RequestMade>
  act(id: string, action: RequestAction, actor: Actor): Promise<RequestOutcome>
}

export type RequestBook = {
  /** Reads the stored ones; rejects with StoreError. */
  load(): Promise<void>
  /** Removes some of those that were closed before an instant; how many, 0: there are no more. */
  removeClosed(before: Instant): Promise<number>
  seenBy(who: RequestReaderName): SeenRequests
  stop(): void
}

/** More are not kept; the oldest closed ones make room. */
export const MOST_REQUESTS = 20_000
/** Closed ones that are removed in one transaction, each with its audit entry. */
const REMOVED_AT_ONCE = 100

/**
 * The requests to technical support. Changes happen one after the other, each in one transaction with its audit entries;
 * they reject with StoreError and then nothing has changed.
 */
export function createRequestBook(deps: RequestBookDeps, options: RequestBookOptions): RequestBook {
  const { clock, store, log } = deps
  /** By id, in the order in which they were made. */
  let kept: ReadonlyMap<string, SupportRequest> = new Map()
  const turns = createTurns()
  let stopTimer: Stop = () => {}
  /** What operators were told of since the start: once, and not each day anew. */
  const told = new Set<string>()
  let toldYear: number | null = null

  /** Saves one request, and makes room for it. */
  async function commit(
    saved: SupportRequest,
    before: SupportRequest | null,
    action: string,
    actor: Actor,
  ): Promise<void> {
    const at = clock.now()
    const next = new Map(kept)
    next.set(saved.id, saved)
    const values = { before: before && auditValue(before), after: auditValue(saved) }
    const entry = { at, actor, action: `request.${action}`, subject: saved.id, ...values }
    const surplus = closedOf(next.values()).slice(0, Math.max(0, next.size - MOST_REQUESTS))
    await replace(next, { save: [saved], audit: [entry] }, surplus)
  }

  /** `next` becomes what is kept, without those that are removed, each of them with its audit entry. */
  async function replace(
    next: Map<string, SupportRequest>,
    { save, audit }: { readonly save: readonly SupportRequest[]; readonly audit: readonly AuditEntry[] },
    removed: readonly SupportRequest[],
  ): Promise<void> {
    const at = clock.now()
    for (const { id } of removed) next.delete(id)
    const removals = removed.map((request) => removal(request, at))
    await store.commit({ save, remove: removed.map(({ id }) => id), audit: [...audit, ...removals] })
    kept = next
    measure()
  }

  async function removeClosed(before: Instant): Promise<number> {
    const old = closedOf(kept.values()).filter(({ closedAt }) => closedAt !== null && closedAt < before)
    const removed = old.slice(0, REMOVED_AT_ONCE)
    if (removed.length > 0) await replace(new Map(kept), { save: [], audit: [] }, removed)
    return removed.length
  }

  /** Whoever sees every request is told of those that are overdue. */
  function tell({ id, subject }: SupportRequest, { kind, at }: RequestStep): void {
    const key = `${id} ${kind} ${at}`
    if (told.has(key)) return
    told.add(key)
    deps.notices.raise({ topic: 'request-overdue', key: id, reason: subject, step: kind })
  }

  /** Once a year, or when the configuration does not have its days any more. */
  function tellYear(year: number | null): void {
    if (year !== null && year !== toldYear) {
      log.warn('the decree about days off is not known: working days follow from article 112 alone', { year })
    }
    toldYear = year
  }

  function measure(): void {
    const [now, calendar] = [clock.now(), options.calendar()]
    tellYear(yearWithoutDecree(now, calendar))
    const counts = { open: 0, overdue: 0, unregistered: 0 }
    for (const request of kept.values()) {
      if (request.closedAt !== null) continue
      const { overdue, unregistered, steps } = standingOf(request, now, calendar)
      for (const step of steps) if (step.overdue) tell(request, step)
      counts.open += 1
      if (overdue) counts.overdue += 1
      if (unregistered) counts.unregistered += 1
    }
    for (const [state, count] of Object.entries(counts)) {
      deps.metrics.set('watch_requests', count, { state })
    }
  }

  /** The one that was wished, unless another request has it: each is a thread of its own. */
  function freeMessageId({ messageId }: RequestWish): string | undefined {
    return [...kept.values()].some((request) => request.messageId === messageId) ? undefined : messageId
  }

  async function create(wish: RequestWish, who: RequestReaderName, actor: Actor): Promise<RequestMade> {
    if (wish.terminals.length > MOST_TERMINALS) throw new RangeError('a request has too many terminals')
    const fleet = deps.seenBy(who.scope)
    const rows = new Map(wish.terminals.map((id) => [id, fleet.get(id)]))
    const ids = [...rows].flatMap(([id, row]) => (row === undefined ? id : []))
    if (ids.length > 0) return { kind: 'unknown-terminals', ids }
    const found = [...rows.values()].filter((row) => row !== undefined)
    const terminals = [...new Set(found.map((row) => row.id))]
    const names = terminals.flatMap((id) => namesOf(fleet, id))
    const first = wish.anyway ? undefined : sameOpen(wish, names, seen(who))
    if (first) return { kind: 'duplicate', request: first }
    if (kept.size >= MOST_REQUESTS && [...kept.values()].every(isOpen)) return { kind: 'full' }
    const at = clock.now()
    const id = nextId(kept.keys(), at, options.calendar().timezone)
    const request: SupportRequest = {
      ...BLANK,
      id,
      createdAt: at,
      createdBy: actor.name,
      terminals,
      ...placeOf(found),
      addressee: addresseeOf(wish.about),
      problem: wish.problem,
      template: wish.template,
      subject: wish.subject,
      text: wish.text,
      messageId:
        freeMessageId(wish) ?? messageIdOf(`${id.toLowerCase()}.${at.toString(36)}`, options.domain()),
      events: [{ at, by: actor.name, kind: 'created', text: '' }],
    }
    await commit(request, null, 'add', actor)
    log.info('a request to support was made', { id, by: actor.name })
    return { kind: 'created', request }
  }

  async function act(
    id: string,
    action: RequestAction,
    who: RequestReaderName,
    actor: Actor,
  ): Promise<RequestOutcome> {
    const before = kept.get(id)
    if (before === undefined || !isRequestSeen(before, who)) return { kind: 'missing' }
    const acted = actOnRequest(before, action, { by: actor.name, at: clock.now() })
    if (acted.kind === 'done' && acted.request !== before) {
      await commit(acted.request, before, action.kind, actor)
    }
    return acted
  }

  function seen(who: RequestReaderName): readonly SupportRequest[] {
    return [...kept.values()].filter((request) => isRequestSeen(request, who)).reverse()
  }

  function about(terminalId: string, who: RequestReaderName): readonly SupportRequest[] {
    const names = namesOf(deps.seenBy(who.scope), terminalId)
    return seen(who).filter((request) => isAbout(request, names))
  }

  return {
    load: () =>
      turns.take(async () => {
        kept = new Map((await store.load()).map((request) => [request.id, request]))
        measure()
        stopTimer = clock.every(MINUTE, measure)
      }),
    removeClosed: (before) => turns.take(() => removeClosed(before)),
    seenBy: (who) => ({
      list: () => seen(who),
      get: (id) => seen(who).find((request) => request.id === id),
      about: (terminalId) => about(terminalId, who),
      openOf: (terminalId) => about(terminalId, who).filter(isOpen),
      openOn: (problem) => seen(who).filter((request) => isOpen(request) && request.problem === problem),
      create: (wish, actor) => turns.take(() => create(wish, who, actor)),
      act: (id, action, actor) => turns.take(() => act(id, action, who, actor)),
    }),
    stop: () => stopTimer(),
  }
}

const BLANK = {
  sentAt: null,
  ticket: '',
  ticketAt: null,
  questionAt: null,
  promised: null,
  officialAskedAt: null,
  officialAnsweredAt: null,
  steps: [],
  closedAt: null,
} as const satisfies Partial<SupportRequest>

/** The next number of the year. Numbers are not used twice: the newest request is never removed. */
function nextId(ids: Iterable<string>, at: Instant, zone: string): string {
  const prefix = `R-${toIso(at + zoneOffsetMs(at, zone)).slice(0, 'yyyy'.length)}-`
  let last = 0
  for (const id of ids) if (id.startsWith(prefix)) last = Math.max(last, Number(id.slice(prefix.length)))
  return `${prefix}${String(last + 1).padStart(4, '0')}`
}

/** Closed ones in the order in which they were made, without the newest request of all. */
function closedOf(requests: Iterable<SupportRequest>): readonly SupportRequest[] {
  return [...requests].slice(0, -1).filter((request) => !isOpen(request))
}

function isOpen({ closedAt }: SupportRequest): boolean {
  return closedAt === null
}

function removal(request: SupportRequest, at: Instant): AuditEntry {
  const before = auditValue(request)
  return { at, actor: SYSTEM, action: 'request.delete', subject: request.id, before, after: null }
}

/** Without the long texts, which are in the request itself. */
function auditValue(request: SupportRequest): AuditValue {
  const { terminals, problem, subject, ticket, promised, steps, events } = request
  const time = (at: Instant | null): string | null => (at === null ? null : toIso(at))
  return {
    terminals,
    problem,
    subject,
    ticket,
    sentAt: time(request.sentAt),
    questionAt: time(request.questionAt),
    promisedAt: time(promised?.at ?? null),
    officialAskedAt: time(request.officialAskedAt),
    officialAnsweredAt: time(request.officialAnsweredAt),
    closedAt: time(request.closedAt),
    steps: steps.length,
    events: events.length,
  }
}
