import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi'
import { allowedFor } from '../access.ts'
import type { HttpEnv } from '../env.ts'
import { problems } from '../problem.ts'

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
    made ??= JSON.stringify(documentOf(app))
    return c.body(made, 200, { 'Content-Type': 'application/json' })
  })
}

function documentOf(app: OpenAPIHono<HttpEnv>) {
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { route } = definition
    route.responses = { ...answersBefore(route), ...route.responses }
  }
  return app.getOpenAPI31Document(ABOUT)
}

/** What is answered before a route has its turn: by the guard, and while its JSON is read. */
function answersBefore({ method, path, request }: RouteConfig) {
  const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`
  const isGuarded = allowedFor(route) !== 'anybody'
  const takesJson = 'application/json' in (request?.body?.content ?? {})
  return { ...(isGuarded && problems(401, 403)), ...(takesJson && problems(400, 413)) }
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
