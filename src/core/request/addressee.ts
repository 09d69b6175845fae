import type { Language } from '../letters/letter.ts'
import type { ProblemSubject } from './template.ts'

/** Who gets a request: technical support, or the department for financial and warranty questions (regulation, point 8). */
export const ADDRESSEES = ['support', 'department'] as const

export type Addressee = (typeof ADDRESSEES)[number]

/** E-mail addresses; empty: not known. */
export type Addresses = Readonly<Record<Addressee, string>>

/** Who answers questions of a subject. */
export function addresseeOf(about: ProblemSubject): Addressee {
  return about === 'department' ? 'department' : 'support'
}

/** The text of a letter; where its address is not known it begins with where to put it. */
export function addressedText(
  text: string,
  addressee: Addressee,
  address: string,
  language: Language,
): string {
  return address === '' ? `[${unaddressedText(addressee, language)}]\n\n${text}` : text
}

/** What is to be done where the address of a letter is not known. */
export function unaddressedText(addressee: Addressee, language: Language): string {
  return UNADDRESSED[language][addressee]
}

const UNADDRESSED: Readonly<Record<Language, Readonly<Record<Addressee, string>>>> = {
  ru: {
    support:
      'Адрес технической поддержки в настройках не указан (support.address): впишите его в поле «Кому» и удалите эту строку.',
    department:
      'Адрес отдела финансов или гарантии в настройках не указан (support.departments): впишите его в поле «Кому» и удалите эту строку.',
  },
  en: {
    support:
      'The address of technical support is not configured (support.address): put it into the field "To" and delete this line.',
    department:
      'The address of the finance or warranty department is not configured (support.departments): put it into the field "To" and delete this line.',
  },
}
