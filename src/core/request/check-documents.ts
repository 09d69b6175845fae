import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import type { Language } from '../letters/letter.ts'
import type { ReasonCode } from './check.ts'

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
const FRONT: Section = { ru: 'Документация Omnicomm', en: 'Omnicomm documentation' }
const REPORTS: Section = { ru: 'Операции с отчётами', en: 'Operations with reports' }
const VEHICLES: Section = { ru: 'Администрирование: ТС', en: 'Administration: vehicles' }
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
  'archive-only': COLLECTION,
  'link-without-data': SMS,
  antenna: INSTALLATION,
  'stuck-fix': SMS,
  jamming: LEDS,
  clock: SMS,
  unknown: LEDS,
}

/** Of the reasons that the check finds without a cause; of the others the front page is as near as can be said. */
const OF_REASONS: Readonly<Partial<Record<ReasonCode, Section>>> = {
  suspended: VEHICLES,
  maintenance: VEHICLES,
  decommissioned: VEHICLES,
  'intake-off': VEHICLES,
  'imei-differs': SMS,
  never: SMS,
  sleeping: COLLECTION,
  backlog: COLLECTION,
  'backlog-stuck': SMS,
  power: INSTALLATION,
  position: INSTALLATION,
  'firmware-unknown': SMS,
  'not-explained': LEDS,
  'data-current': REPORTS,
}

/** What to read about the cause of a reason, or else about the reason. */
export function documentFor(
  reason: ReasonCode | undefined,
  cause: CauseCode | undefined,
  language: Language,
): DocumentLink {
  const section = cause === undefined ? reason && OF_REASONS[reason] : SECTIONS[cause]
  return { title: (section ?? FRONT)[language], url: DOCUMENTATION }
}
