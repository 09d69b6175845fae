import { html } from 'hono/html'
import type { Account } from '../../core/people/account.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../core/people/account-rules.ts'
import { doneNote, faultNote } from './notice.ts'
import type { Html, Reader } from './page.ts'
import { languageOptions, scopeWords } from './user-words.ts'

/** All that the page of the own account shows. */
export type AccountView = {
  readonly account: Account
  readonly fault?: string | undefined
  readonly done?: string | undefined
}

/** The own account: password, language, sessions. Who must choose a password sees nothing else. */
export function accountView(reader: Reader, { account, fault, done }: AccountView): Html {
  const { accounts } = reader.texts
  const { own } = accounts
  if (account.mustChange) {
    return html`<section class="card narrow">
  <h1>${own.mustChange}</h1>
  <p>${own.mustChangeText}</p>
  ${faultNote(fault)}
  ${passwordForm(reader, account)}
</section>`
  }
  return html`<h1>${own.title}</h1>
${doneNote(done)}${faultNote(fault)}
<section class="card" aria-label="${own.title}">
  <dl class="facts">
    <div><dt>${own.signedInAs}</dt><dd><strong>${account.id}</strong></dd></div>
    <div><dt>${accounts.role}</dt><dd>${accounts.roles[account.role]}<small>${accounts.roleTexts[account.role]}</small></dd></div>
    <div><dt>${own.scope}</dt><dd>${scopeWords(reader, account)}</dd></div>
  </dl>
</section>
<div class="columns">
<section class="card" aria-labelledby="password">
  <h2 id="password">${own.passwordTitle}</h2>
  ${passwordForm(reader, account)}
</section>
<section class="card" aria-labelledby="language">
  <h2 id="language">${own.languageTitle}</h2>
  <form method="post" action="/account" class="stack">
    <label>${accounts.language} <select name="language">${languageOptions(reader, account.language)}</select></label>
    <p class="buttons"><button>${accounts.save}</button></p>
  </form>
  <h2>${own.sessionsTitle}</h2>
  <p class="muted">${own.sessionsText}</p>
  <form method="post" action="/account/sign-out"><button class="danger">${own.signOutEverywhere}</button></form>
</section>
</div>`
}

function passwordForm({ texts }: Reader, { id }: Account): Html {
  const { own } = texts.accounts
  return html`<form method="post" action="/account/password" class="stack">
    <input type="hidden" name="user" value="${id}" autocomplete="username">
    <label>${own.current}
      <input type="password" name="current" required maxlength="${LONGEST_PASSWORD}" autocomplete="current-password"></label>
    <label>${own.next}
      <input type="password" name="next" required minlength="${SHORTEST_PASSWORD}" maxlength="${LONGEST_PASSWORD}" autocomplete="new-password" aria-describedby="rules"></label>
    <p class="muted" id="rules">${own.rules}</p>
    <label>${own.again}
      <input type="password" name="again" required minlength="${SHORTEST_PASSWORD}" maxlength="${LONGEST_PASSWORD}" autocomplete="new-password"></label>
    <p class="buttons"><button class="main">${own.change}</button></p>
  </form>`
}
