import { html } from 'hono/html'
import { NEEDS } from '../../core/fleet/need.ts'
import type { Summary, TerminalQuery, TerminalSort } from '../../core/fleet/view.ts'
import { CAUSE_CODES } from '../../core/freshness/diagnosis/codes.ts'
import { STATES } from '../../core/freshness/state.ts'
import type { Html, Reader } from './page.ts'

/** More names than this make a page heavy; then one is typed, or reached from the table. */
const MAX_OPTIONS = 200

const SORTS = ['name', '-name', 'dataAt', '-dataAt', 'stateSince', 'client'] as const satisfies TerminalSort[]

/** Search and filters; everything stands in the address, so that a list can be kept and sent. */
export function searchForm(
  reader: Reader,
  query: Partial<TerminalQuery>,
  summary: Pick<Summary, 'clients' | 'dealers'>,
): Html {
  const { texts } = reader
  const words = texts.desk
  const isMoreUsed = (['dealer', 'group', 'needs', 'cause'] as const).some(
    (name) => query[name] !== undefined,
  )
  return html`<form class="search" role="search" action="/" method="get">
  <input type="hidden" name="all" value="1">
  <label class="grow">${texts.search}
    <input type="search" name="q" value="${query.q ?? ''}" maxlength="200" placeholder="${texts.searchHint}"></label>
  <label>${texts.stateFilter}
    <select name="state">
      <option value="">${texts.anyState}</option>
      ${STATES.map((state) => option(state, texts.state[state], query.state))}
    </select></label>
  ${clientFilter(reader, query, summary)}
  <label>${texts.order}
    <select name="sort">${SORTS.map((sort) => option(sort, texts.orders[sort], query.sort))}</select></label>
  <button class="main">${texts.find}</button>
  <details class="further"${isMoreUsed ? ' open' : ''}><summary>${words.further}</summary><div>
    <label>${words.needsFilter}
      <select name="needs">
        <option value="">${words.anyNeed}</option>
        ${NEEDS.map((need) => option(need, words.needs[need], query.needs))}
      </select></label>
    <label>${words.causeFilter}
      <select name="cause">
        <option value="">${words.anyCause}</option>
        ${CAUSE_CODES.map((cause) => option(cause, texts.unit.cause[cause], query.cause))}
      </select></label>
    ${nameFilter('dealer', words.dealerFilter, words.anyDealer, namesOf(summary.dealers, 'dealer'), query.dealer)}
    <label>${words.groupFilter} <input name="group" value="${query.group ?? ''}" maxlength="1000"></label>
  </div></details>
</form>
`
}

function clientFilter(
  { texts }: Reader,
  query: Partial<TerminalQuery>,
  { clients }: Pick<Summary, 'clients'>,
): Html {
  if (query.client === '') return html`<input type="hidden" name="noclient" value="1">`
  return nameFilter('client', texts.clientFilter, texts.anyClient, namesOf(clients, 'client'), query.client)
}

function namesOf<Key extends string>(rows: readonly Readonly<Record<Key, string>>[], key: Key): string[] {
  return rows.map((row) => row[key]).filter((name) => name !== '')
}

function nameFilter(
  field: string,
  label: string,
  any: string,
  known: readonly string[],
  selected: string | undefined,
): Html {
  if (known.length > MAX_OPTIONS) {
    return html`<label>${label} <input name="${field}" value="${selected ?? ''}" maxlength="500"></label>`
  }
  const names = selected === undefined || known.includes(selected) ? known : [...known, selected]
  return html`<label>${label}
    <select name="${field}">
      <option value="">${any}</option>
      ${names.toSorted((a, b) => a.localeCompare(b)).map((name) => option(name, name, selected))}
    </select></label>`
}

function option(value: string, text: string, selected: string | undefined): Html {
  return value === selected
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`
}
