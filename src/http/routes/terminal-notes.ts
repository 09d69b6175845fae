import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { TerminalNote } from '../../core/fleet/note.ts'
import { namesOf } from '../../core/request/terminal-names.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { InstantJson, iso } from '../json/instant.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { keepNote } from '../noting.ts'
import { problems } from '../problem.ts'
import { seenFleet } from '../seen.ts'
import { NoteInput } from '../terminal-input.ts'
import { othersReply } from './check.ts'
import { badCursor, unknownTerminal } from './terminals.ts'

/** More than anybody writes to one terminal. */
const MOST_NOTES = 10_000

const NoteJson = z
  .object({
    at: InstantJson,
    by: z.string(),
    kind: z.enum(['note', 'reply']).openapi({
      description: 'reply: what the terminal answered to an SMS command, as it was pasted',
    }),
    text: z.string(),
  })
  .openapi('Note')

const params = z.object({ id: z.string() })

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/terminals/{id}/notes',
  summary: 'What people wrote to a terminal, newest first',
  request: { params, query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(NoteJson) } } },
    ...problems(404, 422),
  },
})

const addRoute = createRoute({
  method: 'post',
  path: '/api/v1/terminals/{id}/notes',
  summary: 'Write something to a terminal',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: NoteInput } } },
  },
  responses: {
    201: { description: 'The note', content: { 'application/json': { schema: NoteJson } } },
    ...problems(404, 422),
  },
})

/** Notes to terminals. */
export function addTerminalNotes(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'check' | 'fleet' | 'notes'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(listRoute, async (c) => {
    const fleet = seenFleet(c, deps)
    const view = fleet.get(c.req.valid('param').id)
    if (!view) return unknownTerminal(c)
    const notes = await deps.notes.of(namesOf(fleet, view.id), c.get('identity').scope, MOST_NOTES)
    const list = slice(notes, c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(noteJson) }, 200) : badCursor(c)
  })

  app.openapi(addRoute, async (c) => {
    const view = seenFleet(c, deps).get(c.req.valid('param').id)
    if (!view) return unknownTerminal(c)
    const noted = await keepNote(c, deps, options, view, c.req.valid('json'))
    return noted.kind === 'kept' ? c.json(noteJson(noted.note), 201) : othersReply(c, noted.name)
  })
}

function noteJson({ at, by, kind, text }: TerminalNote): z.infer<typeof NoteJson> {
  return { at: iso(at), by, kind, text }
}
