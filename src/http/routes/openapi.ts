import type { OpenAPIHono } from '@hono/zod-openapi'
import type { HttpEnv } from '../env.ts'

/** `/api/v1/openapi.json`, made from the routes themselves. It holds no data, so that anyone may read it. */
export function addOpenApi(app: OpenAPIHono<HttpEnv>): void {
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'watch_session',
  })
  registry.registerComponent('securitySchemes', 'source', {
    type: 'http',
    scheme: 'bearer',
    description: 'Token of the HTTP source',
  })
  registry.registerComponent('securitySchemes', 'sourceHeader', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Token',
  })
  // To make it takes 40 ms, which strangers could ask for as often as they like.
  let made: string | undefined
  app.get('/api/v1/openapi.json', (c) => {
    made ??= JSON.stringify(app.getOpenAPI31Document(ABOUT))
    return c.body(made, 200, { 'Content-Type': 'application/json' })
  })
}

const ABOUT: Parameters<OpenAPIHono['getOpenAPI31Document']>[0] = {
  openapi: '3.1.0',
  info: {
    title: 'omnicomm-watch',
    version: '1',
    description:
      'Freshness of terminals and availability of the watched service. Errors are problem documents.',
  },
  security: [{ token: [] }, { session: [] }],
}
