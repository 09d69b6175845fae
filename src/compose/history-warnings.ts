import type { HistoryTrouble } from '../core/history/pace.ts'
import type { Language } from '../core/letters/letter.ts'
import type { HistoryState } from '../workers/history-writer.ts'

/** Troubles that pass by themselves are told of when they have come so often in a row: after half a minute. */
const PASSING = 5

/** What operators must know of the history, in words for the pages. */
export function historyWarnings(
  { standing, waiting, refused }: HistoryState,
  language: Language,
): readonly string[] {
  const warnings: string[] = []
  if (standing.kind !== 'unknown' && standing.kind !== 'well') {
    const passes = standing.kind === 'busy' || standing.kind === 'failed'
    if (!passes || standing.failures >= PASSING)
      warnings.push(`${TROUBLES[standing.kind][language]} ${WAITING[language](waiting)} (${standing.reason})`)
  }
  if (refused) warnings.push(`${REFUSED[language](refused.points)} (${refused.reason})`)
  return warnings
}

const TROUBLES: Readonly<Record<HistoryTrouble, Readonly<Record<Language, string>>>> = {
  denied: {
    ru: 'InfluxDB не принимает influx.token, или этому токену нельзя писать в influx.bucket.',
    en: 'InfluxDB refuses influx.token, or it may not write to influx.bucket.',
  },
  missing: {
    ru: 'InfluxDB не знает influx.org или influx.bucket, или по адресу influx.url отвечает другая программа.',
    en: 'InfluxDB does not know influx.org or influx.bucket, or influx.url is another program.',
  },
  busy: { ru: 'InfluxDB перегружена.', en: 'InfluxDB is busy.' },
  failed: { ru: 'InfluxDB недоступна или неисправна.', en: 'InfluxDB cannot be reached or has a fault.' },
}

const WAITING: Readonly<Record<Language, (points: number) => string>> = {
  ru: (points) => `Графики истории отстают, ждёт записи точек: ${points}.`,
  en: (points) => `The graphs of the past are behind, points that wait: ${points}.`,
}

const REFUSED: Readonly<Record<Language, (points: number) => string>> = {
  ru: (points) => `InfluxDB отвергла точки как ошибочные за последний час: ${points}.`,
  en: (points) => `InfluxDB refused points as faulty in the last hour: ${points}.`,
}
