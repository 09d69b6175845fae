import { describe, expect, test } from 'vitest'
import { check } from '../../../src/core/request/check.ts'
import type { CheckFacts } from '../../../src/core/request/check-facts.ts'
import { checkView } from '../../../src/core/request/check-view.ts'
import { answerName, pointFields } from '../../../src/core/request/points.ts'
import { requestText } from '../../../src/core/request/request-text.ts'
import type { RequestTemplate } from '../../../src/core/request/template.ts'
import { pastedPoints } from '../../../src/core/request/template-paste.ts'
import { DAY, HOUR, SECOND } from '../../../src/core/time.ts'
import { NOW, outage, requestDrafts, terminalFacts } from '../../support/app-deps.ts'
import { checkFacts, openRequest, SILENT } from '../../support/check-facts.ts'

const RU = { language: 'ru', timezone: 'Europe/Moscow' } as const
const EN = { language: 'en', timezone: 'Europe/Moscow' } as const

function templateOf(id: string, change: Partial<RequestTemplate> = {}): RequestTemplate {
  const found = requestDrafts().find((template) => template.id === id)
  if (!found) throw new Error(`no template ${id}`)
  return { ...found, ...change }
}

function made(
  facts: CheckFacts,
  template = templateOf('no-data'),
  typed: Readonly<Record<string, string>> = {},
  reader: typeof RU | typeof EN = RU,
) {
  const fields = pointFields(template, facts, new Map(Object.entries(typed)), NOW, reader)
  const checked = checkView(facts, check(facts, template, NOW), NOW, reader)
  const draft = requestText({ template, fields, terminal: facts.view, checked }, NOW, reader)
  return { ...draft, values: Object.fromEntries(fields.map(({ key, value }) => [key, value])), fields }
}

const KNOWN = checkFacts(
  {
    ...SILENT,
    client: 'Ромашка',
    readings: { ignition: { value: true, at: NOW }, voltage: { value: 13.8, at: NOW } },
  },
  {
    said: terminalFacts({
      imei: '861234567890123',
      sim: '+79120000001',
      operator: 'МТС',
      aliases: ['20216000008', 'gw-7'],
    }),
    login: 'dealer',
    replies: {
      info: { at: NOW, told: { kind: 'info', bootloader: '7', hardware: '2', records: 1532, others: {} } },
      link: { at: NOW, told: { kind: 'link', server: '10.1.2.3', port: 9977, time: '15.01.26 10:20' } },
      stat: {
        at: NOW,
        told: { kind: 'stat', time: '', sensors: [{ number: 1, level: '512', state: 'ready' }], others: {} },
      },
    },
    contact: { id: '', name: 'Анна', phone: '+7 495 000', email: 'a@dealer.ru', hours: '' },
  },
)

