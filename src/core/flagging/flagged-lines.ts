import type { Language } from '../letters/letter.ts'
import { type LetterSetting, linkTo, type Occasion } from '../letters/setting.ts'
import { durationWords, timeWords } from '../letters/words.ts'
import { type Instant, MINUTE } from '../time.ts'
import type { FlaggedList, FlaggedTerminal } from './flagged.ts'

/** What is said of a terminal. */
export type Saying = (terminal: FlaggedTerminal, words: TimeWords) => string

/** Times as the reader of the letter understands them. */
export type TimeWords = {
  readonly language: Language
  readonly time: (at: Instant) => string
  /** From one instant to another, or to the time of the letter. */
  readonly span: (from: Instant, to?: Instant) => string
}

/**
 * A line for each terminal with its page, below the name of its client where there are several, and how many are not
 * named. Empty without terminals.
 */
export function flaggedLines(
  { items, total }: FlaggedList,
  saying: Saying,
  occasion: Occasion,
  setting: LetterSetting,
): readonly string[] {
  const words = timeWordsFor(occasion, setting)
  const clients = Map.groupBy(items, ({ client }) => client)
  const named = [...clients].flatMap(([client, theirs]) =>
    theirs.map((terminal, index) => {
      const heading = clients.size > 1 && index === 0 ? [clientHeading(client, words.language)] : []
      const page = linkTo(`/terminals/${encodeURIComponent(terminal.id)}`, setting)
      const link = page === '' ? '' : ` ${page}`
      return [...heading, `• ${nameOf(terminal)}${saying(terminal, words)}${link}`]
    }),
  )
  const fitting = howManyFit(named)
  const lines = named.slice(0, fitting).flat()
  const more = total - fitting
  return more > 0 ? [...lines, moreWords(more, words.language)] : lines
}

/** A letter has room for 200 lines in a list, and the last one says how many terminals are not named. */
const MOST_LINES = 199

/** How many terminals there is room for, each with its lines. */
function howManyFit(named: readonly (readonly string[])[]): number {
  let lines = 0
  const first = named.findIndex((theirs) => {
    lines += theirs.length
    return lines > MOST_LINES
  })
  return first === -1 ? named.length : first
}

export function timeWordsFor({ recipient, at }: Occasion, { timezone }: LetterSetting): TimeWords {
  const { language } = recipient
  const minute = (instant: Instant): Instant => Math.floor(instant / MINUTE) * MINUTE
  return {
    language,
    time: (instant) => timeWords(minute(instant), at, timezone, language),
    span: (from, to = at) => durationWords(Math.max(MINUTE, minute(to - from)), language),
  }
}

/** `: молчит с 07:12 (1 ч 20 мин), последние данные: 07:10. Вероятная причина.` */
export const sayingSilent: Saying = ({ since, dataAt, why, noted }, { language, time, span }) => {
  const ru = language === 'ru'
  const data = dataAt === null ? (ru ? 'данных не было' : 'no data ever') : time(dataAt)
  const silence = ru
    ? `: молчит с ${time(since)} (${span(since)}), последние данные: ${data}.`
    : `: silent since ${time(since)} (${span(since)}), last data: ${data}.`
  const note = ru ? ' Об этом уже было письмо.' : ' A note told of it before.'
  return `${silence}${noted ? note : ''}${why === null ? '' : ` ${why[language].cause}`}`
}

/** `: на связи с 09:40 после 2 ч 28 мин молчания`. */
export const sayingBack: Saying = ({ since, backAt }, { language, time, span }) => {
  const back = backAt ?? since
  return language === 'ru'
    ? `: на связи с ${time(back)} после ${span(since, back)} молчания`
    : `: back since ${time(back)} after ${span(since, back)} of silence`
}

export const sayingUnstable: Saying = ({ since, backAt }, { language, time }) => {
  if (backAt === null)
    return language === 'ru' ? `: сейчас молчит (с ${time(since)})` : `: silent now (since ${time(since)})`
  return language === 'ru' ? ': сейчас на связи' : ': talking now'
}

export const sayingNever: Saying = ({ since }, { language, time }) =>
  language === 'ru' ? `: в учёте с ${time(since)}` : `: known since ${time(since)}`

function nameOf({ id, name }: FlaggedTerminal): string {
  return name === '' || name === id ? id : `${name} (${id})`
}

function clientHeading(client: string, language: Language): string {
  if (client === '') return language === 'ru' ? 'Без клиента:' : 'Without a client:'
  return `${client}:`
}

function moreWords(count: number, language: Language): string {
  return language === 'ru' ? `… и ещё ${count}` : `… and ${count} more`
}
