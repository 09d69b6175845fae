import { describe, expect, test } from 'vitest'
import { composeLetter } from '../../../src/core/letters/compose.ts'
import { domainOf, isAddress, parseMailbox } from '../../../src/core/letters/mailbox.ts'
import { parseTemplate, renderTemplate, type Template } from '../../../src/core/letters/template.ts'
import {
  boundedMomentWords,
  durationWords,
  momentWords,
  monthWords,
  spanWords,
  timeWords,
} from '../../../src/core/letters/words.ts'
import { DAY, HOUR, MINUTE, parseIso, SECOND } from '../../../src/core/time.ts'
import { OUTAGE_START, shippedTemplates } from '../../support/letters.ts'

const at = (iso: string): number => parseIso(iso) ?? Number.NaN

function template(text: string): Template {
  const result = parseTemplate(text, ['a', 'b'])
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.template
}

describe('templates', () => {
  test.each([
    ['a value stands in its place', 'x {{a}} y {{ b }}', { a: '1', b: '2' }, [['x 1 y 2']]],
    ['a line with an empty field is left out', 'x {{a}}\nz', { a: '' }, [['z']]],
    ['a paragraph without lines is left out', 'x\n\n{{a}}\n\ny', {}, [['x'], ['y']]],
    ['a condition prints nothing', '{{?a}}x\n{{?b}}y', { a: 'yes' }, [['x']]],
    ['a value is not read as a template', '{{a}}', { a: '{{b}}', b: 'no' }, [['{{b}}']]],
    ['the mark before the text of Windows editors is none of it', '\ufeff{{?a}}x\ny', { a: '' }, [['y']]],
    ['nor does it stand in a line', '\ufeffx', {}, [['x']]],
    ['a value cannot break the line', '{{a}}', { a: 'x\r\nBcc: y\u202e\u061c' }, [['x Bcc: y']]],
    ['a list is several lines', 'x {{a}} y', { a: ['1', '2\n3', '', '4'] }, [['x 1', '2 3', '4 y']]],
    ['an empty list leaves the line out', 'x {{a}}\nz', { a: ['', ' '] }, [['z']]],
    ['replacement patterns in a value are text', '{{a}}', { a: "$& $1 $'" }, [["$& $1 $'"]]],
  ])('%s', (_name, text, values, expected) => {
    expect(renderTemplate(template(text), values)).toEqual(expected)
  })

  test.each([
    ['an unknown field', 'ok\n{{c}}', 2, 'unknown field "c"; known here: a, b'],
    ['an unknown condition', '{{?c}}x', 1, 'unknown field "c"; known here: a, b'],
    ['an unclosed place', 'x {{a', 1, '"{{" and "}}" must enclose one field name'],
    ['a name without braces before it', 'x a}}', 1, '"{{" and "}}" must enclose one field name'],
    ['an empty text', ' \n', 1, 'the template is empty'],
  ])('%s is refused with its line', (_name, text, line, message) => {
    expect(parseTemplate(text, ['a', 'b'])).toEqual({ ok: false, faults: [{ line, message }] })
  })

  test('a long value is bounded', () => {
    expect(renderTemplate(template('{{a}}'), { a: 'x'.repeat(5000) })[0]?.[0]).toHaveLength(1000)
  })

  test('a long list is bounded', () => {
    const lines = renderTemplate(template('{{a}}'), { a: Array.from({ length: 500 }, (_, i) => `${i}`) })[0]
    expect(lines).toHaveLength(200)
    expect(lines?.at(-1)).toBe('…')
  })

  test('the HTML part says the same as the text, escaped, its first line bold', () => {
    const templates = { subject: template('{{a}}'), body: template('{{a}}\n\n{{b}}') }
    const values = { a: '<script>&"', b: "it's" }
    const letter = composeLetter(templates, { subject: values, body: values }, 'en')
    expect(letter.subject).toBe('<script>&"')
    expect(letter.text).toBe('<script>&"\n\nit\'s\n')
    expect(letter.html).toContain('<strong>&lt;script&gt;&amp;&quot;</strong>')
    expect(letter.html).toContain('it&#39;s')
    expect(letter.html).toContain('<html lang="en">')
    expect(letter.html).not.toContain('<script>')
  })
})

