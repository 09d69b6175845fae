import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { readFirmwareFile } from '../../src/config/firmware-file.ts'
import { loadRequestTemplates } from '../../src/config/request-templates.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import type { Conflict } from '../../src/core/fleet/conflict.ts'
import type { DiscoveredTerminal } from '../../src/core/fleet/discovered.ts'
import type { TerminalFacts } from '../../src/core/fleet/facts.ts'
import type { MemberView } from '../../src/core/fleet/incident-members.ts'
import type {
  Adoption,
  AdoptionReport,
  ImportReport,
  TerminalChange,
} from '../../src/core/fleet/inventory.ts'
import { CONCERNING, NEEDS, type Need } from '../../src/core/fleet/need.ts'
import { isInScope, type Scope } from '../../src/core/fleet/scope.ts'
import type { StateCounts, TerminalFilter, TerminalView } from '../../src/core/fleet/view.ts'
import type { Incident } from '../../src/core/freshness/mass/incident.ts'
import { STATES, type Transition } from '../../src/core/freshness/state.ts'
import type { ComposedLetter } from '../../src/core/letters/compose.ts'
import type { Language } from '../../src/core/letters/letter.ts'
import { addressKey } from '../../src/core/letters/mailbox.ts'
import type { AskOutcome } from '../../src/core/online/ask.ts'
import { act } from '../../src/core/outage/action.ts'
import { NO_BULLETINS, UNHANDLED } from '../../src/core/outage/handling.ts'
import type { MaintenanceRule, MaintenanceWindow, Outage } from '../../src/core/outage/outage.ts'
import type { Span } from '../../src/core/outage/planned-work.ts'
import type { RuleFault } from '../../src/core/outage/rule-fault.ts'
import type { ComponentStatus, Segment, ServiceStatus, UptimeReport } from '../../src/core/outage/status.ts'
import type { Role } from '../../src/core/people/account.ts'
import type { CheckFacts, ToldReplies } from '../../src/core/request/check-facts.ts'
import type { RequestTemplate } from '../../src/core/request/template.ts'
import type { PushResult } from '../../src/core/telemetry/push-body.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { createAuth, SESSION_COOKIE } from '../../src/http/auth.ts'
import type { AccountEditor } from '../../src/http/deps/accounts.ts'
import type { FleetReader } from '../../src/http/deps/fleet.ts'
import type { IncidentReader } from '../../src/http/deps/incidents.ts'
import type { RecordingReader } from '../../src/http/deps/intake.ts'
import type { LetterDesk, ListedRecipient, RecipientEditor } from '../../src/http/deps/letters.ts'
import type { LiveDesk } from '../../src/http/deps/live.ts'
import type { SupportSettings } from '../../src/http/deps/requests.ts'
import type {
  MaintenanceEditor,
  OutageDesk,
  ReportReader,
  ServiceReader,
} from '../../src/http/deps/service.ts'
import type { FleetEditor } from '../../src/http/deps/terminals.ts'
import type { AppDeps, AppOptions } from '../../src/http/deps.ts'
import { tokenHash } from '../../src/http/password.ts'
import type { Stores } from '../../src/ports.ts'
import { createAccountBook } from '../../src/workers/account-book.ts'
import { type ContactBook, createContactBook } from '../../src/workers/contact-book.ts'
import { createFirmwareBook, type FirmwareBook } from '../../src/workers/firmware-book.ts'
import { createLiveDesk } from '../../src/workers/live-desk.ts'
import { createNoteDesk } from '../../src/workers/note-desk.ts'
import { createRequestBook, type RequestBook } from '../../src/workers/request-book.ts'
import { createTemplateBook, type TemplateBook } from '../../src/workers/template-book.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from './recorders.ts'
import { MOSCOW } from './requests.ts'
import { worldCheck } from './world-check.ts'

/** 2026-01-15T10:00:00Z. */
export const NOW = 1_768_471_200_000

export const ADMIN_TOKEN = 'admin-token'
export const PUSH_TOKEN = 'push-token'

