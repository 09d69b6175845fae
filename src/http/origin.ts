import type { AppOptions } from './deps.ts'
import type { HttpContext } from './env.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * True when a state-changing request comes from a page that is not ours (cross-site request forgery). Without a
 * configured public address our own pages are those of the host that the request names. `header`: whether
 * a request without Origin is foreign, too.
 */
export function foreignOrigin(
  c: HttpContext,
  options: Pick<AppOptions, 'publicUrl'>,
  header: 'needed' | 'optional',
): boolean {
  if (SAFE_METHODS.has(c.req.method)) return false
  const origin = c.req.header('origin')
  if (origin === undefined) return header === 'needed'
  if (options.publicUrl !== '') return origin !== URL.parse(options.publicUrl)?.origin
  const host = c.req.header('host') ?? URL.parse(c.req.url)?.host
  return URL.parse(origin)?.host !== host?.toLowerCase()
}

/** A path on this site, or `/`: what follows a login must not lead elsewhere. */
export function localPath(path: string | undefined): string {
  // Browsers read a backslash as a slash and drop control characters, so `/\host` and `/<tab>/host` lead away.
  return path && /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(path) && path.length <= 2000 ? path : '/'
}
