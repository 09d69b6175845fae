import type { IncidentDimension } from '../../../core/freshness/mass/incident.ts'
import { agreeing, counted } from './counted.ts'

/** What to do about an incident, by what its terminals have in common. */
const adviceRu: Readonly<Record<IncidentDimension, string>> = {
  source: 'Проверьте источник: брокер, канал связи и программу, которая передаёт данные.',
  operator: 'Спросите у оператора, есть ли сбой в его сети. Накопленное терминалы дошлют сами.',
  region: 'Ждите восстановления связи и питания в регионе. Накопленное терминалы дошлют сами.',
  client: 'Спросите клиента, что у него изменилось: SIM-карты, оплата связи, работа парка.',
  dealer: 'Спросите дилера, что изменилось: SIM-карты, учётная запись, настройки терминалов.',
  model: 'Проверьте, не меняли ли настройки или прошивку терминалов этой модели.',
  firmware: 'Приостановите обновление прошивки и проверьте один из терминалов.',
  ingest: 'Проверьте источник и состояние сервиса.',
}

const adviceEn: Readonly<Record<IncidentDimension, string>> = {
  source: 'Check the source: the broker, the link, and the program that sends the data.',
  operator:
    'Ask the operator about a failure in its network. The terminals send what they stored by themselves.',
  region:
    'Wait for the network and the power supply of the region. The terminals send what they stored by themselves.',
  client: 'Ask the client what has changed: SIM cards, payment of the link, work of the vehicles.',
  dealer: 'Ask the dealer what has changed: SIM cards, the account, settings of the terminals.',
  model: 'Check whether settings or firmware of terminals of this model were changed.',
  firmware: 'Pause the update of the firmware and check one of the terminals.',
  ingest: 'Check the source and the state of the service.',
}

const ru = {
  title: 'Массовое молчание',
  text: 'Терминалы, которые замолчали вместе: у них общая причина, и о каждом отдельно сообщений нет.',
  open: 'Сейчас',
  openNone: 'Сейчас массового молчания нет.',
  closed: 'Раньше',
  closedNone: 'Раньше массового молчания не было.',
  what: 'Что общего',
  onset: 'Начало',
  end: 'Окончание',
  goesOn: 'продолжается',
  terminals: 'Терминалы',
  silentNow: (count: string) => `молчат: ${count}`,
  fellSilent: (members: number, expected: number) => {
    const verb = agreeing(members, 'Замолчал', 'Замолчали')
    return expected >= members && expected > 0
      ? `${verb} ${members} из ${counted(expected, 'терминала', 'терминалов', 'терминалов')}`
      : `${verb} ${counted(members, 'терминал', 'терминала', 'терминалов')}`
  },
  stillSilent: (count: string) => `сейчас молчат: ${count}`,
  nothingEach: 'По отдельным терминалам делать ничего не нужно.',
  openNow: (count: number) =>
    `Сейчас ${counted(count, 'инцидент', 'инцидента', 'инцидентов')} массового молчания`,
  more: (count: number) => `Ещё ${counted(count, 'инцидент', 'инцидента', 'инцидентов')}`,
  all: 'Все инциденты',
  details: 'Подробнее',
  suspected: 'Вероятная причина',
  advice: 'Что делать',
  also: 'Совпадает с',
  openedAt: 'Замечено',
  expected: 'Должны были передавать данные',
  membersEver: 'Всего замолчали',
  state: { open: 'идёт', closed: 'закончился' },
  timeline: 'Как это было',
  event: {
    opened: (silent: string) => `замечено, молчат: ${silent}`,
    grew: (silent: string) => `стало больше, молчат: ${silent}`,
    shrank: (silent: string) => `стало меньше, молчат: ${silent}`,
    closed: (silent: string) => `закончилось, ещё молчат: ${silent}`,
  },
  membersTitle: 'Терминалы инцидента',
  membersCaption: 'Терминалы инцидента: сначала те, что молчат сейчас',
  partOf: 'часть массового молчания:',
  nextStep: 'Что делать:',
  confidence: { high: 'почти наверняка', medium: 'похоже на то', low: 'возможно' },
  byDimension: adviceRu,
}

const en: typeof ru = {
  title: 'Mass silence',
  text: 'Terminals that fell silent together: they have one cause, and none of them raises an alert of its own.',
  open: 'Now',
  openNone: 'There is no mass silence now.',
  closed: 'Before',
  closedNone: 'There was no mass silence before.',
  what: 'In common',
  onset: 'Onset',
  end: 'End',
  goesOn: 'goes on',
  terminals: 'Terminals',
  silentNow: (count) => `silent: ${count}`,
  fellSilent: (members, expected) => {
    if (expected >= members && expected > 0) return `${members} of ${expected} terminals fell silent`
    return `${members} ${members === 1 ? 'terminal' : 'terminals'} fell silent`
  },
  stillSilent: (count) => `silent now: ${count}`,
  nothingEach: 'Nothing has to be done for single terminals.',
  openNow: (count) => `${count} ${count === 1 ? 'incident' : 'incidents'} of mass silence now`,
  more: (count) => `${count} more ${count === 1 ? 'incident' : 'incidents'}`,
  all: 'All incidents',
  details: 'Details',
  suspected: 'Suspected cause',
  advice: 'What to do',
  also: 'Coincides with',
  openedAt: 'Noticed',
  expected: 'Were expected to talk',
  membersEver: 'Fell silent in all',
  state: { open: 'goes on', closed: 'is over' },
  timeline: 'How it went',
  event: {
    opened: (silent) => `noticed, silent: ${silent}`,
    grew: (silent) => `grew, silent: ${silent}`,
    shrank: (silent) => `shrank, silent: ${silent}`,
    closed: (silent) => `over, still silent: ${silent}`,
  },
  membersTitle: 'Terminals of the incident',
  membersCaption: 'Terminals of the incident, those that are silent now first',
  partOf: 'part of a mass silence:',
  nextStep: 'What to do:',
  confidence: { high: 'almost certain', medium: 'it looks like it', low: 'possible' },
  byDimension: adviceEn,
}

/** Mass silence, and why single terminals are silent. */
export const incidentTexts = { ru, en }
