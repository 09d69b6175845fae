import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import type { NewLetter, Recipient } from '../../src/core/letters/letter.ts'
import type { Owing } from '../../src/core/letters/owing.ts'
import { UNHANDLED } from '../../src/core/outage/handling.ts'
import type { Outage } from '../../src/core/outage/outage.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { Stores } from '../../src/ports.ts'
import { createLetterWriter, type LetterWriterOptions } from '../../src/workers/letter-writer.ts'
import {
  ANNA,
  BOB,
  closedOutage,
  exampleOutage,
  LETTER_SETTING,
  OUTAGE_START,
  owing,
  shippedTemplates,
} from '../support/letters.ts'

const DUE = OUTAGE_START + HOUR + 3 * SECOND
const END = OUTAGE_START + 2 * HOUR + 5 * MINUTE

function setUpOptions(change: Partial<LetterWriterOptions> = {}): LetterWriterOptions {
  return {
    from: 'Omnicomm Online <watch@example.org>',
    recipients: () => [ANNA, BOB],
    templates: shippedTemplates(),
    operators: [],
    ...LETTER_SETTING,
    ...change,
  }
}

function setUp(change: Partial<LetterWriterOptions> = {}) {
  const stores = createMemoryStores()
  const options = setUpOptions(change)
  const writer = createLetterWriter({ outbox: stores.outbox, builder: createMailBuilder() }, options)
  return { stores, writer }
}

/** Sends what waits, all of it successfully. */
async function sendAll({ outbox }: Stores, at: number): Promise<void> {
  for (const { letter } of await outbox.claim(at, 100)) {
    const attempt = { at, result: 'sent', reply: '250 ok' }
    await outbox.settle(letter.id, { state: 'sent', nextAt: null, sentAt: at, bodyHandedOver: true, attempt })
  }
}

const kinds = (letters: readonly NewLetter[]): string[] =>
  letters.map(({ kind, recipient }) => `${kind} ${recipient}`)

async function parsed(letter: NewLetter | undefined) {
  if (!letter) throw new Error('no letter')
  const seen = await PostalMime.parse(letter.mime)
  return { ...seen, text: (seen.text ?? '').replaceAll('\r\n', '\n') }
}

