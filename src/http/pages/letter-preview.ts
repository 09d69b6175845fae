import { html } from 'hono/html'
import type { ComposedLetter } from '../../core/letters/compose.ts'
import type { Language } from '../../core/letters/letter.ts'
import type { PreviewKind } from '../../core/letters/preview.ts'
import { PREVIEW_KINDS } from '../json/letter.ts'
import type { Html, Reader } from './page.ts'

export type PreviewChoice = {
  readonly kind: PreviewKind
  readonly language: Language
  readonly outage?: string | undefined
}

/** What a letter would be like now, with ways to the other kinds and the other language. */
export function previewView(reader: Reader, choice: PreviewChoice, letter: ComposedLetter): Html {
  const { texts } = reader
  const { mail } = texts
  const query = (change: Partial<PreviewChoice>): string => {
    const { outage, ...rest } = { ...choice, ...change }
    return new URLSearchParams({ ...rest, ...(outage === undefined ? {} : { outage }) }).toString()
  }
  const isInvented = choice.outage === undefined || choice.kind in texts.flagKind
  return html`<h1>${mail.previewTitle(previewName(reader, choice.kind))}</h1>
<p class="muted">${isInvented ? mail.previewsText : mail.previewOutage(choice.outage)}</p>
<nav class="choices" aria-label="${mail.previews}">
  ${PREVIEW_KINDS.map((kind) => choiceLink(previewName(reader, kind), query({ kind }), kind === choice.kind))}
</nav>
<nav class="choices" aria-label="${texts.people.language}">
  ${(['ru', 'en'] as const).map((language) => choiceLink(mail.languages[language], query({ language }), language === choice.language))}
</nav>
<section class="card" aria-labelledby="subject">
  <div class="head"><h2 id="subject" lang="${choice.language}">${letter.subject}</h2>
    <a href="/api/v1/letters/preview?${query({})}">${mail.htmlPart}</a></div>
  <pre class="letter" lang="${choice.language}">${letter.text}</pre>
</section>`
}

/** What a letter of that kind is called. */
export function previewName({ texts }: Reader, kind: PreviewKind): string {
  return { ...texts.kind, ...texts.flagKind }[kind]
}

function choiceLink(text: string, query: string, isCurrent: boolean): Html {
  return isCurrent
    ? html`<a href="/letters/preview?${query}" aria-current="true">${text}</a>`
    : html`<a href="/letters/preview?${query}">${text}</a>`
}
