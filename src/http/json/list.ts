import { z } from '@hono/zod-openapi'

/** Entries of a page when the request does not say. */
const DEFAULT_LIMIT = 100
export const MAX_LIMIT = 1000

/** `limit` and `cursor` of every list. An empty value counts as absent, as a form sends it. */
export const PageQuery = z.object({
  limit: blankAsAbsent(
    z
      .string()
      .regex(/^\d{1,4}$/, 'must be a whole number from 1 to 1000')
      .transform(Number)
      .pipe(z.number().min(1).max(MAX_LIMIT))
      .optional(),
  )
    .transform((limit) => limit ?? DEFAULT_LIMIT)
    .openapi({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
  cursor: blankAsAbsent(z.string().max(1000).optional()),
})

/** A page of a list: `next` is the cursor of the following page, null on the last one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable(),
    total: z.number().int(),
  })
}

/** Reads an empty text as an absent value. */
export function blankAsAbsent<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema)
}

/** A page of a list that is at hand as a whole; the cursor counts entries. Undefined: the cursor is none. */
export function slice<Item>(
  items: readonly Item[],
  page: { readonly cursor?: string | undefined; readonly limit: number },
): { items: Item[]; next: string | null; total: number } | undefined {
  const from = placeOf(page.cursor)
  if (from === undefined) return undefined
  const to = from + page.limit
  return { items: items.slice(from, to), next: cursorOf(to, items.length), total: items.length }
}

/** The place that a counting cursor names. Undefined: the cursor is none. */
function placeOf(cursor: string | undefined): number | undefined {
  return cursor === undefined || /^\d{1,9}$/.test(cursor) ? Number(cursor ?? 0) : undefined
}

/** The counting cursor of the next page; null: there is none. */
function cursorOf(to: number, total: number): string | null {
  return to < total ? String(to) : null
}
