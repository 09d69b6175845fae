import { silentWords } from '../flagging/words.ts'
import type { FirmwareStatus } from './firmware.ts'
import type { SensorState } from './sms-reply.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const firmwareRu: Words<FirmwareStatus> = {
  green: 'актуальна',
  old: 'не последняя',
  critical_old: 'критически устарела',
  broken: 'отозвана',
  unknown: 'актуальность неизвестна',
}

const firmwareEn: Words<FirmwareStatus> = {
  green: 'current',
  old: 'not the latest',
  critical_old: 'critically old',
  broken: 'withdrawn',
  unknown: 'not known whether current',
}

const sensorRu: Words<SensorState> = {
  off: 'выключен',
  'not-ready': 'не готов',
  ready: 'готов',
  error: 'ошибка',
  unknown: 'состояние неизвестно',
}

const sensorEn: Words<SensorState> = {
  off: 'off',
  'not-ready': 'not ready',
  ready: 'ready',
  error: 'error',
  unknown: 'state not known',
}

const ru = {
  firmware: firmwareRu,
  sensor: sensorRu,
  link: (server: string, told: string, at: string) =>
    `${server}, последняя связь по ответу терминала ${told || 'не указана'} (ответ вставлен ${at})`,
  lastData: (at: string, age: string) => `${at}, возраст ${age}`,
  period: (from: string, to: string) => `с ${from} по ${to}`,
  one: 'один терминал',
  many: (silent: number) => `несколько терминалов: ${silentWords(silent, 'ru')}`,
  ignition: (on: boolean): string => (on ? 'зажигание включено' : 'зажигание выключено'),
  voltage: (volts: number) => `напряжение ${volts.toFixed(1).replace('.', ',')} В`,
  satellites: (count: number) => `спутников ${count}`,
  since: (at: string) => `не работает с ${at}`,
}

const en: typeof ru = {
  firmware: firmwareEn,
  sensor: sensorEn,
  link: (server, told, at) =>
    `${server}, last link by the terminal's reply ${told || 'not given'} (reply pasted ${at})`,
  lastData: (at, age) => `${at}, age ${age}`,
  period: (from, to) => `from ${from} to ${to}`,
  one: 'one terminal',
  many: (silent) => `several terminals: ${silentWords(silent, 'en')}`,
  ignition: (on) => (on ? 'ignition on' : 'ignition off'),
  voltage: (volts) => `supply ${volts.toFixed(1)} V`,
  satellites: (count) => `${count} satellites`,
  since: (at) => `down since ${at}`,
}

/** Words of the values of a request. */
export const pointTexts = { ru, en }
