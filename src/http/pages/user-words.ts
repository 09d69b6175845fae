import { html } from 'hono/html'
import type { Language } from '../../core/letters/letter.ts'
import type { Account } from '../../core/people/account.ts'
import type { Html, Reader } from './page.ts'

const NAMES_SHOWN = 3

/** What an account sees, in words. */
export function scopeWords({ texts }: Reader, { role, clients, groups }: Account): Html | string {
  const { accounts } = texts
  if (role === 'ingest') return accounts.seesNoFleet
  if (role !== 'dealer') return accounts.seesAll
  if (clients.length + groups.length === 0) return html`<span class="badge stale">${accounts.seesNone}</span>`
  return html`${clients.length > 0 ? names(accounts.clientsCount(clients.length), clients) : ''}
        ${groups.length > 0 ? names(accounts.groupsCount(groups.length), groups) : ''}`
}

function names(title: string, all: readonly string[]): Html {
  if (all.length <= NAMES_SHOWN) return html`<span class="names">${title}: ${all.join(', ')}</span>`
  return html`<details class="names"><summary>${title}</summary><ul>${all.map((name) => html`<li>${name}</li>`)}</ul></details>`
}

/** Choices of a language, the first one being none. */
export function languageOptions({ texts }: Reader, chosen: Language | null): Html {
  const { accounts } = texts
  const option = (value: string, text: string, isChosen: boolean): Html =>
    html`<option value="${value}"${isChosen ? html` selected` : ''}>${text}</option>`
  return html`${option('', accounts.languageAsConfigured, chosen === null)}${(['ru', 'en'] as const).map(
    (code) => option(code, accounts.languages[code], code === chosen),
  )}`
}
