import type { TerminalView } from '../fleet/view.ts'
import { DAY, type Instant } from '../time.ts'
import { type CheckFacts, differingImei } from './check-facts.ts'
import { type CheckItem, checkItems, isCurrent, powerOf } from './check-items.ts'
import { POSITION_PROBLEM, type RequestTemplate, USUAL_PROBLEM } from './template.ts'

/** Whether a ticket may be opened, the strongest first. */
export const VERDICTS = ['do-not-open', 'fix-first', 'ready-for-ticket'] as const

export type Verdict = (typeof VERDICTS)[number]

/** Why no ticket is needed: it is known, or it is our own or somebody else's matter. */
export const KNOWN_REASONS = [
  'department',
  'outage',
  'service-down',
  'planned-work',
  'incident',
  'maintenance',
  'decommissioned',
  'suspended',
  'blind',
  'not-judged',
  'backlog',
  'sleeping',
  'acknowledged',
  'archive-promised',
  'open-request',
] as const

/** What the dealer can settle first. */
export const FIX_REASONS = [
  'intake-off',
  'imei-differs',
  'conflict',
  'never',
  'cause',
  'data-old',
  'power',
  'position',
  'backlog-stuck',
  'firmware-broken',
  'firmware-critical',
  'firmware-old',
  'firmware-unknown',
] as const

/** Why a ticket may be opened. */
export const READY_REASONS = [
  'data-current',
  'not-explained',
  'service-up',
  'service-degraded',
  'service-unknown',
  'checked',
] as const

export type ReasonCode =
  | (typeof KNOWN_REASONS)[number]
  | (typeof FIX_REASONS)[number]
  | (typeof READY_REASONS)[number]

export type Check = {
  readonly verdict: Verdict
  /** Those of the verdict first, then weaker ones; each list in its order. */
  readonly reasons: readonly ReasonCode[]
  readonly items: readonly CheckItem[]
}

/** What a check is made for. */
export type Problem = Pick<RequestTemplate, 'id' | 'about'>

/**
 * The check before a ticket (regulation, points 3, 5, 8, 10, 15, 16): whatever is known already wins over what can be
 * settled, and that over a ticket. It only tells what is known; nothing is changed by it.
 */
export function check(facts: CheckFacts, problem: Problem, now: Instant): Check {
  const known = KNOWN_REASONS.filter((code) => concerns(code, problem) && isKnown[code](facts, problem, now))
  const fixes = FIX_REASONS.filter((code) => concerns(code, problem) && isFixable[code](facts, problem, now))
  const verdict = known.length > 0 ? 'do-not-open' : fixes.length > 0 ? 'fix-first' : 'ready-for-ticket'
  const ready = verdict === 'ready-for-ticket' ? [readyReason(facts, problem)] : []
  return { verdict, reasons: [...known, ...fixes, ...ready], items: checkItems(facts, now) }
}

/** Kinds of problems of what data says: without data nobody can look into them (regulation, point 5). */
const ABOUT_CURRENT_DATA: ReadonlySet<string> = new Set([POSITION_PROBLEM, 'fuel', 'wrong-data'])

/** Reasons that hold also where a problem is about no terminal; for the others the terminal must matter. */
const OF_THE_SERVICE: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'outage',
  'service-down',
  'planned-work',
  'open-request',
])

/** A question about the service is not answered by how one terminal is, nor one about money by anything of these. */
function concerns(code: ReasonCode, { about }: Problem): boolean {
  if (about === 'department') return code === 'department' || code === 'open-request'
  return about !== 'service' || OF_THE_SERVICE.has(code)
}

type Test = (facts: CheckFacts, problem: Problem, now: Instant) => boolean

