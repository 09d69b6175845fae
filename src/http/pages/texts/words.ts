import type { FlagLetter } from '../../../core/flagging/flag-letter.ts'
import type { TerminalView } from '../../../core/fleet/view.ts'
import type { State } from '../../../core/freshness/state.ts'
import type { LetterKind, LetterState } from '../../../core/letters/letter.ts'
import type { ComponentStatus, SegmentClass, ServiceStatus } from '../../../core/outage/status.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const stateRu: Words<State> = {
  lost: 'потерян',
  stale: 'данные устарели',
  backlog: 'выгружает архив',
  'no-fix': 'нет координат',
  fresh: 'данные свежие',
  sleeping: 'спит на стоянке',
  never: 'ещё не выходил на связь',
  unknown: 'неизвестно',
  maintenance: 'обслуживание',
  suspended: 'приостановлен',
  decommissioned: 'списан',
}

const stateEn: Words<State> = {
  lost: 'lost',
  stale: 'stale',
  backlog: 'sending its archive',
  'no-fix': 'no position',
  fresh: 'fresh',
  sleeping: 'asleep, parked',
  never: 'never heard',
  unknown: 'unknown',
  maintenance: 'maintenance',
  suspended: 'suspended',
  decommissioned: 'decommissioned',
}

const serviceRu: Words<ServiceStatus['state']> = {
  up: 'работает',
  degraded: 'работает с перебоями',
  down: 'не работает',
  unknown: 'состояние неизвестно',
  maintenance: 'плановые работы',
}

const serviceEn: Words<ServiceStatus['state']> = {
  up: 'is up',
  degraded: 'is degraded',
  down: 'is down',
  unknown: 'state unknown',
  maintenance: 'planned work',
}

const componentRu: Words<ComponentStatus['state']> = {
  up: 'работает',
  degraded: 'медленно',
  down: 'не работает',
  unknown: 'неизвестно',
  'not-watched': 'не наблюдается',
}

const componentEn: Words<ComponentStatus['state']> = {
  up: 'up',
  degraded: 'slow',
  down: 'down',
  unknown: 'unknown',
  'not-watched': 'not watched',
}

const segmentRu: Words<SegmentClass> = {
  up: 'работал',
  down: 'не работал',
  edge: 'переход',
  unknown: 'нет наблюдений',
  maintenance: 'плановые работы',
}

const segmentEn: Words<SegmentClass> = {
  up: 'up',
  down: 'down',
  edge: 'changing',
  unknown: 'not observed',
  maintenance: 'planned work',
}

const letterRu: Words<LetterState> = {
  pending: 'в очереди',
  sending: 'отправляется',
  sent: 'отправлено',
  retry: 'будет повторено',
  ambiguous: 'исход неясен',
  dead: 'не доставлено',
  superseded: 'заменено',
  filed: 'в файле',
}

const letterEn: Words<LetterState> = {
  pending: 'queued',
  sending: 'being sent',
  sent: 'sent',
  retry: 'to be retried',
  ambiguous: 'outcome unclear',
  dead: 'undeliverable',
  superseded: 'superseded',
  filed: 'in a file',
}

const kindRu: Words<LetterKind> = {
  initial: 'первое письмо',
  update: 'обновление',
  recovery: 'сбой закончился',
  combined: 'всё в одном',
  correction: 'опровержение',
  announcement: 'плановые работы',
  operator: 'операторам',
  test: 'пробное',
}

const kindEn: Words<LetterKind> = {
  initial: 'first letter',
  update: 'update',
  recovery: 'outage over',
  combined: 'all in one',
  correction: 'correction',
  announcement: 'planned work',
  operator: 'to operators',
  test: 'test',
}

const flagKindRu: Words<FlagLetter['kind']> = {
  digest: 'сводка',
  note: 'извещение',
  incident: 'массовое молчание',
  'incident-over': 'массовое молчание закончилось',
}

const flagKindEn: Words<FlagLetter['kind']> = {
  digest: 'digest',
  note: 'note',
  incident: 'mass silence',
  'incident-over': 'mass silence over',
}

const originRu: Words<TerminalView['threshold']['from']> = {
  terminal: 'свой',
  group: 'группы',
  profile: 'профиля',
  learnt: 'по привычке',
  default: 'общий',
}

const originEn: Words<TerminalView['threshold']['from']> = {
  terminal: 'its own',
  group: 'of the group',
  profile: 'of the profile',
  learnt: 'learnt',
  default: 'default',
}

const ru = {
  state: stateRu,
  service: serviceRu,
  component: componentRu,
  segment: segmentRu,
  letter: letterRu,
  kind: kindRu,
  flagKind: flagKindRu,
  origin: originRu,
}

const en: typeof ru = {
  state: stateEn,
  service: serviceEn,
  component: componentEn,
  segment: segmentEn,
  letter: letterEn,
  kind: kindEn,
  flagKind: flagKindEn,
  origin: originEn,
}

/** States and other closed sets of words. */
export const wordTexts = { ru, en }