describe('the texts as they are shipped', () => {
  // A note may be given without a time, and a time may be taken back before anybody was told of it.
  test.each([
    ['ru', 'Срок решения проблемы: определяется. Если срок был указан ранее, он больше не действует.'],
    ['en', 'Expected time of resolution: being determined. If a time was stated before, it no longer holds.'],
  ] as const)('do not claim that a time was told that nobody was told (%s)', (language, sentence) => {
    const values = {
      expectedWithdrawn: '12:00',
      expectedBy: 'Anna',
      expectedAt: '12:00',
      nextLetterBy: '13:00',
    }
    const { initial, update } = shippedTemplates()[language]
    for (const texts of [initial, update]) {
      const lines = renderTemplate(texts, values).flat()
      expect(lines).toContain(sentence)
      expect(lines.join('\n')).not.toMatch(/отмен|withdrawn/i)
    }
  })
})

describe('words for times', () => {
  test.each([
    [0, '0 с', '0 s'],
    [999, '0 с', '0 s'],
    [59_999, '59 с', '59 s'],
    [HOUR, '1 ч', '1 h'],
    [HOUR + 2 * MINUTE, '1 ч 2 мин', '1 h 2 min'],
    [HOUR + 25 * SECOND, '1 ч 25 с', '1 h 25 s'],
    [DAY + HOUR, '1 д 1 ч', '1 d 1 h'],
  ])('%d ms', (ms, ru, en) => {
    expect(durationWords(ms, 'ru')).toBe(ru)
    expect(durationWords(ms, 'en')).toBe(en)
  })

  test('a moment names zone and offset', () => {
    expect(momentWords(OUTAGE_START, 'Europe/Moscow', 'ru')).toBe(
      '23 ноября 2026 г., 11:04:10 (Europe/Moscow, UTC+03:00)',
    )
    expect(momentWords(OUTAGE_START, 'America/St_Johns', 'en')).toBe(
      '23 November 2026, 04:34:10 (America/St_Johns, UTC-03:30)',
    )
  })

  test.each([
    [
      'on the same day it is a time',
      '2026-11-23T07:04:10Z',
      '2026-11-23T07:03:12Z',
      'Europe/Moscow',
      '23 November 2026, 10:04:10, not before 10:03:12 (Europe/Moscow, UTC+03:00)',
    ],
    [
      'across midnight it has a date',
      '2026-11-22T21:00:10Z',
      '2026-11-22T20:59:12Z',
      'Europe/Moscow',
      '23 November 2026, 00:00:10, not before 22 November 2026, 23:59:12 (Europe/Moscow, UTC+03:00)',
    ],
    [
      'across a change of the clocks it has an offset of its own',
      '2026-10-25T01:00:10Z',
      '2026-10-25T00:59:12Z',
      'Europe/Berlin',
      '25 October 2026, 02:00:10 (Europe/Berlin, UTC+01:00), not before 02:59:12 (UTC+02:00)',
    ],
  ])('the bound of a start: %s', (_name, start, bound, zone, expected) => {
    expect(boundedMomentWords(at(start), at(bound), zone, 'en')).toBe(expected)
  })

  test('a start without a bound is said alone', () => {
    expect(boundedMomentWords(OUTAGE_START, null, 'UTC', 'en')).toBe(
      '23 November 2026, 08:04:10 (UTC, UTC+00:00)',
    )
  })

  test.each([
    ['today it is a time', '2026-11-23T09:30:00Z', '2026-11-23T12:00:00Z', '12:30'],
    ['seconds stand where there are any', '2026-11-23T09:30:05Z', '2026-11-23T12:00:00Z', '12:30:05'],
    [
      'on another day it has the date',
      '2026-11-22T09:30:00Z',
      '2026-11-23T12:00:00Z',
      '12:30 on 22 November 2026',
    ],
  ])('a time of day: %s', (_name, time, now, expected) => {
    expect(timeWords(at(time), at(now), 'Europe/Moscow', 'en')).toBe(expected)
  })

  test('a time of another day begins with its date in Russian', () => {
    const words = timeWords(at('2026-11-22T09:30:00Z'), at('2026-11-23T12:00:00Z'), 'Europe/Moscow', 'ru')
    expect(words).toBe('22 ноября 2026 г., 12:30')
  })

  test('a time of day of before the clocks were changed has its offset', () => {
    const now = at('2026-10-25T03:00:00Z')
    expect(timeWords(at('2026-10-25T00:30:00Z'), now, 'Europe/Berlin', 'en')).toBe('02:30 (UTC+02:00)')
    expect(timeWords(at('2026-10-25T01:30:00Z'), now, 'Europe/Berlin', 'en')).toBe('02:30')
    const before = timeWords(at('2026-10-24T00:30:00Z'), now, 'Europe/Berlin', 'en')
    expect(before).toBe('02:30 on 24 October 2026 (UTC+02:00)')
  })

  test.each([
    [
      '2026-11-23T09:30:00Z',
      '2026-11-23T10:30:00Z',
      'Europe/Moscow',
      '23 November 2026, 12:30 – 13:30 (Europe/Moscow, UTC+03:00)',
    ],
    [
      '2026-11-23T20:30:00Z',
      '2026-11-23T22:00:00Z',
      'Europe/Moscow',
      '23 November 2026, 23:30 – 24 November 2026, 01:00 (Europe/Moscow, UTC+03:00)',
    ],
    [
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
      'Europe/Berlin',
      '25 October 2026, 02:30 (UTC+02:00) – 25 October 2026, 02:30 (Europe/Berlin, UTC+01:00)',
    ],
  ])('a stretch of time from %s to %s', (from, to, zone, expected) => {
    expect(spanWords(at(from), at(to), zone, 'en')).toBe(expected)
  })

  test('a month has its year', () => {
    expect(monthWords(OUTAGE_START, 'Europe/Moscow', 'ru')).toBe('ноябрь 2026 г.')
    expect(monthWords(OUTAGE_START, 'Europe/Moscow', 'en')).toBe('November 2026')
  })

  test('midnight is 00, not 24', () => {
    expect(momentWords(at('2026-11-23T00:00:00Z'), 'UTC', 'ru')).toContain('00:00:00')
  })
})