/** Plain data that the readers give back; tests change what they are about. */
export type AppWorld = {
  readonly clock: FakeClock
  readonly log: ReturnType<typeof createRecordingLog>
  readonly stores: Stores
  readonly live: LiveDesk & { stop(): void }
  /** The real books over these stores. */
  readonly accounts: AccountEditor
  readonly requests: RequestBook
  readonly contacts: ContactBook
  readonly firmware: FirmwareBook
  readonly templates: TemplateBook
  /** Of every terminal: what the check looks at beside its view, and what it answered by SMS. */
  checkFacts: Partial<CheckFacts>
  replies: ToldReplies
  terminals: TerminalView[]
  /** By id of the terminal; its aliases lead to it. */
  facts: Record<string, Partial<TerminalFacts>>
  /** When sources could not hear. */
  blind: Span[]
  profiles: string[]
  support: SupportSettings
  /** What comes of asking the service about a terminal. */
  askOutcome: AskOutcome
  transitions: Transition[]
  /** Changes of state so far, of any terminal. */
  stateChanges: number
  /** Newest first. */
  incidents: Incident[]
  /** Of every incident. */
  members: MemberView[]
  sources: { id: string; connected: boolean; detail: Record<string, unknown>; blindSince: number | null }[]
  changes: { id: string; change: TerminalChange }[]
  imported: Uint8Array[]
  importReport: Pick<ImportReport, 'created' | 'updated' | 'rejected' | 'warnings'> & Partial<ImportReport>
  /** In which languages imports were to tell what is wrong; undefined: none was named. */
  importLanguages: (Language | undefined)[]
  /** Why imports fail. */
  importFailure: Error | null
  adoptions: Adoption[]
  /** Who imported, adopted and changed terminals. */
  inventoryActors: string[]
  adoptionReport: AdoptionReport
  discovered: DiscoveredTerminal[]
  conflicts: Conflict[]
  /** Pieces of the inventory file. */
  inventoryFile: string[]
  status: ServiceStatus
  segments: Segment[]
  outages: Outage[]
  windows: MaintenanceWindow[]
  rules: MaintenanceRule[]
  /** What a rule is refused for; null: rules are taken. */
  ruleFault: RuleFault | null
  recipients: ListedRecipient[]
  reports: UptimeReport[]
  /** Ranges that reports were asked for. */
  asked: { period: string; from: number; to: number }[]
  preview: ComposedLetter
  findings: string[]
  /** Those that may be begun. */
  recordings: RecordingReader[]
  pushed: Uint8Array[]
  /** Bodies that could not be read: source and reason. */
  refused: string[]
  pushResult: PushResult
  troubles: string[]
  warnings: string[]
}

export function createWorld(): AppWorld {
  const base = { clock: createFakeClock(NOW), log: createRecordingLog(), metrics: createRecordingMetrics() }
  const stores = createMemoryStores()
  const world: AppWorld = {
    ...base,
    stores,
    // With a log of its own: tests look at what requests log.
    accounts: createAccountBook({ ...base, store: stores.accounts, log: createRecordingLog() }),
    requests: createRequestBook(
      {
        ...base,
        store: stores.requests,
        notices: { raise: () => {} },
        seenBy: (scope) => fleetReader(world, scope),
      },
      { calendar: () => world.support.calendar, domain: () => 'watch.example.org' },
    ),
    contacts: createContactBook({ ...base, store: stores.contacts }),
    firmware: createFirmwareBook({ ...base, store: stores.firmware, use: () => {} }),
    templates: createTemplateBook({ ...base, store: stores.templates, drafts: requestDrafts() }),
    checkFacts: {},
    replies: {},
    live: createLiveDesk({
      ...base,
      seenBy: (scope) => fleetReader(world, scope),
      service: { status: () => world.status },
    }),
    terminals: [],
    facts: {},
    blind: [],
    profiles: ['tractor', 'trailer'],
    support: { addresses: { support: '', department: '' }, calendar: MOSCOW },
    askOutcome: {
      kind: 'refused',
      why: 'not-polled',
      reason: 'no polled source has this terminal',
    },
    transitions: [],
    stateChanges: 0,
    incidents: [],
    members: [],
    sources: [{ id: 'gate', connected: true, detail: {}, blindSince: null }],
    changes: [],
    imported: [],
    importReport: { created: 1, updated: 2, rejected: [], warnings: [] },
    importLanguages: [],
    importFailure: null,
    adoptions: [],
    inventoryActors: [],
    adoptionReport: { adopted: 1, refused: [] },
    discovered: [],
    conflicts: [],
    inventoryFile: ['\uFEFFterminal_id\r\n', '1\r\n'],
    status: { state: 'up', since: NOW - HOUR, components: [component({})] },
    segments: [],
    outages: [],
    windows: [],
    rules: [],
    ruleFault: null,
    recipients: [],
    reports: [],
    asked: [],
    preview: { subject: 'Subject', text: 'Text\n', html: '<p style="margin:0">Text</p>' },
    findings: [],
    recordings: [],
    pushed: [],
    refused: [],
    pushResult: { kind: 'accepted', accepted: 1, rejected: [] },
    troubles: [],
    warnings: [],
  }
  return world
}

