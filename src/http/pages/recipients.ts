import { html } from 'hono/html'
import type { ListedRecipient, RecipientFault } from '../deps/letters.ts'
import { MAX_ADDRESS, MAX_NAME } from '../recipient-input.ts'
import { helpLink } from './help/help-link.ts'
import { doneNote, faultNote } from './notice.ts'
import type { Html, Reader } from './page.ts'

/** What was typed into the form of a recipient. */
export type RecipientTyped = { readonly email: string; readonly name: string; readonly language: string }

/** All that the page of the recipients shows. */
export type RecipientsView = {
  readonly recipients: readonly ListedRecipient[]
  /** The one that the form changes; without it the form adds one. */
  readonly edited?: ListedRecipient | undefined
  readonly typed?: RecipientTyped | undefined
  readonly fault?: string | undefined
  readonly rejected?: readonly RecipientFault[]
  readonly done?: string | undefined
}

const FAULTS_SHOWN = 50

/** People who get letters, the form for one, and CSV both ways. */
export function recipientsView(reader: Reader, view: RecipientsView): Html {
  const { people } = reader.texts
  return html`<div class="head"><h1>${people.title}</h1>${helpLink(reader, 'recipients')}</div>
${doneNote(view.done)}${faultNote(view.fault)}${rejectedNote(reader, view.rejected ?? [])}
<section class="card" aria-labelledby="recipients">
  <div class="head"><h2 id="recipients">${people.caption}: ${reader.format.number(view.recipients.length)}</h2>
    <a href="/api/v1/recipients?format=csv">${people.csvExport}</a></div>
  <p class="muted">${people.text}</p>
  ${view.recipients.length === 0 ? html`<p class="note warn">${people.none}</p>` : table(reader, view.recipients)}
  ${view.recipients.some(({ origin }) => origin === 'file') ? html`<p class="muted">${people.fromFileText}</p>` : ''}
</section>
<div class="columns">
${recipientForm(reader, view)}
<section class="card" aria-labelledby="csv">
  <h2 id="csv">${people.csvTitle}</h2>
  <p class="muted">${people.csvText}</p>
  <form method="post" action="/recipients/import" enctype="multipart/form-data" class="stack">
    <label>${people.csvFile} <input type="file" name="file" accept=".csv,text/csv" required></label>
    <p class="buttons"><button>${people.csvImport}</button></p>
  </form>
</section>
</div>`
}

function rejectedNote({ texts }: Reader, rejected: readonly RecipientFault[]): Html | string {
  const { people } = texts
  if (rejected.length === 0) return ''
  const rest = rejected.length - FAULTS_SHOWN
  return html`<section class="note bad" role="alert">
  <strong>${people.csvRejected}</strong>
  <ul>${rejected.slice(0, FAULTS_SHOWN).map(({ line, reason }) => html`<li>${people.csvLine(line, reason)}</li>`)}
    ${rest > 0 ? html`<li>${people.csvMore(rest)}</li>` : ''}</ul>
</section>`
}

function table(reader: Reader, recipients: readonly ListedRecipient[]): Html {
  const { people } = reader.texts
  return html`<table>
    <caption class="hidden">${people.caption}</caption>
    <thead><tr>
      <th scope="col">${people.email}</th>
      <th scope="col">${people.language}</th>
      <th scope="col" class="wide">${people.origin}</th>
      <th scope="col"><span class="hidden">${people.edit}</span></th>
    </tr></thead>
    <tbody>${recipients.map((recipient) => row(reader, recipient))}</tbody>
  </table>`
}

function row({ texts }: Reader, { id, email, name, language, origin }: ListedRecipient): Html {
  const { people } = texts
  const address = encodeURIComponent(id)
  return html`<tr>
      <th scope="row">${email}<small>${name}</small></th>
      <td>${people.languages[language]}</td>
      <td class="wide">${origin === 'file' ? people.fromFile : people.fromPage}</td>
      <td>${
        origin === 'file'
          ? html`<span class="muted narrow-only">${people.fromFile}</span>`
          : html`<div class="buttons"><a class="button" href="/recipients?edit=${address}#recipient" aria-label="${people.edit}: ${email}">${people.edit}</a>
        <details class="step"><summary class="button" aria-label="${people.remove}: ${email}">${people.remove}</summary>
          <form method="post" action="/recipients/${address}/remove"><button class="danger">${people.removeSure}</button></form></details></div>`
      }</td>
    </tr>`
}

function recipientForm({ texts, language }: Reader, { edited, typed }: RecipientsView): Html {
  const { people } = texts
  const value = typed ?? edited ?? { email: '', name: '', language }
  const action = edited ? `/recipients/${encodeURIComponent(edited.id)}` : '/recipients'
  return html`<section class="card" id="recipient" aria-labelledby="recipient-title">
  <h2 id="recipient-title">${edited ? people.editTitle : people.addTitle}</h2>
  <form method="post" action="${action}" class="stack">
    <label>${people.email}
      <input type="email" name="email" value="${value.email}" maxlength="${MAX_ADDRESS}" required autocomplete="off"></label>
    <label>${people.name}
      <input name="name" value="${value.name}" maxlength="${MAX_NAME}" autocomplete="off"></label>
    <label>${people.language}
      <select name="language">${(['ru', 'en'] as const).map((code) =>
        code === value.language
          ? html`<option value="${code}" selected>${people.languages[code]}</option>`
          : html`<option value="${code}">${people.languages[code]}</option>`,
      )}</select></label>
    <p class="buttons"><button class="main">${edited ? people.save : people.add}</button>
      ${edited ? html`<a class="button" href="/recipients">${people.back}</a>` : ''}</p>
  </form>
</section>`
}
