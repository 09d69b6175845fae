import type { FleetFilter } from './fleet-address.ts'
import type { Reader } from './page.ts'

/** What a list was asked for, in words: on paper there is no address that tells it. */
export function filterWords({ texts, format, now }: Reader, filter: FleetFilter): string {
  const words = texts.desk
  const said: readonly (readonly [string, string | undefined])[] = [
    [texts.search, filter.q],
    [words.needsFilter, filter.needs && words.needs[filter.needs]],
    [texts.stateFilter, filter.state && texts.state[filter.state]],
    [words.causeFilter, filter.cause && texts.unit.cause[filter.cause]],
    [texts.clientFilter, filter.client === '' ? texts.noClient : filter.client],
    [words.dealerFilter, filter.dealer],
    [words.groupFilter, filter.group],
    [texts.order, filter.sort && texts.orders[filter.sort]],
  ]
  const filters = said.filter(([, value]) => value).map(([label, value]) => `${label}: ${value}`)
  return [...filters, `${words.printedAt}: ${format.precise(now)}`].join('; ')
}
