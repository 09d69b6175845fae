import { isIP } from 'node:net'
import type { AppOptions } from './deps.ts'
import type { HttpContext } from './env.ts'

/** Address of the caller for throttling; of a trusted proxy the address that it saw. */
export function clientAddress(c: HttpContext, trustProxy: boolean): string {
  const socket = c.env?.incoming?.socket.remoteAddress ?? 'unknown'
  if (!trustProxy) return socket
  // Only the last entry was written by our own proxy; those before it are what the client claims.
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  const address = withoutPort(forwarded)
  return isIP(address) === 0 ? socket : address
}

/** Some proxies name the port, too, and it differs from connection to connection. */
function withoutPort(text: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}

/** Whether the browser speaks https with us, or with a proxy that is trusted to say so. */
export function isSecure(
  c: HttpContext,
  { publicUrl, trustProxy }: Pick<AppOptions, 'publicUrl' | 'trustProxy'>,
): boolean {
  if (/^https:/i.test(publicUrl)) return true
  const proto = trustProxy ? c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim() : undefined
  return proto?.toLowerCase() === 'https'
}

/** A caller on this machine that no proxy speaks for. */
export function isLocal(c: HttpContext): boolean {
  const address = c.env?.incoming?.socket.remoteAddress
  return address !== undefined && isLoopback(address) && !isForwarded(c)
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address)
}

function isForwarded(c: HttpContext): boolean {
  for (const name of c.req.raw.headers.keys()) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip') return true
  }
  return false
}