describe('the letter writer', () => {
  test('plans each letter once, and the same bytes whenever it plans it', async () => {
    const { stores, writer } = setUp()
    const outages = [exampleOutage()]
    const owed = outages.map((outage) => owing(outage))
    const first = await writer.plan(owed, DUE)
    expect(kinds(first.add)).toEqual(['initial anna@example.org', 'initial bob@example.org'])
    expect(await writer.plan(owed, DUE)).toEqual(first)
    await stores.outages.commit({ outages, letters: first, audit: [] })
    expect(await writer.plan(owed, DUE + MINUTE)).toEqual({ add: [], supersede: [] })
  })

  test('writes nothing for an outage whose letter is not due', async () => {
    const { writer } = setUp()
    const change = await writer.plan([owing(exampleOutage({ letterDueAt: null }))], DUE)
    expect(change).toEqual({ add: [], supersede: [] })
  })

  test('answers each recipient in the thread of his own initial letter', async () => {
    const { stores, writer } = setUp()
    const initials = await writer.plan([owing(exampleOutage())], DUE)
    await stores.outages.commit({ outages: [exampleOutage()], letters: initials, audit: [] })
    await sendAll(stores, DUE)
    const recoveries = await writer.plan([owing(closedOutage())], END)
    expect(kinds(recoveries.add)).toEqual(['recovery anna@example.org', 'recovery bob@example.org'])
    for (const [i, letter] of recoveries.add.entries()) {
      const seen = await parsed(letter)
      expect(seen.inReplyTo).toBe(initials.add[i]?.messageId)
      expect(seen.references).toBe(initials.add[i]?.messageId)
      expect(seen.subject).toBe((await parsed(initials.add[i])).subject)
    }
  })

  test('tells all in one letter when the initial stayed a file and letters are sent by now', async () => {
    const { stores, writer } = setUp({ recipients: () => [ANNA] })
    await stores.outages.commit({
      outages: [exampleOutage()],
      letters: await writer.plan([owing(exampleOutage())], DUE),
      audit: [],
    })
    const [claimed] = await stores.outbox.claim(DUE, 1)
    const attempt = { at: DUE, result: 'filed', reply: 'a.eml' }
    const filed = { state: 'filed', nextAt: null, sentAt: null, bodyHandedOver: false, attempt } as const
    await stores.outbox.settle(claimed?.letter.id ?? '', filed)
    const closed = [closedOutage()]
    expect(
      kinds(
        (
          await writer.plan(
            closed.map((outage) => owing(outage)),
            END,
          )
        ).add,
      ),
    ).toEqual(['recovery anna@example.org'])
    const options = { ...setUpOptions({ recipients: () => [ANNA] }), filedIsLeft: false }
    const sending = createLetterWriter({ outbox: stores.outbox, builder: createMailBuilder() }, options)
    expect(
      kinds(
        (
          await sending.plan(
            closed.map((outage) => owing(outage)),
            END,
          )
        ).add,
      ),
    ).toEqual(['combined anna@example.org'])
  })

  test('plans anew when an initial was claimed in between: recovery instead of combined', async () => {
    const { stores, writer } = setUp({ recipients: () => [ANNA] })
    await stores.outages.commit({
      outages: [exampleOutage()],
      letters: await writer.plan([owing(exampleOutage())], DUE),
      audit: [],
    })
    const early = await writer.plan([owing(closedOutage())], END)
    expect(kinds(early.add)).toEqual(['combined anna@example.org'])
    await stores.outbox.claim(END, 10)
    expect(await stores.outages.commit({ outages: [closedOutage()], letters: early, audit: [] })).toBe(
      'conflict',
    )
    const late = await writer.plan([owing(closedOutage())], END)
    expect(kinds(late.add)).toEqual(['recovery anna@example.org'])
    expect(await stores.outages.commit({ outages: [closedOutage()], letters: late, audit: [] })).toBe(
      'committed',
    )
  })

  test('writes to a recipient who was added during the outage', async () => {
    let recipients: readonly Recipient[] = [ANNA]
    const { stores, writer } = setUp({ recipients: () => recipients })
    const letters = await writer.plan([owing(exampleOutage())], DUE)
    await stores.outages.commit({ outages: [exampleOutage()], letters, audit: [] })
    recipients = [ANNA, BOB]
    expect(kinds((await writer.plan([owing(exampleOutage())], DUE + MINUTE)).add)).toEqual([
      'initial bob@example.org',
    ])
  })

  test('reads an outbox of more than one page', async () => {
    const many = Array.from({ length: 1_203 }, (_, i) => ({ ...BOB, email: `b${i}@example.org` }))
    const { stores, writer } = setUp({ recipients: () => many })
    const letters = await writer.plan([owing(exampleOutage())], DUE)
    expect(letters.add).toHaveLength(1_203)
    await stores.outages.commit({ outages: [exampleOutage()], letters, audit: [] })
    expect(await writer.plan([owing(exampleOutage())], DUE)).toEqual({ add: [], supersede: [] })
  })

  test('refuses a sender that is no address', () => {
    expect(() => setUp({ from: 'nobody' })).toThrow('letters.from')
  })
})

