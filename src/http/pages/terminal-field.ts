import { html } from 'hono/html'
import type { Html } from './page.ts'

/** A form that could not be taken: what was typed, and which fields are at fault. */
export type Tried = {
  readonly form: string
  readonly typed: Readonly<Record<string, string>>
  /** What is wrong, by the name of the field. */
  readonly faults: Readonly<Record<string, string>>
}

type Field = {
  readonly name: string
  readonly label: string
  /** What is known without the form. */
  readonly value?: string
  readonly hint?: string
  readonly required?: boolean
} & (
  | { readonly type: 'text' | 'datetime-local'; readonly maxlength?: number }
  | { readonly type: 'textarea'; readonly maxlength: number }
  | { readonly type: 'select'; readonly options: readonly (readonly [value: string, text: string])[] }
)

/** A labelled field of a form, with what was typed before and what is wrong with it beside it. */
export function field(form: string, tried: Tried | undefined, spec: Field): Html {
  const fault = tried?.form === form ? tried.faults[spec.name] : undefined
  const value = (tried?.form === form ? tried.typed[spec.name] : undefined) ?? spec.value ?? ''
  const id = `${form}-${spec.name}`
  return html`<div class="field"><label for="${id}">${spec.label}</label>
      ${control(spec, { id, value, fault })}
      ${spec.hint === undefined ? '' : html`<small>${spec.hint}</small>`}
      ${fault === undefined ? '' : html`<small class="alarm" id="${id}-fault">${fault}</small>`}</div>`
}

type Shown = { readonly id: string; readonly value: string; readonly fault: string | undefined }

function control(spec: Field, { id, value, fault }: Shown): Html {
  const wrong = fault === undefined ? '' : html` aria-invalid="true" aria-describedby="${id}-fault"`
  const required = spec.required ? html` required` : ''
  const longest = 'maxlength' in spec && spec.maxlength ? html` maxlength="${spec.maxlength}"` : ''
  switch (spec.type) {
    case 'text':
    case 'datetime-local':
      return html`<input id="${id}" name="${spec.name}" type="${spec.type}" value="${value}"${required}${longest}${wrong}>`
    case 'textarea':
      return html`<textarea id="${id}" name="${spec.name}" rows="3"${required}${longest}${wrong}>${value}</textarea>`
    case 'select':
      return html`<select id="${id}" name="${spec.name}"${wrong}>${spec.options.map(
        ([option, text]) =>
          html`<option value="${option}"${option === value ? ' selected' : ''}>${text}</option>`,
      )}</select>`
  }
}
