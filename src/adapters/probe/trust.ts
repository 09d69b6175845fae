import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'

/** Further authorities (PEM) besides the usual ones. Throws when `ca` is no certificate. */
export function trusting(ca: string): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), ca] })
}
