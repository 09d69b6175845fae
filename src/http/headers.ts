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

const ALWAYS = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=()'],
] as const

const UNLESS_SET = [
  [CSP, POLICY],
  ['Cache-Control', 'no-store'],
] as const

/**
 * Headers that keep a browser from doing more than our pages need. `same-origin` and not `no-referrer`, because
 * with the latter browsers send `Origin: null` with forms.
 */
export const securityHeaders = createMiddleware<HttpEnv>(async (c, next) => {
  await next()
  // Not by `c.header`: once there is an answer, each call of it makes that anew.
  const { headers } = c.res
  for (const [name, value] of ALWAYS) headers.set(name, value)
  for (const [name, value] of UNLESS_SET) if (!headers.has(name)) headers.set(name, value)
})

/** Answers with the HTML part of a letter as a document of its own. */
export function letterHtml(c: HttpContext, html: string) {
  return c.html(html, 200, { [CSP]: LETTER_POLICY })
}
