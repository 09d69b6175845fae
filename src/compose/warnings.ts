import type { Config } from '../config/schema.ts'
import type { Language } from '../core/letters/letter.ts'
import { type WorkCalendar, yearWithoutDecree } from '../core/request/working-days.ts'
import type { Instant } from '../core/time.ts'

/** What a person must still set up so that the duty can be kept, in words for the pages. */
export function operatorWarnings({ letters }: Config, recipientCount: number, language: Language): string[] {
  const warnings: string[] = []
  if (recipientCount === 0) warnings.push(NO_RECIPIENTS[language])
  if (letters.smtp === '') warnings.push(NO_SMTP[language])
  return warnings
}

/** That the calendar of support does not know the decree of a year, from the December before it on. */
export function calendarWarnings(now: Instant, calendar: WorkCalendar, language: Language): string[] {
  const year = yearWithoutDecree(now, calendar)
  return year === null ? [] : [NO_DECREE[language](year)]
}

const NO_DECREE: Readonly<Record<Language, (year: number) => string>> = {
  ru: (year) =>
    `Постановление о переносе выходных дней ${year} года программе не известно: рабочие дни поддержки считаются только по статье 112 ТК РФ. Впишите дни в support.daysOff и support.workingDays.`,
  en: (year) =>
    `The decree about days off in ${year} is not known to the program: working days of support follow from article 112 of the Labour Code alone. Enter the days in support.daysOff and support.workingDays.`,
}

const NO_RECIPIENTS: Readonly<Record<Language, string>> = {
  ru: 'Получатели писем не заданы (страница «Получатели» или letters.recipients): о сбое сервиса никто не узнает.',
  en: 'There are no recipients (page Recipients or letters.recipients): nobody will be told of an outage.',
}

const NO_SMTP: Readonly<Record<Language, string>> = {
  ru: 'Почтовый сервер не задан (letters.smtp): письма складываются в файлы .eml и никуда не уходят.',
  en: 'No mail server is set (letters.smtp): letters are written to .eml files and go nowhere.',
}
