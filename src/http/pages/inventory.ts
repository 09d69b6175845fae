import { html } from 'hono/html'
import type { Conflict, ConflictList } from '../../core/fleet/conflict.ts'
import type { DiscoveredPage, DiscoveredTerminal } from '../../core/fleet/discovered.ts'
import type { AdoptionReport, ImportReport } from '../../core/fleet/inventory.ts'
import { helpLink } from './help/help-link.ts'
import { doneNote, faultNote } from './notice.ts'
import { type Html, moment, type Reader } from './page.ts'

/** What can be said of the terminals that are to be adopted. */
export const ADOPTION_FIELDS = ['client', 'dealer', 'group', 'profile'] as const

/** The form by which terminals are adopted, as it was sent. */
export type AdoptionTyped = {
  readonly terminals: ReadonlySet<string>
  /** All that were discovered, on whatever page they are. */
  readonly all: boolean
  readonly said: Readonly<Record<(typeof ADOPTION_FIELDS)[number], string>>
}

/** All that the page of the inventory shows. */
export type InventoryView = {
  readonly discovered: DiscoveredPage
  readonly pageNumber: number
  readonly conflicts: ConflictList
  /** What came of a file. */
  readonly imported?: ImportReport | undefined
  readonly refused?: AdoptionReport['refused'] | undefined
  readonly typed?: AdoptionTyped | undefined
  readonly fault?: string | undefined
  readonly done?: string | undefined
}

export const DISCOVERED_PER_PAGE = 100
export const LONGEST_FIELD = 200
/** Rows of a report that a page shows; whoever has more of them takes the file apart by program. */
const LINES_SHOWN = 1000
const CONFLICTS_SHOWN = 100

/** The inventory as a file both ways, terminals that wait to be adopted, and what does not fit together. */
export function inventoryView(reader: Reader, view: InventoryView): Html {
  const { stock } = reader.texts
  return html`<div class="head"><h1>${stock.title}</h1>${helpLink(reader, 'inventory')}</div>
${doneNote(view.done)}${faultNote(view.fault)}${importNotes(reader, view.imported)}${refusedNote(reader, view.refused ?? [])}
<section class="card" aria-labelledby="csv">
  <div class="head"><h2 id="csv">${stock.csvTitle}</h2>
    <a href="/api/v1/inventory/export">${stock.csvExport}</a></div>
  <p class="muted">${stock.csvText} ${stock.csvClear}</p>
  <p class="muted">${stock.csvReplaced} ${stock.csvPatience}</p>
  <form method="post" action="/inventory/import" enctype="multipart/form-data" class="stack">
    <label>${stock.csvFile} <input type="file" name="file" accept=".csv,text/csv" required></label>
    <p class="buttons"><button>${stock.csvImport}</button></p>
  </form>
</section>
${discoveredSection(reader, view)}
${conflictsSection(reader, view.conflicts)}`
}

function importNotes(reader: Reader, report: ImportReport | undefined): Html | string {
  if (report === undefined) return ''
  const { stock } = reader.texts
  const { created, updated, merged, replaced, rejected, rejectedTotal, warnings } = report
  const { number } = reader.format
  const rows = rejected.slice(0, LINES_SHOWN).map(({ line, reason }) => stock.csvLine(line, reason))
  const swapped = replaced.map(({ vehicle, from, to }) => stock.replaced(vehicle, from, to))
  return html`${rejectedTotal > 0 ? listNote(reader, 'bad', stock.csvRejected, rows, rejectedTotal) : doneNote(stock.imported(number(created), number(updated), number(merged)))}
${listNote(reader, 'warn', stock.warnings, warnings)}${listNote(reader, 'good', stock.replacedTitle, swapped)}`
}

function refusedNote(reader: Reader, refused: AdoptionReport['refused']): Html | string {
  const { stock } = reader.texts
  const lines = refused.map(({ id, reason }) => `${id}: ${stock.reasons[reason]}`)
  return listNote(reader, 'bad', stock.refused, lines)
}

function listNote(
  { texts }: Reader,
  kind: 'bad' | 'warn' | 'good',
  title: string,
  lines: readonly string[],
  total = lines.length,
): Html | string {
  if (total === 0) return ''
  const rest = total - Math.min(lines.length, LINES_SHOWN)
  return html`<section class="note ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">
  <strong>${title}</strong>
  <ul>${lines.slice(0, LINES_SHOWN).map((line) => html`<li>${line}</li>`)}
    ${rest > 0 ? html`<li>${texts.stock.moreLines(rest)}</li>` : ''}</ul>
</section>`
}

