import type { Session } from '../../core/telemetry/session.ts'
import { SECOND } from '../../core/time.ts'
import type { Source, Stop, TerminalEvents } from '../../ports.ts'
import { drop, gone, leaveAtStop } from './ending.ts'
import { createHub, type Hub, type TerminalListenerDeps, type TerminalListenerOptions } from './hub.ts'
import { askStored, portEvents } from './link.ts'
import { keepListening, type Port } from './port.ts'
import { takeWaiting } from './receiving.ts'
import { createTerminalServer } from './server.ts'

/** Deadlines are looked at so often: a connection may live longer by this. */
const SWEEP_MS = 5 * SECOND
/** For the peers to take what was written, when the listener stops. */
const STOP_MS = SECOND
/** Of what was read and waits, so many turns are taken in when it stops: half a second. */
const TURNS_AT_STOP = 100
const MOST_NAMED = 20

/**
 * Listens for terminals and does what the sessions of its protocol want done, each connection with a session of its
 * own. Connections, bytes, unsent replies and everything that is remembered are bounded, for all and by address.
 * While the port cannot be had it is tried again and the source is disconnected, as it is while what comes cannot be
 * stored. After `stop` no event is reported any more.
 */
export function createTerminalListener(
  options: TerminalListenerOptions,
  createSession: () => Session,
  events: TerminalEvents,
  deps: TerminalListenerDeps,
): Source {
  const { id, kind, host } = options
  const hub = createHub(options, events, deps)
  const { link } = hub
  warnOfFewFiles(hub)
  const server = createTerminalServer(hub, createSession)
  const port = keepListening(server, options, deps.clock, portEvents(hub))
  const stopSweep = deps.clock.every(sweepPeriod(options.idleTimeoutMs), () => sweep(hub))
  let stopping: Promise<void> | null = null

  return {
    id,
    health: () => ({
      id,
      connected: link.isListening && link.isStoring,
      detail: { kind, host, port: port.bound() ?? options.port, ...stateOf(hub), trouble: link.trouble },
    }),
    stop() {
      link.isListening = false
      stopping ??= stop(hub, port, stopSweep)
      return stopping
    },
  }
}

async function stop(hub: Hub, port: Port, stopSweep: Stop): Promise<void> {
  for (let turns = 0; turns < TURNS_AT_STOP && hub.turn.waiting.length > 0; turns += 1) takeWaiting(hub)
  hub.stopped = true
  stopSweep()
  hub.throttleTimer?.()
  const closed = port.close()
  for (const connection of hub.connections.values()) leaveAtStop(hub, connection)
  const stopWaiting = hub.clock.after(STOP_MS, () => {
    for (const socket of hub.connections.keys()) socket.destroy()
  })
  await closed
  stopWaiting()
  // The server may be closed a moment before it says so of the last sockets.
  for (const connection of hub.connections.values()) gone(hub, connection, false)
  hub.share.leave()
}

function sweepPeriod(idleTimeoutMs: number): number {
  return Math.min(SWEEP_MS, Math.max(SECOND, idleTimeoutMs))
}

function sweep(hub: Hub): void {
  const now = hub.clock.monotonic()
  for (const connection of hub.strangers.expired(now)) drop(hub, connection, 'no-identity')
  for (const connection of hub.quiet.expired(now)) drop(hub, connection, 'idle')
  for (const connection of hub.stalled.expired(now)) drop(hub, connection, 'slow-reader')
  for (const connection of hub.lingering.expired(now)) connection.socket.destroy()
  // Those that were cut off may not come back: nobody else would ask.
  if (!hub.link.isStoring) void askStored(hub)
  hub.addresses.sweep(now)
  hub.handovers.sweep(now)
}

function warnOfFewFiles({ share, options, log }: Hub): void {
  const { id, maxConnections } = options
  const connections = share.most()
  if (connections === maxConnections) return
  log.warn(
    'The limit of open files leaves room for fewer connections than maxConnections of all sources: raise it (ulimit -n, LimitNOFILE=), or lower maxConnections',
    { source: id, connections, maxConnections },
  )
}

function stateOf(hub: Hub) {
  const contested = hub.handovers.contested(hub.clock.monotonic())
  return {
    maxConnections: hub.share.most(),
    connections: hub.connections.size,
    identified: hub.claims.size(),
    stalled: hub.stalled.size(),
    deferred: hub.turn.waiting.length,
    refused: { ...hub.refused },
    throttledAddresses: hub.addresses.throttled(),
    contested: contested.slice(-MOST_NAMED),
    contestedCount: contested.length,
  }
}
