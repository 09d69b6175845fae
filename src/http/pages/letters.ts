import { html } from 'hono/html'
import type { Letter, LetterKind, LetterState } from '../../core/letters/letter.ts'
import { LETTER_KINDS, LETTER_STATES, PREVIEW_KINDS } from '../json/letter.ts'
import { helpLink } from './help/help-link.ts'
import { previewName } from './letter-preview.ts'
import { letterTable } from './letter-table.ts'
import { doneNote } from './notice.ts'
import type { Html, Reader } from './page.ts'

export type LetterFilters = {
  readonly outage?: string | undefined
  readonly state?: LetterState | undefined
  readonly kind?: LetterKind | undefined
}

/** All that the page of the letters shows. `dead` is absent when the list is filtered. */
export type LettersView = {
  readonly filters: LetterFilters
  readonly cursor: string | undefined
  readonly found: { readonly items: readonly Letter[]; readonly next: string | null; readonly total: number }
  readonly dead?: { readonly items: readonly Letter[]; readonly total: number }
  readonly findings: readonly string[]
  readonly done: string | undefined
}

/** Letters: what the auditor found, undeliverable ones first, then all; and what each kind is like. */
export function lettersView(reader: Reader, view: LettersView): Html {
  const { mail } = reader.texts
  return html`<div class="head"><h1>${mail.title}</h1>${helpLink(reader, 'letters')}</div>
${doneNote(view.done)}
${findings(reader, view.findings)}
${view.dead && view.dead.items.length > 0 ? deadSection(reader, view.dead) : ''}
${filterForm(reader, view.filters)}
<section class="card" aria-labelledby="list">
  <h2 id="list">${mail.list}</h2>
  ${
    view.found.items.length === 0
      ? html`<p>${mail.none}</p>`
      : letterTable(reader, view.found.items, { subject: true, requeue: true })
  }
  ${listEnd(reader, view)}
</section>
${previews(reader)}`
}

function findings({ texts }: Reader, lines: readonly string[]): Html | string {
  if (lines.length === 0) return ''
  return html`<section class="note bad" aria-label="${texts.mail.findings}">
  <strong>${texts.mail.findings}</strong>
  <ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
</section>`
}

function deadSection(reader: Reader, dead: NonNullable<LettersView['dead']>): Html {
  const { mail } = reader.texts
  return html`<section class="card" aria-labelledby="dead">
  <h2 id="dead">${mail.dead}: ${reader.format.number(dead.total)}</h2>
  <p class="muted">${mail.deadText}</p>
  ${letterTable(reader, dead.items, { subject: true, requeue: true })}
  ${dead.total > dead.items.length ? html`<p><a href="/letters?state=dead">${mail.deadMore}</a></p>` : ''}
</section>`
}

function filterForm({ texts }: Reader, filters: LetterFilters): Html {
  const { mail } = texts
  return html`<form class="search" role="search" action="/letters" method="get">
  <label>${texts.stateFilter}
    <select name="state"><option value="">${texts.anyState}</option>
      ${LETTER_STATES.map((state) => option(state, texts.letter[state], filters.state))}</select></label>
  <label>${mail.kindFilter}
    <select name="kind"><option value="">${mail.anyKind}</option>
      ${LETTER_KINDS.map((kind) => option(kind, texts.kind[kind], filters.kind))}</select></label>
  <label class="grow">${mail.outageFilter}
    <input type="search" name="outage" value="${filters.outage ?? ''}" maxlength="200"></label>
  <button class="main">${texts.find}</button>
</form>`
}

function option(value: string, text: string, selected: string | undefined): Html {
  return value === selected
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`
}

function listEnd({ texts, format }: Reader, { filters, cursor, found }: LettersView): Html {
  const first = new URLSearchParams()
  for (const name of ['outage', 'state', 'kind'] as const) {
    const value = filters[name]
    if (value !== undefined) first.set(name, value)
  }
  const next = new URLSearchParams(first)
  if (found.next !== null) next.set('cursor', found.next)
  return html`<p class="muted">${texts.listCaption(format.number(found.items.length), format.number(found.total))}</p>
  ${
    cursor === undefined && found.next === null
      ? ''
      : html`<nav class="pages" aria-label="${texts.pages}">
    ${cursor === undefined ? '' : html`<a class="button" href="/letters?${first.toString()}">${texts.firstPage}</a>`}
    ${found.next === null ? '' : html`<a class="button" href="/letters?${next.toString()}">${texts.nextPage}</a>`}
  </nav>`
  }`
}

function previews(reader: Reader): Html {
  const { mail } = reader.texts
  return html`<section class="card" aria-labelledby="previews">
  <h2 id="previews">${mail.previews}</h2>
  <p class="muted">${mail.previewsText}</p>
  <ul class="links">${PREVIEW_KINDS.map(
    (kind) => html`<li>${previewName(reader, kind)}:
      ${(['ru', 'en'] as const).map(
        (language) =>
          html`<a href="/letters/preview?kind=${kind}&amp;language=${language}">${mail.languages[language]}</a> `,
      )}</li>`,
  )}</ul>
</section>`
}
