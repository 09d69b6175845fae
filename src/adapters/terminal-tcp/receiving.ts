import type { SessionStep } from '../../core/telemetry/session.ts'
import type { Connection } from './connection.ts'
import { drop, finish, getToKnow } from './ending.ts'
import type { Hub } from './hub.ts'
import { claim } from './identity.ts'
import { addTo, adjustReading, type Replies, send, sendWhenStored } from './replying.ts'
import { throttle } from './throttling.ts'
import { beginTurn, type Chunk, spend, spendSteps, splitChunk } from './turn.ts'

/** Does what follows from a chunk of bytes of a connection, in order: at once, or in one of the next turns. */
export function receive(hub: Hub, connection: Connection, bytes: Uint8Array): void {
  const now = hub.clock.monotonic()
  if (hub.addresses.charge(connection.use, bytes.length, now)) throttle(hub, connection.use)
  if (connection.end !== null) return
  hub.quiet.touch(connection, now)
  const chunk = { connection, bytes, receivedAt: hub.clock.now(), group: null }
  if (spend(hub.turn, bytes.length)) takeIn(hub, chunk)
  else defer(hub, chunk)
  askForNextTurn(hub)
}

function defer(hub: Hub, chunk: Chunk): void {
  chunk.connection.deferred = true
  chunk.connection.socket.pause()
  hub.turn.waiting.push(chunk)
}

function askForNextTurn(hub: Hub): void {
  if (hub.turn.isScheduled) return
  hub.turn.isScheduled = true
  setImmediate(takeTurn, hub)
}

function takeTurn(hub: Hub): void {
  takeWaiting(hub)
  if (hub.turn.waiting.length > 0) askForNextTurn(hub)
}

/** Begins a new turn: does what follows from as much of what waits as may be worked on in it. */
export function takeWaiting(hub: Hub): void {
  for (const chunk of beginTurn(hub.turn)) {
    const { connection } = chunk
    connection.deferred = false
    if (connection.end === null) takeIn(hub, chunk)
    adjustReading(hub, connection)
    if (connection.afterwards !== null) afterBytes(connection, connection.afterwards)
  }
}

/**
 * Does `follow`, at once or when what the connection brought before is taken in. That a peer has closed its side, or
 * is gone, is told of a paused socket too: while bytes of it wait.
 */
export function afterBytes(connection: Connection, follow: () => void): void {
  connection.afterwards = connection.deferred ? follow : null
  if (!connection.deferred) follow()
}

function takeIn(hub: Hub, chunk: Chunk): void {
  const { connection } = chunk
  const { head, rest } = splitChunk(chunk)
  const replies: Replies = { direct: [], group: chunk.group }
  const steps = stepsOf(hub, { ...chunk, bytes: head })
  if (steps !== null && steps.length > 0) {
    spendSteps(hub.turn, head.length, steps.length)
    perform(hub, connection, steps, replies)
  }
  const { group } = replies
  if (rest && connection.end === null) defer(hub, { ...rest, group })
  else if (group !== null) void sendWhenStored(hub, connection, group)
}

function perform(hub: Hub, connection: Connection, steps: readonly SessionStep[], replies: Replies): void {
  for (const step of steps) {
    if (step.kind === 'reply') addTo(replies, connection, step)
    else if (step.kind !== 'close') report(hub, connection, step)
  }
  send(hub, connection, replies.direct)
  const last = steps.at(-1)
  if (last?.kind === 'close') finish(hub, connection, last.end, last.detail)
  adjustReading(hub, connection)
}

function report(
  hub: Hub,
  connection: Connection,
  step: Exclude<SessionStep, { kind: 'reply' | 'close' }>,
): void {
  switch (step.kind) {
    case 'identified':
      claim(hub, connection, step.terminalId)
      return
    case 'observed':
      getToKnow(hub, connection)
      hub.events.observed(step.observation)
      return
    case 'counter':
      hub.events.counted(step.counter)
      return
    case 'rejected':
      hub.events.rejected(step.reason, step.detail)
      return
  }
}

/** Null after a bug in the session, which the bytes of one stranger must not make the end of the service. */
function stepsOf(hub: Hub, { connection, bytes, receivedAt }: Chunk): readonly SessionStep[] | null {
  try {
    return connection.session.receive(bytes, receivedAt)
  } catch (error) {
    hub.say('bug', (times) =>
      hub.log.error('A session failed, which is a bug of this program; its connection was closed', {
        source: hub.options.id,
        remote: connection.use.address,
        error,
        times,
      }),
    )
    drop(hub, connection, 'error')
    return null
  }
}
