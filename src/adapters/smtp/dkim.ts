import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { domainToASCII } from 'node:url'

/** Domain and selector name the TXT record `<selector>._domainkey.<domain>` that holds the public key. */
export type DkimOptions = {
  readonly domain: string
  readonly selector: string
  readonly privateKeyPem: string
}

/**
 * Signs a finished message (lines end with CRLF) by putting a DKIM-Signature header (RFC 6376, RFC 8463) in front of
 * it. The same message gives the same bytes: both algorithms are deterministic, and there is no signing time, which
 * would also make letters of a clock that is ahead invalid. Throws when the key is not usable (`dkimKeyFault`).
 */
export type DkimSigner = (message: Uint8Array) => Uint8Array

/** Every field that says something to a reader or to his mail program. */
const SIGNED_FIELDS = [
  'From',
  'Reply-To',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Auto-Submitted',
]

/** Verifiers must not accept shorter keys (RFC 8301 3.2). */
const MIN_RSA_BITS = 1024
const LINE_LENGTH = 72

export function createDkimSigner({ domain, selector, privateKeyPem }: DkimOptions): DkimSigner {
  const fault = dkimKeyFault(privateKeyPem)
  if (fault !== null) throw new Error(`The DKIM key ${fault}.`)
  const key = createPrivateKey(privateKeyPem)
  const algorithm = key.asymmetricKeyType === 'ed25519' ? 'ed25519-sha256' : 'rsa-sha256'

  return (message) => {
    const { fields, body } = split(message)
    const signed = fieldsToSign(fields)
    const tags = [
      'v=1',
      `a=${algorithm}`,
      'c=relaxed/relaxed',
      `d=${domainToASCII(domain)}`,
      `s=${selector}`,
      `h=${signed.names.join(':')}`,
      `bh=${createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64')}`,
    ]
    const unsigned = `DKIM-Signature: ${tags.map((tag) => `${wrapped(tag)};`).join('\r\n\t')}\r\n\tb=`
    const input = [...signed.lines, relaxedField(unsigned)].join('\r\n')
    const signature = signatureOf(key, Buffer.from(input, 'latin1')).toString('base64')
    return Buffer.concat([Buffer.from(`${unsigned}${wrapped(signature)}\r\n`, 'latin1'), message])
  }
}

/** What is wrong with the text of a key file, in words that follow "The DKIM key"; null when nothing is. */
export function dkimKeyFault(pem: string): string | null {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1]
  if (label === undefined) return 'is not in PEM form (-----BEGIN PRIVATE KEY-----)'
  if (label.includes('PUBLIC')) return 'is the public one; the private one is needed here'
  if (label.includes('CERTIFICATE')) return 'is a certificate; the private key is needed here'
  if (label.includes('ENCRYPTED') || /^Proc-Type: .*ENCRYPTED/m.test(pem)) {
    return 'is protected by a passphrase that nobody could enter; store it without one'
  }
  return parsedKeyFault(pem)
}

/** The TXT record that belongs to a private key, to be published under `<selector>._domainkey.<domain>`. */
export function dkimRecord(privateKeyPem: string): string {
  const key = createPublicKey(privateKeyPem)
  if (key.asymmetricKeyType === 'ed25519') {
    return `v=DKIM1; k=ed25519; p=${Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`
  }
  return `v=DKIM1; k=rsa; p=${key.export({ format: 'der', type: 'spki' }).toString('base64')}`
}

function parsedKeyFault(pem: string): string | null {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    return 'cannot be read: the PEM text is damaged or not a private key'
  }
  if (key.asymmetricKeyType === 'ed25519') return null
  if (key.asymmetricKeyType !== 'rsa') {
    return `is of the kind ${key.asymmetricKeyType ?? 'unknown'}; DKIM knows rsa and ed25519`
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return bits < MIN_RSA_BITS ? `has ${bits} bits; at least ${MIN_RSA_BITS}, better 2048, are needed` : null
}

/** Ed25519 signs the hash of the header, as RFC 8463 3 has it; RSA makes the hash itself. */
function signatureOf(key: KeyObject, input: Buffer): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sign(null, createHash('sha256').update(input).digest(), key)
  return sign('sha256', input, key)
}

function split(message: Uint8Array): { readonly fields: readonly string[]; readonly body: string } {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  return { fields: head.split(/\r\n(?![ \t])/), body: end < 0 ? '' : text.slice(end + 4) }
}

/**
 * Each field is named once more than it occurs: nobody can add another one without breaking the signature
 * (RFC 6376 8.15). Of several the last is signed first (5.4.2).
 */
function fieldsToSign(fields: readonly string[]): {
  readonly names: readonly string[]
  readonly lines: readonly string[]
} {
  const names: string[] = []
  const lines: string[] = []
  for (const name of SIGNED_FIELDS) {
    const own = fields.filter((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`)).reverse()
    names.push(...own.map(() => name), name)
    lines.push(...own.map(relaxedField))
  }
  return { names, lines }
}

/** RFC 6376 3.4.2. */
function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return `${field.slice(0, colon).toLowerCase().trim()}:${value}`
}

/** RFC 6376 3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line}\r\n`).join('')
}

/** White space is allowed around the colons of `h` and anywhere in base64. */
function wrapped(text: string): string {
  return (text.match(new RegExp(`[^:]{1,${LINE_LENGTH}}:?`, 'g')) ?? [])
    .reduce<string[]>((lines, part) => {
      const last = lines.at(-1)
      if (last === undefined || last.length + part.length > LINE_LENGTH) lines.push(part)
      else lines[lines.length - 1] = last + part
      return lines
    }, [])
    .join('\r\n\t')
}
