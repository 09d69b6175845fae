/** Changes of state since the start of the service, numbered from 1, and the rows of the newest ones. */
export type RecentChanges = {
  /** Number of the newest change. */
  count: number
  /** The last one is that of the newest change. */
  rows: number[]
}

/** So many are remembered at least, once there were as many. */
const KEPT = 20_000

export function createRecentChanges(): RecentChanges {
  return { count: 0, rows: [] }
}

export function noteChange(recent: RecentChanges, row: number): void {
  recent.count++
  recent.rows.push(row)
  if (recent.rows.length >= 2 * KEPT) recent.rows = recent.rows.slice(-KEPT)
}

/** How many changes after that number were of rows that count; those that are forgotten count as well. */
export function changesAfter(
  { count, rows }: RecentChanges,
  number: number,
  counts: (row: number) => boolean,
): number {
  const all = Math.max(0, count - number)
  const remembered = rows.slice(Math.max(0, rows.length - all))
  return all - remembered.length + remembered.filter(counts).length
}