describe('what a letter says', () => {
  const say = async (outage: Parameters<typeof exampleOutage>[0], recipient: Recipient, closed = false) => {
    const { writer } = setUp({ recipients: () => [recipient] })
    const plan = await writer.plan(
      [owing(closed ? closedOutage(outage) : exampleOutage(outage))],
      closed ? END : DUE,
    )
    return parsed(plan.add[0])
  }

  test.each([
    [
      'Russian',
      ANNA,
      'Omnicomm Online: сервис недоступен.',
      [
        'Здравствуйте, Анна!',
        'online.omnicomm.ru',
        '23 ноября 2026 г., 11:04:10, не раньше 11:03:12 (Europe/Moscow, UTC+03:00)',
        'не менее 1 ч 2 с',
        'до последней неудачной проверки: не более 1 ч 1 мин',
        'web, api',
        'Срок решения проблемы: определяется.',
        'Следующее письмо направим не позднее: 23 ноября 2026 г., 13:05 (Europe/Moscow, UTC+03:00)',
        'в своём архиве',
        'Номер сбоя: 20261123T080410Z',
        'watch@example.org',
      ],
    ],
    [
      'English',
      BOB,
      'Omnicomm Online: the service is unavailable.',
      [
        'Dear Bob,',
        '23 November 2026, 11:04:10, not before 11:03:12 (Europe/Moscow, UTC+03:00)',
        'at least 1 h 2 s',
        'Possible duration up to the last failed check: at most 1 h 1 min',
        'Expected time of resolution: being determined.',
        'Next letter no later than: 23 November 2026, 13:05 (Europe/Moscow, UTC+03:00)',
        'in an archive of their own',
        'Outage number: 20261123T080410Z',
      ],
    ],
  ] as const)('the initial letter in %s', async (_language, recipient, first, parts) => {
    const { text, html, subject, to } = await say({}, recipient)
    expect(to?.[0]?.address).toBe(recipient.email)
    expect(subject).toContain('20261123T080410Z')
    expect(text.split('\n')[0]).toBe(first)
    expect(html).toContain(`<strong>${first}</strong>`)
    for (const part of parts) {
      expect(text).toContain(part)
      expect(html).toContain(part)
    }
    expect(text).not.toMatch(/[{}]|undefined|null|NaN/)
  })

  test.each([
    [
      'Russian',
      ANNA,
      'Окончание сбоя: 23 ноября 2026 г., 13:04:10',
      'продолжительность недоступности: 1 ч 2 с',
      'Возможная продолжительность до последней неудачной проверки: не более 1 ч 1 мин',
    ],
    [
      'English',
      BOB,
      'End of the outage: 23 November 2026, 13:04:10',
      'Confirmed downtime in total: 1 h 2 s',
      'Possible duration up to the last failed check: at most 1 h 1 min',
    ],
  ])('the combined letter in %s', async (_language, recipient, end, total, possible) => {
    const { text, inReplyTo } = await say({}, recipient, true)
    expect(text).toContain(end)
    expect(text).toContain(total)
    expect(text).toContain(possible)
    expect(inReplyTo).toBeUndefined()
  })

  test('intermittent and unknown time are said only where there are any', async () => {
    expect((await say({ intermittent: true }, ANNA)).text).toContain('Сбой прерывистый')
    const plain = (await say({ possibleMs: HOUR + 2 * SECOND }, ANNA)).text
    expect(plain).not.toContain('прерывист')
    expect(plain).not.toContain('Возможная продолжительность')
  })

  test('a name with markup stays text', async () => {
    const { html, text } = await say({}, { ...BOB, name: '<b>{{host}}</b>' })
    expect(text).toContain('Dear <b>{{host}}</b>,')
    expect(html).toContain('&lt;b&gt;{{host}}&lt;/b&gt;')
  })
})

