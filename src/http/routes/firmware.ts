import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { decodeText } from '../../core/fleet/decode-text.ts'
import { type FirmwareFault, firmwareEntry } from '../../core/request/firmware-entry.ts'
import { actorOf } from '../actor.ts'
import { MEBIBYTE, readBody } from '../body.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { FirmwareModelJson, firmwareModelJson } from '../json/firmware.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { problem, problems } from '../problem.ts'
import { badCursor } from './terminals.ts'

/** A thousand models with long notes. */
export const FIRMWARE_LIMIT_BYTES = MEBIBYTE

const PATH = '/api/v1/firmware'
const ONE = '/api/v1/firmware/{model}'
const params = z.object({ model: z.string() })
const one = { description: 'The model', content: { 'application/json': { schema: FirmwareModelJson } } }

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  summary: 'The firmware catalogue, by model',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(FirmwareModelJson) } } },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: ONE,
  summary: 'What the catalogue knows of a model',
  request: { params },
  responses: { 200: one, ...problems(404) },
})

const putRoute = createRoute({
  method: 'put',
  path: ONE,
  summary: 'Add or replace a model',
  request: {
    params,
    body: {
      required: true,
      content: {
        'application/json': { schema: FirmwareModelJson.partial().required({ latest: true }).loose() },
      },
    },
  },
  responses: { 200: one, ...problems(409, 422) },
})

const deleteRoute = createRoute({
  method: 'delete',
  path: ONE,
  summary: 'Take a model out of the catalogue',
  request: { params },
  responses: { 204: { description: 'Removed' }, ...problems(404) },
})

const importRoute = createRoute({
  method: 'post',
  path: '/api/v1/firmware/import',
  summary:
    'Add and replace models from YAML, JSON or CSV (model,latest,critical_min,broken,released,note), all or none',
  request: {
    body: { content: { 'text/csv': { schema: z.string() }, 'application/yaml': { schema: z.string() } } },
  },
  responses: {
    200: {
      description: 'Imported',
      content: {
        'application/json': {
          schema: z.object({ created: z.number().int(), updated: z.number().int() }),
        },
      },
    },
    ...problems(400, 409, 413, 422),
  },
})

/** The firmware catalogue. */
export function addFirmware(
  app: OpenAPIHono<HttpEnv>,
  { firmware }: Pick<AppDeps, 'firmware'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(listRoute, (c) => {
    const list = slice(firmware.list(), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(firmwareModelJson) }, 200) : badCursor(c)
  })

  app.openapi(oneRoute, (c) => {
    const found = firmware.get(c.req.valid('param').model)
    return found ? c.json(firmwareModelJson(found), 200) : unknownModel(c)
  })

  app.openapi(putRoute, async (c) => {
    const { model } = c.req.valid('param')
    const entry = firmwareEntry({ ...c.req.valid('json'), model })
    if (!entry.ok) return wrongEntries(c, entry.faults)
    const saved = await firmware.save([entry.model], actorOf(c, options))
    return saved === 'full' ? full(c) : c.json(firmwareModelJson(entry.model), 200)
  })

  app.openapi(deleteRoute, async (c) => {
    const removed = await firmware.remove(c.req.valid('param').model, actorOf(c, options))
    return removed === 'missing' ? unknownModel(c) : c.body(null, 204)
  })

  app.openapi(importRoute, async (c) => {
    const body = await readBody(c.req.raw, FIRMWARE_LIMIT_BYTES)
    if (body.kind === 'too-large') return problem(c, 413, 'At most 1 MiB.')
    if (body.kind === 'unreadable') return problem(c, 400, body.reason)
    const { models, faults } = firmware.read(decodeText(body.bytes).pieces.join(''))
    if (faults.length > 0) return wrongEntries(c, faults)
    const saved = await firmware.save(models, actorOf(c, options))
    return saved === 'full' ? full(c) : c.json({ ...saved }, 200)
  })
}

function unknownModel(c: HttpContext) {
  return problem(c, 404, 'The catalogue has no such model.')
}

function full(c: HttpContext) {
  return problem(c, 409, 'The catalogue has as many models as it takes.')
}

const MOST_FAULTS = 100

function wrongEntries(c: HttpContext, faults: readonly FirmwareFault[]) {
  const errors = faults.slice(0, MOST_FAULTS).map(({ path, message }) => ({ path: `body.${path}`, message }))
  return problem(c, 422, errors.map((error) => `${error.path}: ${error.message}`).join('; '), { errors })
}
