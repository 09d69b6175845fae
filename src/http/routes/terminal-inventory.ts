import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Adoption } from '../../core/fleet/inventory.ts'
import { actorOf } from '../actor.ts'
import { csvFile } from '../csv-file.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { streamOf } from '../inventory-file.ts'
import { problem, problems } from '../problem.ts'
import { textInput } from '../text-input.ts'

const MOST_ADOPTED = 10_000
const MOST_CONFLICTS = 1000
const LONGEST_TEXT = 200

/** What is said of all terminals that are adopted at once; an empty text says nothing. */
export const AdoptionFields = z.strictObject({
  client: saying(),
  dealer: saying(),
  group: saying(),
  profile: saying(),
})

const exportRoute = createRoute({
  method: 'get',
  path: '/api/v1/inventory/export',
  summary: 'The inventory as CSV that the import takes back',
  responses: {
    200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
  },
})

const adoptRoute = createRoute({
  method: 'post',
  path: '/api/v1/terminals/adopt',
  summary: 'Make discovered terminals part of the inventory, all of the named ones or none',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            terminals: z.union([z.literal('all'), z.array(z.string().max(500)).min(1).max(MOST_ADOPTED)]),
            ...AdoptionFields.shape,
          }),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Adopted',
      content: { 'application/json': { schema: z.object({ adopted: z.number().int() }) } },
    },
    ...problems(422),
  },
})

const conflictsRoute = createRoute({
  method: 'get',
  path: '/api/v1/inventory/conflicts',
  summary: 'What the inventory, the vehicle trees and the data say against each other; at most 1,000 of it',
  responses: {
    200: {
      description: 'Conflicts; data under the name of one leads to its first terminal',
      content: {
        'application/json': {
          schema: z.object({
            items: z.array(
              z.object({
                kind: z.enum(['alias', 'vehicle', 'data', 'tree']),
                name: z.string(),
                terminals: z.array(z.string()),
                text: z.string(),
              }),
            ),
            total: z.number().int(),
          }),
        },
      },
    },
  },
})

/** The inventory as a whole: its file, adoption, conflicts. */
export function addTerminalInventory(
  app: OpenAPIHono<HttpEnv>,
  { editor }: Pick<AppDeps, 'editor'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(exportRoute, (c) => csvFile(c, 'inventory.csv', streamOf(editor.exportCsv())))
  app.openapi(adoptRoute, async (c) => {
    const { adopted, refused } = await editor.adopt(adoptionOf(c.req.valid('json')), actorOf(c, options))
    if (refused.length === 0) return c.json({ adopted }, 200)
    const errors = refused.map(({ id, reason }) => ({ path: `terminals: ${id}`, message: REASONS[reason] }))
    return problem(c, 422, 'Terminals were not adopted; leave these out and try again.', { errors })
  })
  app.openapi(conflictsRoute, (c) => {
    const { conflicts, total } = editor.conflicts(MOST_CONFLICTS)
    const items = conflicts.map((conflict) => ({ ...conflict, terminals: [...conflict.terminals] }))
    return c.json({ items, total }, 200)
  })
}

const REASONS = {
  unknown: 'there is no terminal with this id',
  'not-discovered': 'is in the inventory already',
  'no-id': 'is no id that an inventory file could hold',
} as const

/** Only what was said; an empty text leaves things as they are. */
export function adoptionOf({
  terminals,
  ...said
}: { readonly terminals: readonly string[] | 'all' } & z.infer<typeof AdoptionFields>): Adoption {
  const given = Object.entries(said).filter(([, text]) => text !== undefined && text !== '')
  return { terminals, ...Object.fromEntries(given) }
}

function saying() {
  return textInput({ min: 0, max: LONGEST_TEXT }).optional()
}