describe('updates and corrections', () => {
  const started = { updates: 0, at: DUE, nextAt: DUE + HOUR }
  const LATER = DUE + 36 * MINUTE
  const updated = exampleOutage({
    bulletins: { updates: 1, at: LATER, nextAt: LATER + HOUR },
    handling: {
      ...UNHANDLED,
      expected: { by: 'Anna Petrova', at: LATER, resolution: LATER + HOUR, note: 'a disk is replaced' },
      message: { by: 'Anna Petrova', at: DUE - MINUTE, text: 'First line\n\n<b>Second</b> line' },
    },
  })

  /** The initial is sent, then `next` is planned. */
  async function afterInitial(next: Owing, at: number, recipients: readonly Recipient[] = [BOB]) {
    const { stores, writer } = setUp({ recipients: () => recipients })
    const outage = exampleOutage({ bulletins: started })
    const letters = await writer.plan([owing(outage)], DUE)
    await stores.outages.commit({ outages: [outage], letters, audit: [] })
    await sendAll(stores, DUE)
    const change = await writer.plan([next], at)
    return { initial: letters.add[0], change, seen: await parsed(change.add[0]) }
  }

  test('an update has the subject and the thread of the initial and says what has changed', async () => {
    const { initial, change, seen } = await afterInitial(owing(updated), LATER)
    expect(change.add.map(({ kind, sequence }) => `${kind} ${sequence}`)).toEqual(['update 1'])
    expect(seen.subject).toBe((await parsed(initial)).subject)
    expect(seen.inReplyTo).toBe(initial?.messageId)
    const lines = seen.text.split('\n')
    expect(lines[0]).toBe('Omnicomm Online: the service is unavailable.')
    for (const line of [
      'What has changed: the information about the time of resolution was updated.',
      'Expected time of resolution: by 23 November 2026, 13:40:13 (Europe/Moscow, UTC+03:00). This is an estimate and may change.',
      'Stated by Anna Petrova at 12:40',
      'Note on the time: a disk is replaced',
      'Next letter no later than: 23 November 2026, 13:41 (Europe/Moscow, UTC+03:00)',
      'Message (Anna Petrova, 12:03): First line',
      '<b>Second</b> line',
    ]) {
      expect(lines).toContain(line)
    }
    expect(seen.html).toContain('&lt;b&gt;Second&lt;/b&gt; line')
    expect(seen.text).not.toContain('there is a new message')
  })

  test.each([
    [
      { kind: 'answers-again', since: LATER - MINUTE },
      'the service answers again since 12:39, being confirmed.',
    ],
    [
      { kind: 'not-observable', since: LATER - 2 * MINUTE },
      'the service was last confirmed unavailable at 12:04, not observable since 12:38.',
    ],
  ] as const)('its first line says what is proven: %j', async (proven, first) => {
    const { seen } = await afterInitial(owing(updated, { proven }), LATER)
    expect(seen.text.split('\n')[0]).toBe(`Omnicomm Online: ${first}`)
  })

  test('an update of its time says that there is nothing new', async () => {
    const outage = exampleOutage({ bulletins: { updates: 1, at: DUE + HOUR, nextAt: DUE + 2 * HOUR } })
    const { seen } = await afterInitial(owing(outage), DUE + HOUR)
    expect(seen.text).toContain(
      'There is no new information about the time of resolution since the last letter.',
    )
    expect(seen.text).toContain('Expected time of resolution: being determined.')
  })

  test('a correction says that it was an error, and why', async () => {
    const cancelled = { by: 'admin', at: LATER, reason: 'our probe was wrong' }
    const outage = exampleOutage({ state: 'cancelled', handling: { ...UNHANDLED, cancelled } })
    const { initial, seen } = await afterInitial(owing(outage), LATER)
    expect(seen.text).toContain('was an error')
    expect(seen.text).toContain('our probe was wrong')
    expect(seen.inReplyTo).toBe(initial?.messageId)
  })

  test('who joins with an update gets an initial that says the same, and never that update', async () => {
    let recipients: readonly Recipient[] = [ANNA]
    const { stores, writer } = setUp({ recipients: () => recipients })
    const first = exampleOutage({ bulletins: started })
    await stores.outages.commit({
      outages: [first],
      letters: await writer.plan([owing(first)], DUE),
      audit: [],
    })
    recipients = [ANNA, BOB]
    const letters = await writer.plan([owing(updated)], LATER)
    expect(kinds(letters.add)).toEqual(['update anna@example.org', 'initial bob@example.org'])
    expect((await parsed(letters.add[1])).text).toContain('Stated by Anna Petrova at 12:40')
    await stores.outages.commit({ outages: [updated], letters, audit: [] })
    expect(await writer.plan([owing(updated)], LATER + MINUTE)).toEqual({ add: [], supersede: [] })
  })
})

