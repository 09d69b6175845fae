import type { AuditEntry } from './core/audit.ts'
import type { ImportProgress, ImportReport, InventoryRow, Merger } from './core/fleet/inventory.ts'
import type { TerminalNote } from './core/fleet/note.ts'
import type { PackedPage } from './core/fleet/packed-page.ts'
import type { FleetTaker } from './core/fleet/restore.ts'
import type { Scope } from './core/fleet/scope.ts'
import type { FlapColumns } from './core/freshness/flaps.ts'
import type { Incident, StoredBaseline, StoredIncident } from './core/freshness/mass/incident.ts'
import type { Poll } from './core/freshness/polls.ts'
import type { Transition } from './core/freshness/state.ts'
import type { HistoryPoint } from './core/history/point.ts'
import type { Delivery, Settlement } from './core/letters/delivery.ts'
import type {
  Letter,
  LetterChange,
  LetterKind,
  LetterState,
  NewLetter,
  Recipient,
} from './core/letters/letter.ts'
import type { Notice } from './core/letters/notice.ts'
import type { Activity } from './core/online/activity.ts'
import type { UnusableCause } from './core/online/judge.ts'
import type { VehicleTree } from './core/online/tree.ts'
import type { VehicleState } from './core/online/vehicle-state.ts'
import type { MaintenanceRule, MaintenanceWindow, Outage } from './core/outage/outage.ts'
import type { CronFault } from './core/outage/rule-fault.ts'
import type { Totals } from './core/outage/uptime.ts'
import type { ClockStep, FailurePhase, ProbeResult, Round } from './core/outage/verdict.ts'
import type { Account } from './core/people/account.ts'
import type { DealerContact } from './core/people/dealer-contact.ts'
import type { FirmwareModel } from './core/request/firmware-model.ts'
import type { SupportRequest } from './core/request/support-request.ts'
import type { RequestTemplate } from './core/request/template.ts'
import type { Removable } from './core/retention/cutoffs.ts'
import type { Envelope } from './core/telemetry/decoder.ts'
import type { Observation, RejectReason } from './core/telemetry/observation.ts'
import type { ArchiveCounter } from './core/telemetry/session.ts'
import type { Instant } from './core/time.ts'

export type { Delivery, Settlement }

export type Stop = () => void

/** The only way to time. Timers do not keep the process alive. */
export type Clock = {
  /** Wall time; it may be stepped. */
  now(): Instant
  /** Milliseconds that never go back and know no steps. */
  monotonic(): number
  /** Calls `tick` every `ms`; a tick that is still running when the next is due makes that one skipped. */
  every(ms: number, tick: () => void | Promise<void>): Stop
  /** Calls `tick` once, `ms` from now. */
  after(ms: number, tick: () => void | Promise<void>): Stop
}

export type Fields = Readonly<Record<string, unknown>>

/** Structured log. Messages are constant texts; what varies stands in the fields. */
export type Log = {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
}

export type Labels = Readonly<Record<string, string>>

/** Counters, gauges and histograms of src/metrics.ts by name. Never throws. */
export type Metrics = {
  add(name: string, labels?: Labels, count?: number): void
  set(name: string, value: number, labels?: Labels): void
  observe(name: string, value: number, labels?: Labels): void
}

/** Bytes that the files of the database take and that are free on their disk; undefined where nobody can say. */
export type DiskUse = {
  readonly database: number | undefined
  /** Its write-ahead log. */
  readonly wal: number | undefined
  readonly free: number | undefined
}

/**
 * A failure of the store. `full` (disk), `locked` (another process holds the file), `corrupt`, `closed` or
 * `other`; the message says what to do. Nothing of the failed call was stored.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly kind: 'full' | 'locked' | 'corrupt' | 'closed' | 'other'
  constructor(kind: StoreError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** The service is stopping: what was asked for was not done and changed nothing. */
export class ServiceStopping extends Error {
  override readonly name = 'ServiceStopping'
}

/**
 * A stretch in which a source could not have heard its terminals; `to` null while it lasts. `own`: for whatever reason;
 * `service`: those of a polled source in which the polled service itself heard nothing, once more by themselves.
 */
export type BlindRow = {
  readonly source: string
  readonly kind: 'own' | 'service'
  readonly from: Instant
  readonly to: Instant | null
}

