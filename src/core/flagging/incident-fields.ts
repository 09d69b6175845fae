import type { IncidentGroup } from '../freshness/mass/incident.ts'
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
  const { incident, theirs, stillSilent } = news
  const { language } = occasion.recipient
  const group = groupWords(incident, language)
  const { onsetAt, closedAt } = incident
  const moment = (at: number): string =>
    namedMomentWords(Math.floor(at / MINUTE) * MINUTE, setting.timezone, language)
  return {
    subject: { group, startDate: dateWords(onsetAt, setting.timezone, language) },
    body: {
      ...commonFields(occasion, setting),
      group,
      also: shownTo(news)
        .map((each) => groupWords(each, language))
        .join(', '),
      since: moment(onsetAt),
      silent: terminalsWords(incident.silent, language),
      expected: incident.expected > 0 ? String(incident.expected) : '',
      members: terminalsWords(incident.members, language),
      theirs: theirs === null ? '' : String(theirs),
      cause: commonCauseWords(incident, language),
      ours: flag(incident.dimension === 'ingest'),
      notOurs: flag(incident.dimension !== 'ingest'),
      end: closedAt === null ? '' : moment(closedAt),
      duration: closedAt === null ? '' : durationWords(Math.max(MINUTE, closedAt - onsetAt), language),
      stillSilent: stillSilent === 0 ? '' : terminalsWords(stillSilent, language),
      allBack: flag(stillSilent === 0),
      link: linkTo(`/incidents/${incident.id}`, setting),
    },
  }
}

/** Nobody learns from us who else is a client of somebody. */
function shownTo({ incident, theirs }: IncidentNews): readonly IncidentGroup[] {
  if (theirs === null) return incident.also
  return incident.also.filter(({ dimension }) => dimension !== 'client' && dimension !== 'dealer')
}

/** `• оператор связи «МТС»: молчание с 07:40, терминалов: 120, из них ваши: 12, сейчас молчат: 80; продолжается`. */
export function incidentLine(
  { incident, theirs, stillSilent }: IncidentNews,
  occasion: Occasion,
  setting: LetterSetting,
): string {
  const { language, time } = timeWordsFor(occasion, setting)
  const ru = language === 'ru'
  const own = theirs === null ? '' : ru ? `, из них ваши: ${theirs}` : `, yours among them: ${theirs}`
  const { members, silent, onsetAt, closedAt } = incident
  const begun = ru
    ? `• ${groupWords(incident, language)}: молчание с ${time(onsetAt)}, терминалов: ${members}${own}`
    : `• ${groupWords(incident, language)}: silence since ${time(onsetAt)}, terminals: ${members}${own}`
  if (closedAt === null) {
    return `${begun}, ${ru ? `сейчас молчат: ${silent}; продолжается` : `silent now: ${silent}; goes on`}`
  }
  const over = ru ? `окончание: ${time(closedAt)}` : `over: ${time(closedAt)}`
  const rest = ru ? `, ещё молчат: ${stillSilent}` : `, still silent: ${stillSilent}`
  return `${begun}; ${over}${stillSilent > 0 ? rest : ''}`
}
