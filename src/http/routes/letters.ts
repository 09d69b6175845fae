import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { LetterQuery } from '../../ports.ts'
import type { AppDeps } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { LetterJson, LetterStateJson, letterJson } from '../json/letter.ts'
import { blankAsAbsent, listOf, PageQuery } from '../json/list.ts'
import { problem, problems } from '../problem.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/letters',
  summary: 'Letters, newest first',
  request: {
    query: PageQuery.extend({
      outage: blankAsAbsent(z.string().max(200).optional()).openapi({ description: 'Id of an outage' }),
      state: blankAsAbsent(LetterStateJson.optional()),
    }),
  },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(LetterJson) } } },
    ...problems(401, 422),
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
    ...problems(401, 404),
  },
})

const EML = '.eml'

/** Letters and what became of them. */
export function addLetters(app: OpenAPIHono<HttpEnv>, deps: Pick<AppDeps, 'letters'>): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, outage, state } = c.req.valid('query')
    if (cursor !== undefined && !(await deps.letters.get(cursor))) return badCursor(c)
    const query: LetterQuery = {
      limit: limit + 1,
      ...(cursor === undefined ? {} : { after: cursor }),
      ...(outage === undefined ? {} : { subject: outage }),
      ...(state === undefined ? {} : { state }),
    }
    const { items: found, total } = await deps.letters.list(query)
    const items = found.slice(0, limit)
    const next = found.length > limit ? (items.at(-1)?.id ?? null) : null
    return c.json({ items: items.map(letterJson), next, total }, 200)
  })

  app.openapi(oneRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (id.endsWith(EML)) return mail(c, deps, id.slice(0, -EML.length))
    const found = await deps.letters.get(id)
    return found ? c.json(letterJson(found.letter), 200) : unknownLetter(c)
  })
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