export type StoredFleet = {
  /** The inventory by row. */
  readonly terminals: readonly PackedPage[]
  /** Register chunks by number: terminals number * 512 to number * 512 + 511. */
  readonly chunks: readonly { readonly number: number; readonly bytes: Uint8Array }[]
  /** Journal entries since the last checkpoint, oldest first. */
  readonly journal: readonly Uint8Array[]
  /** Those that reach into the 60 days before `heartbeatAt`, by their beginning; older ones are forgotten. */
  readonly blind: readonly BlindRow[]
  /** Changes of the day up to `heartbeatAt` into or out of `stale` and `lost`. */
  readonly flaps: FlapColumns
  readonly counters: readonly ArchiveCounter[]
  /** Incidents of mass silence that have not ended. */
  readonly incidents: readonly StoredIncident[]
  /** What is usual in groups of terminals. */
  readonly baselines: readonly StoredBaseline[]
  /** Histograms of gaps of the terminals that learn (core/freshness/gaps.ts). */
  readonly gaps: readonly StoredGaps[]
  /** The last sign of life of the previous run; null in a new folder. */
  readonly heartbeatAt: Instant | null
}

/** Bytes of the histograms of one terminal. */
export type StoredGaps = { readonly row: number; readonly bytes: Uint8Array }

export type FleetFlush = {
  readonly at: Instant
  /** Changed registers (core/fleet/register-codec.ts), oldest first. The bytes are handed over, as those of chunks. */
  readonly journal: readonly Uint8Array[]
  /** New and changed inventory rows. */
  readonly terminals: readonly InventoryRow[]
  readonly transitions: readonly Transition[]
  /** Opened and closed blind stretches; a row with the same source, kind and `from` is replaced. */
  readonly blind: readonly BlindRow[]
  /** By terminal; never ahead of the registers, which are stored with them. */
  readonly counters: readonly ArchiveCounter[]
  /** New and changed incidents, by id. */
  readonly incidents: readonly StoredIncident[]
  /** By dimension and group. */
  readonly baselines: readonly StoredBaseline[]
  /** By row; empty bytes: nothing is known of its gaps any more. */
  readonly gaps: readonly StoredGaps[]
  /** Whose transitions become another one's; before the transitions of this flush are added. */
  readonly mergers: readonly Merger[]
}

/** A part of the registers that is written anew, or all of it. */
export type Checkpoint = {
  readonly chunks: StoredFleet['chunks']
  /**
   * The journal entries that are forgotten: up to that number (`journalEnd`), or none, because other parts follow; absent:
   * all that were flushed before.
   */
  readonly forget?: number | 'none'
  /** What is stored with it. */
  readonly flush?: FleetFlush
}

/** Last-seen data, inventory, transitions, blindness. */
export type FleetStore = {
  /**
   * With a taker, the pages are handed to it as they are read, and then the table of the registers; of what comes back
   * `terminals`, `chunks` and `journal` are empty then. Nothing may be written meanwhile.
   */
  load(taker?: FleetTaker): Promise<StoredFleet>
  /** One transaction; also the heartbeat. */
  flush(flush: FleetFlush): Promise<void>
  /** Number of the newest journal entry; 0: there is none. */
  journalEnd(): Promise<number>
  /** Rewrites the chunks, forgets journal entries, and then stores the flush if there is one; one transaction. */
  checkpoint(checkpoint: Checkpoint): Promise<void>
  /** Transitions of one terminal in [from, to), newest first, at most `limit`. */
  history(terminalId: string, from: Instant, to: Instant, limit: number): Promise<readonly Transition[]>
}

/** A change of a terminal that people may have to know. */
export type FlagChange = Transition & { readonly number: number }

/** What the digests, and the pages of incidents, read of the past. */
export type FlagStore = {
  /**
   * Transitions with an alert or a note, and those out of `stale` and `lost`, that were stored after the one with the
   * number `after`, in the order in which they were stored; at most `limit`.
   */
  changes(after: number, limit: number): Promise<readonly FlagChange[]>
  /** Number of the newest stored transition; 0: there is none. */
  newest(): Promise<number>
  /** Newest first; `before`: id of the last one of the previous page. */
  incidents(limit: number, before?: string): Promise<readonly Incident[]>
  /**
   * At most `limit` of those that have not ended or ended after `after`: the open ones first, newest first, then by their
   * end, the newest first.
   */
  incidentsSince(after: Instant, limit: number): Promise<readonly Incident[]>
  incident(id: string): Promise<StoredIncident | undefined>
}

