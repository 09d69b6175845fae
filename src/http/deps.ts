import type { Actor } from '../core/audit.ts'
import type { Attention } from '../core/fleet/attention.ts'
import type { ConflictList } from '../core/fleet/conflict.ts'
import type { DiscoveredPage } from '../core/fleet/discovered.ts'
import type { TerminalFacts } from '../core/fleet/facts.ts'
import type { MemberView } from '../core/fleet/incident-members.ts'
import type { Adoption, AdoptionReport, ImportReport, TerminalChange } from '../core/fleet/inventory.ts'
import type { LiveListener } from '../core/fleet/live-state.ts'
import type { TerminalNote } from '../core/fleet/note.ts'
import type { Scope } from '../core/fleet/scope.ts'
import type {
  Summary,
  TerminalFilter,
  TerminalPage,
  TerminalQuery,
  TerminalSort,
  TerminalView,
} from '../core/fleet/view.ts'
import type { Incident } from '../core/freshness/mass/incident.ts'
import type { Transition } from '../core/freshness/state.ts'
import type { ComposedLetter } from '../core/letters/compose.ts'
import type { Language, Recipient } from '../core/letters/letter.ts'
import type { PreviewKind } from '../core/letters/preview.ts'
import type { AskOutcome } from '../core/online/ask.ts'
import type { ActionRefusal, OutageAction } from '../core/outage/handling.ts'
import type { MaintenanceRule, MaintenanceWindow, Outage } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import type { Segment, ServiceStatus, UptimeReport } from '../core/outage/status.ts'
import type { Account, EndedSession } from '../core/people/account.ts'
import type { DealerContact } from '../core/people/dealer-contact.ts'
import type { Asker, CheckFacts } from '../core/request/check-facts.ts'
import type { FirmwareFault } from '../core/request/firmware-entry.ts'
import type { FirmwareModel } from '../core/request/firmware-model.ts'
import type { PastedList } from '../core/request/pasted-list.ts'
import type { ReplyOutcome } from '../core/request/sms-reply.ts'
import type { SupportRequest } from '../core/request/support-request.ts'
import type { RequestAction } from '../core/request/support-request-action.ts'
import type { RequestReaderName } from '../core/request/support-request-scope.ts'
import type { RequestMade, RequestOutcome, RequestWish } from '../core/request/support-request-wish.ts'
import type { OfficialPoints, RequestTemplate } from '../core/request/template.ts'
import type { PushResult } from '../core/telemetry/push-body.ts'
import type { Instant } from '../core/time.ts'
import type { AuditTrail, Clock, Log, Outbox, SettingsStore, SourceHealth, Stop } from '../ports.ts'

/** The fleet as somebody may see it, and the sources that it is heard by. */
export type FleetAccess = {
  seenBy(scope: Scope): FleetReader
  /** Every group that a terminal is or was in. */
  groups(): readonly string[]
  /** Sources with whether they are blind now, and since when. */
  sources(): readonly (SourceHealth & { readonly blindSince: Instant | null })[]
}

/** The terminals of a scope as they are now, read from memory. Others do not exist. */
export type FleetReader = {
  /** `bad-cursor`: the cursor is none that this list has given. */
  list(query: TerminalQuery): Promise<TerminalPage | 'bad-cursor'>
  /** All that match, in the order of the beginning, some at a time. */
  all(filter: TerminalFilter, sort: TerminalSort): AsyncIterable<readonly TerminalView[]>
  get(id: string): TerminalView | undefined
  /** What the inventory and the configuration say of it. */
  facts(id: string): TerminalFacts | undefined
  /** When its source could not have heard it, in [from, to), oldest first. */
  blind(id: string, from: Instant, to: Instant): readonly Span[]
  summary(): Promise<Summary>
  /** What they need now; `changed` of it counts the changes of state after that number. */
  attention(after: number): Promise<Attention>
  history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]>
}

/** Mass silence as somebody may see it. */
export type IncidentAccess = { seenBy(scope: Scope): IncidentReader }