describe('planned work', () => {
  const window = { id: 'm1', from: DUE + HOUR, to: DUE + 3 * HOUR, reason: 'Replacement of disks' }

  test('is announced once, and its withdrawal goes to those who were told', async () => {
    const { stores, writer } = setUp({ recipients: () => [BOB] })
    const letters = await writer.announce(window, false, DUE)
    await stores.outbox.add(letters.add)
    expect(await writer.announce(window, false, DUE)).toEqual({ add: [], supersede: [] })
    const told = await parsed(letters.add[0])
    expect(told.subject).toBe('Planned work: Omnicomm Online, 23 November 2026')
    for (const part of [
      'What: Replacement of disks',
      'From: 23 November 2026, 13:04:13',
      'To:',
      'Duration: 2 h',
    ]) {
      expect(told.text).toContain(part)
    }
    await sendAll(stores, DUE)
    const withdrawn = await writer.announce(window, true, DUE + MINUTE)
    const seen = await parsed(withdrawn.add[0])
    expect(withdrawn.supersede).toEqual([])
    expect(withdrawn.add[0]).toMatchObject({ subject: 'm1', kind: 'announcement', sequence: 2 })
    expect(seen).toMatchObject({ subject: told.subject, inReplyTo: letters.add[0]?.messageId })
    expect(seen.text).toContain('the planned work is cancelled.')
  })

  test('that nobody was told of is withdrawn in silence', async () => {
    const { stores, writer } = setUp({ recipients: () => [BOB] })
    const letters = await writer.announce(window, false, DUE)
    await stores.outbox.add(letters.add)
    expect(await writer.announce(window, true, DUE)).toEqual({ add: [], supersede: [letters.add[0]?.id] })
  })
})

describe('letters to operators', () => {
  const OPS = ['ops@example.org', 'boss@example.org']
  const operators = (change: Partial<LetterWriterOptions> = {}) =>
    setUp({ recipients: () => [], operators: OPS, language: 'en', ...change })
  const warned = exampleOutage({ letterDueAt: null, warnedAt: DUE })

  test('warn early, with the link where the expected time is entered', async () => {
    const { writer } = operators()
    const { add } = await writer.plan([owing(warned)], DUE)
    expect(add.map(({ kind, subject, recipient }) => [kind, subject, recipient])).toEqual([
      ['operator', 'warning-20261123T080410Z', 'ops@example.org'],
      ['operator', 'warning-20261123T080410Z', 'boss@example.org'],
    ])
    const { text } = await parsed(add[0])
    expect(text).toContain('https://watch.example.org/outages/20261123T080410Z')
    expect(text).toContain('exceeds 1 h')
  })

  test('are written once, to those who have none', async () => {
    const { stores, writer } = operators()
    const { add } = await writer.plan([owing(warned)], DUE)
    await stores.outbox.add(add.slice(0, 1))
    expect(kinds((await writer.plan([owing(warned)], DUE)).add)).toEqual(['operator boss@example.org'])
    await stores.outbox.add(add)
    expect((await writer.plan([owing(warned)], DUE)).add).toEqual([])
    expect((await writer.plan([owing(warned)], DUE)).add).toEqual([])
  })

  const subjects = async (outage: Outage) =>
    (await operators({ operators: OPS.slice(0, 1) }).writer.plan([owing(outage)], DUE)).add.map(
      ({ subject }) => subject.split('-')[0],
    )
  const all = { warnedAt: DUE, operatorAlarmAt: DUE, intermittent: true }

  test.each([
    [
      'an outage that goes on',
      exampleOutage({ ...all, letterDueAt: null }),
      ['warning', 'alarm', 'intermittent'],
    ],
    ['one whose letter is due: there is nothing to order', exampleOutage(all), ['warning', 'intermittent']],
    ['one that is over: no warning', closedOutage({ ...all, letterDueAt: null }), ['alarm', 'intermittent']],
    ['a cancelled one', exampleOutage({ ...all, state: 'cancelled' }), []],
    ['one that nobody needs to know of', exampleOutage({ letterDueAt: null }), []],
  ])('for %s', async (_name, outage, expected) => {
    expect(await subjects(outage)).toEqual(expected)
  })

  test('remind of a cancelled outage; a later reminder takes the place of one that waits', async () => {
    const { stores, writer } = operators({ operators: OPS.slice(0, 1) })
    const cancelled = { by: 'admin', at: DUE, reason: 'a drill' }
    const outage = exampleOutage({ state: 'cancelled', handling: { ...UNHANDLED, cancelled } })
    const first = await writer.reminder(outage, 1, DUE)
    expect((await parsed(first.add[0])).text).toContain('Reason: a drill')
    await stores.outbox.add(first.add)
    expect(await writer.reminder(outage, 1, DUE)).toEqual({ add: [], supersede: [] })
    const second = await writer.reminder(outage, 2, DUE + HOUR)
    expect(second.add[0]).toMatchObject({ subject: `reminder-${outage.id}`, sequence: 2 })
    expect(second.supersede).toEqual([first.add[0]?.id])
  })

  test('carry notices and reports, by day and by month of the configured zone', async () => {
    const { writer } = operators({ operators: OPS.slice(0, 1) })
    const night = Date.UTC(2026, 10, 30, 21, 30)
    const reason = 'web: the password is refused; enter a new one'
    const notices = [{ topic: 'component-unusable', key: 'web', reason }] as const
    const [notice] = await writer.operatorLetter({ kind: 'notice', notices }, night)
    expect(notice?.subject).toMatch(/^notice-component-unusable-[0-9a-f]{16}-20261201$/)
    expect((await parsed(notice)).text).toContain(reason)
    const rows = ['service: 99.95 %', 'web: 99.97 %']
    const [report] = await writer.operatorLetter(
      { kind: 'report', report: { month: night, rows, sequence: 1 } },
      night,
    )
    expect(report?.subject).toBe('report-202612')
    const seen = await parsed(report)
    expect(seen.subject).toBe('Availability of Omnicomm Online: December 2026')
    expect(seen.text).toContain('service: 99.95 %\nweb: 99.97 %\n')
  })
})

