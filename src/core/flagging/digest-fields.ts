import { flag } from '../letters/field-groups.ts'
import type { FieldsOf } from '../letters/fields.ts'
import type { Language } from '../letters/letter.ts'
import { commonFields, type LetterSetting, linkTo, type Occasion } from '../letters/setting.ts'
import { namedMomentWords } from '../letters/words.ts'
import { MINUTE } from '../time.ts'
import type { DigestContent } from './digest.ts'
import type { FlaggedList } from './flagged.ts'
import {
  flaggedLines,
  type Saying,
  sayingBack,
  sayingNever,
  sayingSilent,
  sayingUnstable,
} from './flagged-lines.ts'
import { incidentLine } from './incident-fields.ts'
import { stepLines } from './step-lines.ts'
import type { Tally } from './tally.ts'
import { scopeWords, terminalsWords } from './words.ts'

/** Values of subject line and text of a digest. */
export function digestFields(
  content: DigestContent,
  occasion: Occasion,
  setting: LetterSetting,
): { readonly subject: FieldsOf<'digest-subject'>; readonly body: FieldsOf<'digest'> } {
  const { language } = occasion.recipient
  const lines = (list: FlaggedList, saying: Saying) => flaggedLines(list, saying, occasion, setting)
  const scope = scopeWords(content.scope, language)
  const headline = headlineOf(content, language)
  return {
    subject: { scope, headline },
    body: {
      ...commonFields(occasion, setting),
      scope,
      headline,
      since: namedMomentWords(Math.floor(content.since / MINUTE) * MINUTE, setting.timezone, language),
      incidents: content.incidents.map((news) => incidentLine(news, occasion, setting)),
      silent: lines(content.silent, sayingSilent),
      steps: stepLines(content.silent, language),
      never: lines(content.never, sayingNever),
      unstable: lines(content.unstable, sayingUnstable),
      back: lines(content.back, sayingBack),
      brief: lines(content.brief, sayingBack),
      ...tallyFields(content.tally, occasion, setting),
      link: linkTo(listOf(content.scope), setting),
    },
  }
}

/** The list of the terminals of a scope. */
function listOf({ dealer, client }: DigestContent['scope']): string {
  const parts = [
    client === '' ? '' : `client=${encodeURIComponent(client)}`,
    dealer === '' ? '' : `dealer=${encodeURIComponent(dealer)}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '/' : `/?${parts.join('&')}`
}

/** `замолчали: 3, снова на связи: 1`. */
function headlineOf(content: DigestContent, language: Language): string {
  const ru = language === 'ru'
  const isNew = content.incidents.filter((news) => news.isNew)
  const ended = isNew.filter(({ incident }) => incident.closedAt !== null).length
  const counts: readonly (readonly [string, number])[] = [
    [ru ? 'замолчали' : 'fell silent', content.silent.total],
    [ru ? 'массовое молчание началось' : 'mass silence begun', isNew.length - ended],
    [ru ? 'массовое молчание закончилось' : 'mass silence over', ended],
    [ru ? 'ни разу не вышли на связь' : 'never heard', content.never.total],
    [ru ? 'нестабильная связь' : 'unstable link', content.unstable.total],
    [ru ? 'снова на связи' : 'back', content.back.total],
    [ru ? 'замолкали и вернулись' : 'silent and back again', content.brief.total],
  ]
  return counts
    .filter(([, count]) => count > 0)
    .map(([words, count]) => `${words}: ${count}`)
    .join(', ')
}

function tallyFields(tally: Tally, { recipient }: Occasion, { timezone }: LetterSetting) {
  const { language } = recipient
  const { total, silent, known, knownUntil } = tally
  return {
    total: terminalsWords(total, language),
    silentNow: silent === 0 ? '' : String(silent),
    known: known === 0 ? '' : terminalsWords(known, language),
    knownUntil: knownUntil === null ? '' : namedMomentWords(knownUntil, timezone, language),
    allTalk: flag(silent === 0),
  }
}
