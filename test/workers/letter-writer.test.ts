import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import type { NewLetter, Recipient } from '../../src/core/letters/letter.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { Stores } from '../../src/ports.ts'
import { createLetterWriter, type LetterWriterOptions } from '../../src/workers/letter-writer.ts'
import { ANNA, BOB, closedOutage, exampleOutage, OUTAGE_START, shippedTemplates } from '../support/letters.ts'

const DUE = OUTAGE_START + HOUR + 3 * SECOND
const END = OUTAGE_START + 2 * HOUR + 5 * MINUTE

function setUpOptions(change: Partial<LetterWriterOptions> = {}): LetterWriterOptions {
  return {
    from: 'Omnicomm Online <watch@example.org>',
    recipients: () => [ANNA, BOB],
    templates: shippedTemplates(),
    timezone: 'Europe/Moscow',
    serviceName: 'Omnicomm Online',
    baseUrl: 'https://online.omnicomm.ru',
    updateEveryMs: HOUR,
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
    const first = await writer.plan(outages, DUE)
    expect(kinds(first.add)).toEqual(['initial anna@example.org', 'initial bob@example.org'])
    expect(await writer.plan(outages, DUE)).toEqual(first)
    await stores.outages.commit({ outages, letters: first })
    expect(await writer.plan(outages, DUE + MINUTE)).toEqual({ add: [], supersede: [] })
  })

  test('writes nothing for an outage whose letter is not due', async () => {
    const { writer } = setUp()
    const change = await writer.plan([exampleOutage({ letterDueAt: null })], DUE)
    expect(change).toEqual({ add: [], supersede: [] })
  })

  test('answers each recipient in the thread of his own initial letter', async () => {
    const { stores, writer } = setUp()
    const initials = await writer.plan([exampleOutage()], DUE)
    await stores.outages.commit({ outages: [exampleOutage()], letters: initials })
    await sendAll(stores, DUE)
    const recoveries = await writer.plan([closedOutage()], END)
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
      letters: await writer.plan([exampleOutage()], DUE),
    })
    const [claimed] = await stores.outbox.claim(DUE, 1)
    const attempt = { at: DUE, result: 'filed', reply: 'a.eml' }
    const filed = { state: 'filed', nextAt: null, sentAt: null, bodyHandedOver: false, attempt } as const
    await stores.outbox.settle(claimed?.letter.id ?? '', filed)
    const closed = [closedOutage()]
    expect(kinds((await writer.plan(closed, END)).add)).toEqual(['recovery anna@example.org'])
    const options = { ...setUpOptions({ recipients: () => [ANNA] }), filedIsLeft: false }
    const sending = createLetterWriter({ outbox: stores.outbox, builder: createMailBuilder() }, options)
    expect(kinds((await sending.plan(closed, END)).add)).toEqual(['combined anna@example.org'])
  })

  test('plans anew when an initial was claimed in between: recovery instead of combined', async () => {
    const { stores, writer } = setUp({ recipients: () => [ANNA] })
    await stores.outages.commit({
      outages: [exampleOutage()],
      letters: await writer.plan([exampleOutage()], DUE),
    })
    const early = await writer.plan([closedOutage()], END)
    expect(kinds(early.add)).toEqual(['combined anna@example.org'])
    await stores.outbox.claim(END, 10)
    expect(await stores.outages.commit({ outages: [closedOutage()], letters: early })).toBe('conflict')
    const late = await writer.plan([closedOutage()], END)
    expect(kinds(late.add)).toEqual(['recovery anna@example.org'])
    expect(await stores.outages.commit({ outages: [closedOutage()], letters: late })).toBe('committed')
  })

  test('writes to a recipient who was added during the outage', async () => {
    let recipients: readonly Recipient[] = [ANNA]
    const { stores, writer } = setUp({ recipients: () => recipients })
    const letters = await writer.plan([exampleOutage()], DUE)
    await stores.outages.commit({ outages: [exampleOutage()], letters })
    recipients = [ANNA, BOB]
    expect(kinds((await writer.plan([exampleOutage()], DUE + MINUTE)).add)).toEqual([
      'initial bob@example.org',
    ])
  })

  test('reads an outbox of more than one page', async () => {
    const many = Array.from({ length: 1_203 }, (_, i) => ({ ...BOB, email: `b${i}@example.org` }))
    const { stores, writer } = setUp({ recipients: () => many })
    const letters = await writer.plan([exampleOutage()], DUE)
    expect(letters.add).toHaveLength(1_203)
    await stores.outages.commit({ outages: [exampleOutage()], letters })
    expect(await writer.plan([exampleOutage()], DUE)).toEqual({ add: [], supersede: [] })
  })

  test('refuses a sender that is no address', () => {
    expect(() => setUp({ from: 'nobody' })).toThrow('letters.from')
  })
})

describe('what a letter says', () => {
  const say = async (outage: Parameters<typeof exampleOutage>[0], recipient: Recipient, closed = false) => {
    const { writer } = setUp({ recipients: () => [recipient] })
    const plan = await writer.plan(
      [closed ? closedOutage(outage) : exampleOutage(outage)],
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
        'до 1 ч 1 мин',
        'web, api',
        'Срок решения проблемы: определяется.',
        'не позднее: 23 ноября 2026 г., 13:04:13 (Europe/Moscow, UTC+03:00)',
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
        'up to 1 h 1 min',
        'Expected time of resolution: being determined.',
        'no later than: 23 November 2026, 13:04:13 (Europe/Moscow, UTC+03:00)',
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
    ],
    ['English', BOB, 'End of the outage: 23 November 2026, 13:04:10', 'Confirmed downtime in total: 1 h 2 s'],
  ])('the combined letter in %s', async (_language, recipient, end, total) => {
    const { text, inReplyTo } = await say({}, recipient, true)
    expect(text).toContain(end)
    expect(text).toContain(total)
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
