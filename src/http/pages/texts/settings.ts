import type { ThresholdSettings } from '../../../core/freshness/threshold-settings.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const settingRu: Words<keyof ThresholdSettings> = {
  moving: 'В движении',
  parked: 'На стоянке (или off: не оценивать)',
  lost: 'Потерян через',
  neverAfter: 'Ни разу не выходил на связь через',
  liveLag: 'Наибольшее отставание живых данных',
  learn: 'Учиться на своих промежутках',
  floor: 'Нижняя граница выученного',
  cap: 'Верхняя граница выученного',
}

const settingEn: Words<keyof ThresholdSettings> = {
  moving: 'Moving',
  parked: 'Parked (or off: not judged)',
  lost: 'Lost after',
  neverAfter: 'Never heard, after',
  liveLag: 'Longest lag of live data',
  learn: 'Learn from its own gaps',
  floor: 'Lower bound of what is learnt',
  cap: 'Upper bound of what is learnt',
}

/** Names of the thresholds and of what else may be set for a terminal. */
export const settingsTexts = { ru: settingRu, en: settingEn }
