import type { Actor } from '../../core/audit.ts'
import type { ActionRefusal, OutageAction } from '../../core/outage/handling.ts'
import type { MaintenanceRule, MaintenanceWindow, Outage } from '../../core/outage/outage.ts'
import type { RuleFault } from '../../core/outage/rule-fault.ts'
import type { Segment, ServiceStatus, UptimeReport } from '../../core/outage/status.ts'
import type { Instant } from '../../core/time.ts'

/** The watched service. */
export type ServiceReader = {
  readonly name: string
  status(): ServiceStatus
  timeline(from: Instant, to: Instant): Promise<readonly Segment[]>
  uptime(from: Instant, to: Instant): Promise<UptimeReport>
  outages(limit: number, before?: string): Promise<readonly Outage[]>
  outageCount(): Promise<number>
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
  /** The next windows of the rule are planned at once. */
  addRule(
    rule: Omit<MaintenanceRule, 'id'>,
    actor: Actor,
  ): Promise<MaintenanceRule | { readonly fault: RuleFault }>
  /** Also deletes its windows that have not begun. */
  removeRule(id: string, actor: Actor): Promise<'removed' | 'missing'>
}

export type ReportPeriod = 'day' | 'week' | 'month'

/** Uptime cut in the configured zone; the newest period first, the running one up to now. */
export type ReportReader = {
  uptime(period: ReportPeriod, from: Instant, to: Instant): Promise<readonly UptimeReport[]>
}