const isKnown: Readonly<Record<(typeof KNOWN_REASONS)[number], Test>> = {
  department: (_, { about }) => about === 'department',
  outage: ({ service }) => service.status.outage !== undefined,
  'service-down': ({ service: { status } }) => status.outage === undefined && status.state === 'down',
  'planned-work': ({ service }) => service.planned !== null || service.status.state === 'maintenance',
  incident: ({ incident, view }) => incident !== null || view.incident !== undefined,
  maintenance: ({ view }) => view.state === 'maintenance',
  decommissioned: ({ view }) => view.state === 'decommissioned',
  suspended: ({ view, said }) => view.state === 'suspended' && said.lifecycle === 'suspended',
  blind: ({ blindSince, view }) => blindSince !== null || view.asOf !== undefined,
  'not-judged': ({ view, blindSince }) =>
    view.state === 'unknown' && blindSince === null && view.asOf === undefined,
  backlog: ({ view }, _, now) => view.state === 'backlog' && !isStuck(view, now),
  // A parked truck that sleeps is not "no data"; other problems of it may be real.
  sleeping: ({ view }, { id }) => view.state === 'sleeping' && id === USUAL_PROBLEM,
  acknowledged: ({ view }) => view.acknowledged !== undefined && !isCurrent(view),
  'archive-promised': ({ requests }, { id, about }, now) =>
    (id === USUAL_PROBLEM || about === 'data') &&
    requests.some(({ promised }) => promised?.approximate === true && promised.at > now),
  'open-request': ({ requests }, { id }) => requests.some(({ problem }) => problem === id),
}

const isFixable: Readonly<Record<(typeof FIX_REASONS)[number], Test>> = {
  'intake-off': ({ said, view }) => said.intake === 'off' && view.state !== 'decommissioned',
  'imei-differs': (facts) => differingImei(facts) !== undefined,
  conflict: ({ disputed }) => disputed,
  never: ({ view }) => view.state === 'never',
  cause: ({ view: { state, cause } }) =>
    (state === 'stale' || state === 'lost') &&
    cause !== undefined &&
    !['unknown', 'incident', 'suspended', 'maintenance'].includes(cause.code),
  'data-old': ({ view: { state } }, { id }) =>
    (state === 'stale' || state === 'lost') && ABOUT_CURRENT_DATA.has(id),
  // A battery that is low is nothing that keeps a terminal from sending.
  power: ({ view }, { about }) =>
    about === 'equipment' && ['alarm', 'backup', 'dead'].includes(powerOf(view)),
  position: ({ view }, { id }) =>
    view.state === 'no-fix' && (id === USUAL_PROBLEM || id === POSITION_PROBLEM),
  'backlog-stuck': ({ view }, _, now) => view.state === 'backlog' && isStuck(view, now),
  'firmware-broken': ofFirmware('broken'),
  'firmware-critical': ofFirmware('critical_old'),
  'firmware-old': ofFirmware('old'),
  // With data that is current nobody has said what is wrong with the equipment.
  'firmware-unknown': (facts, { id, about }) =>
    about === 'equipment' &&
    (facts.view.firmware?.status ?? 'unknown') === 'unknown' &&
    !(id === USUAL_PROBLEM && isCurrent(facts.view)),
}

function ofFirmware(status: 'broken' | 'critical_old' | 'old'): Test {
  return ({ view }, { about }) => about === 'equipment' && view.firmware?.status === status
}

/** An archive that has not become shorter for a day, or a clock that is wrong: waiting does not help. */
function isStuck({ clockBehind, caughtUpAt, stateSince }: TerminalView, now: Instant): boolean {
  return clockBehind || (caughtUpAt === undefined && now - stateSince > DAY)
}

function readyReason({ view, service: { status } }: CheckFacts, { about, id }: Problem): ReasonCode {
  if (about === 'service') {
    if (status.state === 'up') return 'service-up'
    return status.state === 'degraded' ? 'service-degraded' : 'service-unknown'
  }
  if (id !== USUAL_PROBLEM) return 'checked'
  return isCurrent(view) ? 'data-current' : 'not-explained'
}
