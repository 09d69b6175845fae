import { isUnset, judge } from '../core/telemetry/judge.ts'
import type { Observation } from '../core/telemetry/observation.ts'
import { type Instant, toIso } from '../core/time.ts'

/** An observation with its times as ISO 8601, and what is wrong with the terminal's clock. */
export type Shown = Readonly<Record<string, unknown>>

/** The observation as the service judges it. `receivedAt` null: nothing says when it came, so it is not judged. */
export function showObservation(raw: Observation, receivedAt: Instant | null, liveLagMs: number): Shown {
  const { observation, clock } =
    receivedAt === null ? { observation: raw } : judge({ ...raw, receivedAt }, { liveLagMs })
  const { terminalId, source, heardAt, eventAt, kind, fix, readings } = observation
  return {
    terminalId,
    source,
    receivedAt: receivedAt === null ? null : toIso(receivedAt),
    ...(heardAt === undefined ? {} : { heardAt: toIso(heardAt) }),
    ...(eventAt === undefined ? {} : { eventAt: toIso(eventAt) }),
    kind,
    ...(fix === undefined ? {} : { fix: fix.at === undefined ? fix : { ...fix, at: toIso(fix.at) } }),
    ...(readings === undefined ? {} : { readings }),
    ...(clock === undefined ? {} : { clock: clock === 'clock-ahead' ? 'ahead' : 'lost' }),
  }
}

/**
 * When an observation counts as received: as asked for, else by the payload's server time, unless that server has no
 * clock, else by its event time.
 */
export function receivedAtOf(
  { heardAt, eventAt }: Observation,
  asked: Instant | undefined,
): { readonly at: Instant; readonly from: '--received-at' | 'heardAt' | 'eventAt' } | undefined {
  if (asked !== undefined) return { at: asked, from: '--received-at' }
  if (heardAt !== undefined && !isUnset(heardAt)) return { at: heardAt, from: 'heardAt' }
  return eventAt === undefined ? undefined : { at: eventAt, from: 'eventAt' }
}
