import type { Attention } from '../../core/fleet/attention.ts'
import type { CauseCounts } from '../../core/fleet/cause-counts.ts'
import type { TerminalFacts } from '../../core/fleet/facts.ts'
import type { Leading, LeadingQuery } from '../../core/fleet/leading.ts'
import type { Scope } from '../../core/fleet/scope.ts'
import type {
  Summary,
  TerminalFilter,
  TerminalPage,
  TerminalQuery,
  TerminalSort,
  TerminalView,
} from '../../core/fleet/view.ts'
import type { Transition } from '../../core/freshness/state.ts'
import type { Span } from '../../core/outage/planned-work.ts'
import type { Instant } from '../../core/time.ts'
import type { SourceHealth } from '../../ports.ts'

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
  /** Of each client the first that match, clients with most of them first. */
  leading(query: LeadingQuery): Promise<Leading>
  /** All that match, in the order of the beginning, some at a time. */
  all(filter: TerminalFilter, sort: TerminalSort): AsyncIterable<readonly TerminalView[]>
  get(id: string): TerminalView | undefined
  /** What the inventory and the configuration say of it. */
  facts(id: string): TerminalFacts | undefined
  /** When its source could not have heard it, in [from, to), oldest first. */
  blind(id: string, from: Instant, to: Instant): readonly Span[]
  /** Those of the sources that last heard one of its terminals; all of them where everything is seen. */
  heardBy(sources: readonly string[]): Promise<ReadonlySet<string>>
  summary(): Promise<Summary>
  /** What they need now; `changed` of it counts the changes of state after that number. */
  attention(after: number): Promise<Attention>
  /** Why those that need attention are silent; up to half a minute old. */
  causes(): Promise<CauseCounts>
  history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]>
}
