import type { Fleet } from '../fleet/fleet.ts'
import type { StepView } from '../freshness/diagnosis/cause-view.ts'
import type { Language } from '../letters/letter.ts'
import type { Instant } from '../time.ts'

/** The likely cause of a silence, the next step and the tools for it, which depend on the model, as sentences. */
export type Why = Readonly<Record<Language, StepView & { readonly cause: string }>> & {
  /** '': not known. */
  readonly model: string
}

/** Says why the terminal in the row is silent; null: nothing can be said. */
export type Explain = (row: number, now: Instant) => Why | null

/** A terminal as a letter names it. */
export type FlaggedTerminal = {
  readonly id: string
  readonly name: string
  readonly client: string
  /** Onset of its silence; of one that never sent anything: since when it is known. */
  readonly since: Instant
  /** Null: it never sent data. */
  readonly dataAt: Instant | null
  /** When it came back; null while it is silent. */
  readonly backAt: Instant | null
  readonly why: Why | null
  /** A note told of this silence before. */
  readonly noted: boolean
}

/** Terminals of one kind of news: those that are named, and how many there are. */
export type FlaggedList = { readonly items: readonly FlaggedTerminal[]; readonly total: number }

/** What is known of a terminal that is to be named. */
export type Flag = {
  readonly row: number
  readonly since: Instant
  readonly backAt?: Instant
  readonly noted?: boolean
}

/** So many terminals are named for one reason: nobody reads more, and the page has them all. */
const MOST_NAMED = 150

/**
 * Puts flags in the order of a letter: by client, and the longest silence first. Only those that are named are
 * explained.
 */
export function listFlagged(
  { inventory, table }: Fleet,
  flags: readonly Flag[],
  now: Instant,
  explain: Explain = () => null,
): FlaggedList {
  const byClient = Map.groupBy(flags, ({ row }) => inventory.text(row, 'client'))
  const clients = [...byClient.keys()].sort(collator.compare)
  const sorted = clients.flatMap((client) => {
    return (byClient.get(client) ?? []).sort((a, b) => a.since - b.since || a.row - b.row)
  })
  const items = sorted.slice(0, MOST_NAMED).map(({ row, since, backAt, noted }) => ({
    id: inventory.text(row, 'id'),
    name: inventory.text(row, 'name'),
    client: inventory.text(row, 'client'),
    since,
    dataAt: table.dataAt[row] || null,
    backAt: backAt ?? null,
    why: backAt === undefined ? explain(row, now) : null,
    noted: noted ?? false,
  }))
  return { items, total: flags.length }
}

const collator = new Intl.Collator('ru', { numeric: true, sensitivity: 'base' })
