import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import type { Language } from '../letters/letter.ts'

/** Where to read on: a section of the official documentation, whose pages are found from its front page. */
export type DocumentLink = { readonly title: string; readonly url: string }

/** Front page of the official documentation; its deeper addresses change and are not made up. */
const DOCUMENTATION = 'https://doc.omnicomm.ru/'
/** Where the format of a request stands (regulation, point 7). */
export const FAQ_URL = 'https://doc.omnicomm.ru/ru/faq'

type Section = Readonly<Record<Language, string>>

const SMS: Section = { ru: 'Терминал: управление SMS-командами', en: 'Terminals: SMS commands' }
const LEDS: Section = { ru: 'Терминалы: световая индикация', en: 'Terminals: notification (LEDs)' }
const COLLECTION: Section = {
  ru: 'Терминалы: настройка, сбор данных',
  en: 'Terminals: settings, data collection',
}
const REPORTS: Section = { ru: 'Операции с отчётами', en: 'Operations with reports' }
const VEHICLES: Section = { ru: 'Администрирование: ТС', en: 'Administration: vehicles' }
const REPLACEMENT: Section = { ru: 'Замена терминала', en: 'Terminal replacement' }
const INSTALLATION: Section = { ru: 'Терминалы: монтаж и подключение', en: 'Terminals: installation' }

/** The section for each cause (reference/omnicomm-domain.md 3, 4, 6 and 9 name them). */
const SECTIONS: Readonly<Record<CauseCode, Section>> = {
  incident: REPORTS,
  suspended: VEHICLES,
  maintenance: VEHICLES,
  'power-cut': INSTALLATION,
  'vehicle-battery': INSTALLATION,
  'tracker-battery': INSTALLATION,
  sleep: COLLECTION,
  coverage: LEDS,
  sim: SMS,
  firmware: SMS,
  'server-address': SMS,
  'reboot-loop': INSTALLATION,
  'archive-only': REPLACEMENT,
  'link-without-data': SMS,
  antenna: INSTALLATION,
  'stuck-fix': SMS,
  jamming: LEDS,
  clock: SMS,
  unknown: LEDS,
}

/** What to read about a cause; without one, about how to look at its data. */
export function documentFor(cause: CauseCode | undefined, language: Language): DocumentLink {
  return { title: (cause === undefined ? REPORTS : SECTIONS[cause])[language], url: DOCUMENTATION }
}