/** Incidents that terminals of a scope are part of, with those alone. Read from memory and the store. */
export type IncidentReader = {
  /** Newest first. */
  open(): readonly Incident[]
  /** Newest first. `bad-cursor`: the cursor is none that this list has given. */
  list(query: {
    readonly state?: 'open' | 'closed'
    readonly limit: number
    readonly cursor?: string
  }): Promise<
    | { readonly items: readonly Incident[]; readonly next: string | null; readonly total: number }
    | 'bad-cursor'
  >
  /** With its members from the place `from` on, those that are silent now first. */
  get(
    id: string,
    from: number,
    limit: number,
  ): Promise<
    | {
        readonly incident: Incident
        readonly members: { readonly items: readonly MemberView[]; readonly total: number }
      }
    | undefined
  >
}

/** Changes of the inventory; each resolves when it is stored. */
export type FleetEditor = {
  /** False: no such terminal. The change is in the audit trail, too. */
  change(id: string, change: TerminalChange, actor: Actor): Promise<boolean>
  /** Names of the profiles that a terminal may be given. */
  profiles(): readonly string[]
  /** Forgets what a terminal's own gaps have taught. `nothing`: there was nothing. */
  forgetLearnt(id: string, actor: Actor): Promise<'forgotten' | 'nothing' | 'missing'>
  /** All or nothing: with rejected rows nothing was imported. Rejects with ServiceStopping when the service ends. */
  importCsv(bytes: Uint8Array, options: { readonly actor: Actor }): Promise<ImportReport>
  /** The inventory as CSV that `importCsv` takes back, in pieces. */
  exportCsv(): Iterator<string>
  /** Terminals that only appeared in the data, oldest first, from the given place on. */
  discovered(offset: number, limit: number): DiscoveredPage
  /** All or nothing: with anybody refused nobody was adopted. */
  adopt(adoption: Adoption, actor: Actor): Promise<AdoptionReport>
  /** What the inventory, the trees and the data say against each other, at most `limit` of it. */
  conflicts(limit: number): ConflictList
}

/** Asks the polled service about one terminal now; `id`: of the terminal or one of its aliases. */
export type TerminalAsker = { ask(id: string): Promise<AskOutcome> }

/** What people write to terminals. Only for terminals that the account may see. */
export type NoteDesk = {
  /** Resolves when it is stored with its audit entry. */
  add(terminalId: string, note: Pick<TerminalNote, 'kind' | 'text'>, actor: Actor): Promise<TerminalNote>
  /** Notes to the terminal and to those that turned out to be it, newest first. */
  of(names: readonly string[], limit: number): Promise<readonly TerminalNote[]>
}

/** The watched service. */
export type ServiceReader = {
  readonly name: string
  status(): ServiceStatus
  timeline(from: Instant, to: Instant): Promise<readonly Segment[]>
  uptime(from: Instant, to: Instant): Promise<UptimeReport>
  outages(limit: number, before?: string): Promise<readonly Outage[]>
  outage(id: string): Promise<Outage | undefined>
}

export type ActionOutcome =
  | { readonly kind: 'done'; readonly outage: Outage }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: ActionRefusal }

/** What operators do about outages. Each action resolves when it is stored with its audit entry. */
export type OutageDesk = {
  act(outageId: string, action: OutageAction, actor: Actor): Promise<ActionOutcome>
}

export type MaintenanceEditor = {
  list(): readonly MaintenanceWindow[]
  /** `past`: a window cannot begin in the past, letters may rest on it. `announce`: by letter to the recipients. */
  add(
    window: Pick<MaintenanceWindow, 'from' | 'to' | 'reason'> & { readonly announce: boolean },
    actor: Actor,
  ): Promise<MaintenanceWindow | 'past'>
  /** Ends a running window now, deletes one that has not begun; `over`: it has ended. */
  remove(id: string, actor: Actor): Promise<'removed' | 'ended' | 'over' | 'missing'>
  rules(): readonly MaintenanceRule[]
  /** An object: the cron expression is wrong, in words. The next window of the rule is planned at once. */
  addRule(
    rule: Omit<MaintenanceRule, 'id'>,
    actor: Actor,
  ): Promise<MaintenanceRule | { readonly fault: string }>
  /** Also deletes its windows that have not begun. */
  removeRule(id: string, actor: Actor): Promise<'removed' | 'missing'>
}

/** `file`: from the configuration, read-only. */
export type ListedRecipient = Recipient & { readonly id: string; readonly origin: 'file' | 'page' }

export type RecipientFault = { readonly line: number; readonly reason: string }

