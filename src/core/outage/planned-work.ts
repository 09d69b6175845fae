import type { Instant } from '../time.ts'

/** A stretch of wall time, half open: [from, to). */
export type Span = { readonly from: Instant; readonly to: Instant }

/** Sorted stretches that neither overlap nor touch: what every other function here expects. Empty windows vanish. */
export function mergeWindows(windows: readonly Span[]): readonly Span[] {
  const sorted = windows.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)
  const merged: { from: Instant; to: Instant }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** The planned work that is going on at that instant. */
export function windowAt(merged: readonly Span[], at: Instant): Span | undefined {
  const span = merged[firstEndingAfter(merged, at)]
  return span !== undefined && span.from <= at ? span : undefined
}

/** Cuts [from, to) at the borders of planned work; nothing comes of an empty stretch. */
export function cutAtWindows(
  merged: readonly Span[],
  from: Instant,
  to: Instant,
): readonly (Span & { readonly planned: boolean })[] {
  const parts: (Span & { planned: boolean })[] = []
  let position = from
  for (let index = firstEndingAfter(merged, from); position < to; index++) {
    const span = merged[index]
    const begin = span === undefined ? to : Math.min(span.from, to)
    if (position < begin) parts.push({ from: position, to: begin, planned: false })
    position = Math.max(position, begin)
    if (span === undefined || position >= to) break
    const end = Math.min(span.to, to)
    parts.push({ from: position, to: end, planned: true })
    position = end
  }
  return parts
}

/** Where `ms` of time outside planned work, counted from `from`, are over. */
export function afterUnplanned(merged: readonly Span[], from: Instant, ms: number): Instant {
  let position = from
  let rest = ms
  for (let index = firstEndingAfter(merged, from); ; index++) {
    const span = merged[index]
    const free = span === undefined ? Number.POSITIVE_INFINITY : Math.max(0, span.from - position)
    if (span === undefined || rest <= free) return position + rest
    rest -= free
    position = span.to
  }
}

/** Index of the first span that ends after the instant; the length when there is none. */
function firstEndingAfter(merged: readonly Span[], at: Instant): number {
  let low = 0
  let high = merged.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((merged[middle]?.to ?? at) > at) high = middle
    else low = middle + 1
  }
  return low
}
