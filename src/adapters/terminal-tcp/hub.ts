import type { Socket } from 'node:net'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Clock, Log, Metrics, Stop, TerminalEvents } from '../../ports.ts'
import { type AddressBudget, createAddressBudget } from './address-budget.ts'
import { type Claims, createClaims } from './claims.ts'
import type { Connection } from './connection.ts'
import { type ConnectionBudget, createConnectionBudget, type Share } from './connection-budget.ts'
import { createExpiry, type Expiry } from './expiry.ts'
import { createHandovers, type Handovers } from './handovers.ts'
import { createMinuteLog, type MinuteLog } from './minute-log.ts'
import { newTurn, type Turn } from './turn.ts'

export type TerminalListenerOptions = {
  /** Id of the configured source. */
  readonly id: string
  readonly kind: 'omnicomm-tcp' | 'wialon-ips' | 'egts'
  /** Address to listen at. */
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  /** A connection from which nothing came for so long is closed. */
  readonly idleTimeoutMs: number
  readonly maxConnections: number
  readonly maxPerAddress: number
}

export type TerminalListenerDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** The one of the process. Without it this listener takes itself for the only one. */
  readonly budget?: ConnectionBudget
}

/**
 * Which bound was reached: the connections of all, those of an address, or its connections of which nobody knows which
 * terminal speaks there.
 */
export type Bound = 'total' | 'address' | 'unidentified'

/** Whether the source has what it needs to hear its terminals. */
export type Link = {
  isListening: boolean
  /** False from the first answer that something could not be stored until the first that something was. */
  isStoring: boolean
  /** Why it does not hear them; null while it does and before it knows. */
  trouble: string | null
}

/** All that the connections of one listener share. */
export type Hub = TerminalListenerDeps & {
  readonly options: TerminalListenerOptions
  readonly events: TerminalEvents
  /** No more connections than there are file handles for. */
  readonly share: Share
  readonly labels: { readonly source: string }
  readonly link: Link
  readonly connections: Map<Socket, Connection>
  readonly claims: Claims<Connection>
  readonly handovers: Handovers
  readonly addresses: AddressBudget
  /** By the last bytes that came. */
  readonly quiet: Expiry<Connection>
  /** Those that have not said who they are, by when they came. */
  readonly strangers: Expiry<Connection>
  /** Those that do not take our replies, by when that began. */
  readonly stalled: Expiry<Connection>
  /** Those that were told the end, by when. */
  readonly lingering: Expiry<Connection>
  readonly turn: Turn
  /** Connections for which there was no room. */
  readonly refused: Record<Bound, number>
  readonly say: MinuteLog
  /** Ends the wait for throttled addresses; null when there is none. */
  throttleTimer: Stop | null
  stopped: boolean
}

const IDENTIFY_WITHIN_MS = 30 * SECOND
/** For a peer to take replies that pile up. */
const STALLED_MS = 30 * SECOND
/** For a peer to take our last replies and close its side. */
const LINGER_MS = 5 * SECOND
/** Peers that vanished without a word are asked by TCP itself. */
export const KEEP_ALIVE_AFTER_MS = MINUTE

export function createHub(
  options: TerminalListenerOptions,
  events: TerminalEvents,
  deps: TerminalListenerDeps,
): Hub {
  const { budget = createConnectionBudget() } = deps
  const connections = new Map<Socket, Connection>()
  return {
    ...deps,
    options,
    events,
    share: budget.join(options.maxConnections, () => connections.size),
    labels: { source: options.id },
    link: { isListening: false, isStoring: true, trouble: null },
    connections,
    claims: createClaims(),
    handovers: createHandovers(),
    addresses: createAddressBudget(options.maxPerAddress),
    quiet: createExpiry(options.idleTimeoutMs),
    strangers: createExpiry(Math.min(IDENTIFY_WITHIN_MS, options.idleTimeoutMs)),
    stalled: createExpiry(STALLED_MS),
    lingering: createExpiry(LINGER_MS),
    turn: newTurn(),
    refused: { total: 0, address: 0, unidentified: 0 },
    say: createMinuteLog(deps.clock),
    throttleTimer: null,
    stopped: false,
  }
}
