import PostalMime from 'postal-mime'
import { afterEach, describe, expect, test } from 'vitest'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import { createSmtpTransport } from '../../src/adapters/smtp/transport.ts'
import { sendTestLetter, type TestLetterContext } from '../../src/commands/test-letter.ts'
import { createFaultySmtp } from '../support/faulty-smtp.ts'
import { OUTAGE_START, shippedTemplates } from '../support/letters.ts'
import { createMailCatcher } from '../support/mail-catcher.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function run(args: readonly string[], smtp: string, change: Partial<TestLetterContext> = {}) {
  const seen = { out: '', err: '' }
  const io = {
    out: (text: string) => {
      seen.out += text
    },
    err: (text: string) => {
      seen.err += text
    },
  }
  const status = await sendTestLetter(args, io, {
    letters: { from: 'Omnicomm Online <watch@example.org>', smtp },
    service: { name: 'Omnicomm Online' },
    language: 'ru',
    timezone: 'Europe/Moscow',
    templates: shippedTemplates(),
    builder: createMailBuilder(),
    now: () => OUTAGE_START,
    openTransport: (url, dialogue) => createSmtpTransport({ url, dialogue }),
    ...change,
  })
  return { status, ...seen }
}

describe('test-letter', () => {
  test('sends one letter and prints the dialogue', async () => {
    const catcher = await createMailCatcher()
    closers.push(catcher.close)
    const { status, out, err } = await run(['anna@example.org'], catcher.url)
    expect({ status, err }).toEqual({ status: 0, err: '' })
    for (const line of [
      '< 220 ',
      '> EHLO',
      '> MAIL FROM:<watch@example.org>',
      '> RCPT TO:<anna@example.org>',
    ]) {
      expect(out).toContain(line)
    }
    expect(out).toContain('The server accepted the letter to anna@example.org')
    const mail = await PostalMime.parse(catcher.mails[0]?.bytes ?? '')
    expect(mail).toMatchObject({ subject: 'Проверка почты: Omnicomm Online' })
    expect(mail.text).toContain('Письмо отправлено: 23 ноября 2026 г., 11:04:10 (Europe/Moscow, UTC+03:00)')
  })

  test.each([
    [
      'auth',
      '535 5.7.8 wrong',
      'Refused at login: check user and password in letters.smtp: 535 5.7.8 wrong\n',
    ],
    ['rcpt', '550 5.1.1 no\u001b[2J', 'Refused at the recipient: 550 5.1.1 no [2J\n'],
    ['body', 'drop', 'No answer after the letter was handed over; it may have been sent'],
  ] as const)('says where it failed and ends with status 1 (%s)', async (at, answer, expected) => {
    const server = await createFaultySmtp({ at, answer })
    closers.push(server.close)
    const result = await run(['anna@example.org'], `smtp://user:pass@127.0.0.1:${server.port}`)
    expect(result.status).toBe(1)
    expect(result.err).toContain(expected)
    expect(result.out + result.err).not.toContain('\u001b')
    expect(result.out).not.toContain(Buffer.from('\0user\0pass').toString('base64'))
  })

  test.each([
    ['no address', []],
    ['a bad address', ['anna']],
    ['two addresses', ['a@example.org', 'b@example.org']],
  ])('is wrong usage with %s', async (_name, args) => {
    const { status, err } = await run(args, 'smtp://127.0.0.1:1')
    expect(status).toBe(2)
    expect(err).toContain('Usage: test-letter ADDRESS')
  })

  test('says what to set when no SMTP server is configured', async () => {
    const { status, err } = await run(['anna@example.org'], '')
    expect(status).toBe(1)
    expect(err).toContain('letters.smtp')
  })
})
