import type { StripState } from '../../../core/fleet/state-strip.ts'
import type { State } from '../../../core/freshness/state.ts'

import { wordTexts } from './words.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const meaningRu: Words<State> = {
  fresh: 'Терминал на связи, данные новее порога.',
  sleeping: 'ТС на стоянке, терминал молчит дольше, чем в движении, но не дольше, чем можно на стоянке.',
  backlog: 'Терминал на связи, но его данные старше порога: выгружается архив.',
  'no-fix': 'Данные идут, но координат в движении давно нет.',
  stale: 'Терминал молчит дольше порога.',
  lost: 'Терминал молчит намного дольше порога.',
  unknown: 'Оценить нельзя: часть времени мы сами не слышали его источник.',
  never: 'От терминала ещё ни разу не было данных.',
  maintenance: 'На ТС идут плановые работы, перерыв в данных ожидаем.',
  suspended: 'Терминал приостановлен, данных от него не ждут.',
  decommissioned: 'Терминал списан и не оценивается.',
}

const meaningEn: Words<State> = {
  fresh: 'The terminal is in contact and its data is newer than the threshold.',
  sleeping:
    'The vehicle is parked; silent for longer than while moving, yet not longer than parked ones may be.',
  backlog: 'In contact, but its data is older than the threshold: an archive is being sent.',
  'no-fix': 'Data comes, but there has been no position in motion for long.',
  stale: 'The terminal has been silent for longer than its threshold.',
  lost: 'The terminal has been silent for much longer than its threshold.',
  unknown: 'It cannot be judged: for part of the time we could not hear its source ourselves.',
  never: 'The terminal has never sent data.',
  maintenance: 'There is planned work on the vehicle; a gap in its data is expected.',
  suspended: 'The terminal is suspended; no data is expected from it.',
  decommissioned: 'The terminal is decommissioned and not judged.',
}

const stripRu: Words<StripState> = {
  ...wordTexts.ru.state,
  blind: 'мы не слышали источник',
  absent: 'терминала ещё не было',
  unrecorded: 'не записано',
}

const stripEn: Words<StripState> = {
  ...wordTexts.en.state,
  blind: 'we could not hear its source',
  absent: 'not there yet',
  unrecorded: 'not recorded',
}

/** What a state means, in a sentence and on the strip of a month. */
export const meaningsTexts = {
  ru: { meaning: meaningRu, strip: stripRu },
  en: { meaning: meaningEn, strip: stripEn },
}