export function appOptions(options: Partial<AppOptions> = {}): AppOptions {
  return {
    publicUrl: '',
    metricsToken: '',
    adminToken: ADMIN_TOKEN,
    trustProxy: false,
    language: 'ru',
    timezone: 'Europe/Moscow',
    ...options,
  }
}

export function appDeps(world: AppWorld): AppDeps {
  const deps = depsWithoutCheck(world)
  return { ...deps, check: worldCheck(world, deps) }
}

/** The drafts that come with the program. */
export function requestDrafts(): readonly RequestTemplate[] {
  const read = loadRequestTemplates('config/request-templates')
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  return read.templates
}

function depsWithoutCheck(world: AppWorld): Omit<AppDeps, 'check'> {
  return {
    clock: world.clock,
    log: world.log,
    fleet: {
      seenBy: (scope) => fleetReader(world, scope),
      groups: () => [...new Set(world.terminals.map(({ group }) => group))].filter((name) => name !== ''),
      sources: () => world.sources,
    },
    incidents: { seenBy: () => incidentReader(world) },
    live: world.live,
    editor: fleetEditor(world),
    asker: { ask: async () => world.askOutcome },
    notes: createNoteDesk({ clock: world.clock, store: world.stores.notes }),
    service: serviceReader(world),
    maintenance: maintenanceEditor(world),
    outageDesk: outageDesk(world),
    recipients: recipientEditor(world),
    letters: letterDesk(world),
    audit: world.stores.audit,
    accounts: world.accounts,
    requests: world.requests,
    support: () => world.support,
    contacts: world.contacts,
    firmware: { ...world.firmware, read: readFirmwareFile },
    templates: world.templates,
    reports: reportReader(world),
    recorder: { open: () => world.recordings.pop() ?? 'busy' },
    push: {
      source: (id) =>
        id === 'push'
          ? { token: PUSH_TOKEN, status: 202 }
          : id === 'flespi'
            ? { token: 'f', status: 200 }
            : undefined,
      push: async (_id, body) => {
        world.pushed.push(body)
        return world.pushResult
      },
      refuse: (id, reason) => void world.refused.push(`${id} ${reason}`),
    },
    settings: world.stores.settings,
    metrics: { text: async () => 'watch_service_up 1\n' },
    troubles: () => world.troubles,
    warnings: () => world.warnings,
  }
}

export function terminal(view: Partial<TerminalView> & { readonly id: string }): TerminalView {
  return {
    name: '',
    client: '',
    dealer: '',
    group: '',
    model: '',
    state: 'fresh',
    stateSince: NOW - HOUR,
    contactAt: NOW - MINUTE,
    dataAt: NOW - MINUTE,
    liveAt: NOW - MINUTE,
    fixAt: NOW - MINUTE,
    linkAt: null,
    dataAgeSeconds: 60,
    threshold: { seconds: 1800, from: 'default' },
    parked: false,
    source: 'gate',
    discovered: false,
    unstable: false,
    clockBehind: false,
    readings: {},
    ...view,
  }
}

/** An open incident of an operator. */
export function incident(change: Partial<Incident> & { readonly id: string }): Incident {
  return {
    dimension: 'operator',
    group: 'MTS',
    also: [],
    openedAt: NOW - 20 * MINUTE,
    onsetAt: NOW - 25 * MINUTE,
    closedAt: null,
    expected: 41,
    members: 37,
    silent: 30,
    clearSince: null,
    timeline: [{ at: NOW - 20 * MINUTE, kind: 'opened', silent: 37 }],
    ...change,
  }
}

export function member(change: Partial<MemberView> & { readonly id: string }): MemberView {
  return {
    name: '',
    client: '',
    state: 'stale',
    stateSince: NOW - 10 * MINUTE,
    contactAt: NOW - 25 * MINUTE,
    ...change,
  }
}

