/** A line of a template; it is left out when one of `needs` is empty. */
type Line = { readonly pieces: readonly Piece[]; readonly needs: readonly string[] }
type Piece = { readonly text: string } | { readonly field: string }

/** A parsed text: paragraphs of lines. */
export type Template = { readonly paragraphs: readonly (readonly Line[])[] }

export type TemplateFault = { readonly line: number; readonly message: string }

export type TemplateResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly faults: readonly TemplateFault[] }

/** Values by field name; an empty text means "not known" or "does not apply". A list is several lines. */
export type TemplateValues = Readonly<Record<string, TemplateValue>>
export type TemplateValue = string | readonly string[]

const MAX_VALUE = 1000
const MAX_LINES = 200
const PLACE = /\{\{(\??)\s*([^{}]*?)\s*\}\}/g

/**
 * Reads a template. `{{field}}` stands for a value. A line is left out when a field in it is empty; `{{?field}}`
 * makes a line depend on a field without printing it. Blank lines separate paragraphs. There is no other logic.
 */
export function parseTemplate(text: string, fields: readonly string[]): TemplateResult {
  // Windows editors put a mark before the text, which nobody sees and every subject would carry.
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  const faults = lines.flatMap((line, index) => lineFaults(line, index + 1, fields))
  if (text.trim() === '') faults.push({ line: 1, message: 'the template is empty' })
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, template: { paragraphs: split(lines.map((line) => line.trimEnd())) } }
}

/**
 * The lines of each paragraph with values in place; paragraphs without a line are dropped. A value is data: places
 * in it are not filled again, and line breaks and other controls in it become blanks. The lines of a list follow
 * one another, the first at the field's place.
 */
export function renderTemplate(template: Template, values: TemplateValues): readonly (readonly string[])[] {
  const value = (field: string): string => cleanLines(values[field] ?? '')
  return template.paragraphs
    .map((lines) =>
      lines
        .filter((line) => line.needs.every((field) => value(field) !== ''))
        .flatMap((line) =>
          line.pieces
            .map((piece) => ('text' in piece ? piece.text : value(piece.field)))
            .join('')
            .split('\n'),
        ),
    )
    .filter((lines) => lines.length > 0)
}

function lineFaults(line: string, number: number, fields: readonly string[]): TemplateFault[] {
  const rest = line.replace(PLACE, '')
  const unknown = [...line.matchAll(PLACE)]
    .map(([, , field = '']) => field)
    .filter((field) => !fields.includes(field))
    .map((field) => `unknown field "${field}"; known here: ${fields.join(', ')}`)
  const broken = /\{\{|\}\}/.test(rest) ? ['"{{" and "}}" must enclose one field name'] : []
  return [...unknown, ...broken].map((message) => ({ line: number, message }))
}

function split(lines: readonly string[]): readonly (readonly Line[])[] {
  const paragraphs: Line[][] = [[]]
  for (const line of lines) {
    if (line === '') paragraphs.push([])
    else paragraphs.at(-1)?.push(parseLine(line))
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0)
}

function parseLine(line: string): Line {
  const pieces: Piece[] = []
  const needs: string[] = []
  let end = 0
  for (const match of line.matchAll(PLACE)) {
    const [place, condition, field = ''] = match
    if (match.index > end) pieces.push({ text: line.slice(end, match.index) })
    if (condition === '') pieces.push({ field })
    needs.push(field)
    end = match.index + place.length
  }
  if (end < line.length) pieces.push({ text: line.slice(end) })
  return { pieces, needs }
}

function cleanLines(value: TemplateValue): string {
  if (typeof value === 'string') return clean(value)
  const lines = value.map(clean).filter((line) => line !== '')
  return (lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 1), '…'] : lines).join('\n')
}

/** Bounded, one line, without controls or the marks that reorder text (Trojan Source). */
function clean(text: string): string {
  const oneLine = text
    .replace(/[\p{Cc}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
  return oneLine.length > MAX_VALUE ? `${[...oneLine].slice(0, MAX_VALUE - 1).join('')}…` : oneLine
}
