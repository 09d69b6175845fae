/**
 * The outage clock written a second time, from spec/outage-clock.md alone, slowly and by counting units of time one
 * by one. It shares nothing with src: where the two disagree, one of them has misread the spec.
 */
export type OracleRow =
  | { readonly kind: 'verdict'; readonly unit: number; readonly verdict: 'ok' | 'fail' | 'unknown' }
  /** The wall clock jumps by `delta` units. */
  | { readonly kind: 'step'; readonly unit: number; readonly delta: number }

export type OracleInput = {
  /** In order of `unit`, which is elapsed time; no two at the same one. */
  readonly rows: readonly OracleRow[]
  /** Wall time, half open, in units. */
  readonly windows: readonly { readonly from: number; readonly to: number }[]
  readonly gap: number
  readonly recovery: number
  readonly notice: number
  readonly pauses: boolean
  /** Sixty minutes. */
  readonly hour: number
}

export type OracleOutage = {
  readonly start: number
  readonly end: number | null
  readonly down: number
  readonly possible: number
  readonly due: number | null
  readonly alarm: number | null
  readonly intermittent: boolean
}

type Class = 'up' | 'down' | 'edge' | 'unknown' | 'maintenance'
type Known = { readonly unit: number; readonly verdict: 'ok' | 'fail' }

export function oracle(input: OracleInput): {
  readonly outages: readonly OracleOutage[]
  readonly units: Readonly<Record<Class, number>>
} {
  const { rows, gap, recovery, notice, hour } = input
  const known = rows.flatMap((row) =>
    row.kind === 'verdict' && row.verdict !== 'unknown' ? [{ unit: row.unit, verdict: row.verdict }] : [],
  )
  const wall = (unit: number): number =>
    rows.reduce((sum, row) => (row.kind === 'step' && row.unit <= unit ? sum + row.delta : sum), unit)
  const planned = (unit: number): boolean =>
    input.pauses && input.windows.some(({ from, to }) => from <= wall(unit) && wall(unit) < to)
  const together = (a: Known, b: Known): boolean =>
    b.unit - a.unit <= gap &&
    !rows.some((row) => row.kind === 'step' && a.unit < row.unit && row.unit <= b.unit)

  function classAt(unit: number): Class {
    const before = known.findLast((each) => each.unit <= unit)
    const after = known.find((each) => each.unit > unit)
    if (before && after && together(before, after) && before.verdict === 'ok' && after.verdict === 'ok')
      return 'up'
    if (planned(unit)) return 'maintenance'
    if (!before || !after || !together(before, after)) return 'unknown'
    return before.verdict === after.verdict ? 'down' : 'edge'
  }
  const first = rows[0]?.unit ?? 0
  const last = rows.at(-1)?.unit ?? 0
  const classes = new Map<number, Class>()
  for (let unit = first; unit < last; unit++) classes.set(unit, classAt(unit))
  const count = (from: number, to: number, ...wanted: Class[]): number => {
    let sum = 0
    for (let unit = from; unit < to; unit++) if (wanted.includes(classes.get(unit) ?? 'unknown')) sum++
    return sum
  }

  const outages: OracleOutage[] = []
  let from = 0
  for (;;) {
    const opening = findOpening(from)
    if (!opening) break
    const closing = findClosing(opening.second)
    outages.push(describe(opening, closing))
    if (!closing) break
    from = closing.index + 1
  }
  const units = { up: 0, down: 0, edge: 0, unknown: 0, maintenance: 0 }
  for (const each of classes.values()) units[each]++
  return { outages, units }

  function findOpening(begin: number): { first: number; second: number } | undefined {
    for (let b = begin; b < known.length; b++) {
      for (let a = begin; a < b; a++) {
        const between = known.slice(a, b + 1)
        if (between.some(({ verdict }) => verdict === 'ok')) continue
        const [one, two] = [known[a], known[b]]
        if (one && two && !planned(one.unit) && !planned(two.unit) && together(one, two)) {
          return { first: a, second: b }
        }
      }
    }
    return undefined
  }

  function findClosing(second: number): { index: number; runFirst: number } | undefined {
    for (let index = second + 1; index < known.length; index++) {
      const here = known[index]
      if (here?.verdict !== 'ok') continue
      let runFirst = index
      for (;;) {
        const [previous, current] = [known[runFirst - 1], known[runFirst]]
        if (!previous || !current || previous.verdict !== 'ok' || !together(previous, current)) break
        runFirst--
      }
      const begin = known[runFirst]?.unit ?? 0
      const long = index - runFirst + 1 >= 3 && here.unit - begin >= recovery
      if (recovery === 0 || long) return { index, runFirst }
    }
    return undefined
  }

  function describe(
    opening: { first: number; second: number },
    closing: { index: number; runFirst: number } | undefined,
  ): OracleOutage {
    const start = known[opening.first]?.unit ?? 0
    const lastOk = known.slice(0, opening.first).findLast(({ verdict }) => verdict === 'ok')
    const base = lastOk?.unit ?? start
    const inside = known.slice(opening.first, (closing?.index ?? known.length) + 1)
    const fails = known
      .slice(opening.second, closing?.index ?? known.length)
      .filter(({ verdict }) => verdict === 'fail')
    const down = (at: number): number => count(start, at, 'down')
    const possible = (at: number): number => count(base, at, 'down', 'edge', 'unknown')
    const due = fails.find(({ unit }) => down(unit) > notice)
    const alarm = fails.find(
      ({ unit }) =>
        possible(unit) > notice &&
        notice >= down(unit) &&
        possible(unit) - count(base, unit, 'unknown') <= notice,
    )
    const turns = inside.filter((each, index) => index > 0 && inside[index - 1]?.verdict !== each.verdict)
    const latest = fails.at(-1)?.unit ?? start
    return {
      start: wall(start),
      end: closing ? wall(known[closing.runFirst]?.unit ?? 0) : null,
      down: down(latest),
      possible: possible(latest),
      due: due ? wall(due.unit) : null,
      alarm: alarm ? wall(alarm.unit) : null,
      intermittent: turns.some(
        (each) => turns.filter(({ unit }) => unit >= each.unit && unit - each.unit <= hour).length > 6,
      ),
    }
  }
}