export function component(status: Partial<ComponentStatus>): ComponentStatus {
  return {
    id: 'web',
    kind: 'http',
    state: 'up',
    latencyMs: 123,
    checkedAt: NOW - MINUTE,
    reason: null,
    ...status,
  }
}

export function outage(row: Partial<Outage> & { readonly id: string }): Outage {
  return {
    state: 'closed',
    start: NOW - 3 * HOUR,
    notBefore: NOW - 3 * HOUR - MINUTE,
    end: NOW - 2 * HOUR,
    downMs: 59 * MINUTE,
    possibleMs: HOUR,
    latestFailAt: NOW - 2 * HOUR - MINUTE,
    letterDueAt: null,
    operatorAlarmAt: null,
    warnedAt: null,
    intermittent: false,
    failed: ['web'],
    handling: UNHANDLED,
    bulletins: NO_BULLETINS,
    ...row,
  }
}

function fleetReader(world: AppWorld, scope: Scope): FleetReader {
  const terminals = (): TerminalView[] => world.terminals.filter((view) => isInScope(scope, view))
  return {
    list: async (query) => {
      const matching = sorted(terminals().filter((view) => matches(view, query)))
      const found = query.sort === 'client' ? matching.toSorted(byClient) : matching
      if (query.cursor !== undefined && !/^\d+$/.test(query.cursor)) return 'bad-cursor'
      const to = Number(query.cursor ?? 0) + query.limit
      const items = found.slice(to - query.limit, to)
      return { items, next: to < found.length ? String(to) : null, total: found.length }
    },
    leading: async ({ perClient, limit, ...filter }) => {
      const found = sorted(terminals().filter((view) => matches(view, filter))).toSorted(byClient)
      const seen = new Map<string, number>()
      const first = found.filter(({ client }) => {
        seen.set(client, (seen.get(client) ?? 0) + 1)
        return (seen.get(client) ?? 0) <= perClient
      })
      return { items: first.slice(0, limit), total: found.length }
    },
    async *all(filter) {
      for (const view of sorted(terminals())) if (matches(view, filter)) yield [view]
    },
    get: (id) => terminals().find((view) => namesOf(world, view.id).includes(id)),
    facts: (id) => {
      const view = terminals().find((one) => namesOf(world, one.id).includes(id))
      return view && terminalFacts(world.facts[view.id])
    },
    blind: (_id, from, to) => world.blind.filter((span) => span.to > from && span.from < to),
    heardBy: async (ids) =>
      new Set(ids.filter((id) => scope === 'all' || terminals().some(({ source }) => source === id))),
    summary: async () => ({
      total: terminals().length,
      states: counts(terminals()),
      clients: [...Map.groupBy(terminals(), (view) => view.client)].map(([client, views]) => ({
        client,
        total: views.length,
        states: counts(views),
        contactAt: Math.max(...views.map((view) => view.contactAt ?? 0)) || null,
      })),
      dealers: [...Map.groupBy(terminals(), (view) => view.dealer)].map(([dealer, views]) => ({
        dealer,
        total: views.length,
        states: counts(views),
      })),
    }),
    attention: async (after) => ({
      states: counts(terminals()),
      needs: needsOf(terminals()),
      clients: countsBy(
        terminals().filter((view) => needOf(view) === 'attention'),
        ({ client }) => client,
      ),
      newest: world.stateChanges,
      changed: Math.max(0, world.stateChanges - after),
    }),
    causes: async () => {
      const codes = terminals().flatMap((view) =>
        needOf(view) === 'attention' && view.cause ? [view.cause.code] : [],
      )
      return new Map([...Map.groupBy(codes, (code) => code)].map(([code, those]) => [code, those.length]))
    },
    history: async (id, from, to) =>
      world.transitions.filter((row) => row.terminalId === id && row.at >= from && row.at < to),
  }
}

function namesOf(world: AppWorld, id: string): readonly string[] {
  return [id, ...(world.facts[id]?.aliases ?? [])]
}

/** Of a terminal of which hardly anything is known. */
export function terminalFacts(facts: Partial<TerminalFacts> = {}): TerminalFacts {
  return {
    imei: '',
    sim: '',
    uuid: '',
    profile: '',
    region: '',
    operator: '',
    lifecycle: 'active',
    intake: 'unknown',
    firstSeenAt: NOW - 100 * DAY,
    maintenance: null,
    formerUnits: [],
    aliases: [],
    thresholds: {
      moving: { seconds: 1800, from: 'default' },
      parked: { seconds: 23_400, from: 'default' },
      lost: { seconds: 86_400, from: 'default' },
      neverAfter: { seconds: 86_400, from: 'default' },
    },
    ...facts,
  }
}

