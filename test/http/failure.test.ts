import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { expect, test } from 'vitest'
import type { HttpEnv } from '../../src/http/env.ts'
import { refuseInvalid } from '../../src/http/failure.ts'

const app = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid })
const schema = z.strictObject({ numbers: z.array(z.number()) })
const route = createRoute({
  method: 'post',
  path: '/',
  request: { body: { required: true, content: { 'application/json': { schema } } } },
  responses: { 200: { description: 'Taken' } },
})
app.openapi(route, (c) => c.body(null))

async function refused(body: unknown): Promise<string> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await app.request('/', { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.status).toBe(422)
  return response.text()
}

test('of very many faults some are named, and the others counted', async () => {
  const answer: unknown = JSON.parse(await refused({ numbers: Array.from({ length: 200 }, () => 'x') }))
  const { errors } = answer as { readonly errors: readonly unknown[] }
  expect(errors).toHaveLength(50)
  expect(errors[49]).toMatchObject({ path: 'body.numbers.49' })
  expect(answer).toMatchObject({ detail: expect.stringMatching(/; and 150 more$/) })
})

test('what a fault repeats of the request is cut', async () => {
  const keys = Array.from({ length: 1000 }, (_, n) => [`${'x'.repeat(1000)}${n}`, 1])
  expect((await refused({ numbers: [], ...Object.fromEntries(keys) })).length).toBeLessThan(2000)
})

test('a body that is needed and did not come is unreadable', async () => {
  const response = await app.request('/', { method: 'POST' })
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { detail: 'Send the body as JSON, with Content-Type: application/json.' },
  ])
})
