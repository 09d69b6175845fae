import type { Socket } from 'node:net'
import type { FailurePhase, ProbeResult } from '../../core/outage/verdict.ts'
import { formatDuration } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'
import { errorCode, oneLine, showError } from './text.ts'

/** Where a step can break off by itself; running out of time is told by the attempt. */
export type Phase = Exclude<FailurePhase, 'login' | 'timeout'>

export type Failure = {
  readonly kind: 'failed'
  readonly phase: Phase
  readonly status?: number
  readonly evidence: string
}

/** An end that says nothing about the watched service. */
export type Unusable = { readonly kind: 'unusable'; readonly reason: string }

export type Broken = Failure | Unusable

/** The result of one step of an attempt. */
export type Step<T> = { readonly kind: 'done'; readonly value: T } | Broken

/** What steps know of the attempt that they are part of. */
export type Attempt = {
  /** Tells what is being done, for the evidence should time run out in it. */
  enter(phase: Phase, doing: string): void
  /** Leaves a socket to the attempt: its end, however it comes, destroys it, and no error event goes unheard. */
  hold(socket: Socket): void
  /** The result is out; nothing further may be opened. */
  over(): boolean
  remainingMs(): number
}

export type AttemptLimits = { readonly timeoutMs: number; readonly slowAfterMs?: number | undefined }

/**
 * Runs `work` as one probe attempt: ends within `timeoutMs` whatever it waits for, measures it on the monotonic
 * clock and leaves no socket and no timer behind. It never throws.
 */
export async function runAttempt(
  clock: Pick<Clock, 'monotonic' | 'after'>,
  { timeoutMs, slowAfterMs = Number.POSITIVE_INFINITY }: AttemptLimits,
  work: (attempt: Attempt) => Promise<Step<{ readonly status?: number }>>,
): Promise<ProbeResult> {
  const startedAt = clock.monotonic()
  const elapsedMs = (): number => clock.monotonic() - startedAt
  const sockets = new Set<Socket>()
  let over = false
  let place = 'before it began'
  const attempt: Attempt = {
    enter: (phase, doing) => {
      place = `in phase ${phase}, ${doing}`
    },
    hold: (socket) => {
      socket.on('error', ignore)
      if (over) socket.destroy()
      else sockets.add(socket)
    },
    over: () => over,
    remainingMs: () => Math.max(0, timeoutMs - elapsedMs()),
  }
  const expired = Promise.withResolvers<'expired'>()
  const stopTimer = clock.after(timeoutMs, () => expired.resolve('expired'))
  try {
    const end = await Promise.race([work(attempt), expired.promise])
    const latencyMs = Math.round(elapsedMs())
    if (end !== 'expired') return toResult(end, latencyMs, slowAfterMs)
    const evidence = oneLine(`no end within ${formatDuration(timeoutMs)}: stopped ${place}`)
    return { kind: 'failed', phase: 'timeout', latencyMs, evidence }
  } catch (bug) {
    // A fault of this program must not be written down as a fault of the watched service.
    return { kind: 'unusable', reason: oneLine(`the probe itself failed, report this: ${showError(bug)}`) }
  } finally {
    over = true
    stopTimer()
    for (const socket of sockets) socket.destroy()
  }
}

/** A step broken with an error code: out of files or memory is this machine's fault, all else is told as found. */
export function broken(code: string, phase: Phase, evidence: string): Broken {
  if (!['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'].includes(code)) return { kind: 'failed', phase, evidence }
  return {
    kind: 'unusable',
    reason: `this machine has no file handles or memory left (${code}): raise the limit`,
  }
}

/** The same for an error; `what` tells what could not be done. */
export function brokenBy(error: unknown, phase: Phase, what: string): Broken {
  return broken(errorCode(error), phase, `${what}: ${showError(error)}`)
}

function toResult(
  end: Step<{ readonly status?: number }>,
  latencyMs: number,
  slowAfterMs: number,
): ProbeResult {
  switch (end.kind) {
    case 'done':
      return { kind: 'ok', latencyMs, slow: latencyMs > slowAfterMs, ...end.value }
    case 'failed':
      return { ...end, latencyMs, evidence: oneLine(end.evidence) }
    case 'unusable':
      return { kind: 'unusable', reason: oneLine(end.reason) }
  }
}

function ignore(): void {}