function incidentReader(world: AppWorld): IncidentReader {
  return {
    open: () => world.incidents.filter(({ closedAt }) => closedAt === null),
    list: async ({ state, limit, cursor }) => {
      const wanted = world.incidents.filter(
        ({ closedAt }) =>
          (state ?? (closedAt === null ? 'open' : 'closed')) === (closedAt === null ? 'open' : 'closed'),
      )
      const from = cursor === undefined ? 0 : wanted.findIndex(({ id }) => id === cursor) + 1
      if (cursor !== undefined && from === 0) return 'bad-cursor'
      const items = wanted.slice(from, from + limit)
      const next = from + limit < wanted.length ? (items.at(-1)?.id ?? null) : null
      return { items, next, total: wanted.length }
    },
    get: async (id, { limit, cursor }) => {
      const incident = world.incidents.find((each) => each.id === id)
      const from = cursor === undefined ? 0 : world.members.findIndex((each) => each.id === cursor) + 1
      if (incident && cursor !== undefined && from === 0) return 'bad-cursor'
      const items = world.members.slice(from, from + limit)
      const next = from + limit < world.members.length ? (items.at(-1)?.id ?? null) : null
      return incident && { incident, members: { items, next, total: world.members.length } }
    },
  }
}

function sorted(views: readonly TerminalView[]): TerminalView[] {
  return views.toSorted((a, b) => (a.name || a.id).localeCompare(b.name || b.id))
}

function byClient(a: TerminalView, b: TerminalView): number {
  return a.client.localeCompare(b.client) || a.stateSince - b.stateSince
}

function matches(view: TerminalView, query: TerminalFilter): boolean {
  return (
    (query.state ?? view.state) === view.state &&
    (query.client ?? view.client) === view.client &&
    (query.dealer ?? view.dealer) === view.dealer &&
    (query.group ?? view.group) === view.group &&
    (query.needs === undefined || needOf(view) === query.needs) &&
    (query.cause === undefined || view.cause?.code === query.cause) &&
    (query.q === undefined || `${view.id} ${view.name}`.toLowerCase().includes(query.q.toLowerCase()))
  )
}

/** As the fleet counts (core/fleet/attention.ts), by what a view says. */
function needOf(view: TerminalView): Need | null {
  if (!CONCERNING.some((state) => state === view.state)) return null
  if (view.incident) return 'incident'
  return view.acknowledged ? 'acknowledged' : 'attention'
}

function needsOf(views: readonly TerminalView[]): Record<Need, number> {
  const found = countsBy(views, needOf)
  const entries = NEEDS.map((need) => [need, found.get(need) ?? 0])
  return Object.fromEntries(entries)
}

function countsBy<Key>(views: readonly TerminalView[], keyOf: (view: TerminalView) => Key): Map<Key, number> {
  return new Map([...Map.groupBy(views, keyOf)].map(([key, those]) => [key, those.length]))
}

function counts(views: readonly TerminalView[]): StateCounts {
  const groups = Map.groupBy(views, (view) => view.state)
  return Object.fromEntries(STATES.map((state) => [state, groups.get(state)?.length ?? 0])) as StateCounts
}

function fleetEditor(world: AppWorld): FleetEditor {
  return {
    change: async (id, change, actor) => {
      world.changes.push({ id, change })
      world.inventoryActors.push(actor.name)
      return world.terminals.some((view) => view.id === id)
    },
    profiles: () => world.profiles,
    forgetLearnt: async (id, actor) => {
      const view = world.terminals.find((terminal) => terminal.id === id)
      if (!view) return 'missing'
      world.inventoryActors.push(actor.name)
      return view.learnt ? 'forgotten' : 'nothing'
    },
    importCsv: async (bytes, { actor, language }) => {
      world.importLanguages.push(language)
      world.imported.push(bytes)
      world.inventoryActors.push(actor.name)
      if (world.importFailure) throw world.importFailure
      const { rejected } = world.importReport
      return { merged: 0, replaced: [], rejectedTotal: rejected.length, ...world.importReport }
    },
    adopt: async (adoption, actor) => {
      world.adoptions.push(adoption)
      world.inventoryActors.push(actor.name)
      return world.adoptionReport
    },
    discovered: (offset, limit) => ({
      items: world.discovered.slice(offset, offset + limit),
      total: world.discovered.length,
    }),
    conflicts: (limit) => ({ conflicts: world.conflicts.slice(0, limit), total: world.conflicts.length }),
    exportCsv: () => world.inventoryFile.values(),
  }
}

