import type { MemberPage, MemberQuery } from '../../core/fleet/incident-members.ts'
import type { Scope } from '../../core/fleet/scope.ts'
import type { Incident } from '../../core/freshness/mass/incident.ts'

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
  /** With a page of its members, those that are silent now first. */
  get(
    id: string,
    query: MemberQuery,
  ): Promise<{ readonly incident: Incident; readonly members: MemberPage } | 'bad-cursor' | undefined>
}
