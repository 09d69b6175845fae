import type { AskOutcome, AskRefusal } from '../core/online/ask.ts'
import type { Suspect } from '../core/online/suspects.ts'
import type { VehicleState } from '../core/online/vehicle-state.ts'
import { DAY, HOUR, MINUTE } from '../core/time.ts'
import type { Clock, Stop, VehicleAnswer, VehicleService } from '../ports.ts'
import { faultOf } from './online-fault.ts'
import type { Trouble } from './online-trouble.ts'

export type OnlineStatesDeps = {
  readonly clock: Pick<Clock, 'monotonic' | 'every'>
  readonly trouble: Trouble
  readonly service: Pick<VehicleService, 'state'>
  /** Takes an answer in. False: there was no data in it. */
  readonly told: (terminalId: string, state: VehicleState) => boolean
  /** Who is worth a question, the most urgent first. */
  readonly suspects: () => readonly Suspect[]
  /** Why nobody may be asked now; null: the polls are good. */
  readonly hindrance: () => Hindrance | null
  /** A poll is under way and goes first. */
  readonly isBusy: () => boolean
}

/** Why nobody may be asked; `text` in detail. */
export type Hindrance = { readonly why: AskRefusal; readonly text: string }

export type OnlineStatesOptions = { readonly source: string; readonly perMinute: number }

/** Of the questions of a minute this share is for suspects: the rest is left for people. */
const SUSPECTS_SHARE = 0.9
/** A call that the account may not make at all is not made again for so long. */
const NO_RIGHTS_MS = HOUR
/** What the service said of single vehicles; more are never kept. */
const MOST_REMARKS = 10_000

/** Asks for the state of single terminals: of suspects by itself, each at most once an hour, and of others on demand. */
export function createOnlineStates(deps: OnlineStatesDeps, { source, perMinute }: OnlineStatesOptions) {
  const { clock, service, trouble } = deps
  /** When questions were sent within the last minute, oldest first. */
  let sent: number[] = []
  const askedMs = new Map<string, number>()
  const underWay = new Map<string, Promise<AskOutcome>>()
  const remarks = new Map<string, string>()
  /** Null: to be made anew. */
  let queue: string[] | null = null
  let pausedUntilMs = -Infinity
  let stopped = false
  let stopTimer: Stop = () => {}

  /** How long until one more may be sent, ms; 0: now. */
  function waitMs(): number {
    const now = clock.monotonic()
    sent = sent.filter((at) => at > now - MINUTE)
    return sent.length < perMinute ? 0 : (sent[0] ?? now) + MINUTE - now
  }

  function question(terminalId: string): Promise<AskOutcome> {
    const known = underWay.get(terminalId)
    if (known) return known
    sent.push(clock.monotonic())
    askedMs.set(terminalId, clock.monotonic())
    const outcome = service
      .state(terminalId)
      .then((answer) => take(terminalId, answer))
      .finally(() => underWay.delete(terminalId))
    underWay.set(terminalId, outcome)
    return outcome
  }

  function take(terminalId: string, answer: VehicleAnswer<VehicleState>): AskOutcome {
    if (stopped) return CLOSED
    if (answer.kind === 'answered') {
      trouble.clear()
      if (!deps.told(terminalId, answer.value)) return remark(terminalId, 'no-data', NO_DATA)
      remarks.delete(terminalId)
      return { kind: 'answered' }
    }
    if (answer.kind === 'unusable' && answer.cause === 'vehicle') {
      trouble.clear()
      return remark(terminalId, 'vehicle', answer.reason)
    }
    return hindered(answer)
  }

  /** It is no matter of this vehicle: no suspect is asked before the next good poll. */
  function hindered(answer: Exclude<VehicleAnswer<unknown>, { kind: 'answered' }>): AskOutcome {
    const fault = faultOf(answer)
    const cause = answer.kind === 'unusable' ? answer.cause : null
    pausedUntilMs = cause === 'rights' ? clock.monotonic() + NO_RIGHTS_MS : Infinity
    if (cause === 'budget') return { kind: 'too-often', retryAfterMs: MINUTE }
    trouble.raise(fault)
    return { kind: 'refused', why: fault.why, reason: fault.text }
  }

  function remark(terminalId: string, why: AskRefusal, reason: string): AskOutcome {
    remarks.delete(terminalId)
    remarks.set(terminalId, reason)
    const [oldest] = remarks.keys()
    if (remarks.size > MOST_REMARKS && oldest !== undefined) remarks.delete(oldest)
    return { kind: 'refused', why, reason }
  }

  /**
   * Urgent ones before others, and of both those first that were never asked, then those asked longest ago: an answer
   * that did not help once must not keep others waiting. Nobody twice within the hour.
   */
  function makeQueue(): string[] {
    const now = clock.monotonic()
    for (const [terminalId, at] of askedMs) if (at <= now - DAY) askedMs.delete(terminalId)
    const asked = (terminalId: string): number => askedMs.get(terminalId) ?? -Infinity
    const due = deps.suspects().filter(({ terminalId }) => asked(terminalId) <= now - HOUR)
    return due
      .map(({ terminalId, urgent }) => ({ terminalId, urgent, askedMs: asked(terminalId) }))
      .sort((a, b) => Number(b.urgent) - Number(a.urgent) || compare(a.askedMs, b.askedMs))
      .map(({ terminalId }) => terminalId)
  }

  async function askSuspect(): Promise<void> {
    if (deps.hindrance() !== null || deps.isBusy() || clock.monotonic() < pausedUntilMs) return
    if (waitMs() > 0) return
    queue ??= makeQueue()
    const next = queue.shift()
    if (next !== undefined) await question(next)
  }

  return {
    start(): void {
      if (perMinute === 0) return
      const share = Math.max(1, Math.floor(perMinute * SUSPECTS_SHARE))
      stopTimer = clock.every(Math.ceil(MINUTE / share), askSuspect)
    },
    /** A poll was good: who is a suspect may have changed, and the service answers again. */
    afterPoll(): void {
      queue = null
      if (pausedUntilMs === Infinity) pausedUntilMs = -Infinity
    },
    /** For a person, at once. */
    async ask(terminalId: string): Promise<AskOutcome> {
      if (stopped) return CLOSED
      if (perMinute === 0) {
        const reason = `raise statesPerMinute of source ${source}: it is 0`
        return { kind: 'refused', why: 'switched-off', reason }
      }
      const hindrance = deps.hindrance()
      if (hindrance !== null) return { kind: 'refused', why: hindrance.why, reason: hindrance.text }
      const known = underWay.get(terminalId)
      if (known) return known
      const ms = waitMs()
      return ms > 0 ? { kind: 'too-often', retryAfterMs: ms } : question(terminalId)
    },
    /** What the service last said of a vehicle in place of its state, such as that there are no rights; null: nothing. */
    remark: (terminalId: string): string | null => remarks.get(terminalId) ?? null,
    trouble: trouble.text,
    stop(): void {
      stopped = true
      stopTimer()
    },
  }
}

/** Not by their difference: both may be -Infinity. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}

const CLOSED: AskOutcome = {
  kind: 'refused',
  why: 'closing',
  reason: 'the source is being closed: ask again in a moment',
}
const NO_DATA = 'the service has no data of this terminal'
