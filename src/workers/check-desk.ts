import type { Actor } from '../core/audit.ts'
import type { TerminalFacts } from '../core/fleet/facts.ts'
import { type Fleet, sourceOf } from '../core/fleet/fleet.ts'
import { seenIncidents } from '../core/fleet/incident-scope.ts'
import type { NotedTerminal, TerminalNote } from '../core/fleet/note.ts'
import { isInScope, rowsInScope, type Scope } from '../core/fleet/scope.ts'
import type { TerminalView } from '../core/fleet/view.ts'
import { sourceBlindSince } from '../core/freshness/polled-watch.ts'
import type { MaintenanceWindow } from '../core/outage/outage.ts'
import type { ServiceStatus } from '../core/outage/status.ts'
import type { DealerContact } from '../core/people/dealer-contact.ts'
import type { Problem } from '../core/request/check.ts'
import type { Asker, CheckFacts, Dated, ToldReplies } from '../core/request/check-facts.ts'
import { createPastedNames, findPasted, type PastedList } from '../core/request/pasted-list.ts'
import { pastedWords } from '../core/request/pasted-text.ts'
import { LONGEST_REPLY, type ReplyOutcome, type SmsReply, smsReplies } from '../core/request/sms-reply.ts'
import type { SupportRequest } from '../core/request/support-request.ts'
import { type TerminalName, unitNamesOf } from '../core/request/terminal-names.ts'
import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports.ts'
import { inSlices } from './slices.ts'
import { strangerIn } from './sms-replies.ts'

export type CheckDeskDeps = {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly fleet: Fleet
  readonly seenBy: (scope: Scope) => {
    get(id: string): TerminalView | undefined
    facts(id: string): TerminalFacts | undefined
  }
  readonly requests: {
    seenBy(who: Asker): OpenRequests
  }
  readonly contacts: { contactOf(dealer: string): DealerContact | undefined }
  readonly notes: {
    add(
      terminal: NotedTerminal,
      note: Pick<TerminalNote, 'kind' | 'text'>,
      actor: Actor,
    ): Promise<TerminalNote>
    of(names: readonly TerminalName[], scope: Scope, limit: number): Promise<readonly TerminalNote[]>
  }
  readonly service: { readonly name: string; status(): ServiceStatus }
  readonly plannedWork: () => readonly MaintenanceWindow[]
}

export type CheckDeskOptions = {
  /** Of the watched service; `login` of the account, never its password. */
  readonly account: () => { readonly host: string; readonly login: string }
}

/** Notes of a terminal in which replies are looked for. */
const NOTES_READ = 50
/** Rows between two pauses. */
const STEP = 2000

/** Gathers what the check before a ticket looks at, and takes in what people paste. */
export function createCheckDesk(deps: CheckDeskDeps, options: CheckDeskOptions) {
  const { clock, fleet, notes, service } = deps

  return {
    /**
     * Undefined: no such terminal, or none that he may see. `id`: or one of its aliases. `problem`: what the check is
     * for; absent: any problem of the terminal.
     */
    async facts(id: string, who: Asker, problem?: Problem): Promise<CheckFacts | undefined> {
      const seen = deps.seenBy(who.scope)
      const view = seen.get(id)
      const said = view && seen.facts(view.id)
      const row = view && fleet.rows.get(view.id)
      if (!view || !said || row === undefined) return undefined
      const told = await notes.of(unitNamesOf(seen, view.id), who.scope, NOTES_READ)
      const replies = repliesIn(told, (of) => strangerIn(of, fleet, row) === undefined)
      const { host, login } = options.account()
      const now = clock.now()
      const planned = deps.plannedWork().find(({ from, to }) => from <= now && now < to)
      const source = sourceOf(fleet, row)
      return {
        view: dated(view, replies),
        said,
        replies,
        blindSince: source ? sourceBlindSince(source) : null,
        incident: seenIncidents(fleet, who.scope)(row),
        disputed: [view.id, said.imei, ...said.aliases].some((name) => fleet.disputes.has(name)),
        requests: openRequests(deps.requests.seenBy(who), view.id, problem),
        service: {
          name: service.name,
          host,
          status: service.status(),
          planned: planned ? { to: planned.to, reason: planned.reason } : null,
        },
        // The account is that of whoever runs this program: a dealer has one of his own.
        login: who.scope === 'all' ? login : '',
        contact: deps.contacts.contactOf(view.dealer) ?? null,
      }
    },

    /** The terminals of a scope that a pasted text names. */
    async find(text: string, scope: Scope): Promise<PastedList> {
      const whole = exactIn(fleet, scope, text.trim())
      if (whole !== undefined)
        return { found: [{ text: text.trim(), ids: [whole] }], notFound: [], more: false }
      const words = pastedWords(text)
      const names = createPastedNames(words)
      await inSlices(collecting(fleet, scope, names.add), { clock })
      const { named, plated } = names
      return findPasted(words, { exact: (word) => exactIn(fleet, scope, word), named, plated })
    },

    /** Keeps a pasted reply to an SMS command as a note of the terminal that it is of. */
    async noteReply(id: string, text: string, who: Asker, actor: Actor): Promise<ReplyOutcome> {
      const view = deps.seenBy(who.scope).get(id)
      const row = view && fleet.rows.get(view.id)
      if (!view || row === undefined) return { kind: 'missing' }
      if (text.length > LONGEST_REPLY) return { kind: 'too-long' }
      const replies = smsReplies(text)
      if (replies.length === 0) return { kind: 'no-reply' }
      const stranger = strangerIn(replies, fleet, row)
      if (stranger !== undefined) {
        return { kind: 'other-terminal', name: exactIn(fleet, who.scope, stranger) ?? stranger }
      }
      const note = await notes.add(view, { kind: 'reply', text }, actor)
      return { kind: 'kept', note, replies }
    },
  }
}

