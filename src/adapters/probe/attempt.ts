import type { Socket } from 'node:net'
import { oneLine } from '../../core/one-line.ts'
import type { FailurePhase, ProbeResult, UnusableCause } from '../../core/outage/verdict.ts'
import { formatDuration } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'
import { errorCode, showError } from './text.ts'

/** Where a step can break off by itself; running out of time is told by the attempt. */
export type Phase = Exclude<FailurePhase, 'login' | 'timeout'>

export type Failure = {
  readonly kind: 'failed'
  readonly phase: Phase
  readonly status?: number
  readonly evidence: string
}

/** An end that says nothing about the watched service; `own-fault`: this machine could not even ask. */
export type Wordless =
  | { readonly kind: 'unusable'; readonly cause: UnusableCause; readonly reason: string }
  | { readonly kind: 'own-fault'; readonly reason: string }

export type Broken = Failure | Wordless

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

/** How an attempt ended; it took `latencyMs`. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T; readonly latencyMs: number }
  | (Omit<Failure, 'phase'> & { readonly phase: Phase | 'timeout'; readonly latencyMs: number })
  | Wordless

export type ProbeLimits = { readonly timeoutMs: number; readonly slowAfterMs?: number | undefined }

type Timer = Pick<Clock, 'monotonic' | 'after'>

/** An attempt whose end is a probe's result. It never throws. */
export async function runProbe(
  clock: Timer,
  { timeoutMs, slowAfterMs = Number.POSITIVE_INFINITY }: ProbeLimits,
  work: (attempt: Attempt) => Promise<Step<{ readonly status?: number }>>,
): Promise<ProbeResult> {
  const end = await runAttempt(clock, timeoutMs, work)
  if (end.kind !== 'done') return end
  return { kind: 'ok', latencyMs: end.latencyMs, slow: end.latencyMs > slowAfterMs, ...end.value }
}

/**
 * Runs `work` as one attempt: ends within `timeoutMs` whatever it waits for, measures it on the monotonic clock and
 * leaves no socket and no timer behind. It never throws.
 */
export async function runAttempt<T>(
  clock: Timer,
  timeoutMs: number,
  work: (attempt: Attempt) => Promise<Step<T>>,
): Promise<Outcome<T>> {
  const startedAt = clock.monotonic()
  const elapsedMs = (): number => clock.monotonic() - startedAt
  const sockets = new Set<Socket>()
  let over = false
  let place = 'before it began'
  let phase: Phase | null = null
  const attempt: Attempt = {
    enter: (entered, doing) => {
      phase = entered
      place = `in phase ${entered}, ${doing}`
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
    if (end !== 'expired') return measured(end, latencyMs)
    const evidence = oneLine(`no end within ${formatDuration(timeoutMs)}: stopped ${place}`)
    return { kind: 'failed', phase: phaseOfExpiry(phase), latencyMs, evidence }
  } catch (bug) {
    // A fault of this program must not be written down as a fault of the watched service.
    return { kind: 'own-fault', reason: oneLine(`the probe itself failed, report this: ${showError(bug)}`) }
  } finally {
    over = true
    stopTimer()
    // The newest first: Node 24 crashes when a connection is taken from under a TLS socket that has just been secured.
    for (const socket of [...sockets].reverse()) socket.destroy()
  }
}

/** A step broken with an error code: out of files or memory is this machine's fault, all else is told as found. */
export function broken(code: string, phase: Phase, evidence: string): Broken {
  if (!['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'].includes(code)) return { kind: 'failed', phase, evidence }
  return {
    kind: 'own-fault',
    reason: `this machine has no file handles or memory left (${code}): raise the limit`,
  }
}

/** The same for an error; `what` tells what could not be done. */
export function brokenBy(error: unknown, phase: Phase, what: string): Broken {
  return broken(errorCode(error), phase, `${what}: ${showError(error)}`)
}

function measured<T>(end: Step<T>, latencyMs: number): Outcome<T> {
  switch (end.kind) {
    case 'done':
      return { ...end, latencyMs }
    case 'failed':
      return { ...end, latencyMs, evidence: oneLine(end.evidence) }
    case 'unusable':
    case 'own-fault':
      return { ...end, reason: oneLine(end.reason) }
  }
}

/**
 * Name servers that are gone are mostly silent. That stays a failure of names, which is no outage while addresses
 * answer (spec/outage-clock.md 1).
 */
function phaseOfExpiry(phase: Phase | null): 'dns' | 'timeout' {
  return phase === 'dns' ? 'dns' : 'timeout'
}

function ignore(): void {}
