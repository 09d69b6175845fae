import { html } from 'hono/html'
import { addresseeOf } from '../../core/request/addressee.ts'
import { LONGEST_ANSWER, type PointField } from '../../core/request/points.ts'
import type { Checked } from '../checking.ts'
import { addressLine } from './address-line.ts'
import { ANSWER, filledIn, otherAnswers } from './check-answers.ts'
import { newDraft } from './check-draft.ts'
import { checkHref } from './check-href.ts'
import { faultNote } from './notice.ts'
import { type Html, may, type Reader } from './page.ts'

/** What became of the form of a request. */
export type RequestFormState = {
  /** It was worked on, so it stays open. */
  readonly isOpen?: boolean
  /** Required points are empty although the letter was asked for: it can be had anyway. */
  readonly isIncomplete?: boolean
  /** Id of an open request about the same. */
  readonly duplicate?: string
  readonly formFault?: string
  /** Tells this draft from others; absent: it begins now. */
  readonly draft?: string
}

/** The request, where it goes, and what became of its form. */
type RequestFormView = RequestFormState & { readonly checked: Checked; readonly address: string }

/**
 * Id of the form of a request. The kind of problem and a reply are said beside it and sent with it, so that nothing that
 * was typed is lost.
 */
export const REQUEST_FORM = 'request-form'

/** Every point of the request with what is known of it, and the text made of them. */
export function requestForm(reader: Reader, state: RequestFormView): Html {
  const { checking: words } = reader.texts
  const { checked, address } = state
  const { facts, template, fields, draft } = checked
  const { id } = facts.view
  const missing = new Set(draft.missing)
  return html`${templateNote(reader, checked)}
  <p class="muted">${words.rules}</p>
  ${faultNote(state.formFault)}
  <form method="post" action="${checkHref(id)}" class="stack" id="${REQUEST_FORM}">
    <input type="hidden" name="shown" value="${template.id}">
    <input type="hidden" name="draft" value="${state.draft ?? newDraft(reader.now)}">
    <div class="points">${fields.map((field) => pointField(reader, field, missing.has(field.key)))}</div>
    ${otherAnswers(checked)}
    ${state.isIncomplete ? html`<label class="tick"><input type="checkbox" name="incomplete" value="1"> ${words.anyway}</label>` : ''}
    ${
      state.duplicate === undefined
        ? ''
        : html`<p><a href="/requests/${encodeURIComponent(state.duplicate)}">${words.openDuplicate}: ${state.duplicate}</a></p>
    <label class="tick"><input type="checkbox" name="anyway" value="1"> ${words.anywayNew}</label>`
    }
    ${draft.missing.length > 0 ? html`<p class="note warn">${words.missing(draft.missing.length)}</p>` : ''}
    <p class="buttons no-print"><button>${words.refresh}</button>
      <button formaction="${checkHref(id, '/eml')}">${words.eml}</button>
      <button class="main" formaction="${checkHref(id, '/keep')}">${words.keep}</button></p>
  </form>
  <section class="preview stack" aria-labelledby="preview">
    <h3 id="preview">${words.preview}</h3>
    ${addressLine(reader, addresseeOf(template.about), address)}
    <p><span class="muted">${words.subject}:</span> <strong>${draft.subject}</strong></p>
    <textarea id="request-text" class="no-print" rows="16" readonly aria-label="${words.preview}">${draft.text}</textarea>
    <pre class="print-only">${draft.text}</pre>
    <p class="buttons no-print"><button type="button" data-copy="#request-text" hidden>${words.copy}</button>
      <button type="button" data-print hidden>${words.print}</button></p>
  </section>`
}

function templateNote(reader: Reader, { template }: Checked): Html {
  const { checking: words } = reader.texts
  if (template.status === 'official') return html`<p class="muted">${words.official(template.source)}</p>`
  return html`<p class="note warn">${words.draftNote}
    ${may(reader, 'GET /templates') ? html`<a href="/templates/${encodeURIComponent(template.id)}">${words.replaceDraft}</a>` : ''}</p>`
}

/** Characters of a value that a field of one line shows as a whole, and of a line of a larger one. */
const LINE = 32
const MOST_ROWS = 6

/** Long answers have room; a short value that the program found is one line. */
function pointField({ texts }: Reader, field: PointField, isMissing: boolean): Html {
  const { answer, label, value, from } = field
  const isLong = from === 'nobody' || value.length > LINE || value.includes('\n')
  const rows = Math.min(MOST_ROWS, Math.max(2, Math.ceil(value.length / LINE)))
  const input = isLong
    ? html`<textarea name="${ANSWER}${answer}" rows="${rows}" maxlength="${LONGEST_ANSWER}">${value}</textarea>`
    : html`<input name="${ANSWER}${answer}" value="${value}" maxlength="${LONGEST_ANSWER}" autocomplete="off">`
  return html`
      <label class="${isMissing ? 'missing' : ''}"><span>${label}
        ${isMissing ? html`<span class="needed">${texts.checking.needed}</span>` : ''}</span>
        ${input}</label>${filledIn(field)}`
}
