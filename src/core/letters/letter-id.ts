import type { Letter } from './letter.ts'
import { addressKey } from './mailbox.ts'

const FNV_OFFSET = 0xcbf29ce484222325n
const FNV_PRIME = 0x100000001b3n
const MASK = 0xffffffffffffffffn

/**
 * Id of an outbox row, derived from its unique key, so that planning the same letter twice (after a crash, after
 * a conflict) gives the same row. Safe in file names, URLs and Message-IDs as long as the subject is.
 */
export function letterId(key: Pick<Letter, 'subject' | 'kind' | 'sequence' | 'recipient'>): string {
  return `${key.subject}-${key.kind}-${key.sequence}-${textHash(addressKey(key.recipient))}`
}

/** Message-ID (RFC 5322 3.6.4) of a letter, with its angle brackets; `domain` is that of the sender. */
export function messageIdOf(letterId: string, domain: string): string {
  return `<${letterId}@${domain}>`
}

/** FNV-1a, 64 bit, over UTF-16 code units, as 16 hex digits. It tells texts apart; it keeps no secret. */
export function textHash(text: string): string {
  let value = FNV_OFFSET
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    value = ((value ^ BigInt(unit & 0xff)) * FNV_PRIME) & MASK
    value = ((value ^ BigInt(unit >> 8)) * FNV_PRIME) & MASK
  }
  return value.toString(16).padStart(16, '0')
}
