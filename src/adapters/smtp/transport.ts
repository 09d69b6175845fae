import { createTransport } from 'nodemailer'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Delivery, MailTransport } from '../../ports.ts'
import { oneLine, readFailure } from './failure.ts'
import { type DialogueLine, followSession, type Session } from './session.ts'
import { parseSmtpUrl } from './url.ts'

export type SmtpTimeouts = {
  readonly connectionMs: number
  readonly greetingMs: number
  /** Silence of the server after a command or after the final dot. */
  readonly silenceMs: number
  /** The whole attempt, whatever the server does to stretch it. */
  readonly attemptMs: number
}

export type SmtpTransportOptions = {
  readonly url: string
  readonly timeouts?: SmtpTimeouts
  /** Hears every line of the dialogue, credentials masked. */
  readonly dialogue?: (line: DialogueLine) => void
}

/** After the final dot RFC 5321 (4.5.3.2.6) gives the server 10 minutes; a shorter wait makes duplicates. */
export const SMTP_TIMEOUTS: SmtpTimeouts = {
  connectionMs: 30 * SECOND,
  greetingMs: 30 * SECOND,
  silenceMs: 10 * MINUTE,
  attemptMs: 30 * MINUTE,
}

/**
 * Sends letters to a relay, one connection per letter: a pool would retry on its own. `close` cuts off what is
 * under way, which then counts as broken. Throws when the URL is not usable.
 */
export function createSmtpTransport(options: SmtpTransportOptions): MailTransport & { close(): void } {
  const server = parseSmtpUrl(options.url)
  const timeouts = options.timeouts ?? SMTP_TIMEOUTS
  const closing = new AbortController()

  function connect(session: Session) {
    return createTransport({
      host: server.host,
      port: server.port,
      secure: server.secure,
      requireTLS: server.requireTls,
      ignoreTLS: server.ignoreTls,
      tls: { rejectUnauthorized: server.rejectUnauthorized },
      ...(server.auth && { auth: server.auth }),
      connectionTimeout: timeouts.connectionMs,
      greetingTimeout: timeouts.greetingMs,
      socketTimeout: timeouts.silenceMs,
      logger: session.logger,
      // Commands and replies go to the log; `debug` would add the message, whose log entry is the sign we wait for.
      transactionLog: true,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  return {
    async deliver({ from, to, mime }): Promise<Delivery> {
      const session = followSession(options.dialogue)
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeouts.attemptMs)])
      try {
        const raw = Buffer.from(mime.buffer, mime.byteOffset, mime.byteLength)
        const info = await connect(session).sendMail({ raw, envelope: { from, to }, signal })
        // sendMail resolves although recipients were rejected.
        const [rejected] = info.rejectedErrors ?? []
        if (info.rejected.length > 0) return readFailure(rejected, session)
        return { kind: 'accepted', reply: oneLine(info.response) }
      } catch (error) {
        return readFailure(error, session)
      }
    },
    close: () => closing.abort(new Error('the service is stopping')),
  }
}
