import type { Clock, Probe } from '../../ports.ts'
import { runProbe } from './attempt.ts'
import { type Endpoint, openTcp } from './connection.ts'
import type { ResolveName } from './name-resolver.ts'

export type TcpProbeDeps = {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly resolveName: ResolveName
}

export type TcpProbeOptions = Endpoint & { readonly slowAfterMs?: number | undefined }

/** A probe that is content with an accepted TCP connection. An IPv6 address may stand in brackets. */
export function createTcpProbe({ host, port, slowAfterMs }: TcpProbeOptions, deps: TcpProbeDeps): Probe {
  const endpoint = { host: host.replace(/^\[(.*)\]$/, '$1'), port }
  return (timeoutMs) =>
    runProbe(deps.clock, { timeoutMs, slowAfterMs }, async (attempt) => {
      const socket = await openTcp(attempt, deps.resolveName, endpoint)
      return socket.kind === 'done' ? { kind: 'done', value: {} } : socket
    })
}
