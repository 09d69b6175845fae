import { html } from 'hono/html'
import { LONGEST_SUBJECT, LONGEST_TEXT } from '../../core/request/support-request.ts'
import type { RequestTemplate } from '../../core/request/template.ts'
import type { Html, Reader } from './page.ts'
import type { RequestTyped } from './request-form-input.ts'
import { requestHref } from './request-parts.ts'
import { field, type Tried } from './terminal-field.ts'

/** The form of a new request. */
export type NewRequestView = {
  readonly typed: RequestTyped
  readonly faults: Tried['faults']
  /** Kinds of problems. */
  readonly templates: readonly RequestTemplate[]
  /** One that is open about the same. */
  readonly duplicate?: string
}

const MOST_TYPED_IDS = 10_000

/** A request written by hand, or one that could not be made as the check wrote it. */
export function newRequestView(reader: Reader, view: NewRequestView): Html {
  const { typed, faults, duplicate } = view
  const words = reader.texts.requests
  const tried = { form: 'new', typed, faults }
  return html`<h1>${words.newTitle}</h1>
<p class="muted">${words.newText} <a href="/check">${words.checkFirst}</a></p>
<form method="post" action="/requests" class="card stack">
  ${duplicate === undefined ? '' : duplicateNote(reader, duplicate)}
  ${field('new', tried, { name: 'terminals', label: words.newTerminals, type: 'textarea', maxlength: MOST_TYPED_IDS })}
  ${field('new', tried, { name: 'problem', label: words.newProblem, type: 'select', options: problems(reader, view) })}
  ${field('new', tried, { name: 'subject', label: words.newSubject, type: 'text', maxlength: LONGEST_SUBJECT, required: true })}
  ${field('new', tried, { name: 'text', label: words.newBody, type: 'textarea', maxlength: LONGEST_TEXT, required: true })}
  <input type="hidden" name="version" value="${typed.version}">
  <input type="hidden" name="draft" value="${typed.draft}">
  <p class="buttons">${
    duplicate === undefined
      ? html`<button class="main">${words.create}</button>`
      : html`<button name="anyway" value="1">${words.anyway}</button>`
  }</p>
</form>`
}

/** Every kind, and the one that was given. */
function problems(
  { language }: Reader,
  { templates, typed }: NewRequestView,
): readonly (readonly [string, string])[] {
  const options = templates.map(({ id, title }): readonly [string, string] => [id, title[language]])
  const isListed = typed.problem === '' || options.some(([id]) => id === typed.problem)
  return isListed ? options : [[typed.problem, typed.problem], ...options]
}

/** Regulation, point 10: before a second request about the same the first one is shown. */
function duplicateNote({ texts }: Reader, id: string): Html {
  const words = texts.requests
  return html`<div class="note warn" role="alert">
    <p><strong>${words.duplicate(id)}</strong></p>
    <p>${words.duplicateText}</p>
    <p><a class="button" href="${requestHref(id)}">${words.goToDuplicate(id)}</a></p>
  </div>`
}