describe('the points of a request', () => {
  test('are filled with all that is known', () => {
    const { values } = made(KNOWN)
    expect(values).toMatchObject({
      account: 'dealer, online.example.org',
      client: 'Ромашка',
      vehicle: 'KAMAZ',
      terminal: '354002529',
      serial: '20216000008',
      model: 'Smart 3.0',
      imei: '861234567890123',
      hardware: 'BL 7, HW 2',
      sim: '+79120000001, МТС',
      many: 'один терминал',
      readings: 'зажигание включено, напряжение 13,8 В',
      contact: 'Анна, +7 495 000, a@dealer.ru',
      leds: '',
      tried: '',
    })
    expect(values['firmware']).toContain('120, актуальна')
    expect(values['archive']).toContain('1532')
    expect(values['link']).toContain('10.1.2.3:9977')
    expect(values['period']).toMatch(/^с 15 января 2026 г\., 11:00 .* по 15 января 2026 г\., 13:00/)
    expect(made(KNOWN, templateOf('fuel')).values['sensors']).toMatch(
      /^L1: 512, готов \(15 января 2026 г\., 13:00 .*\)$/,
    )
  })

  test('that are required and empty are missing, and what a person typed fills them', () => {
    expect(made(KNOWN).missing).toEqual(['leds', 'tried', 'documentation'])
    const typed = { leds: 'GSM red', tried: 'restart\nno result', documentation: 'LEDs', vehicle: '' }
    const { missing, text, values } = made(KNOWN, templateOf('no-data'), typed)
    expect(missing).toEqual(['vehicle'])
    expect(values['vehicle']).toBe('')
    expect(text).toContain('restart\n   no result')
  })

  test('ask for a ticket number as soon as there is a ticket', () => {
    const facts = checkFacts(SILENT, { requests: [openRequest({ ticket: '4711' })] })
    expect(made(facts).fields.find(({ key }) => key === 'ticket')).toMatchObject({
      value: '4711',
      required: true,
    })
    expect(made(checkFacts()).fields.find(({ key }) => key === 'ticket')?.required).toBe(false)
  })

  test('tell the time of a reading that is older than the last data, and of no other', () => {
    const readings = {
      ignition: { value: true, at: NOW - HOUR },
      voltage: { value: 13.8, at: NOW - 3 * DAY },
      satellites: { value: 7, at: NOW - HOUR - 30 * SECOND },
    }
    const facts = checkFacts({ ...SILENT, dataAt: NOW - HOUR, readings })
    expect(made(facts).values['readings']).toMatch(
      /^зажигание включено, напряжение 13,8 В \(12 января 2026 г\., 13:00 [^)]*\)*, спутников 7$/,
    )
  })

  test('say nothing of one terminal where the service is the problem', () => {
    const service = templateOf('service-unavailable')
    const requests = [openRequest({ ticket: '4711' })]
    const { values, missing, subject } = made({ ...KNOWN, requests }, service)
    expect(values).toMatchObject({ many: '', period: '', ticket: '' })
    expect(missing).toEqual(expect.arrayContaining(['many', 'period']))
    expect(subject).toBe('Omnicomm Online недоступен')
    const down = outage({ id: 'o', state: 'open', start: NOW - HOUR, end: null })
    const status = { ...KNOWN.service.status, state: 'down' as const, outage: down }
    const known = made({ ...KNOWN, service: { ...KNOWN.service, status } }, service)
    expect(known.values['period']).toMatch(/^с 15 января 2026 г\., 12:00 .* по 15 января 2026 г\., 13:00/)
    const thread = openRequest({ problem: 'service-unavailable', ticket: '4712', terminals: [] })
    expect(made({ ...KNOWN, requests: [...requests, thread] }, service).values['ticket']).toBe('4712')
  })

  test('keep an answer where another kind of problem asks for the same, and nowhere else', () => {
    const list = (...labels: readonly string[]) => {
      const points = pastedPoints(labels.join('\n'), templateOf('no-data'))
      return templateOf('no-data', points.ok ? { points: points.points } : {})
    }
    const [one, two] = [list('Опишите подробно', 'IMEI'), list('Фото места', 'Опишите подробно', 'IMEI')]
    const typed = Object.fromEntries(one.points.map((point, n) => [answerName(point), `answer ${n}`]))
    expect(made(KNOWN, one, typed).values).toEqual({ p1: 'answer 0', imei: 'answer 1' })
    expect(made(KNOWN, two, typed).values).toEqual({ p1: '', p2: '', imei: 'answer 1' })
  })

  test('are not filled by a part: an operator is no SIM number', () => {
    const facts = checkFacts(SILENT, { said: terminalFacts({ operator: 'МТС' }) })
    expect(made(facts).missing).toContain('sim')
  })

  test('never ask for a password, and are asked once each', () => {
    for (const { points } of requestDrafts()) {
      const keys = points.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
      const labels = points.map(({ label }) => `${label.ru} ${label.en}`).join('\n')
      expect(labels.replaceAll(/\(без пароля\)|\(never the password\)/g, '')).not.toMatch(/парол|password/i)
    }
  })
})

describe('the text of a request', () => {
  test('says plainly that its points are a draft, and not once they are official', () => {
    expect(made(KNOWN).text).toMatch(/^\[ЧЕРНОВИК: .*doc\.omnicomm\.ru\/ru\/faq/)
    expect(made(KNOWN, templateOf('no-data'), {}, EN).text).toMatch(/^\[DRAFT: /)
    const official = templateOf('no-data', { status: 'official', source: 'FAQ' })
    expect(made(KNOWN, official).text).toMatch(/^Проблема: Нет данных от терминала\n/)
  })

  test('numbers the points, marks what is missing, leaves out optional ones and holds the record of the check', () => {
    const { text, subject } = made(checkFacts(SILENT))
    expect(subject).toBe('Нет данных от терминала: терминал 354002529, KAMAZ')
    expect(text).toContain('1. Логин учётной записи и адрес сервера (без пароля): (не заполнено)')
    expect(text).toContain('2. Название ТС: KAMAZ')
    expect(text).not.toContain('Вложения')
    expect(text).toContain('Проверено до обращения, 15 января 2026 г., 13:00')
    expect(text).toContain('[-] Данные неактуальны: возраст 2 ч при пороге 30 мин')
  })

  test('tells support nothing of our own register', () => {
    const requests = [openRequest({ problem: 'fuel' })]
    const { text } = made(checkFacts(SILENT, { requests, disputed: true }))
    expect(text).not.toMatch(/R-2026-0001|учёт[еа ]|справочник/)
  })

  test('about money is not for technical support', () => {
    expect(made(KNOWN, templateOf('finance')).text).toContain('не в техническую поддержку')
  })

  test('has one line of subject and answers of bounded length, whatever names hold', () => {
    const { subject, text } = made(
      checkFacts({ name: `evil\r\nBcc: x@example.org ${'x'.repeat(500)}` }),
      templateOf('no-data'),
      { tried: 'y'.repeat(5000) },
    )
    expect(subject).not.toMatch(/[\r\n]/)
    expect(subject.length).toBeLessThanOrEqual(150)
    expect(/y+/.exec(text)?.[0].length).toBe(2000)
  })
})
