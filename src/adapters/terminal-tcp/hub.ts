import type { Socket } from 'node:net'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Clock, Log, Metrics, Stop, TerminalEvents } from '../../ports.ts'
import { type AddressBudget, createAddressBudget, type Refusal } from './address-budget.ts'
import { type Claims, createClaims } from './claims.ts'
import type { Connection } from './connection.ts'
import { createExpiry, type Expiry } from './expiry.ts'
import { createHandovers, type Handovers } from './handovers.ts'
import { createMinuteLog, type MinuteLog } from './minute-log.ts'
import { affordableConnections, openFileLimit } from './open-files.ts'
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
}

/** All that the connections of one listener share. */
export type Hub = TerminalListenerDeps & {
  readonly options: TerminalListenerOptions
  readonly events: TerminalEvents
  /** No more than there are file handles for. */
  readonly maxConnections: number
  readonly labels: { readonly source: string }
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
  readonly refused: Record<Refusal | 'total', number>
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
  return {
    ...deps,
    options,
    events,
    maxConnections: affordableConnections(options.maxConnections, openFileLimit()),
    labels: { source: options.id },
    connections: new Map(),
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
