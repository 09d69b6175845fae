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

/** True when the caller asks for a page of the list: without `limit` and `cursor` a file has all of it. */
export function wantsPage(c: HttpContext): boolean {
  return Boolean(c.req.query('limit') || c.req.query('cursor'))
}

/** Answers with CSV, to be saved under `name`. `next`: the cursor of the page behind this one, if there is one. */
export function csvFile(
  c: HttpContext,
  name: string,
  content: string | ReadableStream,
  next: string | null = null,
): Response {
  if (next !== null) c.header('Link', `<${addressWith(c, next)}>; rel="next"`)
  return c.body(content, 200, {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}"`,
  })
}

/** Without a host: behind a proxy ours is another one. */
function addressWith(c: HttpContext, cursor: string): string {
  const { pathname, searchParams } = new URL(c.req.url)
  searchParams.set('cursor', cursor)
  return `${pathname}?${searchParams}`
}
