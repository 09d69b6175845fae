import { parsePayloadText } from '../core/telemetry/availability.ts'
import type { Decoded, Decoder, Envelope } from '../core/telemetry/decoder.ts'
import { explainJudged } from '../core/telemetry/explain-judged.ts'
import type { ExplainedTarget, Explainer, Explanation } from '../core/telemetry/explained.ts'
import { judge } from '../core/telemetry/judge.ts'
import type { Observation } from '../core/telemetry/observation.ts'
import { splitRecords } from '../core/telemetry/records.ts'
import { type Instant, toIso } from '../core/time.ts'
import { receivedAtOf, type Shown, showObservation } from './decode-show.ts'

export type LineOptions = {
  /** An explainer is the same decoder, which also says where everything came from. */
  readonly reader:
    | { readonly kind: 'plain'; readonly decode: Decoder }
    | { readonly kind: 'explaining'; readonly explain: Explainer }
  readonly source: string
  readonly topic: string | undefined
  readonly retained: boolean
  /** Undefined: the payload's own server time, else its event time. */
  readonly receivedAt: Instant | undefined
  readonly liveLagMs: number
}

/** What is printed for one line; `rejected` stands beside the observations when a list was good in part. */
export type LineResult = (
  | { readonly observations: readonly Shown[]; readonly rejected?: readonly RejectedRecord[] }
  | { readonly error: string }
) &
  Partial<Reasons>

type RejectedRecord = { readonly index: number; readonly error: string }

/** In a line of several records `record` is the index of the one that is meant. */
type Reasons = {
  readonly explain: readonly (ExplainedTarget & { readonly record?: number })[]
  readonly unused: readonly string[]
}

/** Decodes one JSON payload, a record or a list of records. Times are judged as the service judges them. */
export function decodeLine(text: string, options: LineOptions): LineResult {
  const parsed = parsePayloadText(text)
  if (parsed === undefined) return { error: `not-json: ${syntaxFault(text)}` }
  const results = splitRecords(parsed).map((record) => decodeRecord(record, options))
  const reasons = options.reader.kind === 'explaining' ? reasonsOf(results) : {}
  const observations = results.flatMap((result) => result.observations)
  const rejected = results.flatMap(({ error }, index) => (error === undefined ? [] : [{ index, error }]))
  const [first] = rejected
  if (first === undefined) return { observations, ...reasons }
  if (observations.length > 0) return { observations, rejected, ...reasons }
  const error =
    rejected.length === 1 ? first.error : rejected.map(({ index, error }) => `[${index}] ${error}`).join('; ')
  return { error, ...reasons }
}

type RecordResult = {
  readonly observations: readonly Shown[]
  readonly error?: string
  readonly explanation?: Explanation
}

function decodeRecord(record: unknown, options: LineOptions): RecordResult {
  const { decoded, explanation } = read(record, options)
  if (decoded.kind === 'rejected') {
    return { observations: [], error: `${decoded.reason}: ${decoded.detail}`, ...because(explanation) }
  }
  const shown: Shown[] = []
  let told = explanation
  for (const observation of decoded.observations) {
    const received = receivedAtOf(observation, options.receivedAt)
    if (received === undefined) return { observations: [], error: NO_TIME, ...because(explanation) }
    shown.push(showObservation(observation, received.at, options.liveLagMs))
    if (explanation !== undefined) told = judged(explanation, observation, received, options.liveLagMs)
  }
  return { observations: shown, ...because(told) }
}

const NO_TIME = 'the payload has no time of its own: say with --received-at when it came'

function because(explanation: Explanation | undefined): { readonly explanation?: Explanation } {
  return explanation === undefined ? {} : { explanation }
}

function read(
  record: unknown,
  { reader, source, topic, retained, receivedAt = 0 }: LineOptions,
): { readonly decoded: Decoded; readonly explanation?: Explanation } {
  const envelope: Envelope = {
    source,
    receivedAt,
    ...(topic === undefined ? {} : { topic }),
    ...(retained ? { retained } : {}),
  }
  return reader.kind === 'explaining'
    ? reader.explain(record, envelope)
    : { decoded: reader.decode(record, envelope) }
}

function judged(
  { targets, unused }: Explanation,
  observation: Observation,
  { at, from }: { readonly at: Instant; readonly from: string },
  liveLagMs: number,
): Explanation {
  const received = { ...observation, receivedAt: at }
  const after = explainJudged(targets, received, judge(received, { liveLagMs }), { liveLagMs })
  return { targets: [...after, { target: 'receivedAt', from, value: toIso(at) }], unused }
}

function reasonsOf(results: readonly RecordResult[]): Reasons {
  const isList = results.length > 1
  return {
    explain: results.flatMap(({ explanation }, record) =>
      (explanation?.targets ?? []).map((item) => (isList ? { record, ...item } : item)),
    ),
    unused: results.flatMap(({ explanation }, record) =>
      (explanation?.unused ?? []).map((field) => (isList ? `[${record}].${field}` : field)),
    ),
  }
}

function syntaxFault(text: string): string {
  try {
    JSON.parse(text)
    return 'it is no value'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
