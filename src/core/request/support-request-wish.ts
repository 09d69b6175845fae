import type { SupportRequest } from './support-request.ts'
import type { RequestRefusal } from './support-request-action.ts'

/** A request to be made. `anyway`: although one about the same is open. */
export type RequestWish = Pick<
  SupportRequest,
  'terminals' | 'addressee' | 'problem' | 'template' | 'subject' | 'text'
> & {
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

/** Whether a request is about a terminal with one of these names (see terminal-names.ts). */
export function isAbout(
  { terminals }: Pick<SupportRequest, 'terminals'>,
  names: ReadonlySet<string>,
): boolean {
  return terminals.some((id) => names.has(id))
}

/** The oldest open request about the same problem of one of the terminals, which are given by all their names. */
export function sameOpen(
  { terminals, problem }: Pick<SupportRequest, 'terminals' | 'problem'>,
  requests: readonly SupportRequest[],
): SupportRequest | undefined {
  const names = new Set(terminals)
  const same = requests.filter(
    (request) =>
      request.closedAt === null &&
      request.problem === problem &&
      (names.size === 0 ? request.terminals.length === 0 : isAbout(request, names)),
  )
  return same.reduce<SupportRequest | undefined>(
    (first, other) => (first === undefined || other.createdAt < first.createdAt ? other : first),
    undefined,
  )
}
