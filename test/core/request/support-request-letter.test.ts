import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { draftMail } from '../../../src/core/request/draft-mail.ts'
import { threadOf } from '../../../src/core/request/support-request-letter.ts'
import { headerOf, readLetter } from '../../../src/http/mime.ts'
import { acted, MADE_AT, supportRequest } from '../../support/requests.ts'

describe('the letters of a request', () => {
  const request = acted(supportRequest(), [
    { kind: 'sent' },
    { kind: 'ticket', number: '777' },
    { kind: 'asked', text: 'Which SIM?' },
    { kind: 'answered', text: 'MTS.' },
    { kind: 'note', text: 'secret' },
    { kind: 'follow-up', text: 'Again.' },
    { kind: 'official-asked', text: 'Please.' },
    { kind: 'official-answered', text: 'No fault.' },
    { kind: 'official-asked', text: '' },
  ])

  test('are the request and what we said later, never what support said or a note', () => {
    expect(threadOf(request, 'en').map(({ text }) => text)).toEqual([
      request.text,
      'Ticket number: 777\n\nMTS.',
      'Ticket number: 777\n\nAgain.',
      'Ticket number: 777\n\nPlease.',
    ])
    expect(threadOf(request, 'ru')[1]?.text).toBe('Номер обращения: 777\n\nMTS.')
  })

  test('are one thread: each has an id of its own and follows the first under its subject', () => {
    const [first, ...later] = threadOf(request, 'en')
    expect(first).toMatchObject({ messageId: request.messageId, repliesTo: null, subject: request.subject })
    expect(new Set(later.map(({ messageId }) => messageId)).size).toBe(3)
    for (const letter of later) {
      expect(letter).toMatchObject({ repliesTo: request.messageId, subject: `Re: ${request.subject}` })
      expect(letter.messageId).toMatch(/^<r-2026-0001\.abc\.\d+@watch\.example\.org>$/)
    }
  })
})

describe('a letter for a mail program', () => {
  const mail = (change: Partial<Parameters<typeof draftMail>[0]> = {}) =>
    draftMail({
      to: '',
      from: 'support@dealer.example',
      subject: 'S',
      text: 'T',
      messageId: '<a@b>',
      date: MADE_AT,
      repliesTo: null,
      ...change,
    })
  const read = (text: string) => readLetter(new TextEncoder().encode(text))

  test('has the headers of RFC 5322, and those of a thread when it follows another', () => {
    expect(mail().split('\r\n').slice(0, 4)).toEqual([
      'X-Unsent: 1',
      'From: support@dealer.example',
      'Date: Thu, 15 Jan 2026 10:00:00 +0000',
      'Message-ID: <a@b>',
    ])
    expect(mail()).not.toContain('In-Reply-To')
    expect(mail({ repliesTo: '<first@b>' })).toContain('In-Reply-To: <first@b>\r\nReferences: <first@b>\r\n')
    expect(mail({ from: '' })).not.toContain('From:')
    expect(mail()).not.toContain('To:')
    expect(mail({ to: 'support@example.org' })).toContain('\r\nTo: support@example.org\r\n')
    expect(mail({ from: 'имя@пример.рф' })).not.toContain('From:')
  })

  test('is ASCII with short lines and says what was written, whatever it is', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    const line = text.map((each) => each.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '').trim())
    fc.assert(
      fc.property(line, text, (subject, body) => {
        const made = mail({ subject, text: body })
        const letter = read(made)
        expect(made).toMatch(/^[\t\r\n -~]*$/)
        if (!/^[ -~]*$/.test(subject)) {
          expect(Math.max(...made.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(76)
        }
        expect(headerOf(letter, 'subject')).toBe(subject)
        expect(letter.text).toBe(body.toWellFormed().replaceAll(/\r\n|\r|\n/g, '\r\n'))
      }),
    )
  })
})
