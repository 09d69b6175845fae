import type { ComponentReading, Round, Verdict } from '../outage/verdict.ts'
import type { Instant } from '../time.ts'
import type { HistoryPoint } from './point.ts'

/** A point for each component and one for the verdict of the round itself, all at its beginning. */
export function roundPoints(round: Round): readonly HistoryPoint[] {
  const { at, verdict, reason } = round
  const whole = probePoint('service', 'round', verdict, at, {}, reason)
  return [whole, ...round.components.map((component) => componentPoint(component, at))]
}

function componentPoint({ id, kind, result }: ComponentReading, at: Instant): HistoryPoint {
  switch (result.kind) {
    case 'ok':
      return probePoint(id, kind, 'ok', at, { latency_ms: result.latencyMs })
    case 'failed':
      return probePoint(id, kind, 'fail', at, { latency_ms: result.latencyMs }, result.evidence)
    case 'unusable':
    case 'own-fault':
      return probePoint(id, kind, 'unknown', at, {}, result.reason)
  }
}

function probePoint(
  component: string,
  kind: string,
  verdict: Verdict,
  at: Instant,
  measured: { readonly latency_ms?: number },
  /** What is not known always has one; an empty text keeps a point that has no number. */
  reason = verdict === 'unknown' ? '' : undefined,
): HistoryPoint {
  return {
    measurement: 'probe',
    tags: { component, kind, verdict },
    fields: {
      ...measured,
      ...(verdict === 'unknown' ? {} : { ok: verdict === 'ok' ? 1 : 0 }),
      ...(reason === undefined ? {} : { reason }),
    },
    at,
  }
}
