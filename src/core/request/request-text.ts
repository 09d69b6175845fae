import type { Language } from '../letters/letter.ts'
import { namedMomentWords } from '../letters/words.ts'
import { oneLine } from '../one-line.ts'
import type { Instant } from '../time.ts'
import { FAQ_URL } from './check-documents.ts'
import type { CheckPoint } from './check-items.ts'
import type { CheckView } from './check-view.ts'
import type { PointField } from './points.ts'
import type { RequestTemplate } from './template.ts'

/** A request that is ready to be copied into a letter. */
export type RequestDraft = {
  readonly subject: string
  readonly text: string
  /** Keys of the required points that nobody has filled in. */
  readonly missing: readonly string[]
}

type Parts = {
  readonly template: Pick<RequestTemplate, 'title' | 'status' | 'source' | 'about' | 'version'>
  readonly fields: readonly PointField[]
  readonly terminal: { readonly id: string; readonly name: string }
  readonly checked: Pick<CheckView, 'items'>
}

const WORDS = {
  ru: {
    terminal: 'терминал',
    draft: `[ЧЕРНОВИК: пункты составлены нами, это не официальный список FAQ. Сверьте их с ${FAQ_URL} и удалите эту строку перед отправкой.]`,
    department: '[В отдел финансов или гарантии, не в техническую поддержку (регламент, п. 8).]',
    problem: 'Проблема',
    missing: '(не заполнено)',
    checked: (at: string) => `Проверено до обращения, ${at}:`,
    marks: { good: '[+]', bad: '[-]', unknown: '[?]' },
  },
  en: {
    terminal: 'terminal',
    draft: `[DRAFT: these points are our own, not the official list of the FAQ. Compare them with ${FAQ_URL} and delete this line before sending.]`,
    department: '[To the finance or warranty department, not to technical support (regulation, point 8).]',
    problem: 'Problem',
    missing: '(not filled in)',
    checked: (at: string) => `Checked before this request, ${at}:`,
    marks: { good: '[+]', bad: '[-]', unknown: '[?]' },
  },
} as const

/** What the check finds in our own register says nothing to support. */
const OUR_OWN: ReadonlySet<CheckPoint> = new Set<CheckPoint>(['identity', 'thread'])

/** Longest subject, characters. */
const LONGEST_SUBJECT = 150

/**
 * The text of a request: one problem, every point with its number, and the record of the check (regulation, points 5, 7
 * and 10). Optional points without a value are left out.
 */
export function requestText(
  { template, fields, terminal, checked }: Parts,
  now: Instant,
  { language, timezone }: { readonly language: Language; readonly timezone: string },
): RequestDraft {
  const words = WORDS[language]
  const title = template.title[language]
  const named = [terminal.id, terminal.name].filter(
    (part, n) => part !== '' && (n === 0 || part !== terminal.id),
  )
  // One terminal more or less changes nothing about a problem of the service.
  const subject = template.about === 'service' ? title : `${title}: ${words.terminal} ${named.join(', ')}`
  const shown = fields.filter(({ value, required }) => value !== '' || required)
  const points = shown.map(
    ({ label, value }, n) => `${n + 1}. ${label}: ${value === '' ? words.missing : indented(value)}`,
  )
  const items = checked.items
    .filter(({ point }) => !OUR_OWN.has(point))
    .map(({ ok, text }) => `${words.marks[markOf(ok)]} ${text}`)
  const head = [
    ...(template.status === 'draft' ? [words.draft] : []),
    ...(template.about === 'department' ? [words.department] : []),
  ]
  const parts = [
    ...(head.length > 0 ? [head.join('\n')] : []),
    `${words.problem}: ${title}`,
    points.join('\n'),
    [words.checked(namedMomentWords(now, timezone, language)), ...items].join('\n'),
  ]
  return {
    subject: oneLine(subject, LONGEST_SUBJECT),
    text: `${parts.filter((part) => part !== '').join('\n\n')}\n`,
    missing: shown.filter(({ value }) => value === '').map(({ key }) => key),
  }
}

function markOf(ok: boolean | null): 'good' | 'bad' | 'unknown' {
  return ok === null ? 'unknown' : ok ? 'good' : 'bad'
}

/** Further lines of an answer stand below its label. */
function indented(value: string): string {
  return value.replaceAll(/\r\n?|\n/g, '\n   ')
}
