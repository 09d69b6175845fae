import type { Config } from '../config/schema.ts'
import type { Language } from '../core/letters/letter.ts'

/** What a person must still set up so that the duty can be kept, in words for the pages. */
export function operatorWarnings({ letters }: Config, recipientCount: number, language: Language): string[] {
  const warnings: string[] = []
  if (recipientCount === 0) warnings.push(NO_RECIPIENTS[language])
  if (letters.smtp === '') warnings.push(NO_SMTP[language])
  return warnings
}

const NO_RECIPIENTS: Readonly<Record<Language, string>> = {
  ru: 'Получатели писем не заданы (страница «Получатели» или letters.recipients): о сбое сервиса никто не узнает.',
  en: 'There are no recipients (page Recipients or letters.recipients): nobody will be told of an outage.',
}

const NO_SMTP: Readonly<Record<Language, string>> = {
  ru: 'Почтовый сервер не задан (letters.smtp): письма складываются в файлы .eml и никуда не уходят.',
  en: 'No mail server is set (letters.smtp): letters are written to .eml files and go nowhere.',
}