export type TraceRow = Round | ClockStep

/** Probe rounds and outages. */
export type OutageStore = {
  /** Every outage that has not ended (open, or cancelled without `end`) and the newest one that has; newest first. */
  load(): Promise<readonly Outage[]>
  /** Appends a round or clock step, durable when it resolves. Nothing may be decided from a round before that. */
  append(row: TraceRow): Promise<void>
  /** Rounds and steps with `at` in [from, to), in the order in which they were appended. */
  trace(from: Instant, to: Instant): Promise<readonly TraceRow[]>
  /**
   * Saves the outages (by id), the letters that follow from them and the audit entries in one transaction. An
   * outage that is stored with an `end` is never changed. `conflict`: a letter to be superseded has meanwhile
   * been claimed; nothing was saved. Claims are held by whoever replaces letters (workers/claim-hold.ts).
   */
  commit(change: {
    readonly outages: readonly Outage[]
    readonly letters: LetterChange
    readonly audit: readonly AuditEntry[]
  }): Promise<'committed' | 'conflict'>
  /** Newest first; `before` is an outage id for paging. */
  outages(limit: number, before?: string): Promise<readonly Outage[]>
  /** How many there are. */
  outageCount(): Promise<number>
}

export type PlannedWork = {
  readonly windows: readonly MaintenanceWindow[]
  readonly rules: readonly MaintenanceRule[]
}

/** Maintenance windows and the rules that make them. */
export type PlannedWorkStore = {
  /** Windows by their beginning. */
  load(): Promise<PlannedWork>
  /**
   * One transaction. Deletes, then saves by id; deleting what is not there does nothing. Rejects when a letter to be
   * superseded has meanwhile been claimed: nothing was saved, plan anew.
   */
  commit(change: {
    readonly save: PlannedWork
    readonly deleteWindows: readonly string[]
    readonly deleteRules: readonly string[]
    readonly letters: LetterChange
    readonly audit: readonly AuditEntry[]
  }): Promise<void>
}

/** Time line of one UTC hour, per component; under the empty key of the service, under `*` of one that was not there. */
export type UptimeHour = { readonly at: Instant; readonly totals: Readonly<Record<string, Totals>> }

/** Hours that are over, folded, so that years are read as fast as days. */
export type UptimeStore = {
  /** Those with `at` in [from, to), oldest first. */
  hours(from: Instant, to: Instant): Promise<readonly UptimeHour[]>
  /** An hour that is there already stays as it is. */
  saveHours(hours: readonly UptimeHour[]): Promise<void>
  /** Deletes hours with `at` >= from: the wall clock was set back over them, so that they are folded anew. */
  forget(from: Instant): Promise<void>
  /** When the first round was made and which hour was folded last; null when there is none. */
  extent(): Promise<{ readonly firstRoundAt: Instant | null; readonly lastHourAt: Instant | null }>
}

/** A recipient that was entered on the page or by API. */
export type StoredRecipient = Recipient & { readonly id: string; readonly addedAt: Instant }

export type RecipientStore = {
  /** In the order in which they were added. */
  load(): Promise<readonly StoredRecipient[]>
  /** One transaction. Saving is by id. */
  commit(change: {
    readonly save: readonly StoredRecipient[]
    readonly remove: readonly string[]
    readonly audit: readonly AuditEntry[]
  }): Promise<void>
}

/** Records of one kind that people keep, few enough to be held in memory as a whole. */
export type RecordStore<Kept extends { readonly id: string }> = {
  /** In the order in which they were added. */
  load(): Promise<readonly Kept[]>
  /** One transaction. Saving is by id; removing comes first. */
  commit(change: {
    readonly save: readonly Kept[]
    readonly remove: readonly string[]
    readonly audit: readonly AuditEntry[]
  }): Promise<void>
}

/** What people wrote to terminals; it is never changed. */
export type NoteStore = {
  /** With its audit entries in one transaction. */
  add(notes: readonly TerminalNote[], audit: readonly AuditEntry[]): Promise<void>
  /**
   * Newest first, of the scope: a terminal may have been another client's when some of them were written. Written in
   * [since, until), always when not given.
   */
  of(
    terminalId: string,
    scope: Scope,
    limit: number,
    since?: Instant,
    until?: Instant,
  ): Promise<readonly TerminalNote[]>
}