/** After a crash the inventory knows the version that a reply told, and the reply knows when. */
function dated(view: TerminalView, { info }: ToldReplies): TerminalView {
  const { firmware } = view
  if (firmware?.at !== null || info?.told.firmware !== firmware.version) return view
  return { ...view, firmware: { ...firmware, at: info.at } }
}

type OpenRequests = {
  openOf(terminalId: string): readonly SupportRequest[]
  openOn(problem: string): readonly SupportRequest[]
}

/** Those about the terminal; before them, of a problem of the service, those about that, wherever it was noticed. */
function openRequests(
  requests: OpenRequests,
  terminalId: string,
  problem: Problem | undefined,
): readonly SupportRequest[] {
  const own = requests.openOf(terminalId)
  if (problem?.about !== 'service') return own
  const same = requests.openOn(problem.id)
  return [...same, ...own.filter((request) => !same.includes(request))]
}

/**
 * The newest reply of each kind. A text with the reply of another terminal tells nothing: what else is in it is likely
 * of that one, too.
 */
function repliesIn(
  notes: readonly TerminalNote[],
  isOwn: (replies: readonly SmsReply[]) => boolean,
): ToldReplies {
  const newest: { -readonly [Kind in keyof ToldReplies]: ToldReplies[Kind] } = {}
  for (const { kind, at, text } of notes) {
    const replies = kind === 'reply' ? smsReplies(text) : []
    if (!isOwn(replies)) continue
    for (const reply of replies.toReversed()) put(newest, reply, at)
    if (newest.info && newest.link && newest.stat) break
  }
  return newest
}

function put(
  newest: { -readonly [Kind in keyof ToldReplies]: ToldReplies[Kind] },
  told: SmsReply,
  at: Instant,
): void {
  const dated = <Told>(reply: Told): Dated<Told> => ({ at, told: reply })
  switch (told.kind) {
    case 'info':
      newest.info ??= dated(told)
      return
    case 'link':
      newest.link ??= dated(told)
      return
    case 'stat':
      newest.stat ??= dated(told)
      return
  }
}

function exactIn({ rows, inventory }: Fleet, scope: Scope, name: string): string | undefined {
  const row = rows.get(name)
  if (row === undefined) return undefined
  const place = { client: inventory.text(row, 'client'), group: inventory.text(row, 'group') }
  return isInScope(scope, place) ? inventory.text(row, 'id') : undefined
}

/** Hands over the id and the name of each terminal of the scope. Now and then it yields how far it is. */
function* collecting(
  fleet: Fleet,
  scope: Scope,
  add: (id: string, name: string) => void,
): Generator<number, void> {
  const { inventory, rows } = fleet
  const isSeen = rowsInScope(fleet, scope)
  for (let row = 0; row < inventory.length; row++) {
    if (row % STEP === STEP - 1) yield row
    if (isSeen !== null && !isSeen(row)) continue
    const name = inventory.text(row, 'name')
    if (name === '') continue
    const id = inventory.text(row, 'id')
    if (rows.get(id) === row) add(id, name)
  }
}
