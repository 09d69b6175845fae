import { createMiddleware } from 'hono/factory'
import type { HttpContext, HttpEnv } from './env.ts'

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The HTML part of a letter carries its styles in attributes, because mail programs want them there. It may show
 * them and nothing else: `sandbox` takes scripts, forms and our cookies from it.
 */
const LETTER_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'sandbox',
].join('; ')

const CSP = 'Content-Security-Policy'

/**
 * Headers that keep a browser from doing more than our pages need. `same-origin` and not `no-referrer`, because
 * with the latter browsers send `Origin: null` with forms.
 */
export const securityHeaders = createMiddleware<HttpEnv>(async (c, next) => {
  await next()
  if (!c.res.headers.has(CSP)) c.header(CSP, POLICY)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('X-Frame-Options', 'DENY')
  c.header('Referrer-Policy', 'same-origin')
  c.header('Cross-Origin-Opener-Policy', 'same-origin')
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
  c.header('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
})

/** Answers with the HTML part of a letter as a document of its own. */
export function letterHtml(c: HttpContext, html: string) {
  return c.html(html, 200, { [CSP]: LETTER_POLICY })
}