export type AuditQuery = {
  /** Only what was done to this. */
  readonly subject?: string
  readonly limit: number
  /** Cursor: number of the last entry of the previous page; lists are newest first. */
  readonly before?: number
}

/** The audit trail. Entries can be added and read; the store itself refuses every other change. */
export type AuditTrail = {
  add(entries: readonly AuditEntry[]): Promise<void>
  /** How many entries there are, of one subject or of all. */
  count(subject?: string): Promise<number>
  list(query: AuditQuery): Promise<readonly (AuditEntry & { readonly number: number })[]>
}

export type ClaimedLetter = {
  readonly letter: Letter
  readonly envelopeFrom: string
  readonly mime: Uint8Array
}

export type LetterQuery = {
  readonly subject?: string
  /** Address, in whatever spelling; only together with `subject`. */
  readonly recipient?: string
  readonly state?: LetterState
  readonly kind?: LetterKind
  readonly limit: number
  /** Cursor: id of the last letter of the previous page; lists are newest first. */
  readonly after?: string
}

/** The letters and what became of them. */
export type Outbox = {
  /** Adds letters that no outage causes (tests, operators). A row that exists already stays as it is. */
  add(letters: readonly NewLetter[]): Promise<void>
  /**
   * Takes up to `limit` letters whose turn it is (`pending`, `retry`, `ambiguous` with `nextAt` <= now, and none
   * before it for the same subject and recipient unfinished) and stores them as `sending` before it resolves. A
   * `nextAt` further away than any pause (pauses.ts) comes from a clock that was ahead and becomes `now`. `only`
   * `pending`: none that was tried before. `which`: only those that may wait (core/letters/patience.ts), or only the
   * others.
   */
  claim(
    now: Instant,
    limit: number,
    only?: 'pending',
    which?: 'urgent' | 'patient',
  ): Promise<readonly ClaimedLetter[]>
  /** The wall clock was set back by `byMs`, to `now`: letters that wait beyond `now` are due `byMs` earlier. */
  hasten(now: Instant, byMs: number): Promise<void>
  /** Stores the end of an attempt. */
  settle(id: string, outcome: Settlement): Promise<void>
  /** Rows left in `sending` by a crash become `ambiguous`, next attempt 15 minutes after they were claimed. Returns their number. */
  recover(now: Instant): Promise<number>
  list(query: LetterQuery): Promise<{ readonly items: readonly Letter[]; readonly total: number }>
  get(id: string): Promise<ClaimedLetter | undefined>
  /** When a letter to somebody other than `recipient` was last accepted. */
  lastAcceptedAt(otherThan: string): Promise<Instant | null>
  /**
   * Puts a `dead` letter back to `pending`, due at `now`, with an attempt of result `requeued` that names who did
   * it, and the audit entry, in one transaction.
   */
  requeue(id: string, now: Instant, audit: AuditEntry): Promise<'requeued' | 'not-dead' | 'missing'>
}

/** Small texts that outlive a run: password hash, session key, generated tokens. */
export type SettingsStore = {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
}

/** What came of a slice; `next`: behind which number the next one begins, null when there is none. */
export type Slice = { readonly removed: number; readonly next: number | null }

/**
 * What grows for ever unless it is removed. A slice is one transaction of some milliseconds; a walk begins with `after`
 * 0 and can end after any slice.
 */
export type RetentionStore = {
  /** Joins rounds before `before` that say the same (core/retention/round-run.ts): the time line stays what it is. */
  join(before: Instant, after: number): Promise<Slice>
  /**
   * Removes what is dated before `before` and nothing needs any more. Kept all the same: outages and incidents that
   * have not ended and letters about them, letters of a subject of which any may still be sent or is not old, outages
   * that have letters, the newest outage that is over and the newest transition. Of joined rounds those that are old go.
   */
  remove(what: Exclude<Removable, 'audit'>, before: Instant, after: number): Promise<Slice>
  /** The same of the audit trail. A slice that removes anything writes the entry that says so in its transaction. */
  removeAudit(before: Instant, after: number, entry: AuditEntry | null): Promise<Slice>
  /**
   * When this was in use before an instant: of each hour the newest of the rounds, changes of state and audit entries
   * that were stored lately, oldest first.
   */
  lived(before: Instant): Promise<readonly Instant[]>
  /** Size of the database, and what of it holds nothing. */
  space(): Promise<{ readonly bytes: number; readonly freeBytes: number }>
  /** Gives some of what holds nothing back to the disk; bytes, 0: it cannot. */
  shrink(): Promise<number>
}

