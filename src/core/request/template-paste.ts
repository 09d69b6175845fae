import type { PointSource, RequestPoint, RequestTemplate } from './template.ts'

/** Most points of a template, and the longest label, characters. */
export const MOST_POINTS = 60
export const LONGEST_LABEL = 300

export type PastedPoints =
  | { readonly ok: true; readonly points: readonly RequestPoint[] }
  | { readonly ok: false; readonly fault: 'empty' | 'too-many' | 'too-long'; readonly line: number }

/** Marks of lists, numbers as `3.` or `2.1)` among them. */
const MARK = /^\s*(?:[-*\u2022\u2013\u2014]|\d{1,2}(?:\.\d{1,2})*[.)])?\s*/u
const OPTIONAL = /\s*\((?:необязательно|если есть|при наличии|optional|if any)\)\s*[.;]?\s*$/iu

/**
 * Points out of pasted lines, one a line; a mark of a list before it goes. `(optional)` at the end makes it one that
 * may be left empty. A point that says the same as one of the draft is filled from where that one is.
 */
export function pastedPoints(text: string, draft: Pick<RequestTemplate, 'points'>): PastedPoints {
  const points: RequestPoint[] = []
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    const marked = line.replace(MARK, '').replaceAll(/\s+/gu, ' ').trim()
    const label = marked.replace(OPTIONAL, '').replace(/[;:]$/, '')
    if (label === '') continue
    if (label.length > LONGEST_LABEL) return { ok: false, fault: 'too-long', line: index + 1 }
    if (points.length === MOST_POINTS) return { ok: false, fault: 'too-many', line: index + 1 }
    const known = draft.points.find((point) => saysSame(point, label))
    points.push({
      key: freeKey(known?.key ?? `p${points.length + 1}`, points),
      label: { ru: label, en: label },
      required: !OPTIONAL.test(marked),
      from: known?.from ?? sourceOf(label),
    })
  }
  return points.length === 0 ? { ok: false, fault: 'empty', line: 1 } : { ok: true, points }
}

function saysSame({ label }: RequestPoint, other: string): boolean {
  const key = plain(other)
  return plain(label.ru) === key || plain(label.en) === key
}

function plain(label: string): string {
  return label
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function freeKey(key: string, points: readonly RequestPoint[]): string {
  if (!points.some((point) => point.key === key)) return key
  let number = 2
  while (points.some((point) => point.key === `${key}-${number}`)) number++
  return `${key}-${number}`
}

/** Words by which an official point is known to ask for something that the program can fill in; the first counts. */
const WORDS: readonly (readonly [RegExp, PointSource])[] = [
  // Of things beside the terminal nothing is known here but the vehicle's name.
  [/датчик|(^| )(дут|lls)|sensor/, 'ask'],
  [/(марк|модел|тип)\S*( и \S+)? (тс|транспорт\S*|автомобил\S*|машин\S*)( |$)/, 'ask'],
  [/vehicle (make|model|type)|(make|model|type) of (the )?vehicle/, 'ask'],
  [/imei/, 'imei'],
  [/(^| )(sim|apn)( |$)|сим.?карт/, 'sim'],
  [/прошивк|firmware/, 'firmware'],
  [/загрузчик|bootloader|аппаратн|hardware/, 'hardware'],
  [/серийн|заводск|serial/, 'serial'],
  [/(id|номер|идентификатор) (терминал|регистратор|прибор)|terminal (id|number)/, 'terminal'],
  [/модел|тип (терминал|регистратор)|model/, 'model'],
  [/логин|учетн|login|account/, 'account'],
  [/(название|имя|госномер|гос номер).*(тс|транспорт|объект)|vehicle/, 'vehicle'],
  [/последни. данн|last data/, 'lastData'],
  // How often a terminal sends is a setting.
  [/период\S* (отправ|переда|опрос|сбор|выгруз|запис)|(sending|reporting|collection) period/, 'ask'],
  [/период|period/, 'period'],
  [/номер (заявк|обращен)|ticket/, 'ticket'],
]

function sourceOf(label: string): PointSource {
  const text = plain(label)
  return WORDS.find(([words]) => words.test(text))?.[1] ?? 'ask'
}
