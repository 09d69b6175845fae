import type { Readings } from '../../../core/telemetry/observation.ts'

/** A reading in words, and the unit in which it is shown; none: it is a text, a number or yes and no. */
type Reading = readonly [name: string, unit?: string]

const ru: Readonly<Record<keyof Readings, Reading>> = {
  voltage: ['Питание', 'В'],
  batteryVoltage: ['Резервная батарея', 'В'],
  batteryPercent: ['Заряд батареи', '%'],
  ignition: ['Зажигание'],
  speedKmh: ['Скорость', 'км/ч'],
  satellites: ['Спутники'],
  gsmPercent: ['Сигнал GSM', '%'],
  roaming: ['Роуминг'],
  backupPower: ['Питание от батареи'],
  firmware: ['Прошивка'],
  rpm: ['Обороты', 'об/мин'],
  mileageM: ['Пробег', 'км'],
  fuel1: ['Датчик топлива 1'],
  fuel2: ['Датчик топлива 2'],
  fuel3: ['Датчик топлива 3'],
  fuel4: ['Датчик топлива 4'],
  fuel5: ['Датчик топлива 5'],
  fuel6: ['Датчик топлива 6'],
  fuel7: ['Датчик топлива 7'],
  fuel8: ['Датчик топлива 8'],
  gpsJamming: ['Глушение ГЛОНАСС/GPS'],
  gsmJamming: ['Глушение GSM'],
  powerAlarm: ['Тревога питания'],
}

const en: typeof ru = {
  voltage: ['Supply', 'V'],
  batteryVoltage: ['Backup battery', 'V'],
  batteryPercent: ['Battery charge', '%'],
  ignition: ['Ignition'],
  speedKmh: ['Speed', 'km/h'],
  satellites: ['Satellites'],
  gsmPercent: ['GSM signal', '%'],
  roaming: ['Roaming'],
  backupPower: ['On backup power'],
  firmware: ['Firmware'],
  rpm: ['Engine speed', 'rpm'],
  mileageM: ['Mileage', 'km'],
  fuel1: ['Fuel sensor 1'],
  fuel2: ['Fuel sensor 2'],
  fuel3: ['Fuel sensor 3'],
  fuel4: ['Fuel sensor 4'],
  fuel5: ['Fuel sensor 5'],
  fuel6: ['Fuel sensor 6'],
  fuel7: ['Fuel sensor 7'],
  fuel8: ['Fuel sensor 8'],
  gpsJamming: ['GPS jamming'],
  gsmJamming: ['GSM jamming'],
  powerAlarm: ['Power alarm'],
}

/** What was read beside the position. */
export const readingTexts = { ru, en }
