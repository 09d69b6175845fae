import { describe, expect, test } from 'vitest'
import {
  contactFor,
  contactLine,
  type DealerContact,
  isPersonalMail,
  namesMessenger,
} from '../../../src/core/people/dealer-contact.ts'

const contact = (id: string, change: Partial<DealerContact> = {}): DealerContact => ({
  id,
  name: '',
  phone: '+7 495 000-00-00',
  email: '',
  hours: '',
  ...change,
})

test.each([
  ['t.me/anna', true],
  ['https://t.me/anna', true],
  ['wa.me/79990000000', true],
  ['WhatsApp +7 999 000-00-00', true],
  ['whats app', true],
  ['вотсап', true],
  ['Viber', true],
  ['пишите в Телеграм', true],
  ['telegram: @anna', true],
  ['tg://resolve?domain=anna', true],
  ['skype: anna', true],
  ['Скайп anna', true],
  ['тг: @anna_1', true],
  ['ТГ @anna_1', true],
  ['пишите @anna_support', true],
  ['max.ru/anna', true],
  ['мессенджер MAX', true],
  ['vk.com/anna', true],
  ['Анна Иванова', false],
  ['anna@example.org', false],
  ['support@vk.com', false],
  ['ООО «Сигнал»', false],
  ['ООО «ТГК-1»', false],
  ['support@start.me', false],
  ['budget.me', false],
  ['+7 495 000-00-00', false],
])('%j names a messenger: %s', (text, names) => {
  expect(namesMessenger(text)).toBe(names)
})

test.each([
  ['anna@gmail.com', true],
  ['anna@MAIL.RU', true],
  ['anna@yandex.ru', true],
  ['anna@bk.ru', true],
  ['support@dealer.ru', false],
  ['gmail.com@dealer.ru', false],
  ['', false],
])('%j is personal mail: %s', (email, personal) => {
  expect(isPersonalMail(email)).toBe(personal)
})

describe('the contact for a dealer', () => {
  const own = contact('Dealer')
  const common = contact('')
  test('is his own, else that of everybody, else none', () => {
    const both = new Map([own, common].map((each) => [each.id, each]))
    expect(contactFor(both, 'Dealer')).toBe(own)
    expect(contactFor(both, 'Other')).toBe(common)
    expect(contactFor(new Map([['Dealer', own]]), 'Other')).toBeUndefined()
  })

  test('is one line without empty parts', () => {
    expect(contactLine(contact('', { name: 'Support', email: 's@d.ru', hours: '9-18' }))).toBe(
      'Support, +7 495 000-00-00, s@d.ru (9-18)',
    )
    expect(contactLine(contact(''))).toBe('+7 495 000-00-00')
  })
})
