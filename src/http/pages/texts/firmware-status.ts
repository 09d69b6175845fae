import type { FirmwareReason, FirmwareStatus } from '../../../core/request/firmware.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const firmwareRu: Words<FirmwareStatus> = {
  green: 'актуальная',
  old: 'есть новее',
  critical_old: 'пропущено важное обновление',
  broken: 'неудачная версия, замените',
  unknown: 'актуальность неизвестна',
}

const firmwareEn: Words<FirmwareStatus> = {
  green: 'up to date',
  old: 'there is a newer one',
  critical_old: 'a critical update is missing',
  broken: 'a broken version, replace it',
  unknown: 'not known whether it is current',
}

const firmwareReasonRu: Words<FirmwareReason> = {
  'no-version': 'версия неизвестна',
  'no-number': 'в версии нет номера',
  'no-model': 'модель неизвестна',
  'not-in-catalogue': 'модели нет в каталоге прошивок',
  'catalogue-old': 'каталог прошивок старее терминала',
}

const firmwareReasonEn: Words<FirmwareReason> = {
  'no-version': 'no version is known',
  'no-number': 'the version holds no number',
  'no-model': 'the model is not known',
  'not-in-catalogue': 'the catalogue of firmware lacks the model',
  'catalogue-old': 'the catalogue of firmware is older than the terminal',
}

/** How current a firmware is, and why that is not known. */
export const firmwareStatusTexts = {
  ru: { firmware: firmwareRu, firmwareReason: firmwareReasonRu },
  en: { firmware: firmwareEn, firmwareReason: firmwareReasonEn },
}
