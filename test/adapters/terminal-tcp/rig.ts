import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ConnectionBudget } from '../../../src/adapters/terminal-tcp/connection-budget.ts'
import type { TerminalListenerOptions } from '../../../src/adapters/terminal-tcp/hub.ts'
import { createTerminalListener } from '../../../src/adapters/terminal-tcp/listener.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'
import type { ArchiveCounter, Session } from '../../../src/core/telemetry/session.ts'
import { MINUTE } from '../../../src/core/time.ts'
import type { Fields, Source } from '../../../src/ports.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'
import { createLineSession } from './line-session.ts'

/** The far end of a connection, with all that came from the listener. */
export type Peer = {
  readonly socket: Socket
  text(): string
  bytes(): Buffer
  send(data: string | Uint8Array): void
  isClosed(): boolean
}

/** A store that answers when it is told to. */
export type HeldStore = {
  /** How many questions wait. */
  waiting(): number
  /** Answers the questions that wait, oldest first. */
  answer(isStored: boolean, count?: number): void
  answerNewest(isStored: boolean): void
}

export type Rig = AsyncDisposable & {
  readonly source: Source
  readonly clock: FakeClock
  readonly log: ReturnType<typeof createRecordingLog>
  readonly store: HeldStore
  /** Everything reported, in order. */
  readonly happenings: string[]
  readonly observations: Observation[]
  readonly counters: ArchiveCounter[]
  detail(name: string): unknown
  warnings(): readonly { readonly message: string; readonly fields: Fields }[]
  connections(): number | undefined
  taken(): number
  /** Connections that ended for a reason, as counted. */
  ended(reason: string): number
  contested(): number
  /** Opens a connection, from another loopback address where one is given. */
  open(from?: string): Promise<Peer>
}

export type RigOptions = Partial<TerminalListenerOptions> & {
  readonly session?: () => Session
  /** Answers wait for `store.answer`; otherwise everything is stored at once. */
  readonly holdStore?: boolean
  /** Shared with other rigs. */
  readonly budget?: ConnectionBudget
}

/** A listener on a free port of this machine whose clock is moved by hand, and all that it reports. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const rig = createRig(options)
  await until(() => rig.source.health().connected)
  return rig
}

/** The same, without waiting until it listens. */
export function createRig({
  session = createLineSession,
  holdStore = false,
  budget,
  ...options
}: RigOptions): Rig {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const happenings: string[] = []
  const observations: Observation[] = []
  const counters: ArchiveCounter[] = []
  const questions: ((isStored: boolean) => void)[] = []
  const peers: Socket[] = []
  const source = createTerminalListener(
    {
      id: 'gate',
      kind: 'omnicomm-tcp',
      host: '127.0.0.1',
      port: 0,
      idleTimeoutMs: 15 * MINUTE,
      maxConnections: 10_000,
      maxPerAddress: 10_000,
      ...options,
    },
    session,
    {
      connected: (at, resumed) => happenings.push(`connected ${at - START} ${resumed}`),
      disconnected: (since, reason) => happenings.push(`disconnected ${since - START} ${reason}`),
      observed(observation) {
        observations.push(observation)
        happenings.push(`observed ${observation.terminalId}`)
      },
      counted(counter) {
        counters.push(counter)
        happenings.push(`counted ${counter.terminalId} ${counter.recordId}`)
      },
      rejected: (reason, detail) => happenings.push(`rejected ${reason} ${detail}`),
      stored() {
        happenings.push('stored?')
        return holdStore ? new Promise((resolve) => questions.push(resolve)) : Promise.resolve(true)
      },
    },
    { clock, log, metrics, ...(budget === undefined ? {} : { budget }) },
  )
  const detail = (name: string): unknown => source.health().detail[name]
  const counted = (name: string, labels = {}): number =>
    metrics.value(name, { source: 'gate', ...labels }) ?? 0

  return {
    source,
    clock,
    log,
    happenings,
    observations,
    counters,
    store: {
      waiting: () => questions.length,
      answer(isStored, count = questions.length) {
        for (const resolve of questions.splice(0, count)) resolve(isStored)
      },
      answerNewest: (isStored) => questions.pop()?.(isStored),
    },
    detail,
    warnings: () => log.lines.filter(({ level }) => level === 'warn' || level === 'error'),
    connections: () => metrics.value('watch_terminal_connections', { source: 'gate' }),
    taken: () => counted('watch_terminal_connections_total'),
    ended: (reason) => counted('watch_terminal_disconnects_total', { reason }),
    contested: () => counted('watch_terminals_contested_total'),
    async open(from) {
      const peer = openPeer(Number(detail('port')), from)
      peers.push(peer.socket)
      await until(() => peer.socket.readyState === 'open' || peer.isClosed())
      return peer
    },
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.destroy()
      await source.stop()
    },
  }
}

/** The time of a rig's clock before it was moved. */
export const START = createFakeClock().now()

export function openPeer(port: number, from?: string): Peer {
  const socket = connect({
    port,
    host: '127.0.0.1',
    ...(from === undefined ? {} : { localAddress: from }),
  })
  const chunks: Buffer[] = []
  let closed = false
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  return {
    socket,
    text: () => Buffer.concat(chunks).toString(),
    bytes: () => Buffer.concat(chunks),
    send: (data) => {
      socket.write(data)
    },
    isClosed: () => closed,
  }
}

export const REPLY_BYTES = 20_000

/** Asks a peer that reads nothing for replies until it is not read from either; how many it asked for. */
export async function fillUp(rig: Rig, peer: Peer): Promise<number> {
  const isStalled = (): boolean => rig.detail('stalled') === 1
  peer.socket.pause()
  for (let sent = 1; sent < 10_000; sent++) {
    peer.send(`B ${REPLY_BYTES}\nO 1\n`)
    while (rig.observations.length < sent && !isStalled()) await nextTurn()
    if (isStalled()) return sent
  }
  throw new Error('The listener writes without end')
}
