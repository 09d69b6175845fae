import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMailFiles } from '../adapters/mail-files/transport.ts'
import { createMailBuilder } from '../adapters/smtp/build.ts'
import { dkimKeyFault } from '../adapters/smtp/dkim.ts'
import { createSmtpTransport, type SmtpTransportOptions } from '../adapters/smtp/transport.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import type { Config } from '../config/schema.ts'
import type { LetterTemplates } from '../core/letters/fields.ts'
import type { Instant } from '../core/time.ts'
import type { MailBuilder, MailTransport } from '../ports.ts'
import { readTemplates, templateFaults } from './templates.ts'

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

/** Throws an error that names every fault of the letters' texts, or what is wrong with the DKIM key. */
export function createMail(config: Pick<Config, 'letters'>): Mail {
  return {
    builder: mailBuilderOf(config),
    templates: readTemplates(),
    now: createSystemClock({ onError: () => {} }).now,
    openTransport: (url, dialogue) => createSmtpTransport({ url, dialogue }),
  }
}

/** What would keep letters from being written: faults in their texts, a DKIM key that cannot be used. */
export function letterFaults(
  config: Pick<Config, 'letters'>,
): readonly { readonly path: string; readonly message: string }[] {
  return [...templateFaults(), ...dkimFaults(config)]
}

/** Makes messages, signed when DKIM is configured. Throws when the key cannot be used. */
export function mailBuilderOf({ letters }: Pick<Config, 'letters'>): MailBuilder {
  const { domain, selector } = letters.dkim
  const privateKeyPem = readDkimKey({ letters })
  if (domain === undefined || selector === undefined || privateKeyPem === null) return createMailBuilder()
  return createMailBuilder({ dkim: { domain, selector, privateKeyPem } })
}

/** The private key of the configuration; null when DKIM is not configured. Throws an error that says what to do. */
export function readDkimKey(config: Pick<Config, 'letters'>): string | null {
  const [fault] = dkimFaults(config)
  if (fault) throw new Error(`${fault.path}: ${fault.message}`)
  const { keyFile } = config.letters.dkim
  return keyFile === undefined ? null : readFileSync(keyFile, 'utf8')
}

/** Whatever carries letters away: SMTP, or files while none is configured. */
export function transportOf({ letters, data }: Config): MailTransport & { close(): void } {
  if (letters.smtp !== '') return createSmtpTransport({ url: letters.smtp })
  return { ...createMailFiles(join(data, 'letters')), close: () => {} }
}

function dkimFaults({ letters }: Pick<Config, 'letters'>) {
  const { keyFile } = letters.dkim
  if (keyFile === undefined) return []
  const fault = keyFileFault(keyFile)
  return fault === null ? [] : [{ path: 'letters.dkim.keyFile', message: fault }]
}

function keyFileFault(path: string): string | null {
  try {
    const fault = dkimKeyFault(readFileSync(path, 'utf8'))
    return fault === null ? null : `the key in ${path} ${fault}`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return `${path} cannot be read (${code})`
  }
}
