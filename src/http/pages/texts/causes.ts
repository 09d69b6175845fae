import type { CauseCode } from '../../../core/freshness/diagnosis/codes.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const causesRu: Words<CauseCode> = {
  incident: 'массовый инцидент',
  suspended: 'приостановлен',
  maintenance: 'плановые работы',
  'power-cut': 'отключено питание',
  'vehicle-battery': 'разряжен аккумулятор ТС',
  'tracker-battery': 'разряжена батарея терминала',
  sleep: 'спит на стоянке',
  coverage: 'нет покрытия сети',
  sim: 'SIM-карта',
  firmware: 'смена прошивки',
  'server-address': 'адрес сервера',
  'reboot-loop': 'перезагружается',
  'archive-only': 'только архив',
  'link-without-data': 'связь без данных',
  antenna: 'антенна ГЛОНАСС/GPS',
  'stuck-fix': 'координаты застыли',
  jamming: 'глушение',
  clock: 'часы терминала',
  unknown: 'причина не ясна',
}

const causesEn: Words<CauseCode> = {
  incident: 'mass incident',
  suspended: 'suspended',
  maintenance: 'planned work',
  'power-cut': 'supply cut',
  'vehicle-battery': 'vehicle battery flat',
  'tracker-battery': 'backup battery flat',
  sleep: 'asleep, parked',
  coverage: 'no coverage',
  sim: 'SIM card',
  firmware: 'firmware changed',
  'server-address': 'server address',
  'reboot-loop': 'keeps rebooting',
  'archive-only': 'archive only',
  'link-without-data': 'link without data',
  antenna: 'antenna',
  'stuck-fix': 'position stuck',
  jamming: 'jamming',
  clock: "terminal's clock",
  unknown: 'cause not clear',
}

/** Causes of silence, each in a few words. */
export const causesTexts = { ru: causesRu, en: causesEn }
