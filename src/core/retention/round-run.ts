import type { ComponentReading, ProbeResult, Round } from '../outage/verdict.ts'
import { HOUR, type Instant } from '../time.ts'

/**
 * Rounds in a row that say the same, kept as the first of them, the time of the last one and their number. Between two
 * neighbours there is never more than g (spec/outage-clock.md 2), so that the time line of the run is that of its rounds.
 */
export type RoundRun = {
  readonly kind: 'run'
  readonly first: Round
  /** Issue time of the last round. */
  readonly until: Instant
  readonly rounds: number
}

/** Whoever looks for the rounds of a range finds their runs at most this long before it, ms. */
export const LONGEST_RUN_MS = 6 * HOUR

export function runOf(round: Round): RoundRun {
  return { kind: 'run', first: round, until: round.at, rounds: 1 }
}

/** Both as one, when the second goes on with what the first says; undefined when they must stay apart. */
export function joined(run: RoundRun, next: RoundRun): RoundRun | undefined {
  const { intervalMs, timeoutMs } = run.first
  const gap = next.first.at - run.until
  if (gap <= 0 || gap > 2 * intervalMs + timeoutMs) return undefined
  if (next.until - run.first.at > LONGEST_RUN_MS || !saysTheSame(run.first, next.first)) return undefined
  return { ...run, until: next.until, rounds: run.rounds + next.rounds }
}

/** As many rounds as there were, evenly spread: their exact times, latencies and wordings of checks are forgotten. */
export function roundsOf({ first, until, rounds }: RoundRun): readonly Round[] {
  if (rounds === 1) return [first]
  const step = (until - first.at) / (rounds - 1)
  return Array.from({ length: rounds }, (_, index) => movedBy(first, Math.round(index * step)))
}

/** What of a run is not before an instant: all of it, some of it, or, when all is, its last round. */
export function cutRun(run: RoundRun, before: Instant): RoundRun {
  if (run.first.at >= before) return run
  const rounds = roundsOf(run)
  const kept = rounds.filter(({ at }) => at >= before)
  const first = kept[0] ?? rounds.at(-1) ?? run.first
  return { ...run, first, rounds: Math.max(1, kept.length) }
}

function movedBy(round: Round, ms: number): Round {
  if (ms === 0) return round
  const components = round.components.map((reading) => ({ ...reading, checkedAt: reading.checkedAt + ms }))
  return { ...round, at: round.at + ms, completedAt: round.completedAt + ms, components }
}

function saysTheSame(a: Round, b: Round): boolean {
  return (
    a.verdict === b.verdict &&
    a.reason === b.reason &&
    a.intervalMs === b.intervalMs &&
    a.timeoutMs === b.timeoutMs &&
    a.components.length === b.components.length &&
    a.components.every((reading, index) => isSame(reading, b.components[index]))
  )
}

function isSame(a: ComponentReading, b: ComponentReading | undefined): boolean {
  return (
    b !== undefined &&
    a.id === b.id &&
    a.kind === b.kind &&
    a.counts === b.counts &&
    wordsOf(a.result) === wordsOf(b.result)
  )
}

/** All of a result but how long it took. */
function wordsOf(result: ProbeResult): string {
  switch (result.kind) {
    case 'ok':
      return JSON.stringify([result.kind, result.slow, result.status])
    case 'failed':
      return JSON.stringify([result.kind, result.phase, result.status, result.evidence])
    case 'unusable':
      return JSON.stringify([result.kind, result.reason, result.cause])
    case 'own-fault':
      return JSON.stringify([result.kind, result.reason])
  }
}