/**
 * People who get letters. Changes are stored with their audit entry. `taken`: another one has this address. `full`:
 * there are as many as the program takes.
 */
export type RecipientEditor = {
  /** Those of the file first. */
  list(): readonly ListedRecipient[]
  add(recipient: Recipient, actor: Actor): Promise<ListedRecipient | 'taken' | 'full'>
  update(
    id: string,
    recipient: Recipient,
    actor: Actor,
  ): Promise<ListedRecipient | 'taken' | 'read-only' | 'missing'>
  remove(id: string, actor: Actor): Promise<'removed' | 'read-only' | 'missing'>
  /** CSV `email,name,language`; adds and updates, all or nothing: with rejected rows nothing was imported. */
  importCsv(
    bytes: Uint8Array,
    actor: Actor,
  ): Promise<{
    readonly created: number
    readonly updated: number
    readonly rejected: readonly RecipientFault[]
  }>
}

/** What an account is made of; the rest follows. Secrets come as hashes. */
export type NewAccount = Pick<
  Account,
  'id' | 'role' | 'clients' | 'groups' | 'language' | 'passwordHash' | 'mustChange'
>

/** What may change of an account; what is absent stays as it is. */
export type AccountChange = Partial<Omit<NewAccount, 'id'> & Pick<Account, 'tokenHash'>>

/**
 * Those who may sign in or call the API, read from memory. Changes are stored with their audit entry. Names are found
 * in any case. `last-admin`: nobody could manage accounts any more. `full`: there are as many as the program takes.
 */
export type AccountEditor = {
  /** In the order in which they were added. */
  list(): readonly Account[]
  get(name: string): Account | undefined
  byToken(tokenHash: string): Account | undefined
  add(account: NewAccount, actor: Actor): Promise<Account | 'taken' | 'full'>
  change(name: string, change: AccountChange, actor: Actor): Promise<Account | 'missing' | 'last-admin'>
  remove(name: string, actor: Actor): Promise<'removed' | 'missing' | 'last-admin'>
  /** Ends one session, or every one of the account. */
  signOut(name: string, session: EndedSession | 'all', actor: Actor): Promise<void>
}

/** The letters and what may be done about them. */
export type LetterDesk = Pick<Outbox, 'list' | 'get'> & {
  requeue(id: string, actor: Actor): Promise<'requeued' | 'not-dead' | 'missing'>
  /** As it would be written now; without an outage, of an invented one. Undefined: no such outage. */
  preview(query: {
    readonly kind: PreviewKind
    readonly language: Language
    readonly outageId?: string
  }): Promise<ComposedLetter | undefined>
  /** What the auditor found wrong; empty: every due letter is proven to be on its way. */
  findings(): readonly string[]
}

export type ReportPeriod = 'day' | 'week' | 'month'

/** Uptime cut in the configured zone; the newest period first, the running one up to now. */
export type ReportReader = {
  uptime(period: ReportPeriod, from: Instant, to: Instant): Promise<readonly UptimeReport[]>
}

/** Tells pages that stay open how the fleet is. */
export type LiveDesk = {
  /** Until it is stopped. `full`: as many listen as may; `many`: as many of this account. */
  listen(
    who: { readonly name: string; readonly scope: Scope },
    listener: LiveListener,
  ): Stop | 'full' | 'many'
}

/** HTTP push sources. */
export type PushReader = {
  /** Undefined: no such source. `status`: what the format's sender expects on success. */
  source(id: string): { readonly token: string; readonly status: 200 | 202 } | undefined
  push(id: string, body: Uint8Array): Promise<PushResult>
}

/** What is taken in from now on, as lines of a recording; null: it is over. */
export type RecordingReader = { next(): Promise<string | null>; stop(): void }

/** Recordings of what is taken in, each for so long at most. `busy`: there are as many as may be. */
export type RecordingDesk = { open(forMs: number): RecordingReader | 'busy' }

/** The requests to technical support, as somebody may see them. */
export type RequestDesk = {
  seenBy(who: RequestReaderName): SeenRequests
}

/**
 * The requests that somebody made or whose terminals he sees; others do not exist for him. Changes are stored with
 * their audit entry.
 */
