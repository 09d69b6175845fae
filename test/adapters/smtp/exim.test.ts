import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { createMailBuilder } from '../../../src/adapters/smtp/build.ts'
import { createSmtpTransport } from '../../../src/adapters/smtp/transport.ts'
import type { NewLetter } from '../../../src/core/letters/letter.ts'
import type { Notice } from '../../../src/core/letters/notice.ts'
import { createCourier } from '../../../src/workers/courier.ts'
import {
  describeWithExim,
  EXIM_PASSWORD,
  EXIM_SIZE_LIMIT,
  EXIM_USER,
  type Exim,
  startExim,
} from '../../support/exim.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { newLetter } from '../../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'

const FROM = 'Служба «Омником» <watch@example.org>'
const TEXTS = {
  ru: { subject: 'Omnicomm Online: недоступность сервиса', text: 'Сервис недоступен.\n.\n..точки\n' },
  en: { subject: 'Omnicomm Online: service outage', text: 'The service is not available.\n.\n..dots\n' },
}

describeWithExim('letters through Exim', () => {
  let exim: Exim
  beforeAll(async () => {
    exim = await startExim()
  })
  afterAll(() => exim?.dispose())

  async function letterTo(recipient: string, { subject, text } = TEXTS.en): Promise<NewLetter> {
    const letter = newLetter({ recipient, subject: `outage-${recipient}` })
    const html = `<p>${text}</p>`
    const date = letter.dueAt
    const mime = await createMailBuilder().build({
      ...letter,
      from: FROM,
      to: recipient,
      subject,
      text,
      html,
      date,
    })
    return { ...letter, mime }
  }

  /** Sends them with the real courier; resolves when each has had an attempt. */
  async function send(letters: readonly NewLetter[], login = '', query = '') {
    const clock = createFakeClock(letters[0]?.dueAt)
    const { outbox } = createMemoryStores()
    const url = `smtp://${login}127.0.0.1:${exim.port}${query}`
    const transport = createSmtpTransport({ url })
    const notices: Notice[] = []
    const courier = createCourier({
      clock,
      outbox,
      transport,
      log: createRecordingLog(),
      metrics: createRecordingMetrics(),
      notices: { raise: (notice) => notices.push(notice) },
    })
    onTestFinished(transport.close)
    await outbox.add(letters)
    courier.start()
    const all = async () => (await outbox.list({ limit: 100 })).items
    await until(async () => (await all()).every(({ attempts }) => attempts.length > 0), 15_000)
    const [only] = await all()
    return { letters: await all(), only, notices, warnings: courier.warnings() }
  }

  /** What lies in the mailbox with this Message-ID, complete as it arrived. */
  async function arrived({ messageId }: NewLetter): Promise<string> {
    let found: string | undefined
    await until(async () => {
      found = (await exim.delivered()).find((text) => text.includes(messageId))
      return found !== undefined
    }, 15_000)
    return found ?? ''
  }

  test.each(['ru', 'en'] as const)('arrive as they were written, header and body (%s)', async (language) => {
    const letter = await letterTo(`anna-${language}@example.org`, TEXTS[language])
    const { only } = await send([letter])
    expect(only).toMatchObject({ state: 'sent', attempts: [{ reply: expect.stringMatching(/^250 OK id=/) }] })
    const text = await arrived(letter)
    // Exim puts its lines in front and stores with bare line feeds: nothing else may be different.
    expect(text.endsWith(Buffer.from(letter.mime).toString('latin1').replaceAll('\r\n', '\n'))).toBe(true)
    const seen = await PostalMime.parse(text)
    expect(seen).toMatchObject({
      subject: TEXTS[language].subject,
      from: { name: 'Служба «Омником»', address: 'watch@example.org' },
      to: [{ address: letter.recipient }],
      messageId: letter.messageId,
    })
    expect(seen.text?.replaceAll('\r\n', '\n').trim()).toBe(TEXTS[language].text.trim())
    expect(seen.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
  })

  test('to a mailbox that does not exist are dead, to the others they come', async () => {
    const letters = await Promise.all(
      ['one@example.org', 'nobody@example.org', 'two@example.org'].map((address) => letterTo(address)),
    )
    const result = await send(letters)
    const states = new Map(result.letters.map(({ recipient, state }) => [recipient, state]))
    expect(states).toEqual(
      new Map([
        ['one@example.org', 'sent'],
        ['nobody@example.org', 'dead'],
        ['two@example.org', 'sent'],
      ]),
    )
    expect(result.notices).toMatchObject([{ topic: 'letter-dead', reason: expect.stringContaining('5.1.1') }])
  })

  test('to a mailbox that asks for patience wait, and nobody is alarmed', async () => {
    const { only, notices, warnings } = await send([await letterTo('later@example.org')])
    expect(only).toMatchObject({ state: 'retry', bodyHandedOver: false })
    expect([...notices, ...warnings]).toEqual([])
  })

  test('that are too long are refused as a whole: that is for operators', async () => {
    const text = 'word '.repeat(EXIM_SIZE_LIMIT / 4)
    const { only, notices } = await send([await letterTo('anna@example.org', { ...TEXTS.en, text })])
    expect(only).toMatchObject({ state: 'retry', attempts: [{ reply: expect.stringMatching(/^552 /) }] })
    expect(notices).toMatchObject([{ topic: 'relay-refuses' }])
  })

  test('go in TLS where it is offered, with a login where there is one', async () => {
    const letter = await letterTo('private@example.org')
    const login = `${EXIM_USER}:${encodeURIComponent(EXIM_PASSWORD)}@`
    expect((await send([letter], login, '?requireTLS=true')).only?.state).toBe('sent')
    expect(await arrived(letter)).toMatch(/with esmtpsa.*TLS1/s)
  })

  test('without the login that a mailbox asks for wait, and operators are told', async () => {
    const { only, notices } = await send([await letterTo('private@example.org')])
    expect(only).toMatchObject({ state: 'retry', bodyHandedOver: false })
    expect(notices).toMatchObject([{ topic: 'relay-refuses', reason: expect.stringContaining('5.7.1') }])
  })

  test('with a wrong password wait, and operators are told', async () => {
    const { only, notices } = await send([await letterTo('anna@example.org')], 'watch:wrong@')
    expect(only).toMatchObject({ state: 'retry', attempts: [{ reply: expect.stringMatching(/^535 /) }] })
    expect(notices).toMatchObject([{ topic: 'relay-refuses' }])
  })
})
