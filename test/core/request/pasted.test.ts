import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPastedNames, findPasted, MOST_PASTED } from '../../../src/core/request/pasted-list.ts'
import { folded, readName } from '../../../src/core/request/pasted-names.ts'
import { pastedWords } from '../../../src/core/request/pasted-text.ts'

const FLEET = [
  ['354002529', 'КАМАЗ А123ВС77'],
  ['354002530', 'Газель Ромашка-2'],
  ['354002531', 'М 777 ММ 199'],
  ['354002532', 'Трактор'],
  ['354002533', 'Трактор'],
  ['354002534', 'MAN TGX'],
  ['354002535', 'KAMAZ A124BC77'],
  ['354002536', 'Автобус Х 125 ХХ 177'],
  ['354002537', 'Автокран КС-45717 А126ВС 77'],
] as const
const NAMES: Readonly<Record<string, string>> = { '861234567890123': '354002529' }

function find(text: string) {
  const words = pastedWords(text)
  const names = createPastedNames(words)
  for (const [id, name] of FLEET) names.add(id, name)
  const exact = (word: string): string | undefined => NAMES[word] ?? FLEET.find(([id]) => id === word)?.[0]
  const { found, notFound } = findPasted(words, { exact, named: names.named, plated: names.plated })
  return { found: found.map(({ ids }) => ids.join(' ')), notFound }
}

describe('a pasted text names the terminal', () => {
  test.each([
    ['by its id', 'Не работает 354002529.', '354002529'],
    ['by its IMEI', 'IMEI: 861234567890123', '354002529'],
    ['by the plate in its name', 'Машина А123ВС77 без данных 5 дней', '354002529'],
    ['by a plate in Latin letters', 'truck A123BC77', '354002529'],
    ['by a plate in small letters with blanks', 'а 123 вс 77 стоит', '354002529'],
    ['by a plate that is its name, however it is cut', 'M777MM199', '354002531'],
    ['by its name, whatever stands between its words', 'Проверьте ГАЗЕЛЬ «Ромашка 2»', '354002530'],
    ['by a plate with the mark of the country', 'А123ВС77RUS и А 123 ВС 77 rus', '354002529'],
    ['by a plate without its region', 'машина А123ВС не едет', '354002529'],
    ['by an id behind its label', 'ID:354002529', '354002529'],
    ['by an id at its label', 'id354002529', '354002529'],
    ['by a plate at its label', 'номер:А123ВС77', '354002529'],
    ['by a plate at another label', 'г/н:А123ВС77, водитель в рейсе', '354002529'],
    ['by an IMEI at its label', 'IMEI861234567890123', '354002529'],
    ['by an id in groups', 'терминал 354 002 529', '354002529'],
    ['by an id with signs that nobody sees', '354\u200b002529', '354002529'],
    ['by a foreign name with look-alike letters', 'МАN TGХ', '354002534'],
  ])('%s', (_, text, id) => {
    expect(find(text).found).toEqual([id])
  })

  test('each of a mail of several lines, by the plates in their names', () => {
    const mail = [
      'Добрый день! Нет данных А123ВС77',
      'и A124BC77 (с утра), также',
      '',
      '- Х125ХХ 177: стоит 2 дня',
      '- автокран КС-45717, г/н А 126 ВС 77 RUS.',
      'С уважением, ООО «Ромашка»',
    ].join('\r\n')
    expect(find(mail).found).toEqual(['354002529', '354002535', '354002536', '354002537'])
  })

  test('and once only, however often it is named', () => {
    expect(find('354002529\n354002529, А123ВС77').found).toEqual(['354002529'])
  })

  test.each(['354002529/354002530', '354002529-354002530', '354002529+354002530', '354002529;354002530'])(
    'as does each of several without blanks: %s',
    (text) => {
      expect(find(text).found).toEqual(['354002529', '354002530'])
    },
  )

  test('and a telephone number is no id, although its digits are', () => {
    const digits = pastedWords('8 912 345-67-89').map(({ text }) => text)
    expect(digits).not.toContain('89123456789')
  })

  test('and where several fit, all are offered', () => {
    expect(find('Трактор').found).toEqual(['354002532 354002533'])
  })
})

describe('what nobody has', () => {
  test.each([
    ['an id', '354999999', ['354999999']],
    ['a plate', 'О 001 ОО 99 не едет', ['О 001 ОО 99']],
    ['a plate before other numbers', 'О001ОО99 5 дней', ['О001ОО99']],
    ['a telephone number', '+7 912 345-67-89, 89123456789', []],
    ['telephone numbers in other spellings', '8 (912) 3456789, 8(495)1234567, 84951234567, 88001234567', []],
    [
      'the numbers of a firm',
      'ИНН 7701234567 КПП 770101001 ОГРН 1027700132195, 115114, Москва, р/с 40702810900000012345, БИК 044525225',
      [],
    ],
    ['a date or a contract in figures', 'договор 123456 от 20260115', []],
    ['a date', '15.01.2026 10:20:30', []],
    ['plain words', 'Добрый день, нет данных, помогите', []],
  ])('is told when it looks like an id: %s', (_, text, notFound) => {
    expect(find(text)).toEqual({ found: [], notFound })
  })
})

describe('any text', () => {
  test('is looked through without a fault, and no more than 200 words are told', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { found, notFound } = find(text)
        expect(found.length + notFound.length).toBeLessThanOrEqual(MOST_PASTED)
      }),
    )
    const many = Array.from({ length: 500 }, (_, n) => String(500_000_000 + n)).join('\n')
    expect(find(many).notFound).toHaveLength(MOST_PASTED)
  })

  test('a name is compared without look-alikes', () => {
    expect(folded('А 123 вс-77')).toBe('A123BC77')
  })
})

describe('the plate in a name', () => {
  test.each([
    ['КАМАЗ 5490 А123ВС777', 'A123BC777'],
    ['KAMAZ A124BC77', 'A124BC77'],
    ['Грузовик А123ВС77', 'A123BC77'],
    ['Scania А125ВС77', 'A125BC77'],
    ['Трактор 1234 АВ 77', '1234AB77'],
    ['Автобус АВ 123 77', 'AB12377'],
    ['Прицеп АН1234 77', 'AH123477'],
    ['Экскаватор, а 123 вс-77 (Север)', 'A123BC77'],
    ['А123ВС 77 КАМАЗ', 'A123BC77'],
    ['Кран А123ВС77RUS', 'A123BC77'],
    ['Volvo А123ВС/777 rus', 'A123BC777'],
    ['Тонар А 123 В С 77', 'A123BC77'],
    ['МАЗА123ВС77', 'A123BC77'],
    ['5490А123ВС77', 'A123BC77'],
  ])('of "%s" is %s', (name, plate) => {
    expect(readName(name).plate).toBe(plate)
  })

  test.each(['Кран КС-45717 А123ВС77', 'ТС 12345, А123ВС77', 'Урал 4320 АВ 77 А123ВС77'])(
    'is that of the truck, whatever else looks like one: "%s"',
    (name) => {
      expect(readName(name).plate).toBe('A123BC77')
    },
  )

  test.each([
    'Трактор 5',
    'КАМАЗ 65115 АВ 77',
    'MAN TGX 18.440',
    'А123ВС7777',
    'ABCA123BC77',
    'Нива А123ВС',
    '',
  ])('is none: "%s"', (name) => {
    expect(readName(name).plate).toBeUndefined()
  })
})
