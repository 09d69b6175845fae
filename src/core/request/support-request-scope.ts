import { isInScope, type Scope } from '../fleet/scope.ts'
import type { Instant } from '../time.ts'
import type { SupportRequest } from './support-request.ts'

/** Where the terminals of a request belong. */
export type RequestPlace = Pick<SupportRequest, 'client' | 'dealer' | 'group'>

/** Who looks at requests. `since`: when he was given his name; before, it may have been another one's. */
export type RequestReaderName = { readonly name: string; readonly scope: Scope; readonly since: Instant }

/**
 * Whether somebody may see a request: one that he made, or whose terminals are all of his scope. As it was when the
 * request was made: who gets the terminal later does not get the letters of those who had it.
 */
export function isRequestSeen(request: SupportRequest, { name, scope, since }: RequestReaderName): boolean {
  return (request.createdBy === name && request.createdAt >= since) || isInScope(scope, request)
}

/**
 * What terminals have in common; empty: nothing. Of groups the one that all are in or below, so that only who sees that
 * one, and with it all of them, sees the request.
 */
export function placeOf(terminals: readonly RequestPlace[]): RequestPlace {
  return {
    client: common(terminals.map(({ client }) => client)),
    dealer: common(terminals.map(({ dealer }) => dealer)),
    group: commonGroup(terminals.map(({ group }) => group)),
  }
}

function common([first = '', ...others]: readonly string[]): string {
  return others.every((other) => other === first) ? first : ''
}

function commonGroup([first = '', ...others]: readonly string[]): string {
  return others.reduce((shared, group) => {
    const [parts, other] = [shared.split('/'), group.split('/')]
    const end = parts.findIndex((part, place) => part !== other[place])
    return (end === -1 ? parts : parts.slice(0, end)).join('/')
  }, first)
}
