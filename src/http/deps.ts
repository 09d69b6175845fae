import type { ImportReport, TerminalChange } from '../core/fleet/inventory.ts'
import type { Summary, TerminalPage, TerminalQuery, TerminalView } from '../core/fleet/view.ts'
import type { Transition } from '../core/freshness/state.ts'
import type { Language } from '../core/letters/letter.ts'
import type { MaintenanceWindow, Outage } from '../core/outage/outage.ts'
import type { Segment, ServiceStatus, UptimeReport } from '../core/outage/status.ts'
import type { PushResult } from '../core/telemetry/push-body.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Log, Outbox, SettingsStore, SourceHealth } from '../ports.ts'

/** The fleet as it is now, read from memory. */
export type FleetReader = {
  /** `bad-cursor`: the cursor is none that this list has given. */
  list(query: TerminalQuery): TerminalPage | 'bad-cursor'
  get(id: string): TerminalView | undefined
  summary(): Summary
  history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]>
  /** Sources with whether they are blind now, and since when. */
  sources(): readonly (SourceHealth & { readonly blindSince: Instant | null })[]
}

/** Changes of the inventory; each resolves when it is stored. */
export type FleetEditor = {
  /** False: no such terminal. */
  change(id: string, change: TerminalChange): Promise<boolean>
  /** All or nothing: with rejected rows nothing was imported. */
  importCsv(bytes: Uint8Array): Promise<ImportReport>
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

export type MaintenanceEditor = {
  list(): readonly MaintenanceWindow[]
  /** `past`: a window cannot begin in the past, letters may rest on it. */
  add(window: Omit<MaintenanceWindow, 'id'>): Promise<MaintenanceWindow | 'past'>
  /** Ends a running window now, deletes one that has not begun; `over`: it has ended. */
  remove(id: string): Promise<'removed' | 'ended' | 'over' | 'missing'>
}

/** HTTP push sources. */
export type PushReader = {
  /** Undefined: no such source. `status`: what the format's sender expects on success. */
  source(id: string): { readonly token: string; readonly status: 200 | 202 } | undefined
  push(id: string, body: Uint8Array): Promise<PushResult>
}

/** Everything the HTTP side needs; made by compose.ts. */
export type AppDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly fleet: FleetReader
  readonly editor: FleetEditor
  readonly service: ServiceReader
  readonly maintenance: MaintenanceEditor
  readonly letters: Pick<Outbox, 'list' | 'get'>
  readonly push: PushReader
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
