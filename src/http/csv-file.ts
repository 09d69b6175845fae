import { accepts } from 'hono/accepts'
import { csvLine } from './csv.ts'
import type { HttpContext } from './env.ts'

/** Excel reads UTF-8 only when the file begins with a byte order mark. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** A file of these rows, the header first. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return BYTE_ORDER_MARK + rows.map(csvLine).join('')
}

/** True when the caller would rather have CSV than JSON. */
export function wantsCsv(c: HttpContext): boolean {
  const supports = ['application/json', 'text/csv']
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/csv'
}

/** Answers with CSV, to be saved under `name`. */
export function csvFile(c: HttpContext, name: string, content: string | ReadableStream): Response {
  return c.body(content, 200, {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}"`,
  })
}
