import { html } from 'hono/html'
import type { RequestTemplate } from '../../core/request/template.ts'
import { LONGEST_POINTS, LONGEST_SOURCE } from '../template-input.ts'
import { doneNote, faultNote } from './notice.ts'
import type { Html, Reader } from './page.ts'

/** What was pasted into the form. */
export type PointsTyped = { readonly text: string; readonly source: string }

/** Every kind of problem, with whether its points are the official ones. */
export function templatesView(reader: Reader, templates: readonly RequestTemplate[]): Html {
  const { templating: words } = reader.texts
  return html`<h1>${words.title}</h1>
<section class="card" aria-label="${words.caption}">
  <p class="muted">${words.intro}</p>
  <table>
    <caption class="hidden">${words.caption}</caption>
    <thead><tr>
      <th scope="col">${words.problem}</th>
      <th scope="col">${words.status}</th>
      <th scope="col" class="wide">${words.count}</th>
      <th scope="col" class="wide">${words.version}</th>
    </tr></thead>
    <tbody>${templates.map(
      (template) => html`<tr>
      <th scope="row"><a href="/templates/${encodeURIComponent(template.id)}">${template.title[reader.language]}</a></th>
      <td>${status(reader, template)}</td>
      <td class="wide">${template.points.length}</td>
      <td class="wide">${template.version}</td>
    </tr>`,
    )}</tbody>
  </table>
</section>`
}

/** One kind of problem: its points, and the forms that put others in their place. */
export function templateView(
  reader: Reader,
  template: RequestTemplate,
  state: { readonly typed?: PointsTyped; readonly fault?: string; readonly done?: string | undefined },
): Html {
  const { templating: words } = reader.texts
  const address = `/templates/${encodeURIComponent(template.id)}`
  const typed = state.typed ?? { text: '', source: '' }
  return html`<h1>${template.title[reader.language]}</h1>
<p><a href="/templates">${words.back}</a> · ${status(reader, template)} · ${words.version} ${template.version}</p>
${doneNote(state.done)}${faultNote(state.fault)}
<div class="columns">
<section class="card" aria-labelledby="points">
  <h2 id="points">${words.pointsTitle}</h2>
  <ol class="plain-numbers">${template.points.map(
    ({ label, required, from }) => html`<li>${label[reader.language]}
      <small>${required ? words.required : words.optional}${from === 'ask' ? '' : ` · ${words.filled}`}</small></li>`,
  )}</ol>
</section>
<section class="card" aria-labelledby="replace">
  <h2 id="replace">${words.replaceTitle}</h2>
  <p class="muted">${words.replaceText}</p>
  <form method="post" action="${address}" class="stack">
    <label>${words.points} <textarea name="text" rows="12" maxlength="${LONGEST_POINTS}" required>${typed.text}</textarea></label>
    <label>${words.source} (${words.sourceHint}) <input name="source" value="${typed.source}" maxlength="${LONGEST_SOURCE}" required></label>
    <p class="buttons"><button class="main">${words.replace}</button></p>
  </form>
  ${
    template.status === 'official'
      ? html`<details class="step"><summary class="button">${words.restore}</summary>
    <form method="post" action="${address}/restore"><button class="danger">${words.restoreSure}</button></form></details>`
      : ''
  }
</section>
</div>`
}

function status({ texts }: Reader, { status: is, source }: RequestTemplate): Html {
  const { templating: words } = texts
  return is === 'draft'
    ? html`<span class="badge degraded">${words.draft}</span>`
    : html`<span class="badge up">${words.official}</span> <small>${source}</small>`
}
