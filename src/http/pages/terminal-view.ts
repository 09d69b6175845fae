import type { TerminalFacts } from '../../core/fleet/facts.ts'
import type { TerminalNote } from '../../core/fleet/note.ts'
import type { StripPart } from '../../core/fleet/state-strip.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import type { Transition } from '../../core/freshness/state.ts'
import type { ServiceStatus } from '../../core/outage/status.ts'
import type { SupportRequest } from '../../core/request/support-request.ts'
import type { Tried } from './terminal-field.ts'

/** All that the page of a terminal shows. */
export type TerminalPageView = {
  readonly view: TerminalView
  readonly facts: TerminalFacts
  readonly service: { readonly name: string; readonly status: ServiceStatus }
  /** Of the last 30 days, newest first. */
  readonly transitions: readonly Transition[]
  readonly strip: readonly StripPart[]
  /** Newest first. */
  readonly notes: readonly TerminalNote[]
  /** Names of the profiles that it may be given. */
  readonly profiles: readonly string[]
  /** What the reader may do beside what every reader may. */
  readonly may: { readonly lifecycle: boolean }
  /** To support about this terminal, newest first. */
  readonly requests: readonly SupportRequest[]
  /** A form that could not be taken. */
  readonly tried: Tried | undefined
  readonly done: string | undefined
  readonly fault: string | undefined
}
