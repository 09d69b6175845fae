import type { TerminalQuery } from '../../core/fleet/view.ts'

/** What a list of terminals is asked for; the rest is its page. */
export type FleetFilter = Partial<Omit<TerminalQuery, 'scope' | 'limit' | 'cursor'>>

/** The list that matches. An empty client means those without one, which the address calls `noclient`. */
export function fleetHref(filter: FleetFilter, cursor?: string): string {
  const parameters = fleetParameters(filter)
  if (cursor !== undefined) parameters.set('cursor', cursor)
  if (parameters.size === 0) parameters.set('all', '1')
  return `/?${parameters.toString()}`
}

/** The same list as a file. */
export function fleetCsvHref(filter: FleetFilter): string {
  const parameters = fleetParameters(filter)
  parameters.set('format', 'csv')
  return `/api/v1/terminals?${parameters.toString()}`
}

/** Those that need attention, in the order of the morning's list; of one client or for one reason, or all. */
export function attentionHref(filter: Pick<FleetFilter, 'client' | 'cause'> = {}): string {
  return fleetHref({ ...filter, needs: 'attention', sort: 'client' })
}

function fleetParameters(filter: FleetFilter): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const name of ['needs', 'state', 'cause', 'client', 'dealer', 'group', 'q', 'sort'] as const) {
    const value = filter[name]
    const isUsual = value === undefined || value === '' || (name === 'sort' && value === 'name')
    if (!isUsual) parameters.set(name, value)
  }
  if (filter.client === '') parameters.set('noclient', '1')
  return parameters
}
