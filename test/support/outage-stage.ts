import PostalMime from 'postal-mime'
import { type FailingService, startFailingService } from './failing-service.ts'
import { type CaughtMail, createMailCatcher, type MailCatcher } from './mail-catcher.ts'
import type { ConfigTree } from './service-process.ts'

export const INTERVAL_MS = 1000
export const NOTICE_AFTER_MS = 4000

export const RU = 'dispatcher@example.org'
export const EN = 'fleet-manager@example.com'

/** Everything around the service that an outage needs, on loopback: the watched service, control hosts, a mail server. */
export type OutageStage = AsyncDisposable & {
  readonly watched: FailingService
  readonly mail: MailCatcher
  /** Rounds of 1 s, letters after 4 s of downtime in two languages, closed after 2 s of answers. */
  readonly config: ConfigTree & { readonly letters: ConfigTree }
}

export async function setOutageStage(mail?: MailCatcher): Promise<OutageStage> {
  const watched = await startFailingService()
  const controls = [await startFailingService(), await startFailingService()]
  const catcher = mail ?? (await createMailCatcher())
  return {
    watched,
    mail: catcher,
    config: {
      timezone: 'Europe/Moscow',
      service: {
        name: 'Omnicomm Online',
        // Not where the component is: of pages of the service that many requests would be warned about.
        baseUrl: 'https://online.example',
        interval: `${INTERVAL_MS}ms`,
        timeout: '400ms',
        components: [
          {
            id: 'web',
            kind: 'http',
            url: `http://127.0.0.1:${watched.port}/`,
            expect: { contains: 'Welcome' },
          },
        ],
        controls: controls.map(({ port }) => `tcp://127.0.0.1:${port}`),
        recoveryPeriod: '2s',
        noticeAfter: `${NOTICE_AFTER_MS}ms`,
      },
      letters: {
        from: 'Omnicomm Online <watch@example.net>',
        smtp: catcher.url,
        recipients: [
          { email: RU, name: 'Анна Петрова', language: 'ru' },
          { email: EN, name: 'John Smith', language: 'en' },
        ],
      },
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([watched, ...controls].map((server) => server[Symbol.asyncDispose]()))
      await catcher.close()
    },
  }
}

/** A letter as its reader's mail program sees it. */
export async function readMail({ to, bytes }: CaughtMail) {
  const {
    subject = '',
    text = '',
    html = '',
    messageId = '',
    inReplyTo,
    headers,
  } = await PostalMime.parse(bytes)
  const header = (name: string): string => headers.find(({ key }) => key === name)?.value ?? ''
  return { to: to.join(), subject, text, html, messageId, inReplyTo, header }
}

/** The mails to one address, in the order of their arrival. */
export function mailsTo({ mails }: MailCatcher, address: string): readonly CaughtMail[] {
  return mails.filter(({ to }) => to.includes(address))
}
