import { html } from 'hono/html'
import type { Html, Reader } from '../page.ts'
import type { HelpSection } from './outline.ts'
import { HELP } from './texts.ts'

/** A question mark beside a heading that leads to what the guide says of it. */
export function helpLink({ language }: Pick<Reader, 'language'>, section: HelpSection): Html {
  const { about, sections } = HELP[language]
  const name = `${about}: ${sections[section].title}`
  return html`<a class="help" href="/help#${section}" title="${name}" aria-label="${name}">?</a>`
}
