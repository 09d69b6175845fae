import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { LetterQuery } from '../../ports.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { LetterJson, LetterKindJson, LetterStateJson, letterJson } from '../json/letter.ts'
import { blankAsAbsent, listOf, PageQuery } from '../json/list.ts'
import { problem, problems } from '../problem.ts'
import { badCursor } from './terminals.ts'

/** Filters of the list of letters, as the API and the page read them. */
export const LetterFilter = z.object({
  outage: blankAsAbsent(z.string().trim().max(200).optional()).openapi({
    description: 'Id of an outage, or the subject of other letters',
  }),
  state: blankAsAbsent(LetterStateJson.optional()),
  kind: blankAsAbsent(LetterKindJson.optional()),
})

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/letters',
  summary: 'Letters, newest first',
  request: { query: PageQuery.extend(LetterFilter.shape) },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(LetterJson) } } },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/letters/{id}',
  summary: 'One letter; with .eml after the id the bytes that are sent',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: {
      description: 'The letter',
      content: {
        'application/json': { schema: LetterJson },
        'message/rfc822': { schema: z.string() },
      },
    },
    ...problems(404),
  },
})

const requeueRoute = createRoute({
  method: 'post',
  path: '/api/v1/letters/{id}/requeue',
  summary: 'Put an undeliverable letter back into the queue',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: 'Queued; the letter', content: { 'application/json': { schema: LetterJson } } },
    ...problems(404, 409),
  },
})

const EML = '.eml'

/** Letters and what became of them. */
export function addLetters(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'letters'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query')
    const page = await letterPage(deps, filter, limit, cursor)
    return page ? c.json({ ...page, items: page.items.map(letterJson) }, 200) : badCursor(c)
  })

  app.openapi(oneRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (id.endsWith(EML)) return mail(c, deps, id.slice(0, -EML.length))
    const found = await deps.letters.get(id)
    return found ? c.json(letterJson(found.letter), 200) : unknownLetter(c)
  })

  app.openapi(requeueRoute, async (c) => {
    const { id } = c.req.valid('param')
    const result = await deps.letters.requeue(id, actorOf(c, options))
    if (result === 'not-dead') return problem(c, 409, 'Only a letter in state dead can be put back.')
    const found = result === 'missing' ? undefined : await deps.letters.get(id)
    return found ? c.json(letterJson(found.letter), 200) : unknownLetter(c)
  })
}

/** A page of letters; undefined: the cursor is none of this list. */
export async function letterPage(
  { letters }: Pick<AppDeps, 'letters'>,
  { outage, state, kind }: z.infer<typeof LetterFilter>,
  limit: number,
  cursor?: string,
) {
  if (cursor !== undefined && !(await letters.get(cursor))) return undefined
  const query: LetterQuery = {
    limit: limit + 1,
    ...(cursor === undefined ? {} : { after: cursor }),
    ...(outage === undefined ? {} : { subject: outage }),
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
  }
  const { items: found, total } = await letters.list(query)
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null, total }
}

async function mail(c: HttpContext, deps: Pick<AppDeps, 'letters'>, id: string) {
  const found = await deps.letters.get(id)
  if (!found) return unknownLetter(c)
  const name = id.replace(/[^\w.-]/g, '_')
  return c.body(new Uint8Array(found.mime), 200, {
    'Content-Type': 'message/rfc822',
    'Content-Disposition': `attachment; filename="${name}${EML}"`,
  })
}

function unknownLetter(c: HttpContext) {
  return problem(c, 404, 'There is no letter with this id.')
}
