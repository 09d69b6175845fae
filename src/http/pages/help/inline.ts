import { html } from 'hono/html'
import { mayCall, type Route } from '../../access.ts'
import type { Html, Reader } from '../page.ts'

/** `**strong**`, `` `code` `` or `[text](address)`; whatever else stands in a text is shown as it is. */
const MARKS = /\*\*(?<strong>[^*]+)\*\*|`(?<code>[^`]+)`|\[(?<text>[^\]]+)\]\((?<address>[#/][^)]*)\)/g

/** A text of the guide with its marks. A page that the reader may not open is named, not linked. */
export function inline({ who }: Pick<Reader, 'who'>, text: string): readonly (Html | string)[] {
  const parts: (Html | string)[] = []
  let from = 0
  for (const match of text.matchAll(MARKS)) {
    parts.push(text.slice(from, match.index), marked(who, match.groups ?? {}))
    from = match.index + match[0].length
  }
  return [...parts, text.slice(from)]
}

function marked(who: Reader['who'], groups: Readonly<Record<string, string | undefined>>): Html | string {
  const { strong, code, text = '', address = '' } = groups
  if (strong !== undefined) return html`<strong>${strong}</strong>`
  if (code !== undefined) return html`<code>${code}</code>`
  const isOpen = address.startsWith('#') || !who || mayCall(who.role, `GET ${address}` as Route)
  return isOpen ? html`<a href="${address}">${text}</a>` : text
}
