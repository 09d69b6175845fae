import { toIso } from '../time.ts'
import { NO_TERMINAL } from './assemble.ts'
import type { Decoded, Envelope } from './decoder.ts'
import type { ExplainedTarget, Explanation } from './explained.ts'
import { type Found, isRecord, type Origin } from './found.ts'
import { kindSaid } from './kind.ts'
import type { Observation } from './observation.ts'
import { outcomeOf } from './outcome.ts'
import { whyRefused } from './refusal.ts'
import { SLOT, TARGETS, type Target } from './target.ts'
import { unusedFields } from './unused.ts'

export type ExplainContext = {
  /** What the paths of the origins lead into. */
  readonly record: unknown
  readonly envelope: Envelope
  readonly decoded: Decoded
  /** Zone in which times without an offset were read. */
  readonly zone?: string
  /** Fields that decided something without filling a target. */
  readonly consulted?: readonly (readonly string[])[]
  /** Where the other name of the terminal stands. */
  readonly alias?: { readonly from: string; readonly raw: unknown }
}

/**
 * Says where everything in `decoded` came from, by what its decoder has left in `found`: it looks nothing up again
 * and decides nothing. The result of `judge` is not in it yet (`explainJudged`).
 */
export function explainFound(found: Found, context: ExplainContext): Explanation {
  const { record, decoded, alias, consulted = [] } = context
  const observation = decoded.kind === 'observed' ? decoded.observations[0] : undefined
  const targets: ExplainedTarget[] = []
  for (const target of TARGETS) {
    if (target === 'kind') continue
    const origin = found.origins[SLOT[target]]
    if (origin !== undefined) targets.push(explainTarget(target, origin, found, context, observation))
  }
  if (decoded.kind === 'rejected' && decoded.reason === 'no-terminal' && !found.origins[SLOT.terminal]) {
    targets.unshift({ target: 'terminal', from: 'nothing', refused: NO_TERMINAL })
  }
  if (observation !== undefined) targets.push(...withoutField(found, observation))
  targets.push(...explainKind(found, context, observation))
  if (observation?.aliases !== undefined && alias !== undefined) {
    targets.push({ target: 'aliases', from: alias.from, raw: alias.raw, value: observation.aliases })
  }
  const origins = found.origins.filter((origin) => origin !== undefined)
  return { targets, unused: unusedFields(record, origins, consulted) }
}

function explainTarget(
  target: Target,
  origin: Origin,
  found: Found,
  { record, zone }: ExplainContext,
  observation: Observation | undefined,
): ExplainedTarget {
  const value = found.values[SLOT[target]]
  const raw = rawOf(origin, record, value)
  const outcome = outcomeOf(target, value, zone)
  const how = outcome.how ?? origin.how
  const head = { target, from: origin.name, ...(raw === undefined ? {} : { raw }) }
  const tail = how === undefined ? {} : { how }
  if ('refused' in outcome) return { ...head, refused: outcome.refused, ...tail }
  if (isOfFix(target) && observation !== undefined && observation.fix === undefined) {
    return { ...head, refused: 'there is no position: it takes a latitude and a longitude', ...tail }
  }
  return { ...head, value: outcome.value, ...tail }
}

const OF_FIX: readonly Target[] = ['latitude', 'longitude', 'fixAt', 'course', 'altitudeM', 'valid']

function isOfFix(target: Target): boolean {
  return OF_FIX.includes(target)
}

const LONGEST_RAW = 200

/** As it was sent; a structure is told by its kind. */
function rawOf(origin: Origin, record: unknown, value: unknown): unknown {
  const raw = origin.path === undefined ? value : origin.path.reduce<unknown>(step, record)
  if (whyRefused(raw) !== undefined) return undefined
  if (typeof raw === 'string') return raw.length > LONGEST_RAW ? `${raw.slice(0, LONGEST_RAW)}...` : raw
  if (typeof raw === 'object' && raw !== null) return Array.isArray(raw) ? 'a list' : 'an object'
  return raw
}

function step(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined
}

/** Times that no field gave. */
function withoutField(found: Found, observation: Observation): ExplainedTarget[] {
  const { eventAt } = observation
  const value = found.values[SLOT.eventAt]
  const isOfField = value !== undefined && whyRefused(value) === undefined
  if (eventAt === undefined || isOfField) return []
  return [
    { target: 'eventAt', from: 'the time at which the broker stored the message', value: toIso(eventAt) },
  ]
}

function explainKind(
  found: Found,
  { record, envelope }: ExplainContext,
  observation: Observation | undefined,
): ExplainedTarget[] {
  const { values, origins } = found
  const why = whyRefused(values[SLOT.kind])
  const said = kindSaid(values, envelope, observation?.heardAt !== undefined)
  const by = why !== undefined || said === undefined ? 'kind' : said.by
  const origin = by === undefined ? undefined : origins[SLOT[by]]
  const raw = origin === undefined ? undefined : rawOf(origin, record, values[SLOT[by ?? 'kind']])
  const head = { from: origin?.name ?? 'the message as a whole', ...(raw === undefined ? {} : { raw }) }
  if (why !== undefined) return [{ target: 'observation', ...head, refused: why }]
  if (said === undefined)
    return [{ target: 'kind', ...head, ...outcomeOf('kind', values[SLOT.kind], undefined) }]
  return observation === undefined
    ? []
    : [{ target: 'kind', ...head, value: observation.kind, how: said.because }]
}