function serviceReader(world: AppWorld): ServiceReader {
  return {
    name: 'Omnicomm Online',
    status: () => world.status,
    timeline: async (from, to) => world.segments.filter((segment) => segment.to > from && segment.from < to),
    uptime: async (from, to): Promise<UptimeReport> => {
      const figures = { ratio: 0.99956, coverage: 1, lower: 0.99956, upper: 1 }
      return { ...figures, from, to, components: [{ id: 'web', ...figures }] }
    },
    outages: async (limit, before) => {
      const from = before === undefined ? 0 : world.outages.findIndex((row) => row.id === before) + 1
      return world.outages.slice(from, from + limit)
    },
    outageCount: async () => world.outages.length,
    outage: async (id) => world.outages.find((row) => row.id === id),
  }
}

function maintenanceEditor(world: AppWorld): MaintenanceEditor {
  return {
    list: () => world.windows,
    add: async ({ announce, ...wish }, actor) => {
      if (wish.from < world.clock.now()) return 'past'
      const window = { ...wish, id: `window-${world.windows.length + 1}`, announced: announce }
      world.windows.push(window)
      await record(world, {
        actor,
        action: 'maintenance.add',
        subject: window.id,
        before: null,
        after: window,
      })
      return window
    },
    remove: async (id, actor) => {
      const window = world.windows.find((row) => row.id === id)
      if (!window) return 'missing'
      if (window.to <= world.clock.now()) return 'over'
      world.windows = world.windows.filter((row) => row !== window)
      const result = window.from <= world.clock.now() ? 'ended' : 'removed'
      const action = result === 'ended' ? 'maintenance.end' : 'maintenance.delete'
      await record(world, { actor, action, subject: id, before: { ...window }, after: null })
      return result
    },
    rules: () => world.rules,
    addRule: async (wish, actor) => {
      if (world.ruleFault !== null) return { fault: world.ruleFault }
      const rule = { ...wish, id: `rule-${world.rules.length + 1}` }
      world.rules.push(rule)
      await record(world, {
        actor,
        action: 'maintenance-rule.add',
        subject: rule.id,
        before: null,
        after: rule,
      })
      return rule
    },
    removeRule: async (id, actor) => {
      const rule = world.rules.find((row) => row.id === id)
      if (!rule) return 'missing'
      world.rules = world.rules.filter((row) => row !== rule)
      await record(world, {
        actor,
        action: 'maintenance-rule.delete',
        subject: id,
        before: rule,
        after: null,
      })
      return 'removed'
    },
  }
}

/** The actions themselves are those of the core; only the letters that follow from them are not written. */
function outageDesk(world: AppWorld): OutageDesk {
  return {
    act: async (id, action, actor) => {
      const row = world.outages.find((candidate) => candidate.id === id)
      if (!row) return { kind: 'missing' }
      const acted = act(row, action, { by: actor.name, at: world.clock.now() })
      if (acted.kind === 'refused') return acted
      world.outages = world.outages.map((other) => (other === row ? acted.outage : other))
      const before = { state: row.state }
      const after = { state: acted.outage.state }
      await record(world, { actor, action: `outage.${action.kind}`, subject: id, before, after })
      return { kind: 'done', outage: acted.outage }
    },
  }
}

