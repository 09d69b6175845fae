import type { UnusableCause } from '../outage/verdict.ts'
import type { RequestStep } from '../request/overdue.ts'
import type { Language } from './letter.ts'

/** What an operator does so that a component is watched, or an account is polled, again. */
export const NEXT_STEP: Readonly<Record<UnusableCause, Readonly<Record<Language, string>>>> = {
  setup: {
    ru: 'дополните настройки (accounts, service.account, terminal) и перезагрузите их',
    en: 'complete the configuration (accounts, service.account, terminal) and reload it',
  },
  credentials: {
    ru: 'исправьте логин и пароль там, где они заданы (в accounts, в источнике или в url составляющей http), и перезагрузите настройки; до этого учётная запись не используется',
    en: 'correct login and password where they are set (in accounts, in the source, or in the url of an http component) and reload the configuration; until then the account is not used',
  },
  rights: {
    ru: 'попросите техническую поддержку Omnicomm дать учётной записи права на этот запрос (REST API)',
    en: 'ask Omnicomm support to give the account the right to this call (REST API)',
  },
  blocked: {
    ru: 'ничего не делайте, запросы возобновятся сами; при повторении задайте больше interval, every или pollEvery',
    en: 'wait, calls resume by themselves; if it happens again, set a longer interval, every or pollEvery',
  },
  budget: {
    ru: 'не хватает собственного лимита запросов: задайте больше interval или every',
    en: 'our own limit of calls is used up: set a longer interval or every',
  },
  request: {
    ru: 'проверьте baseUrl учётной записи и настройки составляющей',
    en: 'check baseUrl of the account and the settings of the component',
  },
  vehicle: {
    ru: 'задайте в terminal другой терминал, доступный учётной записи',
    en: 'set terminal to another one that the account can see',
  },
}

/** What a request to support waits for that should have come. */
const OVERDUE: Readonly<Record<RequestStep['kind'], Readonly<Record<Language, string>>>> = {
  send: { ru: 'письмо не отправлено', en: 'the letter was not sent' },
  register: { ru: 'номер обращения не пришёл', en: 'no ticket number came' },
  answer: { ru: 'поддержка ждёт ответа', en: 'support waits for an answer' },
  official: { ru: 'официальный ответ не пришёл', en: 'the official answer did not come' },
  promise: { ru: 'названный поддержкой срок прошёл', en: 'the time that support named has passed' },
  wait: { ru: 'поддержка не ответила', en: 'support did not answer' },
}

/** Why a component is not watched or an account not polled, led by the next step. `reason` is technical English. */
export function unusableWords(
  { cause, reason }: { readonly cause?: UnusableCause; readonly reason: string },
  language: Language,
): string {
  return cause === undefined ? reason : `${NEXT_STEP[cause][language]} (${reason})`
}

/** What has not come for a request to support, before the subject of the request. */
export function overdueWords(
  { step, reason }: { readonly step?: RequestStep['kind']; readonly reason: string },
  language: Language,
): string {
  return step === undefined ? reason : `${OVERDUE[step][language]} (${reason})`
}
