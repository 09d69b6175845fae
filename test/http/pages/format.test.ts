import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { createFormat } from '../../../src/http/pages/format.ts'
import { TEXTS } from '../../../src/http/pages/texts.ts'
import { NOW } from '../../support/app-deps.ts'

const ru = createFormat('ru', TEXTS.ru, 'Europe/Moscow', NOW)
const en = createFormat('en', TEXTS.en, 'Asia/Vladivostok', NOW)

const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

test.each([
  [0, '0 с'],
  [0.6, '1 мс'],
  [999, '999 мс'],
  [59 * SECOND, '59 с'],
  [MINUTE, '1 мин'],
  [90 * SECOND, '1 мин 30 с'],
  [HOUR + 12 * MINUTE + 59 * SECOND, '1 ч 12 мин'],
  [3 * DAY + 4 * HOUR + 5 * MINUTE, '3 дн 4 ч'],
  [DAY + 5 * MINUTE, '1 дн'],
  [-5, '0 с'],
])('%i ms are %s', (ms, text) => {
  expect(spaced(ru.duration(ms))).toBe(text)
})

test('times are in the configured zone, with the date when it is another day there', () => {
  expect(ru.moment(NOW)).toBe('13:00')
  expect(ru.moment(NOW - 14 * HOUR)).toBe('14 янв., 23:00')
  expect(en.moment(NOW)).toBe('20:00')
  expect(en.moment(NOW - 21 * HOUR)).toBe('14 Jan, 23:00')
  expect(spaced(ru.precise(NOW))).toBe('15 янв. 2026 г., 13:00:00')
})

test.each([
  [0.99999, 'down', '99,99 %'],
  [0.99991, 'up', '100,00 %'],
  [0.57, 'down', '57,00 %'],
  [0.57, 'up', '57,00 %'],
  [0.1 + 0.2, 'up', '30,00 %'],
  [1, 'down', '100,00 %'],
  [0, 'up', '0,00 %'],
] as const)('%d rounded %s is %s', (share, side, text) => {
  expect(spaced(ru.percent(share, side))).toBe(text)
})

test.each([
  [1, '1 клиент'],
  [2, '2 клиента'],
  [5, '5 клиентов'],
  [11, '11 клиентов'],
  [21, '21 клиент'],
  [112, '112 клиентов'],
])('%i is counted as %s', (count, text) => {
  expect(TEXTS.ru.moreClients(count)).toBe(text)
})
