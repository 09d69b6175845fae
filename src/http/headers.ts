import { createMiddleware } from 'hono/factory'
import type { HttpEnv } from './env.ts'

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Headers that keep a browser from doing more than our pages need. `same-origin` and not `no-referrer`, because
 * with the latter browsers send `Origin: null` with forms.
 */
export const securityHeaders = createMiddleware<HttpEnv>(async (c, next) => {
  await next()
  c.header('Content-Security-Policy', POLICY)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('X-Frame-Options', 'DENY')
  c.header('Referrer-Policy', 'same-origin')
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
})
