import { html } from 'hono/html'
import { type Html, page, type Reader } from './page.ts'

/** Why the form is shown again. */
export type LoginFault =
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

/** The login page; `next` is where it leads afterwards. */
export function loginPage(reader: Reader, next: string, fault?: LoginFault): Html {
  const { texts } = reader
  const main = html`<section class="card narrow">
  <h1>${texts.signIn}</h1>
  ${fault ? html`<p class="note bad" role="alert">${faultText(reader, fault)}</p>` : ''}
  <form method="post" action="/login" class="stack">
    <input type="hidden" name="next" value="${next}">
    <label>${texts.user}
      <input name="user" value="admin" autocomplete="username" required maxlength="100"></label>
    <label>${texts.password}
      <input name="password" type="password" autocomplete="current-password" required maxlength="200" autofocus></label>
    <button class="main">${texts.enter}</button>
  </form>
  <p class="muted">${texts.passwordHint}</p>
</section>`
  return page(reader, { title: texts.signIn, signedIn: false, main })
}

function faultText(reader: Reader, fault: LoginFault): string {
  switch (fault.kind) {
    case 'refused':
      return reader.texts.refused
    case 'throttled':
      return reader.texts.throttled(fault.retryAfterSeconds)
  }
}
