import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { Log } from '../../ports.ts'

/** A letter as its reader sees it. */
export type CaughtLetter = {
  readonly to: string
  readonly subject: string
  /** The part that is plain text. */
  readonly text: string
  /** Where its bytes were put. */
  readonly file: string
}

export type MailCatcher = {
  /** `smtp://127.0.0.1:port` */
  readonly url: string
  stop(): Promise<void>
}

const LARGEST_LETTER_BYTES = 1024 * 1024

/** A real SMTP server at a free loopback port that accepts every letter, keeps it in `folder` and tells of it. */
export async function startMailCatcher(
  log: Log,
  options: { readonly folder: string; readonly onLetter: (letter: CaughtLetter) => void },
): Promise<MailCatcher> {
  await mkdir(options.folder, { recursive: true })
  let count = 0

  async function keep(bytes: Buffer, to: string): Promise<void> {
    count += 1
    const file = join(options.folder, `${String(count).padStart(3, '0')}.eml`)
    await writeFile(file, bytes)
    const { subject = '', text = '' } = await PostalMime.parse(bytes)
    options.onLetter({ to, subject, text: text.trim(), file })
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: LARGEST_LETTER_BYTES,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(', ')
        keep(Buffer.concat(chunks), to).then(
          () => done(null, 'kept'),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        )
      })
    },
  })
  server.on('error', (error) => log.warn('the mail catcher failed', { error: error.message }))
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('the mail catcher has no port')
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
