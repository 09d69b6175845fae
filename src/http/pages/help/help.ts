import { html } from 'hono/html'
import type { Html, Reader } from '../page.ts'
import { inline } from './inline.ts'
import { HELP_PARTS, type HelpBlock, type HelpPart, type HelpSection, type HelpTexts } from './outline.ts'
import { wordList } from './words.ts'

const PARTS = Object.entries(HELP_PARTS) as readonly (readonly [HelpPart, readonly HelpSection[]])[]

/** The whole guide on one page: contents, a part for each kind of reader, glossary. */
export function helpView(reader: Reader, help: HelpTexts): Html {
  return html`<h1>${help.title}</h1>
<p class="muted">${help.lead}</p>
<section class="card guide" aria-labelledby="hurry">
  <h2 id="hurry">${help.hurry.title}</h2>
  ${help.hurry.blocks.map((each) => block(reader, help, each))}
</section>
${contents(help)}
${PARTS.map(
  ([part, sections]) => html`<section class="card guide" aria-labelledby="part-${part}">
  <h2 id="part-${part}">${help.parts[part]}</h2>
  ${sections.map((id) => section(reader, help, id))}
</section>
`,
)}
<section class="card guide" aria-labelledby="glossary">
  <h2 id="glossary">${help.glossaryTitle}</h2>
  <dl class="words">${help.glossary.map(
    ([term, meaning]) => html`<div><dt><strong>${term}</strong></dt><dd>${meaning}</dd></div>`,
  )}</dl>
</section>`
}

function contents(help: HelpTexts): Html {
  return html`<nav class="card contents" aria-labelledby="contents">
  <h2 id="contents">${help.contents}</h2>
  <div class="columns">${PARTS.map(
    ([part, sections]) => html`<div><a href="#part-${part}"><strong>${help.parts[part]}</strong></a>
    <ul>${sections.map((id) => html`<li><a href="#${id}">${help.sections[id].title}</a></li>`)}</ul></div>`,
  )}</div>
  <p><a href="#glossary">${help.glossaryTitle}</a></p>
</nav>`
}

function section(reader: Reader, help: HelpTexts, id: HelpSection): Html {
  const { title, blocks } = help.sections[id]
  return html`<section id="${id}" aria-labelledby="${id}-title">
  <h3 id="${id}-title">${title}</h3>
  ${blocks.map((each) => block(reader, help, each))}
</section>`
}

function block(reader: Reader, help: HelpTexts, each: HelpBlock): Html {
  if (typeof each === 'string') return html`<p>${inline(reader, each)}</p>`
  if ('list' in each) return html`<ul>${items(reader, each.list)}</ul>`
  if ('steps' in each) return html`<ol>${items(reader, each.steps)}</ol>`
  if ('code' in each) return html`<pre><code>${each.code}</code></pre>`
  if ('note' in each) return html`<p class="note warn">${inline(reader, each.note)}</p>`
  return wordList(reader, help, each.words)
}

function items(reader: Reader, texts: readonly string[]): readonly Html[] {
  return texts.map((text) => html`<li>${inline(reader, text)}</li>`)
}
