import { html } from 'hono/html'
import type { Account } from '../../core/people/account.ts'
import type { Html, Reader } from './page.ts'
import { scopeWords } from './user-words.ts'

/** What somebody sees whose scope has no terminal: why, and whom to ask. */
export function emptyScope(reader: Reader, account: Account): Html {
  const { accounts } = reader.texts
  const { clients, groups, createdBy } = account
  const hasScope = clients.length + groups.length > 0
  return html`<section class="card" aria-labelledby="empty">
  <h2 id="empty">${accounts.emptyTitle}</h2>
  <p>${hasScope ? accounts.emptyScope : accounts.emptyNoScope}</p>
  ${hasScope ? html`<p>${scopeWords(reader, account)}</p>` : ''}
  <p>${accounts.emptyAsk(createdBy)}</p>
</section>`
}
