import { describe, expect, test } from 'vitest'
import { causeView } from '../../../../src/core/freshness/diagnosis/cause-view.ts'
import { CAUSE_CODES, type CauseCode } from '../../../../src/core/freshness/diagnosis/codes.ts'
import type { Evidence, Finding } from '../../../../src/core/freshness/diagnosis/finding.ts'
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts'

const smart = { model: 'Smart 3.0' }
const find = (code: CauseCode, ...evidence: readonly Evidence[]): Finding => ({
  code,
  confidence: 'medium',
  evidence,
})

describe('a cause in words', () => {
  test('tells facts with numbers, units and times', () => {
    const finding = find(
      'vehicle-battery',
      { kind: 'ignition', on: false },
      { kind: 'supply', volts: 11.52, system: 12 },
      { kind: 'supply-fell', fromVolts: 12.6, volts: 11.52 },
      { kind: 'contact', agoMs: 9 * HOUR + 5 * MINUTE + 30 * SECOND },
    )
    expect(causeView(finding, 'ru', smart).evidence).toEqual([
      'зажигание было выключено',
      'напряжение питания 11,5 В (бортовая сеть 12 В)',
      'с выключения зажигания напряжение упало с 12,6 до 11,5 В',
      'последний контакт 9 ч 5 мин назад',
    ])
    expect(causeView(finding, 'en', smart).evidence).toEqual([
      'the ignition was off',
      'supply 11.5 V (vehicle of 12 V)',
      'since the ignition went off the supply fell from 12.6 to 11.5 V',
      'last contact 9 h 5 min ago',
    ])
  })

  test.each(CAUSE_CODES)('%s has a sentence and a next step in both languages', (code) => {
    for (const language of ['ru', 'en'] as const) {
      const { text, nextStep, confidence } = causeView(find(code), language, smart)
      expect(text).toMatch(/^[A-ZА-Я].*\.$/)
      expect(nextStep).toMatch(/^[A-ZА-Я].*\.$/)
      expect(nextStep).not.toMatch(/undefined|\{|\}/)
      expect(confidence).toBe('medium')
    }
  })

  test('gives the SMS commands of the documented model as they are', () => {
    const { nextStep } = causeView(find('unknown'), 'en', smart)
    for (const command of ['*GETINFO#', '*GETLINK#', '*GETSTAT#', '*CONNECT#', '*RESET#']) {
      expect(nextStep).toContain(command)
    }
    expect(nextStep).not.toContain('documentation')
    expect(causeView(find('sim'), 'ru', smart).nextStep).toContain('*SETAPN <apn>#')
    expect(causeView(find('antenna'), 'ru', smart).nextStep).toContain('*GPSCOLD#')
  })

  test.each(CAUSE_CODES)('never gives %s of an OBD terminal a command that it does not take', (code) => {
    for (const language of ['ru', 'en'] as const) {
      const asked = causeView(find(code), language, smart).nextStep
      const { nextStep } = causeView(find(code), language, { model: 'OBD II' })
      expect(nextStep).not.toMatch(/\*[A-Z]/)
      expect(/OBD/.test(nextStep)).toBe(asked.includes('*'))
    }
  })

  test('says of other models that their commands may differ', () => {
    expect(causeView(find('unknown'), 'en', { model: 'Profi 3.0' }).nextStep).toContain(
      'see the documentation',
    )
    expect(causeView(find('unknown'), 'ru', { model: '' }).nextStep).toContain('Модель терминала не указана')
  })

  test.each([
    ['Smart 3.0', 'Конфигуратор 6'],
    ['Profi 1.0', 'Конфигуратор 5.'],
    ['', 'оба, 5 и 6'],
  ])('names the Configurator for a visit to %j', (model, expected) => {
    expect(causeView(find('antenna'), 'ru', { model }).nextStep).toContain(expected)
    expect(causeView(find('sleep'), 'ru', { model }).nextStep).not.toContain('Конфигуратор')
  })

  test('sends nobody anywhere when it was we who did not hear', () => {
    const { text, nextStep } = causeView(find('unknown', { kind: 'not-heard', source: 'gate' }), 'en', smart)
    expect(text).toContain('we did not hear')
    expect(nextStep).not.toMatch(/SMS|Configurator/)
  })
})