function recipientEditor(world: AppWorld): RecipientEditor {
  const isTaken = (email: string, own?: string): boolean =>
    world.recipients.some((row) => row.id !== own && addressKey(row.email) === addressKey(email))
  return {
    list: () => world.recipients,
    add: async (recipient, actor) => {
      if (isTaken(recipient.email)) return 'taken'
      const added = { ...recipient, id: `r${world.recipients.length + 1}`, origin: 'page' as const }
      world.recipients.push(added)
      await record(world, {
        actor,
        action: 'recipient.add',
        subject: added.id,
        before: null,
        after: recipient,
      })
      return added
    },
    update: async (id, recipient, actor) => {
      const known = world.recipients.find((row) => row.id === id)
      if (!known) return 'missing'
      if (known.origin === 'file') return 'read-only'
      if (isTaken(recipient.email, id)) return 'taken'
      const updated = { ...known, ...recipient }
      world.recipients = world.recipients.map((row) => (row === known ? updated : row))
      const before = { email: known.email, name: known.name }
      await record(world, { actor, action: 'recipient.update', subject: id, before, after: recipient })
      return updated
    },
    remove: async (id, actor) => {
      const known = world.recipients.find((row) => row.id === id)
      if (!known) return 'missing'
      if (known.origin === 'file') return 'read-only'
      world.recipients = world.recipients.filter((row) => row !== known)
      await record(world, { actor, action: 'recipient.delete', subject: id, before: known, after: null })
      return 'removed'
    },
    importCsv: async (bytes, actor, language) => {
      world.importLanguages.push(language)
      world.imported.push(bytes)
      const { created, updated, rejected } = world.importReport
      const after = { created, updated }
      await record(world, { actor, action: 'recipient.import', subject: 'recipients', before: null, after })
      return { created, updated, rejected }
    },
  }
}

function letterDesk(world: AppWorld): LetterDesk {
  const { outbox } = world.stores
  return {
    list: outbox.list,
    get: outbox.get,
    requeue: (id, actor) => {
      const now = world.clock.now()
      const state = (name: string) => ({ state: name })
      const entry = {
        actor,
        action: 'letter.requeue',
        subject: id,
        before: state('dead'),
        after: state('pending'),
      }
      return outbox.requeue(id, now, { ...entry, at: now })
    },
    preview: async ({ kind, language, outageId }) => {
      if (outageId !== undefined && !world.outages.some(({ id }) => id === outageId)) return undefined
      return { ...world.preview, subject: `${world.preview.subject} ${kind} ${language}` }
    },
    findings: () => world.findings,
  }
}

function reportReader(world: AppWorld): ReportReader {
  return {
    uptime: async (period, from, to) => {
      world.asked.push({ period, from, to })
      return world.reports
    },
  }
}

function record(world: AppWorld, entry: Omit<AuditEntry, 'at'>): Promise<void> {
  return world.stores.audit.add([{ ...entry, at: world.clock.now() }])
}

/** Headers of a request by the administrator's token. */
export const BY_TOKEN = { Authorization: `Bearer ${ADMIN_TOKEN}` }

/** What a dealer of the tests may see. */
export type TestScope = { readonly clients?: readonly string[]; readonly groups?: readonly string[] }

/** Headers by the token of an account with this role, which is made when it is not there; it is called as its role. */
export async function tokenOf(
  world: AppWorld,
  role: Role,
  scope: TestScope = {},
): Promise<{ Authorization: string }> {
  const token = `token of ${await accountOf(world, role, scope)}`.replaceAll(' ', '-')
  await world.accounts.change(role, { tokenHash: tokenHash(token) }, TEST_ACTOR)
  return { Authorization: `Bearer ${token}` }
}

/** Headers of a browser in which an account with this role has signed in, from a page of this site. */
export async function sessionOf(
  world: AppWorld,
  role: Role,
  scope: TestScope = {},
): Promise<{ Cookie: string; Origin: string }> {
  const account = world.accounts.get(await accountOf(world, role, scope))
  if (!account) throw new Error(`there is no account ${role}`)
  const auth = createAuth(appDeps(world), { adminToken: ADMIN_TOKEN })
  return { Cookie: `${SESSION_COOKIE}=${await auth.open(account)}`, Origin: 'http://localhost' }
}

/** Who makes accounts in tests. */
export const TEST_ACTOR = { name: 'tests', via: 'system', address: '' } as const

async function accountOf(world: AppWorld, role: Role, { clients = [], groups = [] }: TestScope) {
  const given = { role, clients, groups, language: null, passwordHash: null, mustChange: false } as const
  if (world.accounts.get(role)) await world.accounts.change(role, { clients, groups }, TEST_ACTOR)
  else await world.accounts.add({ id: role, ...given }, TEST_ACTOR)
  return role
}

/** The JSON of an answer, as the test expects it to be. */
export async function bodyOf<Shape>(response: Response): Promise<Shape> {
  return (await response.json()) as Shape
}
