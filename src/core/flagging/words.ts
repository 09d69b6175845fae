import type { IncidentDimension, IncidentGroup } from '../freshness/mass/incident.ts'
import type { Language } from '../letters/letter.ts'
import { isWholeFleet, type Scope } from './scope.ts'

const RULES = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') } as const

/** Forms of a noun after a number: `one` (1 терминал), `few` (2 терминала), `many` (5 терминалов). */
type Forms = { readonly one: string; readonly few: string; readonly many: string }

const TERMINALS: Readonly<Record<Language, Forms>> = {
  ru: { one: 'терминал', few: 'терминала', many: 'терминалов' },
  en: { one: 'terminal', few: 'terminals', many: 'terminals' },
}

/** `21 терминал`, `22 терминала`, `25 терминалов`; `1 terminal`, `2 terminals`. */
export function terminalsWords(count: number, language: Language): string {
  const form = RULES[language].select(count)
  const forms = TERMINALS[language]
  return `${count} ${form === 'one' || form === 'few' ? forms[form] : forms.many}`
}

/** `молчат 30 из 41`, `молчит 1`; `30 of 41 are silent`, `1 is silent`. */
export function silentWords(silent: number, language: Language, among?: number): string {
  const isOne = RULES[language].select(silent) === 'one'
  if (language === 'ru') {
    return `${isOne ? 'молчит' : 'молчат'} ${silent}${among === undefined ? '' : ` из ${among}`}`
  }
  return `${silent}${among === undefined ? '' : ` of ${among}`} ${isOne ? 'is' : 'are'} silent`
}

/** Whose terminals a letter is about: `Клиент «Агро»`, `All terminals`. */
export function scopeWords(scope: Scope, language: Language): string {
  if (isWholeFleet(scope)) return language === 'ru' ? 'Все терминалы' : 'All terminals'
  const words = scopeNames(scope, language)
  return `${words.slice(0, 1).toLocaleUpperCase(language)}${words.slice(1)}`
}

/** Dealer and client of a scope: `дилер «Север», клиент «Агро»`. */
export function scopeNames({ dealer, client }: Scope, language: Language): string {
  const ru = language === 'ru'
  const names = [
    dealer === '' ? '' : `${ru ? 'дилер' : 'dealer'} ${quoted(dealer, language)}`,
    client === '' ? '' : `${ru ? 'клиент' : 'client'} ${quoted(client, language)}`,
  ]
  return names.filter((name) => name !== '').join(', ')
}

/** `«Агро»`, `"Agro"`. */
function quoted(name: string, language: Language): string {
  return language === 'ru' ? `«${name}»` : `"${name}"`
}

const DIMENSION: Readonly<Record<IncidentDimension, Readonly<Record<Language, string>>>> = {
  source: { ru: 'источник данных', en: 'data source' },
  operator: { ru: 'оператор связи', en: 'mobile operator' },
  region: { ru: 'регион', en: 'region' },
  client: { ru: 'клиент', en: 'client' },
  dealer: { ru: 'дилер', en: 'dealer' },
  model: { ru: 'модель терминала', en: 'terminal model' },
  firmware: { ru: 'версия прошивки', en: 'firmware version' },
  ingest: { ru: 'источник данных', en: 'data source' },
}

/**
 * What the terminals of an incident have in common: `оператор связи «МТС»`; `один клиент` to those who must not learn
 * the name.
 */
export function groupWords({ dimension, group }: IncidentGroup, language: Language): string {
  if (group === '') return `${language === 'ru' ? 'один' : 'one'} ${DIMENSION[dimension][language]}`
  return `${DIMENSION[dimension][language]} ${quoted(group, language)}`
}

const COMMON_CAUSE: Readonly<Record<IncidentDimension, Readonly<Record<Language, string>>>> = {
  source: {
    ru: 'сбой на пути, по которому поступают данные этого источника',
    en: 'a failure on the way by which the data of this source comes',
  },
  operator: {
    ru: 'сбой в сети оператора связи или у его SIM-карт',
    en: "a failure in the operator's network or of its SIM cards",
  },
  region: {
    ru: 'сбой связи или электроснабжения в регионе',
    en: 'a failure of the mobile network or of the power supply in the region',
  },
  client: {
    ru: 'событие у клиента: отключение SIM-карт, парка машин или приостановка обслуживания',
    en: "something on the client's side: SIM cards or vehicles switched off, or the service suspended",
  },
  dealer: {
    ru: 'событие у дилера: отключение SIM-карт или изменение настроек терминалов',
    en: "something on the dealer's side: SIM cards switched off, or settings of the terminals changed",
  },
  model: {
    ru: 'неполадка, общая для терминалов этой модели',
    en: 'a fault that terminals of this model share',
  },
  firmware: {
    ru: 'неполадка в этой версии прошивки или её обновление',
    en: 'a fault in this version of the firmware, or its update',
  },
  ingest: {
    ru: 'данные не принимает наша система наблюдения или сам сервис; терминалы, скорее всего, исправны',
    en: 'our own watch or the service itself takes no data in; the terminals are most likely in order',
  },
}

/** What probably is behind an incident. */
export function commonCauseWords({ dimension }: IncidentGroup, language: Language): string {
  return COMMON_CAUSE[dimension][language]
}
