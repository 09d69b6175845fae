import { type Fleet, incidentAt } from '../../fleet/fleet.ts'
import type { Instant } from '../../time.ts'
import type { Incident } from '../mass/incident.ts'
import { gatherFacts } from './facts.ts'
import type { Evidence, Finding } from './finding.ts'
import type { Rule } from './rule.ts'
import { clock } from './rules/clock.ts'
import { coverage } from './rules/coverage.ts'
import { firmware } from './rules/firmware.ts'
import { archiveOnly, linkWithoutData, rebootLoop, serverAddress } from './rules/link.ts'
import { antenna, jamming, stuckFix } from './rules/position.ts'
import { incident, maintenance, suspended } from './rules/said.ts'
import { sim } from './rules/sim.ts'
import { sleep } from './rules/sleep.ts'
import { powerCut, trackerBattery, vehicleBattery } from './rules/supply.ts'
import { unknown } from './rules/unknown.ts'

/** In the order of spec/freshness.md 8; the first that fits is the finding. */
export const RULES: readonly Rule[] = [
  incident,
  suspended,
  maintenance,
  powerCut,
  vehicleBattery,
  trackerBattery,
  sleep,
  coverage,
  sim,
  firmware,
  serverAddress,
  rebootLoop,
  archiveOnly,
  linkWithoutData,
  antenna,
  stuckFix,
  jamming,
  clock,
  unknown,
]

/**
 * Why the terminal in the row is probably not fresh; null when it is, or is decommissioned. A hint with its evidence,
 * not a verdict. `incident`: the open one that it is part of, as whoever is told the evidence sees it.
 */
export function diagnose(
  fleet: Fleet,
  row: number,
  now: Instant,
  incident: Incident | null = incidentAt(fleet, row),
): Finding | null {
  const facts = gatherFacts(fleet, row, now, incident)
  const { state, contactAt } = facts
  if (state === 'fresh' || state === 'decommissioned') return null
  for (const { code, states, find } of RULES) {
    const found = states.includes(state) ? find(facts) : null
    if (!found) continue
    const contact: Evidence[] =
      contactAt === 0 ? [] : [{ kind: 'contact', agoMs: Math.max(0, now - contactAt) }]
    return { code, confidence: found.confidence, evidence: [...found.evidence, ...contact] }
  }
  return null
}