export type SeenRequests = {
  /** Newest first. */
  list(): readonly SupportRequest[]
  get(id: string): SupportRequest | undefined
  /** Open ones about a terminal, newest first. */
  openOf(terminalId: string): readonly SupportRequest[]
  create(wish: RequestWish, actor: Actor): Promise<RequestMade>
  act(id: string, action: RequestAction, actor: Actor): Promise<RequestOutcome>
}

/** How clients reach their dealer (regulation, point 18). Changes are stored with their audit entry. */
export type ContactDesk = {
  /** The one of everybody first, then by dealer. */
  list(): readonly DealerContact[]
  /** A dealer's own, else that of everybody who has none; undefined: there is neither. */
  contactOf(dealer: string): DealerContact | undefined
  save(contact: DealerContact, actor: Actor): Promise<'saved' | 'full'>
  remove(dealer: string, actor: Actor): Promise<'removed' | 'missing'>
}

/** What the check before a ticket looks at, and what people paste for it. */
export type CheckDesk = {
  /** Undefined: no such terminal, or none that he may see. `id`: or one of its aliases. */
  facts(id: string, who: Asker): Promise<CheckFacts | undefined>
  /** The terminals of a scope that a pasted text names. */
  find(text: string, scope: Scope): Promise<PastedList>
  /** Keeps a reply to an SMS command as a note of the terminal that it is of. */
  noteReply(id: string, text: string, who: Asker, actor: Actor): Promise<ReplyOutcome>
}

/** The firmware catalogue. Changes are stored with their audit entries. */
export type FirmwareEditor = {
  /** By name. */
  list(): readonly FirmwareModel[]
  get(model: string): FirmwareModel | undefined
  /** Adds or replaces models, all of them or none. */
  save(
    models: readonly FirmwareModel[],
    actor: Actor,
  ): Promise<'full' | { readonly created: number; readonly updated: number }>
  remove(model: string, actor: Actor): Promise<'removed' | 'missing'>
  /** A catalogue as a file: YAML, JSON or CSV. With faults there are no models. */
  read(text: string): { readonly models: readonly FirmwareModel[]; readonly faults: readonly FirmwareFault[] }
}

/** The points of requests by kind of problem. Changes are stored with their audit entries. */
export type TemplateEditor = {
  list(): readonly RequestTemplate[]
  get(id: string): RequestTemplate | undefined
  /** The points that come with the program. */
  draft(id: string): RequestTemplate | undefined
  replace(id: string, official: OfficialPoints, actor: Actor): Promise<RequestTemplate | 'missing'>
  restore(id: string, actor: Actor): Promise<RequestTemplate | 'missing' | 'nothing'>
}

/** Everything the HTTP side needs; made by compose.ts. */
export type AppDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly fleet: FleetAccess
  readonly incidents: IncidentAccess
  readonly live: LiveDesk
  readonly editor: FleetEditor
  readonly asker: TerminalAsker
  readonly notes: NoteDesk
  readonly service: ServiceReader
  readonly outageDesk: OutageDesk
  readonly maintenance: MaintenanceEditor
  readonly recipients: RecipientEditor
  readonly letters: LetterDesk
  readonly audit: AuditTrail
  readonly accounts: AccountEditor
  readonly requests: RequestDesk
  readonly contacts: ContactDesk
  readonly check: CheckDesk
  readonly firmware: FirmwareEditor
  readonly templates: TemplateEditor
  readonly reports: ReportReader
  readonly push: PushReader
  readonly recorder: RecordingDesk
  readonly settings: SettingsStore
  readonly metrics: { text(): Promise<string> }
  /** Empty: able to do its work. */
  readonly troubles: () => readonly string[]
  /** Warnings for people with an account: no recipients, no SMTP. */
  readonly warnings: (language: Language) => readonly string[]
}

/** What the page of an empty fleet says about sending the first message; a part that is absent is not offered. */
export type FirstSteps = {
  readonly mqtt?: { readonly host: string; readonly port: number; readonly topic: string }
  /** An HTTP push source of format json; its token is not shown. */
  readonly push?: { readonly source: string }
}

export type AppOptions = {
  readonly publicUrl: string
  readonly metricsToken: string
  readonly adminToken: string
  readonly trustProxy: boolean
  readonly language: Language
  readonly timezone: string
  /** Called for each page, because ports may be known only after the start. */
  readonly firstSteps?: () => FirstSteps
}
