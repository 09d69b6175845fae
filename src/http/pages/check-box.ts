import { html } from 'hono/html'
import type { Checked } from '../checking.ts'
import { checkHref } from './check-href.ts'
import { helpLink } from './help/help-link.ts'
import { faultNote } from './notice.ts'
import type { Html, Reader } from './page.ts'

/** What was found in a pasted text: one terminal with its check, several that fit, or none. */
export type CheckRow =
  | { readonly kind: 'checked'; readonly text: string; readonly checked: Checked }
  | {
      readonly kind: 'ambiguous'
      readonly text: string
      readonly terminals: readonly { readonly id: string; readonly name: string; readonly client: string }[]
    }
  | { readonly kind: 'not-found'; readonly text: string }

export type CheckBox = {
  /** What was pasted. */
  readonly text: string
  readonly fault?: string
  /** Absent: nothing was asked yet. */
  readonly rows?: readonly CheckRow[]
  readonly more?: boolean
}

/**
 * The box for ids and letters, and what was found in it. The box itself has no limit: by one a browser would cut a long
 * letter without a word.
 */
export function checkBoxView(reader: Reader, box: CheckBox): Html {
  const { checking: words } = reader.texts
  return html`<div class="head"><h1>${words.title}</h1>${helpLink(reader, 'check')}</div>
${faultNote(box.fault)}
<section class="card" aria-label="${words.title}">
  <p class="muted">${words.intro}</p>
  <form method="post" action="/check" class="stack">
    <label>${words.box}
      <textarea name="text" rows="5" required autofocus>${box.text}</textarea></label>
    <p class="buttons"><button class="main">${words.go}</button></p>
  </form>
</section>
${box.rows ? found(reader, box.rows, box.more ?? false) : ''}`
}

function found(reader: Reader, rows: readonly CheckRow[], more: boolean): Html {
  const { checking: words } = reader.texts
  if (rows.length === 0) return html`<p class="note warn" role="status">${words.nothing}</p>`
  return html`<section class="card" aria-labelledby="found">
  <h2 id="found">${words.listTitle}</h2>
  ${more ? html`<p class="note warn">${words.more}</p>` : ''}
  <table>
    <caption class="hidden">${words.listCaption}</caption>
    <thead><tr>
      <th scope="col" class="wide">${words.inText}</th>
      <th scope="col">${words.terminal}</th>
      <th scope="col">${words.verdict}</th>
    </tr></thead>
    <tbody>${rows.map((row) => line(reader, row))}</tbody>
  </table>
</section>`
}

function line({ texts }: Reader, row: CheckRow): Html {
  const { checking: words } = texts
  switch (row.kind) {
    case 'checked': {
      const { facts, check } = row.checked
      const { id, name, client } = facts.view
      return html`<tr>
      <td class="free wide">${row.text}</td>
      <th scope="row"><a href="${checkHref(id)}">${name || id}</a><small>${name === '' ? '' : id} ${client}</small></th>
      <td><span class="badge verdict-${check.verdict}">${check.verdictText}</span>
        <small>${check.reasons[0]?.text ?? ''}</small></td>
    </tr>`
    }
    case 'ambiguous':
      return html`<tr>
      <td class="free wide">${row.text}</td>
      <th scope="row"><span class="narrow-only">${row.text}</span></th>
      <td>${words.ambiguous}
        <ul>${row.terminals.map(
          ({ id, name, client }) =>
            html`<li><a href="${checkHref(id)}">${name || id}</a> <small>${id} ${client}</small></li>`,
        )}</ul></td>
    </tr>`
    case 'not-found':
      return html`<tr>
      <td class="free wide">${row.text}</td>
      <th scope="row"><span class="narrow-only">${row.text}</span></th>
      <td class="muted">${words.notFound}</td>
    </tr>`
  }
}
