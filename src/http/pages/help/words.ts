import { html } from 'hono/html'
import type { Verdict } from '../../../core/request/check.ts'
import { verdictWords } from '../../../core/request/check-view.ts'
import type { Html, Reader } from '../page.ts'
import { inline } from './inline.ts'
import { type HelpTexts, type HelpWords, WORD_ORDER, type WordSet } from './outline.ts'

/** Every word of a set as the pages show it, with what it means and asks for. */
export function wordList(reader: Reader, help: HelpTexts, set: WordSet): Html {
  const entries = Object.entries(help.words[set])
  const order: readonly string[] = set in WORD_ORDER ? WORD_ORDER[set as keyof typeof WORD_ORDER] : []
  const sorted = entries.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  return html`<dl class="words">${sorted.map(
    ([word, text]) => html`<div id="${set}-${word}"><dt>${sign(reader, set, word)}</dt>
    <dd>${meaning(reader, set, word)}${inline(reader, text)}</dd></div>`,
  )}</dl>`
}

type Word<Set extends WordSet> = keyof HelpWords[Set]

/** The word with the colour that it has everywhere. */
function sign({ texts, language }: Reader, set: WordSet, word: string): Html {
  switch (set) {
    case 'state':
      return badge(word, texts.state[word as Word<'state'>])
    case 'cause':
      return html`<strong>${texts.unit.cause[word as Word<'cause'>]}</strong>`
    case 'verdict':
      return badge(`verdict-${word}`, verdictWords(word as Verdict, language))
    case 'service':
      return badge(word, texts.service[word as Word<'service'>])
    case 'component':
      return badge(word, texts.component[word as Word<'component'>])
    case 'segment':
      return html`<span class="swatch ${word}" aria-hidden="true"></span>${texts.segment[word as Word<'segment'>]}`
    case 'letter':
      return badge(word, texts.letter[word as Word<'letter'>])
    case 'role':
      return html`<strong>${texts.accounts.roles[word as Word<'role'>]}</strong>`
  }
}

function badge(name: string, text: string): Html {
  return html`<span class="badge ${name}">${text}</span>`
}

/** What the page of a terminal says of a state, before what to do. */
function meaning({ texts }: Reader, set: WordSet, word: string): string {
  return set === 'state' ? `${texts.unit.meaning[word as Word<'state'>]} ` : ''
}