describe('previews', () => {
  test.each([
    ['initial', 'Expected time of resolution: by'],
    ['update', 'What has changed'],
    ['recovery', 'End of the outage:'],
    ['combined', 'End of the outage:'],
    ['correction', 'Reason for the error: an example of a reason'],
    ['announcement', 'Planned work: Omnicomm Online'],
    ['operator', '/outages/20000101T000000Z'],
    ['test', 'This is a test letter.'],
  ] as const)('of %s stand for an outage that is invented', (kind, part) => {
    const { subject, text } = setUp().writer.preview({ kind, language: 'en' }, DUE)
    expect(`${subject}\n${text}`).toContain(part)
  })

  test.each([
    ['digest', 'en', 'What to do, by likely cause:', 'Mass silence|Terminals that fell silent together'],
    ['digest', 'ru', 'Что делать, по вероятной причине:', 'Массовое молчание'],
    ['note', 'en', 'What to do', 'The terminal lost its external supply'],
    ['note', 'ru', 'Что делать', 'терминал потерял внешнее питание'],
    ['incident', 'en', 'mobile operator "MTS"', '12 terminals'],
    ['incident', 'ru', 'оператор связи «МТС»', '12 терминалов'],
    ['incident-over', 'en', 'mobile operator "MTS"', 'about 1 h 10 min'],
    ['incident-over', 'ru', 'оператор связи «МТС»', 'около 1 ч 10 мин'],
  ] as const)('of %s in %s tell of invented terminals', (kind, language, ...parts) => {
    const { subject, text } = setUp().writer.preview({ kind, language }, DUE)
    for (const part of parts) expect(`${subject}\n${text}`).toMatch(new RegExp(part))
    expect(text).not.toMatch(/undefined|NaN|\{\{/)
  })

  test('say what is known of an outage that is given', () => {
    const { writer } = setUp()
    const { text } = writer.preview({ kind: 'recovery', language: 'ru', outage: exampleOutage() }, END)
    expect(text).toContain('Номер сбоя: 20261123T080410Z')
    expect(text).toContain('Окончание сбоя: 23 ноября 2026 г., 13:09:10')
  })
})

test('other work gets its turn while a thousand letters are written', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...BOB, email: `b${i}@example.org` }))
  const { outbox } = createMemoryStores()
  const builder = { build: async () => new Uint8Array() }
  const writer = createLetterWriter({ outbox, builder }, setUpOptions({ recipients: () => many }))
  let turns = 0
  let planning = true
  const turn = (): void => {
    turns++
    if (planning) setImmediate(turn)
  }
  setImmediate(turn)
  const { add } = await writer.plan([owing(exampleOutage())], DUE)
  planning = false
  expect(add).toHaveLength(1000)
  expect(turns).toBeGreaterThan(90)
})
