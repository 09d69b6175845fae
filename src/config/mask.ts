/** What stands in place of a secret. */
export const MASK = '***'

const SECRET_KEYS = new Set(['password', 'token', 'refresh', 'metricsToken'])

/** A configuration (in the form of the file) whose secrets are masked; an empty one shows that it is not set. */
export function maskSecrets(tree: unknown, key = ''): unknown {
  if (typeof tree === 'string') return maskText(tree, key)
  if (Array.isArray(tree)) return tree.map((item) => maskSecrets(item, key))
  if (typeof tree !== 'object' || tree === null) return tree
  const tokenAsUser = 'username' in tree && !('password' in tree && tree.password !== '')
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => {
      // flespi and others take a token for a user without a password.
      if (name === 'username' && tokenAsUser && typeof value === 'string') return [name, maskAll(value)]
      // Groups and profiles may be called so too.
      if (name === 'users' && key === 'broker') return [name, maskUsers(value)]
      return [name, maskSecrets(value, name)]
    }),
  )
}

/** An address without what identifies its user: user, password and the values of its query, or the whole of a part without a name. */
export function maskUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null) return MASK
  if (url.username !== '' || url.password !== '') {
    // An @ further on means that the password was cut in two, and the rest of it stands in the path.
    if ((url.pathname + url.search + url.hash).includes('@')) return `${url.protocol}//${MASK}`
    url.username = url.username === '' ? '' : MASK
    url.password = url.password === '' ? '' : MASK
  }
  if (url.search !== '') url.search = url.search.slice(1).split('&').map(maskPart).join('&')
  return url.href
}

function maskPart(part: string): string {
  const equals = part.indexOf('=')
  return equals < 0 ? MASK : part.slice(0, equals + 1) + MASK
}

function maskText(text: string, key: string): string {
  if (SECRET_KEYS.has(key)) return maskAll(text)
  if (key === 'watchdogUrl') return text === '' ? '' : `${new URL(text).origin}/${MASK}`
  return /^[a-z]+:\/\//i.test(text) && /[@?]/.test(text) ? maskUrl(text) : text
}

function maskAll(value: string): string {
  return value === '' ? '' : MASK
}

function maskUsers(users: unknown): unknown {
  if (typeof users !== 'object' || users === null) return MASK
  return Object.fromEntries(Object.keys(users).map((name) => [name, MASK]))
}