/** Everything that outlives a run. Outages, planned work and outbox share the letters: they come from one place. */
export type Stores = {
  readonly fleet: FleetStore
  readonly flags: FlagStore
  readonly outages: OutageStore
  readonly plannedWork: PlannedWorkStore
  readonly uptime: UptimeStore
  readonly outbox: Outbox
  readonly recipients: RecipientStore
  readonly accounts: RecordStore<Account>
  readonly contacts: RecordStore<DealerContact>
  readonly firmware: RecordStore<FirmwareModel>
  readonly templates: RecordStore<RequestTemplate>
  readonly requests: RecordStore<SupportRequest>
  readonly notes: NoteStore
  readonly audit: AuditTrail
  readonly settings: SettingsStore
  readonly retention: RetentionStore
}

/** What a database of points says to a write. Reasons are short texts for people and hold no secret. */
export type HistoryAnswer =
  | { readonly kind: 'written' }
  /** The points are faulty; to send them again would not help. `dropped`: so many are, and all others are written. */
  | { readonly kind: 'refused'; readonly reason: string; readonly dropped?: number }
  | { readonly kind: 'too-large'; readonly reason: string }
  /** The token is unknown or may not write there. */
  | { readonly kind: 'denied'; readonly reason: string }
  /** There is no such bucket or organisation, or no such database at that address. */
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'busy'; readonly reason: string; readonly retryAfterMs?: number }
  /** No answer, or one that tells of a fault of the database. */
  | { readonly kind: 'failed'; readonly reason: string }

/** A database of points, for graphs of the past. Nothing that the service decides is read from it. */
export type HistoryStore = {
  /** A point as a line of text, without a line break. */
  line(point: HistoryPoint): string
  /** Writes lines, with line breaks between them; the same ones once more change nothing. Never throws, ends in time. */
  write(lines: Uint8Array): Promise<HistoryAnswer>
  /** Whether points would be taken, without writing any. */
  check(): Promise<HistoryAnswer>
  /** Breaks off a write that is under way. */
  close(): void
}

/** Sends finished bytes to one address. It never throws. */
export type MailTransport = {
  deliver(mail: {
    readonly from: string
    readonly to: string
    readonly mime: Uint8Array
    readonly id: string
  }): Promise<Delivery>
}

/** Texts of a letter to finished MIME bytes; the same input gives a message with the same id and date. */
export type MailBuilder = {
  build(mail: {
    readonly from: string
    readonly to: string
    readonly subject: string
    readonly text: string
    readonly html: string
    readonly messageId: string
    readonly date: Instant
    readonly inReplyTo?: string
    readonly references?: readonly string[]
  }): Promise<Uint8Array>
}

/** One attempt at one component. It never throws and ends within `timeoutMs`. */
export type Probe = (timeoutMs: number) => Promise<ProbeResult>

export type ControlResult =
  | { readonly url: string; readonly kind: 'answered'; readonly byName: boolean }
  | { readonly url: string; readonly kind: 'silent'; readonly reason: string }

/** Asks every control host at once. `byName`: a host name was resolved on the way. */
export type ControlCheck = (timeoutMs: number) => Promise<readonly ControlResult[]>

/** A message as it came from a pushed source. */
export type IncomingMessage = { readonly payload: Uint8Array; readonly envelope: Envelope }

/** Where an adapter reports to. Calls return at once and never throw. */
export type SourceEvents = {
  received(message: IncomingMessage): void
  /** Null: the next message may come at once. Otherwise too much waits, and it should come when this resolves. */
  room(): Promise<void> | null
  /** The link stands and subscriptions are granted; `resumed`: a stored session is being drained. */
  connected(at: Instant, resumed: boolean): void
  /** The link is gone; `since` is the last moment at which it was known to work. */
  disconnected(since: Instant, reason: string): void
  /**
   * The broker dropped `count` messages since then, perhaps of ours; until `dropsEnded` nothing can be said about the
   * terminals.
   */
  dropped(since: Instant, count: number): void
  /** It drops no more, or it cannot be told any longer. */
  dropsEnded(at: Instant): void
}

