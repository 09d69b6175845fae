import type { SupportRequest } from './support-request.ts'
import type { RequestRefusal } from './support-request-action.ts'
import type { ProblemSubject } from './template.ts'
import { isOneOf, type TerminalName } from './terminal-names.ts'

/**
 * A request to be made. `about`: what its problem is about, which tells who gets it. `anyway`: although one about the
 * same is open.
 */
export type RequestWish = Pick<SupportRequest, 'terminals' | 'problem' | 'template' | 'subject' | 'text'> & {
  readonly about: ProblemSubject
  readonly anyway: boolean
  /** That of its letter, which somebody may have downloaded before; absent: it gets one. */
  readonly messageId?: string
}

/** What became of the wish to make a request. */
export type RequestMade =
  | { readonly kind: 'created'; readonly request: SupportRequest }
  /** An open one about the same problem of one of the terminals, which the maker may see (regulation, point 10). */
  | { readonly kind: 'duplicate'; readonly request: SupportRequest }
  /** He sees no such terminals. */
  | { readonly kind: 'unknown-terminals'; readonly ids: readonly string[] }
  /** There are as many open ones as can be. */
  | { readonly kind: 'full' }

/** What became of an action on a request. */
export type RequestOutcome =
  | { readonly kind: 'done'; readonly request: SupportRequest }
  | { readonly kind: 'refused'; readonly reason: RequestRefusal }
  /** He sees no such request. */
  | { readonly kind: 'missing' }

/** Whether a request is about a terminal with one of these names, as it was when the request was made. */
export function isAbout(
  { terminals, createdAt }: Pick<SupportRequest, 'terminals' | 'createdAt'>,
  names: readonly TerminalName[],
): boolean {
  return terminals.some((id) => isOneOf(names, id, createdAt))
}

/**
 * The oldest open request about the same problem of one of the terminals, which are given by all their names. A problem
 * of the service is the same whatever terminal it was noticed at.
 */
export function sameOpen(
  { problem, about }: Pick<RequestWish, 'problem' | 'about'>,
  names: readonly TerminalName[],
  requests: readonly SupportRequest[],
): SupportRequest | undefined {
  const isSame = (request: SupportRequest): boolean =>
    about === 'service' || (names.length === 0 ? request.terminals.length === 0 : isAbout(request, names))
  const same = requests.filter(
    (request) => request.closedAt === null && request.problem === problem && isSame(request),
  )
  return same.reduce<SupportRequest | undefined>(
    (first, other) => (first === undefined || other.createdAt < first.createdAt ? other : first),
    undefined,
  )
}
