import { oneLine } from '../../core/one-line.ts'
import { readClaims } from '../../core/online/tokens.ts'

/** An account as configured: login and password, or a token with or without a refresh token. */
export type OnlineAccount = {
  readonly id: string
  readonly baseUrl: string
  readonly login?: string | undefined
  readonly password?: string | undefined
  readonly token?: string | undefined
  readonly refresh?: string | undefined
}

/** Address of a path of the API. What else the configured address may carry (user, query) is left out. */
export function addressOf({ baseUrl }: OnlineAccount, path: string): string {
  const { origin, pathname } = new URL(baseUrl)
  return `${origin}${pathname.replace(/\/+$/, '')}${path}`
}

/** The same for accounts that are one user to the service, whose limits count by user. */
export function userKey({ baseUrl, login, token }: OnlineAccount): string {
  const user = login ?? readClaims(token ?? '').login ?? token ?? ''
  return `${new URL(baseUrl).host} ${user.trim().toLowerCase()}`
}

/**
 * A text of the server without what nobody should read: it may repeat what we sent. `token`: of the call that it
 * answers.
 */
export function withoutSecrets(text: string, account: OnlineAccount, token: string | undefined): string {
  let clean = text
  for (const secret of [account.password, account.token, account.refresh, token]) {
    if (secret === undefined || secret === '') continue
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      clean = clean.replaceAll(form, '***')
    }
  }
  return oneLine(clean.replace(/[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g, '***'), 120)
}