function discoveredSection(reader: Reader, { discovered, pageNumber, typed }: InventoryView): Html {
  const { stock } = reader.texts
  const total = reader.format.number(discovered.total)
  return html`<section class="card" id="discovered" aria-labelledby="discovered-title">
  <h2 id="discovered-title">${stock.discoveredTitle}: ${total}</h2>
  ${
    discovered.total === 0
      ? html`<p>${stock.discoveredNone}</p>`
      : html`<p class="muted">${stock.discoveredText}</p>
  <form method="post" action="/inventory/adopt?page=${pageNumber}" class="stack">
    ${discoveredTable(reader, discovered.items, typed?.terminals)}
    <label class="tick"><input type="checkbox" name="all" value="1"${typed?.all ? ' checked' : ''}> ${stock.all(total)}</label>
    ${ADOPTION_FIELDS.map(
      (name) => html`<label>${stock[name]}
      <input name="${name}" value="${typed?.said[name] ?? ''}" maxlength="${LONGEST_FIELD}" autocomplete="off"></label>`,
    )}
    <p class="buttons"><button class="main">${stock.adopt}</button></p>
  </form>
  ${pages(reader, pageNumber, discovered.total)}`
  }
</section>`
}

function discoveredTable(
  reader: Reader,
  terminals: readonly DiscoveredTerminal[],
  chosen: AdoptionTyped['terminals'] = new Set(),
): Html {
  const { stock } = reader.texts
  return html`<table>
      <caption class="hidden">${stock.discoveredTitle}</caption>
      <thead><tr>
        <th scope="col"><span class="hidden">${stock.choose}</span></th>
        <th scope="col">${stock.id}</th>
        <th scope="col" class="wide">${stock.firstSeen}</th>
        <th scope="col">${stock.contact}</th>
        <th scope="col" class="wide">${stock.source}</th>
      </tr></thead>
      <tbody>${terminals.map((terminal) => discoveredRow(reader, terminal, chosen.has(terminal.id)))}</tbody>
    </table>`
}

function discoveredRow(
  reader: Reader,
  { id, aliases, firstSeenAt, contactAt, source }: DiscoveredTerminal,
  isChosen: boolean,
): Html {
  const { stock } = reader.texts
  return html`<tr>
        <td><input type="checkbox" name="terminals" value="${id}"${isChosen ? ' checked' : ''} aria-label="${stock.choose}: ${id}"></td>
        <th scope="row">${id}${aliases.length > 0 ? html`<small>${stock.alsoKnownAs} ${aliases.join(', ')}</small>` : ''}</th>
        <td class="wide">${moment(reader, firstSeenAt)}</td>
        <td>${moment(reader, contactAt)}</td>
        <td class="wide">${source ?? ''}</td>
      </tr>`
}

function pages({ texts }: Reader, pageNumber: number, total: number): Html | string {
  const last = Math.ceil(total / DISCOVERED_PER_PAGE) - 1
  if (last <= 0) return ''
  const link = (to: number, text: string): Html =>
    html`<a class="button" href="/inventory?page=${to}#discovered">${text}</a>`
  return html`<nav class="pages" aria-label="${texts.pages}">
    ${pageNumber > 0 ? link(pageNumber - 1, texts.previousPage) : ''}
    ${pageNumber < last ? link(pageNumber + 1, texts.nextPage) : ''}
  </nav>`
}

function conflictsSection(reader: Reader, { conflicts, total }: ConflictList): Html {
  const { stock } = reader.texts
  const rest = total - Math.min(conflicts.length, CONFLICTS_SHOWN)
  return html`<section class="card" id="conflicts" aria-labelledby="conflicts-title">
  <h2 id="conflicts-title">${stock.conflictsTitle}: ${reader.format.number(total)}</h2>
  ${
    total === 0
      ? html`<p>${stock.conflictsNone}</p>`
      : html`<p class="muted">${stock.conflictsText}</p>
  <table>
    <caption class="hidden">${stock.conflictsTitle}</caption>
    <thead><tr>
      <th scope="col">${stock.conflictName}</th>
      <th scope="col">${stock.conflictTerminals}</th>
      <th scope="col">${stock.conflictWhat}</th>
    </tr></thead>
    <tbody>${conflicts.slice(0, CONFLICTS_SHOWN).map((conflict) => conflictRow(reader, conflict))}</tbody>
  </table>
  ${rest > 0 ? html`<p class="muted">${stock.moreLines(rest)}</p>` : ''}`
  }
</section>`
}

function conflictRow({ texts }: Reader, { kind, name, terminals, text }: Conflict): Html {
  return html`<tr>
      <th scope="row">${name}</th>
      <td>${terminals.join(', ')}</td>
      <td><span title="${text}">${texts.stock.conflict[kind](terminals[0] ?? '')}</span></td>
    </tr>`
}
