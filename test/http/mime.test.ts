import { expect, test } from 'vitest'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import { headerOf, readLetter } from '../../src/http/mime.ts'
import { NOW } from '../support/app-deps.ts'

const TEXT = `Здравствуйте, Анна!\n\n${'Сервис недоступен уже больше часа. '.repeat(20)}\n= конец <b> =\n`

test('a letter that this program writes is read back: headers, text and HTML', async () => {
  const subject = 'Omnicomm Online недоступен с 15 января 2026 года, 11:55 по московскому времени'
  const mime = await createMailBuilder({}).build({
    from: 'Служба Omnicomm <watch@example.org>',
    to: 'anna@example.org',
    subject,
    text: TEXT,
    html: '<p style="margin:0">Сервис &amp; связь</p>',
    messageId: '<a-2@example.org>',
    date: NOW,
    inReplyTo: '<a-1@example.org>',
    references: ['<a-1@example.org>'],
  })
  const read = readLetter(mime)
  expect(read.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(TEXT.trimEnd())
  expect(read.html?.trimEnd()).toBe('<p style="margin:0">Сервис &amp; связь</p>')
  expect(headerOf(read, 'subject')).toBe(subject)
  expect(headerOf(read, 'from')).toBe('Служба Omnicomm <watch@example.org>')
  expect(headerOf(read, 'in-reply-to')).toBe('<a-1@example.org>')
  expect(headerOf(read, 'auto-submitted')).toBe('auto-generated')
})

test('a letter in ASCII is read back as it was written, however its lines are broken', async () => {
  const text =
    'Terminals keep their data in an archive of their own and send it when the service is available. '.repeat(
      9,
    )
  const html = `<p style="margin:0">${'<b class="long">words</b> '.repeat(20)}</p>`
  const mime = await createMailBuilder({}).build({
    from: 'watch@example.org',
    to: 'bob@example.org',
    subject: 'x',
    text,
    html,
    messageId: '<a-2@example.org>',
    date: NOW,
  })
  expect(Buffer.from(mime).toString()).toContain(' =\r\n')
  const read = readLetter(mime)
  expect(read.text?.trimEnd()).toBe(text.trimEnd())
  expect(read.html?.trimEnd()).toBe(html)
})

const lines = (...text: string[]): Uint8Array => Buffer.from(text.join('\r\n'))

test.each([
  ['plain text without headers about it', lines('Subject: x', '', 'body'), 'body', null],
  [
    'base64',
    lines('Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64', '', '0JY8Yj4='),
    null,
    'Ж<b>',
  ],
  [
    'quoted-printable with a soft break',
    lines('Content-Transfer-Encoding: quoted-printable', '', '=D0=96 =', '=3D= ', '!'),
    'Ж =!',
    null,
  ],
  ['nothing', new Uint8Array(), '', null],
  ['headers only', lines('Subject: x'), '', null],
  ['bytes that are no letter', new Uint8Array([0xff, 0xfe, 0x0a, 0x0a, 0x41]), 'A', null],
])('%s is read', (_name, mime, text, html) => {
  expect(readLetter(mime)).toMatchObject({ text, html })
})

test('parts within parts are found, but not without end', () => {
  const nested = (depth: number): string =>
    depth === 0
      ? 'Content-Type: text/plain\r\n\r\ndeep'
      : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--\r\n`
  expect(readLetter(Buffer.from(nested(3))).text).toBe('deep')
  expect(readLetter(Buffer.from(nested(50))).text).toBeNull()
})
