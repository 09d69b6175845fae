import { describe, expect, test } from 'vitest'
import type { DigestContent } from '../../../src/core/flagging/digest.ts'
import type { FlagLetter } from '../../../src/core/flagging/flag-letter.ts'
import type { FlaggedList, FlaggedTerminal } from '../../../src/core/flagging/flagged.ts'
import { scopeWords, terminalsWords } from '../../../src/core/flagging/words.ts'
import type { Recipient } from '../../../src/core/letters/letter.ts'
import { writeLetter } from '../../../src/core/letters/matter.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { EIGHT, massSilence } from '../../support/flagged-fleet.ts'
import { ANNA, BOB, LETTER_SETTING, shippedTemplates } from '../../support/letters.ts'

const NOBODY: FlaggedList = { items: [], total: 0 }

function terminal(change: Partial<FlaggedTerminal> = {}): FlaggedTerminal {
  return {
    id: '200000001',
    name: 'КамАЗ А123ВС',
    client: 'Агро',
    since: EIGHT - 80 * MINUTE,
    dataAt: EIGHT - 81 * MINUTE,
    backAt: null,
    why: {
      model: '',
      ru: { cause: 'Отключено питание.', step: 'Проверьте предохранитель.', tools: [] },
      en: { cause: 'The power is cut.', step: 'Check the fuse.', tools: [] },
    },
    noted: false,
    ...change,
  }
}

const list = (...items: readonly FlaggedTerminal[]): FlaggedList => ({ items, total: items.length })

function digest(change: Partial<DigestContent>): FlagLetter {
  const content: DigestContent = {
    scope: { dealer: '', client: '' },
    since: EIGHT - 19 * HOUR,
    silent: NOBODY,
    brief: NOBODY,
    back: NOBODY,
    unstable: NOBODY,
    never: NOBODY,
    incidents: [],
    tally: { total: 21, silent: 0, known: 0, knownUntil: null },
    ...change,
  }
  return { kind: 'digest', zone: 'Europe/Moscow', contact: '', digest: 'north', number: 1, content }
}

function write(letter: FlagLetter, recipient: Recipient = ANNA) {
  const occasion = { recipient, at: EIGHT }
  return writeLetter({ kind: 'flag', letter }, occasion, LETTER_SETTING, shippedTemplates())
}

