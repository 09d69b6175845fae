import type { Blindness } from '../freshness/blindness.ts'
import type { Threshold } from '../freshness/threshold.ts'
import type { Span } from '../outage/planned-work.ts'
import { type Instant, SECOND } from '../time.ts'
import { aliasesOf } from './alias.ts'
import { type Fleet, sourceOf } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { thresholdFrom } from './threshold-columns.ts'
import type { TerminalView } from './view.ts'

/** What the inventory and the configuration say of one terminal, beside what its view shows. */
export type TerminalFacts = Pick<
  InventoryRow,
  | 'imei'
  | 'sim'
  | 'uuid'
  | 'profile'
  | 'region'
  | 'operator'
  | 'lifecycle'
  | 'intake'
  | 'firstSeenAt'
  | 'maintenance'
  | 'formerUnits'
> & {
  /** Other names that lead to it, without IMEI and uuid. */
  readonly aliases: readonly string[]
  readonly thresholds: Readonly<
    Record<'moving' | 'parked' | 'lost' | 'neverAfter', TerminalView['threshold']>
  >
}

/** The facts of the terminal in a row. */
export function factsOf(fleet: Fleet, row: number): TerminalFacts | undefined {
  const terminal = fleet.inventory.at(row)
  if (!terminal) return undefined
  const { imei, sim, uuid, profile, region, operator, lifecycle, intake } = terminal
  const { lost, neverAfter } = fleet.thresholdsOf(terminal)
  const names = aliasesOf(terminal).filter((name) => name !== imei && name !== uuid)
  return {
    imei,
    sim,
    uuid,
    profile,
    region,
    operator,
    lifecycle,
    intake,
    firstSeenAt: terminal.firstSeenAt,
    maintenance: terminal.maintenance,
    formerUnits: terminal.formerUnits,
    aliases: [...new Set(names)].filter((name) => fleet.rows.get(name) === row),
    thresholds: {
      moving: habitThreshold(fleet, row, 'moving'),
      parked: habitThreshold(fleet, row, 'parked'),
      lost: told(lost),
      neverAfter: told(neverAfter),
    },
  }
}

/** What it is judged by: the columns know what its gaps have taught. */
function habitThreshold(
  { thresholds }: Fleet,
  row: number,
  habit: 'moving' | 'parked',
): TerminalView['threshold'] {
  const ms = (habit === 'parked' ? thresholds.parkedMs : thresholds.movingMs)[row] ?? Infinity
  return told({ ms, from: thresholdFrom(thresholds, habit, row) })
}

function told({ ms, from }: Threshold): TerminalView['threshold'] {
  return { seconds: Number.isFinite(ms) ? ms / SECOND : null, from }
}

/** When the source of the terminal in a row could not have heard it, in [from, to), oldest first. */
export function blindSpans(fleet: Fleet, row: number, from: Instant, to: Instant): readonly Span[] {
  const blindness: Blindness | undefined = sourceOf(fleet, row)?.blindness
  if (!blindness) return []
  return blindness.from.flatMap((start, i) => {
    const span = { from: Math.max(start, from), to: Math.min(blindness.to[i] ?? to, to) }
    return span.from < span.to ? [span] : []
  })
}
