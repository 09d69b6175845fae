import { describe, expect, test } from 'vitest'
import { LONGEST_LABEL, MOST_POINTS, pastedPoints } from '../../../src/core/request/template-paste.ts'
import { requestDrafts } from '../../support/app-deps.ts'

const draft = requestDrafts()[0] ?? { points: [] }

function points(text: string) {
  const pasted = pastedPoints(text, draft)
  if (!pasted.ok) throw new Error(`${pasted.fault} ${pasted.line}`)
  return pasted.points.map(({ key, label, required, from }) => [label.ru, key, from, required])
}

describe('official points', () => {
  test('are read one a line, without the marks of lists', () => {
    expect(
      points('1. Логин в Omnicomm Online\r\n2) IMEI терминала;\n\n - Что сделано (если есть)\n• Фото:'),
    ).toEqual([
      ['Логин в Omnicomm Online', 'p1', 'account', true],
      ['IMEI терминала', 'p2', 'imei', true],
      ['Что сделано', 'p3', 'ask', false],
      ['Фото', 'p4', 'ask', true],
    ])
  })

  test('that say the same as a point of the draft are filled from where that one is', () => {
    expect(points('Terminal id\nНазвание ТС.\nНазвание ТС')).toEqual([
      ['Terminal id', 'terminal', 'terminal', true],
      ['Название ТС.', 'vehicle', 'vehicle', true],
      ['Название ТС', 'vehicle-2', 'vehicle', true],
    ])
  })

  test.each([
    ['Версия прошивки', 'firmware'],
    ['Серийный номер', 'serial'],
    ['ID терминала (регистратора)', 'terminal'],
    ['Модель оборудования', 'model'],
    ['Номер SIM-карты', 'sim'],
    ['Время последних данных', 'lastData'],
    ['Описание', 'ask'],
    ['Марка и модель ТС', 'ask'],
    ['Vehicle model', 'ask'],
    ['Модель датчика уровня топлива', 'ask'],
    ['Серийный номер ДУТ', 'ask'],
    ['Прошивка LLS', 'ask'],
    ['Serial number of the sensor', 'ask'],
    ['Период отправки данных', 'ask'],
    ['Период, за который нет данных', 'period'],
    ['Госномер ТС', 'vehicle'],
  ])('%s is filled from %s', (label, from) => {
    expect(points(label)[0]?.[2]).toBe(from)
  })

  test.each([
    ['', 'empty', 1],
    [' \n-\n', 'empty', 1],
    [`a\n${'x'.repeat(LONGEST_LABEL + 1)}`, 'too-long', 2],
    ['a\n'.repeat(MOST_POINTS + 1), 'too-many', MOST_POINTS + 1],
  ])('are refused where they cannot be a list', (text, fault, line) => {
    expect(pastedPoints(text, draft)).toEqual({ ok: false, fault, line })
  })
})
