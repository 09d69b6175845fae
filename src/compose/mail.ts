import { createMailBuilder } from '../adapters/smtp/build.ts'
import { createSmtpTransport, type SmtpTransportOptions } from '../adapters/smtp/transport.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import type { LetterTemplates } from '../core/letters/fields.ts'
import type { Instant } from '../core/time.ts'
import type { MailBuilder, MailTransport } from '../ports.ts'
import { readTemplates } from './templates.ts'

/** What writes and sends a single letter past the outbox. */
export type Mail = {
  readonly builder: MailBuilder
  readonly templates: LetterTemplates
  readonly now: () => Instant
  readonly openTransport: (
    url: string,
    dialogue: NonNullable<SmtpTransportOptions['dialogue']>,
  ) => MailTransport
}

/** Throws an error that names every fault of the letters' texts. */
export function createMail(): Mail {
  return {
    builder: createMailBuilder(),
    templates: readTemplates(),
    now: createSystemClock({ onError: () => {} }).now,
    openTransport: (url, dialogue) => createSmtpTransport({ url, dialogue }),
  }
}
