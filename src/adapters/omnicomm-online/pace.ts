import type { ProbeResult } from '../../core/outage/verdict.ts'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Clock, Probe } from '../../ports.ts'

/** `ownLimit`: our own limit of calls left no room to ask. */
export type OnlineResult = ProbeResult & { readonly ownLimit?: true }

export type OnlineProbe = (timeoutMs: number) => Promise<OnlineResult>

type Kept = { readonly result: ProbeResult; readonly atMs: number; readonly failures: number }

/** So long a result stands in for one that our own limit does not let us have. */
const LONGEST_KEPT_MS = 30 * SECOND
/** While calls are short, who has an answer of this age leaves the next call to others. */
const TURN_MS = 5 * SECOND

/**
 * Where rounds come faster than our own limit of calls lets anybody ask, the limit sets the pace: as with an `every`,
 * the last result stands between turns. Without that a round would be UNKNOWN as soon as an outage uses the limit up,
 * and the outage clock would stop. A failure stands only when the service was asked twice and failed twice.
 */
export function createPacedProbe(probe: OnlineProbe, clock: Pick<Clock, 'monotonic'>): Probe {
  let kept: Kept | null = null
  let shortUntilMs = Number.NEGATIVE_INFINITY

  function standing(longestMs: number): ProbeResult | null {
    if (kept === null || clock.monotonic() - kept.atMs > longestMs) return null
    return kept.result.kind === 'failed' && kept.failures < 2 ? null : kept.result
  }

  function keep(result: ProbeResult): void {
    const failures = result.kind === 'failed' ? (kept?.failures ?? 0) + 1 : 0
    const stands = result.kind === 'ok' || result.kind === 'failed'
    kept = stands ? { result, atMs: clock.monotonic(), failures } : null
  }

  return async (timeoutMs) => {
    const recent = clock.monotonic() < shortUntilMs ? standing(TURN_MS) : null
    if (recent !== null) return recent
    const { ownLimit, ...result } = await probe(timeoutMs)
    if (ownLimit === undefined) {
      keep(result)
      return result
    }
    shortUntilMs = clock.monotonic() + MINUTE
    return standing(LONGEST_KEPT_MS) ?? result
  }
}
