import { createHash } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import { parseMailbox } from '../../core/letters/mailbox.ts'
import type { MailBuilder } from '../../ports.ts'
import { createDkimSigner, type DkimOptions } from './dkim.ts'

export type MailBuilderOptions = {
  /** Signs every message. */
  readonly dkim?: DkimOptions
}

/**
 * Makes MIME messages: multipart/alternative in UTF-8, one recipient. The bytes depend on the input alone: not
 * even the boundary is random, so that a letter that is planned twice is twice the same. Throws when the DKIM key is
 * not usable.
 */
export function createMailBuilder(options: MailBuilderOptions = {}): MailBuilder {
  const sign = options.dkim === undefined ? undefined : createDkimSigner(options.dkim)
  return {
    build: async (mail) => {
      const sender = parseMailbox(mail.from)
      const composer = new MailComposer({
        from: sender ?? mail.from,
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: canonical(mail.text),
        html: canonical(mail.html),
        messageId: mail.messageId,
        date: new Date(mail.date),
        ...(mail.inReplyTo !== undefined && { inReplyTo: mail.inReplyTo }),
        ...(mail.references !== undefined && { references: [...mail.references] }),
        headers: {
          'Auto-Submitted': 'auto-generated',
          // Exchange does not know Auto-Submitted (RFC 3834) and would answer with "out of office".
          'X-Auto-Response-Suppress': 'All',
        },
        // Safe on every road: no line is long, no byte is above 127; English stays readable in the stored file.
        encoding: isAscii(mail.text) ? 'quoted-printable' : 'base64',
        textEncoding: 'B',
        newline: 'win',
        baseBoundary: createHash('sha256').update(mail.messageId).digest('hex').slice(0, 24),
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const message = await composer.compile().build()
      return sign?.(message) ?? message
    },
  }
}

/** Text in a MIME body ends its lines with CRLF before it is encoded (RFC 2046 4.1.1). */
function canonical(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n')
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character <= '\u007f')
}
