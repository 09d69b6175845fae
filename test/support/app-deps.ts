import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { ImportReport, TerminalChange } from '../../src/core/fleet/inventory.ts'
import type { StateCounts, TerminalQuery, TerminalView } from '../../src/core/fleet/view.ts'
import { STATES, type Transition } from '../../src/core/freshness/state.ts'
import type { MaintenanceWindow, Outage } from '../../src/core/outage/outage.ts'
import type { ComponentStatus, Segment, ServiceStatus, UptimeReport } from '../../src/core/outage/status.ts'
import type { PushResult } from '../../src/core/telemetry/push-body.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import type {
  AppDeps,
  AppOptions,
  FleetEditor,
  FleetReader,
  MaintenanceEditor,
  ServiceReader,
} from '../../src/http/deps.ts'
import type { Stores } from '../../src/ports.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createRecordingLog } from './recorders.ts'

/** 2026-01-15T10:00:00Z. */
export const NOW = 1_768_471_200_000

export const ADMIN_TOKEN = 'admin-token'
export const PUSH_TOKEN = 'push-token'

/** Plain data that the readers give back; tests change what they are about. */
export type AppWorld = {
  readonly clock: FakeClock
  readonly log: ReturnType<typeof createRecordingLog>
  readonly stores: Stores
  terminals: TerminalView[]
  transitions: Transition[]
  sources: { id: string; connected: boolean; detail: Record<string, unknown>; blindSince: number | null }[]
  changes: { id: string; change: TerminalChange }[]
  imported: Uint8Array[]
  importReport: ImportReport
  status: ServiceStatus
  segments: Segment[]
  outages: Outage[]
  windows: MaintenanceWindow[]
  pushed: Uint8Array[]
  pushResult: PushResult
  troubles: string[]
  warnings: string[]
}

export function createWorld(): AppWorld {
  return {
    clock: createFakeClock(NOW),
    log: createRecordingLog(),
    stores: createMemoryStores(),
    terminals: [],
    transitions: [],
    sources: [{ id: 'gate', connected: true, detail: {}, blindSince: null }],
    changes: [],
    imported: [],
    importReport: { created: 1, updated: 2, rejected: [], warnings: [] },
    status: { state: 'up', since: NOW - HOUR, components: [component({})] },
    segments: [],
    outages: [],
    windows: [],
    pushed: [],
    pushResult: { kind: 'accepted', accepted: 1, rejected: [] },
    troubles: [],
    warnings: [],
  }
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
  return {
    clock: world.clock,
    log: world.log,
    fleet: fleetReader(world),
    editor: fleetEditor(world),
    service: serviceReader(world),
    maintenance: maintenanceEditor(world),
    letters: world.stores.outbox,
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
    intermittent: false,
    failed: ['web'],
    ...row,
  }
}

function fleetReader(world: AppWorld): FleetReader {
  return {
    list: (query) => {
      const found = world.terminals.filter((view) => matches(view, query))
      found.sort((a, b) => (a.name || a.id).localeCompare(b.name || b.id))
      if (query.cursor !== undefined && !/^\d+$/.test(query.cursor)) return 'bad-cursor'
      const to = Number(query.cursor ?? 0) + query.limit
      const items = found.slice(to - query.limit, to)
      return { items, next: to < found.length ? String(to) : null, total: found.length }
    },
    get: (id) => world.terminals.find((view) => view.id === id),
    summary: () => ({
      total: world.terminals.length,
      states: counts(world.terminals),
      clients: [...Map.groupBy(world.terminals, (view) => view.client)].map(([client, views]) => ({
        client,
        total: views.length,
        states: counts(views),
        contactAt: Math.max(...views.map((view) => view.contactAt ?? 0)) || null,
      })),
      dealers: [],
    }),
    history: async (id, from, to) =>
      world.transitions.filter((row) => row.terminalId === id && row.at >= from && row.at < to),
    sources: () => world.sources,
  }
}

function matches(view: TerminalView, query: TerminalQuery): boolean {
  return (
    (query.state ?? view.state) === view.state &&
    (query.client ?? view.client) === view.client &&
    (query.q === undefined || `${view.id} ${view.name}`.toLowerCase().includes(query.q.toLowerCase()))
  )
}

function counts(views: readonly TerminalView[]): StateCounts {
  const groups = Map.groupBy(views, (view) => view.state)
  return Object.fromEntries(STATES.map((state) => [state, groups.get(state)?.length ?? 0])) as StateCounts
}

function fleetEditor(world: AppWorld): FleetEditor {
  return {
    change: async (id, change) => {
      world.changes.push({ id, change })
      return world.terminals.some((view) => view.id === id)
    },
    importCsv: async (bytes) => {
      world.imported.push(bytes)
      return world.importReport
    },
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
    outage: async (id) => world.outages.find((row) => row.id === id),
  }
}

function maintenanceEditor(world: AppWorld): MaintenanceEditor {
  return {
    list: () => world.windows,
    add: async (wish) => {
      if (wish.from < world.clock.now()) return 'past'
      const window = { ...wish, id: `window-${world.windows.length + 1}` }
      world.windows.push(window)
      return window
    },
    remove: async (id) => {
      const window = world.windows.find((row) => row.id === id)
      if (!window) return 'missing'
      if (window.to <= world.clock.now()) return 'over'
      world.windows = world.windows.filter((row) => row !== window)
      return window.from <= world.clock.now() ? 'ended' : 'removed'
    },
  }
}

/** Headers of a request by the administrator's token. */
export const BY_TOKEN = { Authorization: `Bearer ${ADMIN_TOKEN}` }

/** The JSON of an answer, as the test expects it to be. */
export async function bodyOf<Shape>(response: Response): Promise<Shape> {
  return (await response.json()) as Shape
}