describe('mailboxes', () => {
  test.each([
    ['Omnicomm Online <watch@localhost>', { name: 'Omnicomm Online', address: 'watch@localhost' }],
    ['"Служба, дежурный" <a@b.ru>', { name: 'Служба, дежурный', address: 'a@b.ru' }],
    ['a@b.ru', { name: '', address: 'a@b.ru' }],
    ['<a@b.ru>', { name: '', address: 'a@b.ru' }],
    ['no address', undefined],
    ['a@b.ru, c@d.ru', undefined],
    ['x <a@b.ru>\r\nBcc: c@d.ru', undefined],
  ])('%s', (text, expected) => {
    expect(parseMailbox(text)).toEqual(expected)
  })

  test.each(['a@b', 'a.b+c@d-e.ru', 'a@1.ru', 'почта@пример.рф', "o'neill@x.org"])(
    '%s is an address',
    (text) => {
      expect(isAddress(text)).toBe(true)
    },
  )

  test.each([
    '',
    'a',
    '@b',
    'a@',
    'a@b@c',
    'a b@c',
    'a@b..c',
    '.a@b',
    'a@-b',
    'a\n@b',
    '<a@b>',
    `${'a'.repeat(65)}@b`,
    'a\u202eb@c.ru',
    'a\u200bb@c.ru',
    'a@b\u00ad.ru',
    'a@256.256.256.256',
    'a@127.0.0.1',
    'a@\u0661.ru',
  ])('%j is no address', (text) => {
    expect(isAddress(text)).toBe(false)
  })

  test('a domain in another script is ASCII in a Message-ID', () => {
    expect(domainOf('почта@пример.рф')).toBe('xn--e1afmkfd.xn--p1ai')
  })
})
