import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { createMailBuilder } from '../../../src/adapters/smtp/build.ts'

const mail = {
  from: 'Служба «Омником» <watch@example.org>',
  to: 'anna@example.org',
  subject: 'Недоступность Omnicomm Online, 23 ноября 2026 г. (сбой № 20261123T080410Z)',
  text: 'Сервис недоступен.\n\nЗдравствуйте!\n',
  html: '<p>Сервис недоступен.</p>\n',
  messageId: '<20261123T080410Z-recovery-1-97ad0e116d2f7bcd@example.org>',
  date: 1_795_424_652_000,
  inReplyTo: '<20261123T080410Z-initial-1-97ad0e116d2f7bcd@example.org>',
  references: ['<20261123T080410Z-initial-1-97ad0e116d2f7bcd@example.org>'],
}

describe('the bytes of a letter', () => {
  test.each([
    ['Russian', mail],
    ['English', { ...mail, subject: 'Outage', text: `The service is down.\n\n${'long '.repeat(80)}\n` }],
  ])('say what was meant to a mail program (%s)', async (_language, input) => {
    const seen = await PostalMime.parse(await createMailBuilder().build(input))
    expect(seen).toMatchObject({
      subject: input.subject,
      from: { name: 'Служба «Омником»', address: 'watch@example.org' },
      to: [{ address: 'anna@example.org' }],
      messageId: input.messageId,
      inReplyTo: input.inReplyTo,
      references: input.inReplyTo,
      date: '2026-11-23T09:04:12.000Z',
    })
    expect(seen.text?.replaceAll('\r\n', '\n').trim()).toBe(input.text.trim())
    expect(seen.html?.trim()).toBe(input.html.trim())
    const header = (key: string) => seen.headers.find((entry) => entry.key === key)?.value
    expect(header('auto-submitted')).toBe('auto-generated')
    expect(header('content-type')).toContain('multipart/alternative')
  })

  test('are the same for the same input', async () => {
    const bytes = () => createMailBuilder().build(mail)
    expect(await bytes()).toEqual(await bytes())
  })

  test('are 7-bit lines of bounded length that end with CRLF', async () => {
    const text = Buffer.from(await createMailBuilder().build(mail)).toString('latin1')
    expect(text).toMatch(/\r\n$/)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n\u0080-\u00ff]/)
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThan(200)
  })

  test('hold text whose lines end with CRLF, also inside base64', async () => {
    const text = Buffer.from(await createMailBuilder().build(mail)).toString('latin1')
    const encoded = /base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/.exec(text)?.[1] ?? ''
    const decoded = Buffer.from(encoded, 'base64').toString()
    expect(decoded).toContain('Сервис недоступен.\r\n\r\nЗдравствуйте!\r\n')
  })

  test('carry no header that a text smuggles in', async () => {
    const bytes = await createMailBuilder().build({ ...mail, subject: 'x\r\nBcc: eve@example.org' })
    const seen = await PostalMime.parse(bytes)
    expect(seen.bcc).toBeUndefined()
  })
})
