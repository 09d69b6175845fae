import { html } from 'hono/html'
import type { Account } from '../../core/people/account.ts'
import { helpLink } from './help/help-link.ts'
import { doneNote, faultNote } from './notice.ts'
import type { Html, Reader } from './page.ts'
import { type ScopeChoice, type UserTyped, userForm } from './user-form.ts'
import { scopeWords } from './user-words.ts'

/** A password or token that was just made. */
export type MadeSecret = {
  readonly kind: 'password' | 'token'
  readonly name: string
  readonly value: string
}

/** All that the page of the users shows. */
export type UsersView = {
  readonly users: readonly Account[]
  readonly choice: ScopeChoice
  /** The one that the form changes; without it the form adds one. */
  readonly edited?: Account | undefined
  readonly typed?: UserTyped | undefined
  readonly secret?: MadeSecret | undefined
  readonly fault?: string | undefined
  readonly done?: string | undefined
}

/** Who may sign in, and the form for one of them. */
export function usersView(reader: Reader, view: UsersView): Html {
  const { accounts } = reader.texts
  const { users, edited, typed, choice } = view
  return html`<div class="head"><h1>${accounts.title}</h1>${helpLink(reader, 'accounts')}</div>
${doneNote(view.done)}${faultNote(view.fault)}${view.secret ? secretCard(reader, view.secret) : ''}
<section class="card" aria-labelledby="users">
  <h2 id="users">${accounts.caption}: ${reader.format.number(users.length)}</h2>
  <p class="muted">${accounts.text}</p>
  ${table(reader, users)}
</section>
${userForm(reader, choice, edited, typed)}
${edited ? secretsCard(reader, edited) : ''}`
}

function secretCard({ texts }: Reader, { kind, name, value }: MadeSecret): Html {
  const { accounts } = texts
  const [title, text] =
    kind === 'password'
      ? [accounts.passwordShown(name), accounts.passwordShownText]
      : [accounts.tokenShown(name), accounts.tokenShownText]
  return html`<section class="card secret" role="status" aria-labelledby="secret">
  <h2 id="secret">${title}</h2>
  <pre><code>${value}</code></pre>
  <p>${text}</p>
</section>`
}

function table(reader: Reader, users: readonly Account[]): Html {
  const { accounts } = reader.texts
  return html`<table>
    <caption class="hidden">${accounts.caption}</caption>
    <thead><tr>
      <th scope="col">${accounts.name}</th>
      <th scope="col">${accounts.role}</th>
      <th scope="col" class="wide">${accounts.sees}</th>
      <th scope="col" class="wide">${accounts.access}</th>
      <th scope="col" class="wide"><span class="hidden">${accounts.edit}</span></th>
    </tr></thead>
    <tbody>${users.map((user) => row(reader, user))}</tbody>
  </table>`
}

function row(reader: Reader, user: Account): Html {
  const { accounts } = reader.texts
  const { id, role, createdAt, createdBy, passwordHash, tokenHash, mustChange } = user
  const password =
    passwordHash === null ? accounts.noPassword : mustChange ? accounts.mustChange : accounts.hasPassword
  const href = `/users?edit=${encodeURIComponent(id)}#user`
  return html`<tr>
      <th scope="row"><a href="${href}">${id}</a>${reader.who?.name === id ? html` <span class="muted">(${accounts.you})</span>` : ''}
        <small>${createdBy === 'system' ? accounts.addedFirst : accounts.addedBy(createdBy, reader.format.date(createdAt))}</small></th>
      <td>${accounts.roles[role]}<small class="narrow-only">${scopeWords(reader, user)}</small></td>
      <td class="wide free">${scopeWords(reader, user)}</td>
      <td class="wide">${password}${tokenHash === null ? '' : html`<small>${accounts.hasToken}</small>`}</td>
      <td class="wide"><a class="button" href="${href}" aria-label="${accounts.edit}: ${id}">${accounts.edit}</a></td>
    </tr>`
}

function secretsCard({ texts }: Reader, { id, tokenHash }: Account): Html {
  const { accounts } = texts
  const path = `/users/${encodeURIComponent(id)}`
  return html`<div class="columns">
<section class="card" aria-labelledby="secrets">
  <h2 id="secrets">${accounts.secrets}: ${id}</h2>
  <form method="post" action="${path}/password" class="step-form"><button>${accounts.newPassword}</button>
    <p class="muted">${accounts.newPasswordText}</p></form>
  <form method="post" action="${path}/token" class="step-form"><button>${tokenHash === null ? accounts.newToken : accounts.renewToken}</button>
    <p class="muted">${accounts.newTokenText}</p></form>
  ${
    tokenHash === null
      ? ''
      : html`<form method="post" action="${path}/token/remove"><button class="danger">${accounts.removeToken}</button></form>`
  }
</section>
<section class="card" aria-labelledby="remove">
  <h2 id="remove">${accounts.removeTitle}: ${id}</h2>
  <p class="muted">${accounts.removeText}</p>
  <details class="step"><summary class="button">${accounts.remove}</summary>
    <form method="post" action="${path}/remove"><button class="danger">${accounts.removeSure}</button></form></details>
</section>
</div>`
}
