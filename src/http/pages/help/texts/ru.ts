import type { HelpTexts } from '../outline.ts'
import { administratorRu } from './administrator-ru.ts'
import { glossaryRu } from './glossary-ru.ts'
import { operatorRu } from './operator-ru.ts'
import { hurryRu, startRu } from './start-ru.ts'
import { technicianRu } from './technician-ru.ts'
import { wordsRu } from './words-ru.ts'

/** The guide in Russian. */
export const helpRu: HelpTexts = {
  title: 'Справка',
  lead: 'Коротко и по делу. Начните с того, что случилось.',
  hurry: hurryRu,
  contents: 'Содержание',
  about: 'Справка',
  parts: {
    start: 'С чего начать',
    technician: 'Технику: терминалы',
    operator: 'Оператору: сервис и письма',
    administrator: 'Администратору',
  },
  sections: { ...startRu, ...technicianRu, ...operatorRu, ...administratorRu },
  words: wordsRu,
  glossaryTitle: 'Словарик',
  glossary: glossaryRu,
}
