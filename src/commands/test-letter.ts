import { parseArgs } from 'node:util'
import { configFaults } from '../compose/config-faults.ts'
import { createMail } from '../compose/mail.ts'
import { loadConfig } from '../config/load.ts'
import { composeLetter } from '../core/letters/compose.ts'
import type { LetterTemplates } from '../core/letters/fields.ts'
import type { Language } from '../core/letters/letter.ts'
import { letterId, messageIdOf } from '../core/letters/letter-id.ts'
import { domainOf, isAddress, parseMailbox } from '../core/letters/mailbox.ts'
import { testFields } from '../core/letters/setting.ts'
import { type Instant, toIso } from '../core/time.ts'
import type { Delivery, MailBuilder, MailTransport } from '../ports.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'

/** The configuration and the parts that the command works with; made by the composition root. */
export type TestLetterContext = {
  readonly letters: { readonly from: string; readonly smtp: string }
  readonly service: { readonly name: string }
  readonly language: Language
  readonly timezone: string
  readonly templates: LetterTemplates
  readonly builder: MailBuilder
  readonly now: () => Instant
  /** Opens the transport to `letters.smtp`; every line of the dialogue is reported, credentials masked. */
  readonly openTransport: (
    url: string,
    dialogue: (line: { readonly from: 'client' | 'server' | 'note'; readonly text: string }) => void,
  ) => MailTransport
}

const USAGE = 'Usage: test-letter ADDRESS [--config FILE]\n'
const MARKS = { client: '>', server: '<', note: '-' } as const

/** `test-letter ADDRESS [--config FILE]`: sends one letter past the outbox and prints the SMTP dialogue. */
export async function testLetterCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const usage = readUsage(args)
  if (typeof usage === 'string') return fail(io, 2, `${usage}\n${USAGE}`)
  const loaded = await loadConfig({ file: usage.file, env: io.env, cwd: io.cwd, further: configFaults })
  if (!loaded.ok) return fail(io, 2, faultReport(loaded))
  return sendTestLetter(usage.addresses, io, { ...loaded.config, ...createMail(loaded.config) })
}

function readUsage(args: readonly string[]): { file: string | undefined; addresses: string[] } | string {
  try {
    const options = { config: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { file: values.config, addresses: positionals }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Sends one letter to the only address: 0 accepted, 1 not sent, 2 wrong usage. */
export async function sendTestLetter(
  args: readonly string[],
  io: Pick<Io, 'out' | 'err'>,
  context: TestLetterContext,
): Promise<ExitStatus> {
  const [to, ...more] = args
  if (to === undefined || more.length > 0) return fail(io, 2, USAGE)
  if (!isAddress(to)) return fail(io, 2, `${JSON.stringify(to)} is not an e-mail address.\n${USAGE}`)
  const sender = parseMailbox(context.letters.from)
  if (!sender)
    return fail(io, 2, 'letters.from is not an e-mail address; set it to the sender of the letters.\n')
  if (context.letters.smtp === '') {
    const next = 'Set it to smtp://user:password@host:587 or smtps://user:password@host:465 and try again.\n'
    return fail(io, 1, `No SMTP server is configured (letters.smtp): nothing was sent. ${next}`)
  }
  const mail = await write(to, sender.address, context)
  const transport = context.openTransport(context.letters.smtp, ({ from, text }) => {
    for (const line of text.split('\n')) io.out(`${MARKS[from]} ${printable(line)}\n`)
  })
  return report(await transport.deliver(mail), to, io)
}

async function write(to: string, from: string, context: TestLetterContext) {
  const { language, timezone, templates, builder } = context
  const at = context.now()
  const recipient = { email: to, name: '', language }
  const setting = { serviceName: context.service.name, timezone, contact: from }
  const texts = templates[language]
  const values = testFields({ recipient, at }, setting)
  const letter = composeLetter(
    { subject: texts['test-subject'], body: texts.test },
    { subject: values, body: values },
    language,
  )
  const subject = `test-${toIso(at).replace(/[-:.]/g, '')}`
  const id = letterId({ subject, kind: 'test', sequence: 1, recipient: to })
  const messageId = messageIdOf(id, domainOf(from))
  const mime = await builder.build({ from: context.letters.from, to, ...letter, messageId, date: at })
  return { from, to, mime, id }
}

function report(delivery: Delivery, to: string, io: Pick<Io, 'out' | 'err'>): ExitStatus {
  switch (delivery.kind) {
    case 'accepted':
      io.out(`The server accepted the letter to ${to}: ${delivery.reply}\n`)
      return 0
    case 'filed':
      return fail(io, 1, `Not sent, written to ${delivery.path}\n`)
    case 'refused':
      return fail(io, 1, `Refused at ${STAGE_WORDS[delivery.stage]}: ${delivery.reply}\n`)
    case 'broken':
      return fail(
        io,
        1,
        `${delivery.bodyHandedOver ? 'No answer after the letter was handed over; it may have been sent' : 'Not sent'}: ${delivery.reason}\n`,
      )
  }
}

const STAGE_WORDS = {
  greeting: 'the greeting: the server does not serve us',
  tls: 'STARTTLS: check the server or use smtps://',
  auth: 'login: check user and password in letters.smtp',
  mail: 'the sender: check letters.from',
  rcpt: 'the recipient',
  data: 'the start of the message',
  body: 'the message itself',
} as const

function fail(io: Pick<Io, 'err'>, status: 1 | 2, text: string): ExitStatus {
  io.err(text)
  return status
}

/** A server's text goes to a terminal: no escape sequences. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '?').slice(0, 1000)
}
