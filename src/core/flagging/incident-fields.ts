import { silenceEndedAt } from '../freshness/mass/incident.ts'
import { flag } from '../letters/field-groups.ts'
import type { FieldsOf } from '../letters/fields.ts'
import { commonFields, type LetterSetting, linkTo, type Occasion } from '../letters/setting.ts'
import { dateWords, durationWords, namedMomentWords } from '../letters/words.ts'
import { MINUTE } from '../time.ts'
import { timeWordsFor } from './flagged-lines.ts'
import type { IncidentNews } from './incident-news.ts'
import { commonCauseWords, groupWords, terminalsWords } from './words.ts'

type IncidentFields = FieldsOf<'incident'> & FieldsOf<'incident-over'>

/** Values of subject line and text of the letters of an incident. */
export function incidentFields(
  news: IncidentNews,
  occasion: Occasion,
  setting: LetterSetting,
): { readonly subject: FieldsOf<'incident-subject'>; readonly body: IncidentFields } {
  const { incident, isWhole, stillSilent } = news
  const { language } = occasion.recipient
  const group = groupWords(incident, language)
  const { onsetAt } = incident
  const endedAt = silenceEndedAt(incident)
  const moment = (at: number): string =>
    namedMomentWords(Math.floor(at / MINUTE) * MINUTE, setting.timezone, language)
  return {
    subject: { group, startDate: dateWords(onsetAt, setting.timezone, language) },
    body: {
      ...commonFields(occasion, setting),
      group,
      also: incident.also.map((each) => groupWords(each, language)).join(', '),
      since: moment(onsetAt),
      silent: terminalsWords(incident.silent, language),
      expected: isWhole && incident.expected > 0 ? String(incident.expected) : '',
      members: terminalsWords(incident.members, language),
      theirs: flag(!isWhole),
      cause: commonCauseWords(incident, language),
      ours: flag(incident.dimension === 'ingest'),
      notOurs: flag(incident.dimension !== 'ingest'),
      end: endedAt === null ? '' : moment(endedAt),
      duration: endedAt === null ? '' : durationWords(wholeMinutes(endedAt - onsetAt), language),
      stillSilent: stillSilent === 0 ? '' : terminalsWords(stillSilent, language),
      allBack: flag(stillSilent === 0),
      link: linkTo(`/incidents/${incident.id}`, setting),
    },
  }
}

/** Nobody knows it any better: the end is seen at evaluations only. */
function wholeMinutes(ms: number): number {
  return Math.max(1, Math.round(ms / MINUTE)) * MINUTE
}

/** `• оператор связи «МТС»: молчание с 07:40, ваших терминалов: 12, сейчас молчат: 8; продолжается`. */
export function incidentLine(
  { incident, isWhole, stillSilent }: IncidentNews,
  occasion: Occasion,
  setting: LetterSetting,
): string {
  const { language, time } = timeWordsFor(occasion, setting)
  const ru = language === 'ru'
  const { members, silent, onsetAt } = incident
  const whose = isWhole ? '' : ru ? 'ваших ' : 'your '
  const begun = ru
    ? `• ${groupWords(incident, language)}: молчание с ${time(onsetAt)}, ${whose}терминалов: ${members}`
    : `• ${groupWords(incident, language)}: silence since ${time(onsetAt)}, ${whose}terminals: ${members}`
  const endedAt = silenceEndedAt(incident)
  if (endedAt === null) {
    return `${begun}, ${ru ? `сейчас молчат: ${silent}; продолжается` : `silent now: ${silent}; goes on`}`
  }
  const over = ru ? `окончание: ${time(endedAt)}` : `over: ${time(endedAt)}`
  const rest = ru ? `, ещё молчат: ${stillSilent}` : `, still silent: ${stillSilent}`
  return `${begun}; ${over}${stillSilent > 0 ? rest : ''}`
}
