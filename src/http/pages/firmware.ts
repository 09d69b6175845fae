import { html } from 'hono/html'
import { ENTRY_KEYS, type FirmwareFault } from '../../core/request/firmware-entry.ts'
import type { FirmwareModel } from '../../core/request/firmware-model.ts'
import { doneNote, faultNote } from './notice.ts'
import { type Html, may, type Reader } from './page.ts'
import type { Texts } from './texts.ts'

/** What was typed into the form of a model. */
export type ModelTyped = Readonly<Record<(typeof ENTRY_KEYS)[number], string>>

/** All that the page of the catalogue shows. */
export type FirmwarePageView = {
  readonly models: readonly FirmwareModel[]
  readonly typed?: ModelTyped
  /** The form changes a model that is there. */
  readonly isEdited?: boolean
  readonly pasted?: string
  readonly faults?: readonly FirmwareFault[]
  readonly fault?: string
  readonly done?: string | undefined
}

const FAULTS_SHOWN = 50
const EMPTY: ModelTyped = { model: '', latest: '', critical_min: '0', broken: '', released: '', note: '' }

/** A model as its form shows it. */
export function typedOf({ id, latest, criticalMin, broken, released, note }: FirmwareModel): ModelTyped {
  return {
    model: id,
    latest: String(latest),
    critical_min: String(criticalMin),
    broken: broken.join(' '),
    released,
    note,
  }
}

/** The firmware catalogue, the form for a model, and loading from a file. */
export function firmwareView(reader: Reader, view: FirmwarePageView): Html {
  const { releases: words } = reader.texts
  const mayEdit = may(reader, 'POST /firmware')
  return html`<h1>${words.title}</h1>
${doneNote(view.done)}${faultNote(view.fault)}${rejected(reader, view.faults ?? [])}
<section class="card" aria-labelledby="models">
  <div class="head"><h2 id="models">${words.caption}: ${reader.format.number(view.models.length)}</h2></div>
  <p class="muted">${words.intro}</p>
  ${view.models.length === 0 ? html`<p class="note warn">${words.none}</p>` : table(reader, view.models, mayEdit)}
</section>
${mayEdit ? html`<div class="columns">${modelForm(reader, view)}${fileForm(reader, view)}</div>` : ''}`
}

function rejected({ texts }: Reader, faults: readonly FirmwareFault[]): Html | string {
  const { releases: words } = texts
  if (faults.length === 0) return ''
  return html`<section class="note bad" role="alert">
  <strong>${words.rejected}</strong>
  <ul>${faults.slice(0, FAULTS_SHOWN).map((fault) => html`<li>${faultText(words, fault)}</li>`)}</ul>
</section>`
}

/** A field of the form has the name that the form shows; in a file the fields are called as it calls them. */
function faultText({ field }: Texts['releases'], { path, message }: FirmwareFault): string {
  const key = ENTRY_KEYS.find((each) => each === path)
  const place = key === undefined ? path : field[key]
  return place === '' ? message : `${place}: ${message}`
}

function table(reader: Reader, models: readonly FirmwareModel[], mayEdit: boolean): Html {
  const { releases: words } = reader.texts
  return html`<table>
    <caption class="hidden">${words.caption}</caption>
    <thead><tr>
      <th scope="col">${words.columns.model}</th>
      <th scope="col">${words.columns.latest}</th>
      <th scope="col" class="wide">${words.columns.criticalMin}</th>
      <th scope="col" class="wide">${words.columns.broken}</th>
      <th scope="col" class="wide">${words.field.note}</th>
      ${mayEdit ? html`<th scope="col"><span class="hidden">${words.edit}</span></th>` : ''}
    </tr></thead>
    <tbody>${models.map((model) => row(reader, model, mayEdit))}</tbody>
  </table>`
}

function row({ texts }: Reader, model: FirmwareModel, mayEdit: boolean): Html {
  const { releases: words } = texts
  const { id, latest, criticalMin, broken, released, note } = model
  return html`<tr>
      <th scope="row">${id}</th>
      <td>${latest}<small>${released}</small></td>
      <td class="wide">${criticalMin === 0 ? '' : criticalMin}</td>
      <td class="wide free">${broken.join(', ')}</td>
      <td class="wide free">${note}</td>
      ${
        mayEdit
          ? html`<td><div class="buttons"><a class="button" href="/firmware?${new URLSearchParams({ edit: id }).toString()}#model" aria-label="${words.edit}: ${id}">${words.edit}</a>
        <details class="step"><summary class="button" aria-label="${words.remove}: ${id}">${words.remove}</summary>
          <form method="post" action="/firmware/remove"><input type="hidden" name="model" value="${id}"><button class="danger">${words.removeSure}</button></form></details></div></td>`
          : ''
      }
    </tr>`
}

function modelForm({ texts }: Reader, { typed = EMPTY, isEdited = false }: FirmwarePageView): Html {
  const { releases: words } = texts
  return html`<section class="card" id="model" aria-labelledby="model-title">
  <h2 id="model-title">${isEdited ? words.editTitle : words.addTitle}</h2>
  <form method="post" action="/firmware" class="stack">
    <label>${words.field.model} <input name="model" value="${typed.model}" maxlength="100" required autocomplete="off"></label>
    <label>${words.field.latest} <input name="latest" value="${typed.latest}" inputmode="numeric" pattern="\\d{1,9}" required autocomplete="off"></label>
    <label>${words.field.critical_min} (${words.criticalHint}) <input name="critical_min" value="${typed.critical_min}" inputmode="numeric" pattern="\\d{0,9}" autocomplete="off"></label>
    <label>${words.field.broken} <input name="broken" value="${typed.broken}" maxlength="1000" autocomplete="off"></label>
    <label>${words.field.released} <input type="date" name="released" value="${typed.released}"></label>
    <label>${words.field.note} <input name="note" value="${typed.note}" maxlength="500" autocomplete="off"></label>
    <p class="buttons"><button class="main">${words.save}</button>
      ${isEdited ? html`<a class="button" href="/firmware">${words.cancel}</a>` : ''}</p>
  </form>
</section>`
}

function fileForm({ texts }: Reader, { pasted = '' }: FirmwarePageView): Html {
  const { releases: words } = texts
  return html`<section class="card" aria-labelledby="file">
  <h2 id="file">${words.fileTitle}</h2>
  <p class="muted">${words.fileText}</p>
  <form method="post" action="/firmware/import" enctype="multipart/form-data" class="stack">
    <label>${words.file} <input type="file" name="file" accept=".yaml,.yml,.json,.csv,text/csv"></label>
    <label>${words.pasted} <textarea name="text" rows="6" spellcheck="false">${pasted}</textarea></label>
    <p class="buttons"><button>${words.load}</button></p>
  </form>
</section>`
}
