import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type CaughtMail = { readonly from: string; readonly to: readonly string[]; readonly bytes: Buffer }

export type MailCatcher = {
  readonly port: number
  /** `smtp://127.0.0.1:port` */
  readonly url: string
  readonly mails: readonly CaughtMail[]
  /** Refuses these recipients from now on with this reply. */
  refuse(address: string, code: number, reply: string): void
  close(): Promise<void>
}

/**
 * A real SMTP server on a free loopback port that keeps what it accepts. `answerAfterMs`: how long the sender waits
 * for the answer to a mail that is already kept.
 */
export async function createMailCatcher(
  options: SMTPServerOptions = {},
  answerAfterMs = 0,
): Promise<MailCatcher> {
  const mails: CaughtMail[] = []
  const refused = new Map<string, Error>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (address, _session, done) => done(refused.get(address.address)),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        mails.push({ from, to: rcptTo.map(({ address }) => address), bytes: Buffer.concat(chunks) })
        setTimeout(done, answerAfterMs, null, 'kept')
      })
    },
    ...options,
  })
  // A client that hangs up in the middle is the client's matter.
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('the mail catcher has no port')
  return {
    port: address.port,
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    refuse(recipient, responseCode, reply) {
      refused.set(recipient, Object.assign(new Error(reply), { responseCode }))
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
