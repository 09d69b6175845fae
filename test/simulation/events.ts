import { DAY, HOUR, type Instant, MINUTE } from '../../src/core/time.ts'
import { seededRandom } from '../support/seeded-random.ts'
import type { Character } from './cast.ts'

type Span = { readonly from: Instant; readonly to: Instant }

/** Terminals of one group cannot be heard, and store meanwhile. */
export type GroupOutage = Span & {
  readonly dimension: keyof Character['groups']
  readonly group: string
}

/** A source hears nothing and knows it: what is sent meanwhile is lost. */
export type OwnBlindness = Span & { readonly source: number }

/** A source loses `share` of its messages and does not know it. */
export type Collapse = Span & { readonly source: number; readonly share: number }

export type Events = {
  readonly outages: readonly GroupOutage[]
  readonly blindness: readonly OwnBlindness[]
  readonly collapses: readonly Collapse[]
}

const DIMENSIONS = ['operator', 'region', 'client', 'dealer', 'model', 'firmware'] as const
/** Smaller groups cannot be told from chance. */
const FEWEST_MEMBERS = 20
/** An outage of more than this share of the fleet is one of everybody. */
const MOST_SHARE = 0.45
/** Between two outages, so that each can be told from the one before. */
const APART_MS = 3 * HOUR

/** Outages of groups on working days between 10 and 15 o'clock, `perDay` of them, each over half an hour long. */
export function makeOutages(
  cast: readonly Character[],
  days: Span & { readonly perDay: number },
  seed: number,
): GroupOutage[] {
  const random = seededRandom(seed)
  const groups = DIMENSIONS.flatMap((dimension) => {
    const members = Map.groupBy(cast, (one) => one.groups[dimension])
    return [...members]
      .filter(([, of]) => of.length >= FEWEST_MEMBERS && of.length <= cast.length * MOST_SHARE)
      .map(([group]) => ({ dimension, group }))
  })
  const outages: GroupOutage[] = []
  for (let midnight = days.from; midnight < days.to; midnight += DAY) {
    if ((midnight / DAY + 3) % 7 >= 5) continue
    for (let number = 0; number < days.perDay; number++) {
      // By dimension first, or clients, of which there are most, would be nearly all of them.
      const dimension = DIMENSIONS[Math.floor(random() * DIMENSIONS.length)]
      const those = groups.filter((one) => one.dimension === dimension)
      const chosen = those[Math.floor(random() * those.length)]
      const from = midnight + 10 * HOUR + number * APART_MS + Math.floor(random() * 30) * MINUTE
      if (chosen) outages.push({ ...chosen, from, to: from + (35 + Math.floor(random() * 50)) * MINUTE })
    }
  }
  return outages
}

/** Whether a terminal is kept from being heard by an outage of one of its groups. */
export function muteBy(cast: readonly Character[], outages: readonly GroupOutage[]) {
  const sorted = outages.toSorted((a, b) => a.from - b.from)
  let now = -Infinity
  let running: readonly GroupOutage[] = []
  return (terminal: number, at: Instant): boolean => {
    if (at !== now) {
      now = at
      running = sorted.filter(({ from, to }) => from <= at && at < to)
    }
    const groups = cast[terminal]?.groups
    return running.some(({ dimension, group }) => groups?.[dimension] === group)
  }
}
