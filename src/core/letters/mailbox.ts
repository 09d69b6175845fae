/** A sender or recipient: `Omnicomm Online <watch@example.org>`. The name may be empty. */
export type Mailbox = { readonly name: string; readonly address: string }

const MAX_ADDRESS = 254

/** Reads `Name <address>`, `"Name" <address>` or a bare address; undefined when it is neither. */
export function parseMailbox(text: string): Mailbox | undefined {
  const match = /^\s*(?:"([^"\r\n]*)"|([^<>"\r\n]*?))\s*<([^<>\s]+)>\s*$/.exec(text)
  const name = match ? (match[1] ?? match[2] ?? '') : ''
  const address = match ? (match[3] ?? '') : text.trim()
  return isAddress(address) ? { name: name.trim(), address } : undefined
}

/**
 * Whether a text is an address that can stand in an SMTP command: one `@`, no blanks, brackets, controls or marks that
 * nobody sees, and a domain that is a name.
 */
export function isAddress(text: string): boolean {
  if (text.length > MAX_ADDRESS) return false
  const match = /^([^\s<>()[\]\\,;:@"\p{Cc}\p{Cf}]{1,64})@([^\s<>()[\]\\,;:@"\p{Cc}\p{Cf}]+)$/u.exec(text)
  if (!match) return false
  const [, local = '', domain = ''] = match
  const dots = /^\.|\.\.|\.$/
  const label = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u
  return !dots.test(local) && domain.split('.').every((part) => label.test(part)) && isName(domain)
}

/** Not a number, which as an address of a host would need brackets; IDNA takes it. */
function isName(domain: string): boolean {
  return URL.canParse(`http://${domain}`) && !/^[\d.]+$/.test(domainOf(`@${domain}`))
}

/** Two spellings of an address that differ only in case are one recipient. */
export function addressKey(address: string): string {
  return address.trim().toLowerCase()
}

/** Domain of an address in ASCII (IDNA), as it stands in a Message-ID. */
export function domainOf(address: string): string {
  return new URL(`http://${address.slice(address.lastIndexOf('@') + 1)}`).hostname
}
