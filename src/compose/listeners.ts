import type { ConnectionBudget } from '../adapters/terminal-tcp/connection-budget.ts'
import { createTerminalListener } from '../adapters/terminal-tcp/listener.ts'
import type { SourceConfig } from '../config/source-schema.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import { createEgtsSession } from '../core/telemetry/egts-session.ts'
import { createOmnicommSession } from '../core/telemetry/omnicomm-session.ts'
import type { Session } from '../core/telemetry/session.ts'
import { createWialonIpsSession } from '../core/telemetry/wialon-ips-session.ts'
import type { Clock, Log, Metrics, Source, TerminalEvents } from '../ports.ts'

export type ListenerConfig = Extract<SourceConfig, { kind: 'omnicomm-tcp' | 'wialon-ips' | 'egts' }>

export type ListenerDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly fleet: Pick<Fleet, 'counters'>
  /** The one of the process, so that all listeners together leave files for the rest of it. */
  readonly budget?: ConnectionBudget
}

/** Listens for terminals that speak a protocol of their own. */
export function openListener(source: ListenerConfig, events: TerminalEvents, deps: ListenerDeps): Source {
  const { id, kind, host, port, idleTimeout, maxConnections, maxPerAddress } = source
  return createTerminalListener(
    { id, kind, host, port, idleTimeoutMs: idleTimeout, maxConnections, maxPerAddress },
    sessionsOf(source, deps),
    events,
    deps,
  )
}

function sessionsOf(source: ListenerConfig, { clock, fleet }: ListenerDeps): () => Session {
  switch (source.kind) {
    case 'omnicomm-tcp': {
      const { id, acknowledge, answerClock } = source
      return () =>
        createOmnicommSession({
          source: id,
          acknowledge,
          counterOf: (terminalId) => fleet.counters.get(terminalId),
          clock: () => (answerClock ? clock.now() : null),
        })
    }
    case 'wialon-ips':
      return () => createWialonIpsSession({ source: source.id })
    case 'egts':
      return () => createEgtsSession({ source: source.id })
  }
}
