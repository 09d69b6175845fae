import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createMailFiles } from '../adapters/mail-files/transport.ts'
import { createMailBuilder } from '../adapters/smtp/build.ts'
import { dkimKeyFault } from '../adapters/smtp/dkim.ts'
import { createSmtpTransport, type SmtpTransportOptions } from '../adapters/smtp/transport.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import { type Fault, valueAt } from '../config/fault.ts'
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

/**
 * What would keep letters from being written, looked for in the raw tree of a configuration: faults in their texts, a
 * DKIM key that cannot be used. A file that cannot be read is told elsewhere.
 */
export function letterFaults(tree: unknown, cwd: string): readonly Fault[] {
  const keyFile = valueAt(tree, ['letters', 'dkim', 'keyFile'])
  if (typeof keyFile !== 'string' || keyFile === '') return templateFaults()
  const pem = readText(resolve(cwd, keyFile))
  const fault = pem === null ? null : dkimKeyFault(pem)
  return [...templateFaults(), ...(fault === null ? [] : [keyFault(keyFile, fault)])]
}

/** Makes messages, signed when DKIM is configured. Throws when the key cannot be used. */
export function mailBuilderOf({ letters }: Pick<Config, 'letters'>): MailBuilder {
  const { domain, selector } = letters.dkim
  const privateKeyPem = readDkimKey({ letters })
  if (domain === undefined || selector === undefined || privateKeyPem === null) return createMailBuilder()
  return createMailBuilder({ dkim: { domain, selector, privateKeyPem } })
}

/** The private key of the configuration; null when DKIM is not configured. Throws an error that says what to do. */
export function readDkimKey({ letters }: Pick<Config, 'letters'>): string | null {
  const { keyFile } = letters.dkim
  if (keyFile === undefined) return null
  const pem = readText(keyFile)
  const fault = pem === null ? 'cannot be read' : dkimKeyFault(pem)
  if (fault === null) return pem
  const { path, message } = keyFault(keyFile, fault)
  throw new Error(`${path}: ${message}`)
}

/** Whatever carries letters away: SMTP, or files while none is configured. */
export function transportOf({ letters, data }: Config): MailTransport & { close(): void } {
  if (letters.smtp !== '') return createSmtpTransport({ url: letters.smtp })
  return { ...createMailFiles(join(data, 'letters')), close: () => {} }
}

function keyFault(keyFile: string, fault: string): Fault {
  return { path: 'letters.dkim.keyFile', message: `the key in ${keyFile} ${fault}` }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
