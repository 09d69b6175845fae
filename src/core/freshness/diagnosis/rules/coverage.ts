import { lastReading } from '../facts.ts'
import type { Evidence } from '../finding.ts'
import { returnedNear } from '../places.ts'
import { type Rule, SILENT } from '../rule.ts'

/** The lowest of the five classes of signal that terminals tell. */
const WEAK_PERCENT = 20

/** So many other terminals fell silent there and came back (spec/freshness.md 8). */
const NEIGHBOURS = 3

/**
 * It moved with a signal of at most 20 % at the last contact, or three other terminals fell silent within about a
 * kilometre and came back. One of the two: `medium`; both: `high`.
 */
export const coverage: Rule = {
  code: 'coverage',
  states: SILENT,
  find(facts) {
    const { fleet, row, moving, speedKmh } = facts
    const evidence: Evidence[] = []
    const percent = lastReading(facts, 'gsmPercent')
    if (moving && percent !== null && percent <= WEAK_PERCENT) {
      if (speedKmh !== null) evidence.push({ kind: 'speed', kmh: speedKmh })
      evidence.push({ kind: 'signal', percent })
    }
    const isWeak = evidence.length > 0
    const terminals = returnedNear(fleet.traces.places, fleet.table, row)
    const areLost = terminals >= NEIGHBOURS
    if (areLost) evidence.push({ kind: 'neighbours', terminals })
    if (!isWeak && !areLost) return null
    return { confidence: isWeak && areLost ? 'high' : 'medium', evidence }
  },
}