describe('a digest says', () => {
  test('everything that happened, in Russian', () => {
    const { subject, text } = write(
      digest({
        scope: { dealer: '', client: 'Агро' },
        silent: list(terminal({ noted: true }), terminal({ id: '5', name: '', why: null, dataAt: null })),
        never: list(terminal({ id: '6', name: 'Новый', since: EIGHT - DAY })),
        unstable: list(terminal({ backAt: EIGHT }), terminal({ id: '7', name: '7' })),
        back: list(terminal({ backAt: EIGHT - 40 * MINUTE })),
        brief: list(terminal({ id: '8', name: 'Волга', backAt: EIGHT - 79 * MINUTE })),
        incidents: [
          { incident: massSilence({ members: 2, silent: 2 }), isWhole: false, stillSilent: 2, isNew: true },
          {
            incident: massSilence({
              members: 2,
              silent: 1,
              clearSince: EIGHT - 30 * MINUTE,
              closedAt: EIGHT - 20 * MINUTE,
            }),
            isWhole: false,
            stillSilent: 1,
            isNew: true,
          },
        ],
        tally: { total: 22, silent: 3, known: 1, knownUntil: EIGHT + 5 * DAY },
      }),
    )
    expect(subject).toBe(
      'Клиент «Агро»: замолчали: 2, массовое молчание началось: 1, массовое молчание закончилось: 1, ' +
        'ни разу не вышли на связь: 1, нестабильная связь: 2, снова на связи: 1, замолкали и вернулись: 1',
    )
    expect(text).toBe(`${subject}.

Изменения с 25 ноября 2026 г., 13:00 (Europe/Moscow, UTC+03:00).

Массовое молчание. Причина у терминалов общая; пока оно продолжается, по отдельности они не перечислены:
• оператор связи «МТС»: молчание с 06:50, ваших терминалов: 2, сейчас молчат: 2; продолжается
• оператор связи «МТС»: молчание с 06:50, ваших терминалов: 2; окончание: 07:30, ещё молчат: 1

Замолчали и не вышли на связь:
• КамАЗ А123ВС (200000001): молчит с 06:40 (1 ч 20 мин), последние данные: 06:39. Об этом уже было письмо. Отключено питание. https://watch.example.org/terminals/200000001
• 5: молчит с 06:40 (1 ч 20 мин), последние данные: данных не было. https://watch.example.org/terminals/5

Что делать, по вероятной причине:
• Отключено питание. Проверьте предохранитель.

Ни разу не вышли на связь. Проверьте питание, SIM-карту и адрес сервера в настройках терминала:
• Новый (6): в учёте с 25 ноября 2026 г., 08:00 https://watch.example.org/terminals/6

Нестабильная связь: терминал то молчит, то снова на связи. Проверьте уровень сигнала, питание и антенну:
• КамАЗ А123ВС (200000001): сейчас на связи https://watch.example.org/terminals/200000001
• 7: сейчас молчит (с 06:40) https://watch.example.org/terminals/7

Снова на связи:
• КамАЗ А123ВС (200000001): на связи с 07:20 после 40 мин молчания https://watch.example.org/terminals/200000001

Замолкали и уже снова на связи:
• Волга (8): на связи с 06:41 после 1 мин молчания https://watch.example.org/terminals/8

Сейчас молчат: 3. Всего под наблюдением: 22 терминала.
О молчании известно заранее, поэтому не перечислены: 1 терминал; ближайший срок: 1 декабря 2026 г., 08:00 (Europe/Moscow, UTC+03:00).

Страница терминалов: https://watch.example.org/?client=%D0%90%D0%B3%D1%80%D0%BE
Вопросы: watch@example.org
Сведения на: 26 ноября 2026 г., 08:00:00 (Europe/Moscow, UTC+03:00)
Письмо сформировано автоматически.
`)
  })

  test('only what happened, in English and in the zone of the digest', () => {
    const letter = { ...digest({ back: list(terminal({ backAt: EIGHT - 40 * MINUTE })) }), zone: 'UTC' }
    const { subject, text } = write(letter, BOB)
    expect(subject).toBe('All terminals: back: 1')
    expect(text).toBe(`All terminals: back: 1.

Changes since 25 November 2026, 10:00 (UTC, UTC+00:00).

Back again:
• КамАЗ А123ВС (200000001): back since 04:20 after 40 min of silence https://watch.example.org/terminals/200000001

No terminal is silent now. Watched in all: 21 terminals.

Page of the terminals: https://watch.example.org/
Contact for questions: watch@example.org
As of: 26 November 2026, 05:00:00 (UTC, UTC+00:00)
This letter was generated automatically.
`)
  })

  test('the client above its terminals where there are several, and how many are not named', () => {
    const items = [terminal({ client: '' }), terminal({ id: '2' }), terminal({ id: '3', client: 'Север' })]
    const { text } = write(digest({ silent: { items, total: 40 } }))
    const lines = text.split('\n').map((line) => line.replace(/:.*/, ':'))
    expect(lines.slice(4, 12)).toEqual([
      'Замолчали и не вышли на связь:',
      'Без клиента:',
      '• КамАЗ А123ВС (200000001):',
      'Агро:',
      '• КамАЗ А123ВС (2):',
      'Север:',
      '• КамАЗ А123ВС (3):',
      '… и ещё 37',
    ])
  })

  test('how many are not named, also where each stands below a client of its own', () => {
    const items = Array.from({ length: 150 }, (_, id) => terminal({ id: `${id}`, client: `Клиент ${id}` }))
    const lines = write(digest({ silent: { items, total: 400 } })).text.split('\n')
    const named = lines.filter((line) => line.startsWith('• КамАЗ')).length
    expect(named).toBe(99)
    expect(lines).toContain('… и ещё 301')
  })

  test('in the subject line when mass silence began and ended, in English', () => {
    const closed = massSilence({ closedAt: EIGHT - 20 * MINUTE })
    const incidents = [massSilence(), closed].map((incident) => {
      return { incident, isWhole: true, stillSilent: 0, isNew: true }
    })
    const { subject } = write(digest({ incidents }), BOB)
    expect(subject).toBe('All terminals: mass silence begun: 1, mass silence over: 1')
  })

  test('of a mass silence how many were ever silent and how many are now', () => {
    const incidents = [{ incident: massSilence({ silent: 31 }), isWhole: true, stillSilent: 31, isNew: true }]
    expect(write(digest({ incidents })).text).toContain('терминалов: 120, сейчас молчат: 31; продолжается')
    expect(write(digest({ incidents }), BOB).text).toContain('terminals: 120, silent now: 31; goes on')
  })

  test('names as text, whatever is in them', () => {
    const { text, html } = write(digest({ silent: list(terminal({ name: '<b>x</b>\r\nBcc: y {{link}}' })) }))
    expect(text).toContain('• <b>x</b> Bcc: y {{link}} (200000001): молчит')
    expect(html).toContain('&lt;b&gt;x&lt;/b&gt;')
  })
})