/** Where a listener for terminals reports to. Calls return at once and never throw. */
export type TerminalEvents = {
  /** The listener takes connections. */
  connected(at: Instant, resumed: boolean): void
  /** It does not; `since` is the last moment at which it was known to. */
  disconnected(since: Instant, reason: string): void
  observed(observation: Observation): void
  counted(counter: ArchiveCounter): void
  rejected(reason: RejectReason, detail: string): void
  /** Resolves when all that was observed and counted before this call is stored; false: it could not be. */
  stored(): Promise<boolean>
}

/** Where a poller reports to. Calls return at once and never throw. */
export type PollEvents = {
  /** What the poll told has been taken in. */
  good(poll: Poll): void
  failed(reason: string): void
}

/**
 * What came of a question to the watched service. `unusable`: it says nothing about the service (our account, rights,
 * limits, or the one vehicle); `reason` begins with the next step for people. `own-fault`: this machine could not ask.
 */
export type VehicleAnswer<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'unusable'; readonly cause: UnusableCause; readonly reason: string }
  | { readonly kind: 'failed'; readonly phase: FailurePhase; readonly evidence: string }
  | { readonly kind: 'own-fault'; readonly reason: string }

/** The vehicles of one account at the watched service, only read. Nothing here throws, and each call ends in time. */
export type VehicleService = {
  /** When each of them last sent data: one cheap call for the whole account. */
  activity(): Promise<VehicleAnswer<Activity>>
  /** Names, groups, whether data is taken in: the heaviest call. Who asks while it is under way gets its answer. */
  tree(): Promise<VehicleAnswer<VehicleTree>>
  /** Voltage, ignition, position and speed with the last data. `id`: of the terminal or the vehicle. */
  state(id: string): Promise<VehicleAnswer<VehicleState>>
}

export type SourceHealth = { readonly id: string; readonly connected: boolean; readonly detail: Fields }

/** A running input. */
export type Source = {
  readonly id: string
  health(): SourceHealth
  /** `forGood`: it does not come back, so a broker should keep nothing for it. */
  stop(forGood?: boolean): Promise<void>
}

export type HttpRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Longest answer that is read, bytes. */
  readonly maxBytes: number
}

export type HttpAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      /** There was more than `maxBytes`; the body ends there. */
      readonly cut?: true
      readonly latencyMs: number
    }
  | {
      readonly kind: 'failed'
      readonly phase: Exclude<FailurePhase, 'login'>
      readonly latencyMs: number
      readonly status?: number
      readonly evidence: string
    }
  /** This machine could not make the call at all (no file handles, no memory). */
  | { readonly kind: 'own-fault'; readonly reason: string }

/** One HTTP exchange over a fresh connection, redirects not followed. It never throws and ends within `timeoutMs`. */
export type HttpCall = (request: HttpRequest, timeoutMs: number) => Promise<HttpAnswer>

/** Tells operators, once per thing, cause and day (core/letters/notice.ts). Returns at once and never throws. */
export type Notices = { raise(notice: Notice): void }

/** Cron expressions of five fields in a zone, on the system's clock. */
export type Timetable = {
  /** What is wrong with the expression; null when nothing is. */
  fault(expression: string): CronFault | null
  /** The next `count` times, oldest first. */
  next(expression: string, zone: string, count: number): readonly Instant[]
  /** Calls `task` at each of its times; one that is still running makes the next one skipped. */
  run(expression: string, zone: string, task: () => void | Promise<void>): Stop
}

/** A file that a command handed to the running service. */
export type HandedFile = {
  readonly bytes: Uint8Array
  /** Shows the command how far the work is. */
  progress(progress: ImportProgress): Promise<void>
  /** Gives the command its answer; the file is gone from then on. */
  answer(answer: HandedAnswer): Promise<void>
}

/** What became of a handed file. */
export type HandedAnswer =
  | { readonly kind: 'done'; readonly report: ImportReport }
  | { readonly kind: 'failed'; readonly reason: string }

/** Where commands put files for the running service. */
export type Inbox = {
  /**
   * The next file, which no longer can be withdrawn; undefined: none waits. Files whose command waits no more are
   * never taken. Rejects with what is to be done when the folder cannot be worked in.
   */
  take(): Promise<HandedFile | undefined>
  /** Answers for files that a service took before it died, and removes what nobody has fetched since `before`. */
  tidy(before: Instant): Promise<{ readonly interrupted: number }>
}
