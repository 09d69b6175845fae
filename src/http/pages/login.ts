import { html } from 'hono/html'
import { LONGEST_PASSWORD } from '../../core/people/account-rules.ts'
import { SECOND } from '../../core/time.ts'
import { type Html, page, type Reader } from './page.ts'

/** Why the form is shown again. */
export type LoginFault =
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

/** The login page; `next` is where it leads afterwards, `name` what was typed before. */
export function loginPage(reader: Reader, next: string, name: string, fault?: LoginFault): Html {
  const { texts } = reader
  const main = html`<section class="card narrow login">
  <h1>${texts.signIn}</h1>
  ${fault ? html`<p class="note bad" role="alert">${faultText(reader, fault)}</p>` : ''}
  <form method="post" action="/login" class="stack">
    <input type="hidden" name="next" value="${next}">
    <label>${texts.user}
      <input name="user" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100"${name === '' ? html` autofocus` : ''}></label>
    <label>${texts.password}
      <input name="password" type="password" autocomplete="current-password" required maxlength="${LONGEST_PASSWORD}"${name === '' ? '' : html` autofocus`}></label>
    <button class="main">${texts.enter}</button>
  </form>
  <div class="muted hints"><p>${texts.passwordHint}</p><p>${texts.passwordLost}</p></div>
</section>`
  return page(reader, { title: texts.signIn, signedIn: false, main })
}

function faultText({ texts, format }: Reader, fault: LoginFault): string {
  switch (fault.kind) {
    case 'refused':
      return texts.refused
    case 'throttled':
      return texts.throttled(format.duration(fault.retryAfterSeconds * SECOND))
  }
}
