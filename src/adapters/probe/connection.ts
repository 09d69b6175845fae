import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { type SecureContext, connect as secure, type TLSSocket } from 'node:tls'
import { SECOND } from '../../core/time.ts'
import { type Attempt, broken, brokenBy, type Step } from './attempt.ts'
import type { Address, ResolveName } from './name-resolver.ts'
import { showHost } from './text.ts'

export type Endpoint = { readonly host: string; readonly port: number }

/** Connects to a host name or an IP literal (without brackets): phases `dns` and `tcp`. */
export async function openTcp(
  attempt: Attempt,
  resolveName: ResolveName,
  { host, port }: Endpoint,
): Promise<Step<Socket>> {
  const found = await addressesOf(attempt, resolveName, host)
  if (found.kind !== 'done') return found
  const name = showHost(host, port)
  attempt.enter('tcp', `connecting to ${name}`)
  // A lookup may end long after the attempt did.
  if (attempt.over()) return broken('', 'tcp', 'the attempt is over')
  const socket = connect({
    host,
    port,
    lookup: answerWith(found.value),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: msPerAddress(found.value.length, attempt.remainingMs()),
  })
  attempt.hold(socket)
  const error = await opened(socket, 'connect')
  return error ? brokenBy(error, 'tcp', `no connection to ${name}`) : { kind: 'done', value: socket }
}

/** Makes a connected socket a TLS one and verifies the certificate for `host`: phase `tls`. */
export async function openTls(
  attempt: Attempt,
  socket: Socket,
  { host, port }: Endpoint,
  secureContext: SecureContext | undefined,
): Promise<Step<TLSSocket>> {
  const name = showHost(host, port)
  attempt.enter('tls', `in the TLS handshake with ${name}`)
  const secured = secure({
    socket,
    host,
    ALPNProtocols: ['http/1.1'],
    // RFC 6066, 3: no literal addresses and no trailing dot in the server name.
    ...(isIP(host) ? {} : { servername: host.replace(/\.$/, '') }),
    ...(secureContext ? { secureContext } : {}),
  })
  attempt.hold(secured)
  const error = await opened(secured, 'secureConnect')
  return error ? brokenBy(error, 'tls', `no TLS with ${name}`) : { kind: 'done', value: secured }
}

async function addressesOf(
  attempt: Attempt,
  resolveName: ResolveName,
  host: string,
): Promise<Step<readonly Address[]>> {
  const family = isIP(host)
  if (family !== 0) return { kind: 'done', value: [{ address: host, family: family === 6 ? 6 : 4 }] }
  attempt.enter('dns', `looking up ${host}`)
  const found = await resolveName(host)
  if (found.kind === 'found') return { kind: 'done', value: found.addresses }
  return broken(found.code, 'dns', `no address for ${host}: ${found.code}`)
}

function answerWith(addresses: readonly Address[]): LookupFunction {
  return (_host, options, callback) => {
    if (options.all) callback(null, [...addresses])
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
  }
}

/**
 * Node drops an address after 250 ms and never comes back to it, which a lost packet (sent again after one second)
 * already exceeds. Up to two seconds survive one loss; the last address may use all that remains.
 */
function msPerAddress(count: number, remainingMs: number): number {
  return Math.max(10, Math.floor(Math.min(2 * SECOND, remainingMs / (count + 1))))
}

/** Null once `event` came; the error when the socket failed or closed before. */
function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<Error | null> {
  return new Promise((resolve) => {
    socket.once(event, () => resolve(null))
    socket.once('error', resolve)
    socket.once('close', () => resolve(new Error('closed by the other side')))
  })
}
