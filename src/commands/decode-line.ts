import type { Decoded, Decoder } from '../core/telemetry/decoder.ts'
import { judge } from '../core/telemetry/judge.ts'
import type { Observation } from '../core/telemetry/observation.ts'
import { splitRecords } from '../core/telemetry/records.ts'
import { type Instant, toIso } from '../core/time.ts'

export type LineOptions = {
  readonly decoder: Decoder
  readonly source: string
  readonly topic: string | undefined
  /** Undefined: the payload's own server time, else its event time. */
  readonly receivedAt: Instant | undefined
  readonly liveLagMs: number
}

/** What is printed for one line; `rejected` stands beside the observations when a list was good in part. */
export type LineResult =
  | { readonly observations: readonly Shown[]; readonly rejected?: readonly RejectedRecord[] }
  | { readonly error: string }

/** An observation with its times as ISO 8601, and what is wrong with the terminal's clock. */
type Shown = Readonly<Record<string, unknown>>

type RejectedRecord = { readonly index: number; readonly error: string }

/** Decodes one payload, a record or a list of records. Times are judged as the service judges them. */
export function decodeLine(text: string, options: LineOptions): LineResult {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return { error: `not-json: ${error instanceof Error ? error.message : String(error)}` }
  }
  const observations: Shown[] = []
  const rejected: RejectedRecord[] = []
  for (const [index, record] of splitRecords(parsed).entries()) {
    const result = decodeRecord(record, options)
    if (typeof result === 'string') rejected.push({ index, error: result })
    else observations.push(...result)
  }
  const [first] = rejected
  if (first === undefined) return { observations }
  return observations.length === 0 && rejected.length === 1
    ? { error: first.error }
    : observations.length === 0
      ? { error: rejected.map(({ index, error }) => `[${index}] ${error}`).join('; ') }
      : { observations, rejected }
}

/** A text says why the record was rejected. */
function decodeRecord(record: unknown, options: LineOptions): readonly Shown[] | string {
  const { decoder, source, topic, receivedAt = 0 } = options
  const decoded: Decoded = decoder(record, { source, receivedAt, ...(topic === undefined ? {} : { topic }) })
  if (decoded.kind === 'rejected') return `${decoded.reason}: ${decoded.detail}`
  const shown: Shown[] = []
  for (const observation of decoded.observations) {
    const at = options.receivedAt ?? observation.heardAt ?? observation.eventAt
    if (at === undefined) return 'the payload has no time of its own: say with --received-at when it came'
    shown.push(show({ ...observation, receivedAt: at }, options.liveLagMs))
  }
  return shown
}

function show(raw: Observation, liveLagMs: number): Shown {
  const { observation, clock } = judge(raw, { liveLagMs })
  const { terminalId, source, receivedAt, heardAt, eventAt, kind, fix, readings } = observation
  return {
    terminalId,
    source,
    receivedAt: toIso(receivedAt),
    ...(heardAt === undefined ? {} : { heardAt: toIso(heardAt) }),
    ...(eventAt === undefined ? {} : { eventAt: toIso(eventAt) }),
    kind,
    ...(fix === undefined ? {} : { fix: fix.at === undefined ? fix : { ...fix, at: toIso(fix.at) } }),
    ...(readings === undefined ? {} : { readings }),
    ...(clock === undefined ? {} : { clock: clock === 'clock-ahead' ? 'ahead' : 'lost' }),
  }
}
