/** Where and how letters are handed over: `smtp://user:password@host:587`, `smtps://...`. */
export type SmtpServer = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (smtps). */
  readonly secure: boolean
  readonly requireTls: boolean
  readonly ignoreTls: boolean
  readonly rejectUnauthorized: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
}

const FLAGS = ['requireTLS', 'ignoreTLS', 'tls.rejectUnauthorized'] as const

/**
 * Reads `letters.smtp`; throws an Error that says what is wrong without repeating the password. STARTTLS is used
 * when the server offers it, and demanded (unless `?requireTLS=false`) where a password would otherwise cross a
 * network in the clear.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') {
    throw new Error(
      'letters.smtp must look like smtp://user:password@host:587 or smtps://user:password@host:465',
    )
  }
  for (const [name, value] of url.searchParams) {
    if (FLAGS.some((flag) => flag === name) && (value === 'true' || value === 'false')) continue
    throw new Error(
      `letters.smtp: "?${name}=" is not known; known are ${FLAGS.join(', ')} with true or false`,
    )
  }
  const flag = (name: (typeof FLAGS)[number], other: boolean): boolean => {
    const value = url.searchParams.get(name)
    return value === null ? other : value === 'true'
  }
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const auth = credentials(url)
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls: flag(
      'requireTLS',
      !secure && auth !== undefined && !isLoopback(host) && !flag('ignoreTLS', false),
    ),
    ignoreTls: flag('ignoreTLS', false),
    rejectUnauthorized: flag('tls.rejectUnauthorized', !isLoopback(host)),
    ...(auth && { auth }),
  }
}

/** Which relay, and as whom: the same text as long as it is the same service. Without the password. */
export function relayName(url: string): string {
  const { host, port, auth } = parseSmtpUrl(url)
  return `${auth ? `${encodeURIComponent(auth.user)}@` : ''}${host}:${port}`
}

function credentials(url: URL): { readonly user: string; readonly pass: string } | undefined {
  if (url.username === '' && url.password === '') return undefined
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  } catch {
    throw new Error('letters.smtp: a "%" in the user name or the password must be written as %25')
  }
}

/** Local relays use certificates that nobody has signed, and nothing leaves the machine. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