test('without an address of the pages no terminal has a link', () => {
  const letter = digest({ silent: list(terminal()) })
  const setting = { ...LETTER_SETTING, publicUrl: '' }
  const { text } = writeLetter(
    { kind: 'flag', letter },
    { recipient: ANNA, at: EIGHT },
    setting,
    shippedTemplates(),
  )
  expect(text).toMatch(/\(200000001\): молчит .*\n/)
  expect(text).not.toContain('/terminals/')
})

describe('a note', () => {
  const note = (...silent: readonly FlaggedTerminal[]): FlagLetter => ({
    kind: 'note',
    ...{ zone: 'Europe/Moscow', contact: '', digest: 'north', number: 1 },
    content: { scope: { dealer: '', client: '' }, silent: list(...silent), unstable: NOBODY },
  })

  test('about one terminal leads to its page, one about more to the list', () => {
    const { text } = write(note(terminal({ id: 'a/1?' })))
    expect(text).toContain('https://watch.example.org/terminals/a%2F1%3F\n')
    expect(write(note(terminal(), terminal({ id: '2' }))).text).toContain('https://watch.example.org/\n')
  })
})

describe('a letter of mass silence', () => {
  const news = (change: Parameters<typeof massSilence>[0], isWhole = false) => {
    const incident = massSilence({ members: 3, silent: 2, ...change })
    return { incident, isWhole, stillSilent: incident.silent }
  }
  const letter = (
    kind: 'incident' | 'incident-over',
    change: Parameters<typeof massSilence>[0],
    isWhole?: boolean,
  ): FlagLetter => ({ kind, zone: 'UTC', contact: '', news: news(change, isWhole) })

  test('says whose terminals are counted, and to others than operators not how many should talk', () => {
    const own = write(letter('incident', {}), BOB).text
    expect(own).toContain('Silent now: 2 terminals\nOnly your terminals are counted.\nSilence began')
    const whole = write(letter('incident', {}, true), BOB).text
    expect(whole).toContain('Silent now: 2 terminals\nExpected to talk: 150\nSilence began')
  })

  test.each([
    [
      'client',
      'Terminals fell silent together: one client.',
      'Одновременно замолчали терминалы: один клиент.',
    ],
    [
      'dealer',
      'Terminals fell silent together: one dealer.',
      'Одновременно замолчали терминалы: один дилер.',
    ],
  ] as const)('about a %s that must not be named says only what it is', (dimension, english, russian) => {
    const nameless = letter('incident', { dimension, group: '' })
    expect(write(nameless, BOB).text).toContain(english)
    expect(write(nameless).text).toContain(russian)
  })

  test('ends with the silence, not with the minutes in which that is made sure of', () => {
    const onsetAt = EIGHT - 15 * MINUTE
    const over = { onsetAt, clearSince: onsetAt + 4.7 * MINUTE, closedAt: EIGHT }
    const { text } = write(letter('incident-over', over), BOB)
    expect(text).toContain('End: 26 November 2026, 04:49 (UTC, UTC+00:00)\nDuration: about 5 min\n')
    expect(text).toContain('Still silent: 2 terminals.')
  })
})

describe('words', () => {
  test.each([
    [1, '1 терминал', '1 terminal'],
    [2, '2 терминала', '2 terminals'],
    [5, '5 терминалов', '5 terminals'],
    [11, '11 терминалов', '11 terminals'],
    [21, '21 терминал', '21 terminals'],
    [112, '112 терминалов', '112 terminals'],
  ])('for %d terminals', (count, ru, en) => {
    expect([terminalsWords(count, 'ru'), terminalsWords(count, 'en')]).toEqual([ru, en])
  })

  test.each([
    ['', '', 'Все терминалы', 'All terminals'],
    ['Север', '', 'Дилер «Север»', 'Dealer "Север"'],
    ['Север', 'Агро', 'Дилер «Север», клиент «Агро»', 'Dealer "Север", client "Агро"'],
  ])('for dealer %j and client %j', (dealer, client, ru, en) => {
    expect([scopeWords({ dealer, client }, 'ru'), scopeWords({ dealer, client }, 'en')]).toEqual([ru, en])
  })
})
