import type { Intake, Lifecycle } from '../../../core/fleet/inventory.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const lifecycleRu: Words<Lifecycle> = {
  active: 'в работе',
  suspended: 'приостановлен',
  decommissioned: 'списан',
}

const lifecycleEn: Words<Lifecycle> = {
  active: 'in service',
  suspended: 'suspended',
  decommissioned: 'decommissioned',
}

const intakeRu: Words<Intake> = {
  on: 'включён',
  off: 'выключен: данные терминала сервис не принимает',
  unknown: 'неизвестно',
}

const intakeEn: Words<Intake> = {
  on: 'on',
  off: 'off: the service takes no data of this terminal in',
  unknown: 'not known',
}

/** What people and the service say of whether a terminal is in service. */
export const lifecycleTexts = {
  ru: { lifecycle: lifecycleRu, intake: intakeRu },
  en: { lifecycle: lifecycleEn, intake: intakeEn },
}
