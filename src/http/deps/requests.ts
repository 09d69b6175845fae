import type { Actor } from '../../core/audit.ts'
import type { DealerContact } from '../../core/people/dealer-contact.ts'
import type { Addresses } from '../../core/request/addressee.ts'
import type { SupportRequest } from '../../core/request/support-request.ts'
import type { RequestAction } from '../../core/request/support-request-action.ts'
import type { RequestReaderName } from '../../core/request/support-request-scope.ts'
import type { RequestMade, RequestOutcome, RequestWish } from '../../core/request/support-request-wish.ts'
import type { WorkCalendar } from '../../core/request/working-days.ts'

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
  /** Those about a terminal, also under a name or with a unit that it had before, newest first. */
  about(terminalId: string): readonly SupportRequest[]
  /** The open ones of these. */
  openOf(terminalId: string): readonly SupportRequest[]
  /** The open ones about a kind of problem, whatever terminals they are about, newest first. */
  openOn(problem: string): readonly SupportRequest[]
  create(wish: RequestWish, actor: Actor): Promise<RequestMade>
  act(id: string, action: RequestAction, actor: Actor): Promise<RequestOutcome>
}

/** What the configuration says of technical support and of the departments. */
export type SupportSettings = { readonly addresses: Addresses; readonly calendar: WorkCalendar }

/** How clients reach their dealer (regulation, point 18). Changes are stored with their audit entry. */
export type ContactDesk = {
  /** The one of everybody first, then by dealer. */
  list(): readonly DealerContact[]
  /** A dealer's own, else that of everybody who has none; undefined: there is neither. */
  contactOf(dealer: string): DealerContact | undefined
  save(contact: DealerContact, actor: Actor): Promise<'saved' | 'full'>
  remove(dealer: string, actor: Actor): Promise<'removed' | 'missing'>
}
