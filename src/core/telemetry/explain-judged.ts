import { formatDuration, type Instant, toIso } from '../time.ts'
import type { ExplainedTarget } from './explained.ts'
import type { Judged, JudgePolicy } from './judge.ts'
import { heard, type Observation } from './observation.ts'

/** Adds to an explanation what `judge` made of the times and so of the kind, by comparing before and after. */
export function explainJudged(
  targets: readonly ExplainedTarget[],
  before: Observation,
  { observation: after }: Judged,
  { liveLagMs }: JudgePolicy,
): readonly ExplainedTarget[] {
  return targets.map((item) => {
    switch (item.target) {
      case 'eventAt':
        return timeAfter(item, before.eventAt, after.eventAt, AHEAD)
      case 'fixAt':
        return timeAfter(item, before.fix?.at, after.fix?.at, AHEAD)
      case 'heardAt':
        return timeAfter(item, before.heardAt, after.heardAt, SERVER_LATER)
      case 'kind':
        return after.kind === before.kind
          ? item
          : { ...item, value: after.kind, how: `${item.how}, but ${lagText(after, liveLagMs)}` }
      default:
        return item
    }
  })
}

function lagText(observation: Observation, liveLagMs: number): string {
  const lag = heard(observation) - (observation.eventAt ?? heard(observation))
  return `it was heard ${formatDuration(lag)} after its event time, which is more than the live lag of ${formatDuration(liveLagMs)}`
}

const LOST = 'it is before 2010, or a GPS week counter ran over (1,024 or 2,048 weeks): not a time'
const AHEAD = 'later than it was heard by more than 2m: taken as the time it was heard'
const SERVER_LATER = 'later than it was received: taken as the time it was received'

function timeAfter(
  item: ExplainedTarget,
  before: Instant | undefined,
  after: Instant | undefined,
  moved: string,
): ExplainedTarget {
  if (before === after || before === undefined || item.refused !== undefined) return item
  const { value: _, ...rest } = item
  if (after === undefined) return { ...rest, refused: LOST }
  return { ...item, value: toIso(after), how: item.how === undefined ? moved : `${item.how}; ${moved}` }
}
