import type { ReadingView, TerminalView } from '../fleet/view.ts'
import { DAY, type Instant } from '../time.ts'
import { type CheckFacts, differingImei } from './check-facts.ts'

/** What is looked at, in the order in which people read it. */
export const CHECK_POINTS = [
  'data',
  'firmware',
  'outage',
  'incident',
  'intake',
  'position',
  'power',
  'archive',
  'identity',
  'thread',
] as const

export type CheckPoint = (typeof CHECK_POINTS)[number]

/** The point of the regulation that asks for it; null: none does by itself. */
export const REGULATION: Readonly<Record<CheckPoint, number | null>> = {
  data: 5,
  firmware: 3,
  outage: 15,
  incident: 5,
  intake: 5,
  position: 5,
  power: 5,
  archive: 16,
  identity: 7,
  thread: 10,
}

/** `ok` null: it cannot be told. `found`: which of the words of this point fit. */
export type CheckItem = {
  readonly point: CheckPoint
  readonly ok: boolean | null
  readonly found: string
}

/** What was found at each point. */
export function checkItems(facts: CheckFacts, now: Instant): readonly CheckItem[] {
  return CHECK_POINTS.map((point) => ({ point, ...LOOK[point](facts, now) }))
}

/** Whether its data is as new as it should be; a parked truck that sleeps is as it should be. */
export function isCurrent({ state }: Pick<TerminalView, 'state'>): boolean {
  return state === 'fresh' || state === 'no-fix' || state === 'sleeping'
}

type Found = Omit<CheckItem, 'point'>

const LOOK: Readonly<Record<CheckPoint, (facts: CheckFacts, now: Instant) => Found>> = {
  data: ({ view }) => dataFound(view),
  firmware: ({ view: { firmware } }) => {
    const status = firmware?.status ?? 'unknown'
    if (status === 'unknown') return { ok: null, found: firmware?.reason ?? 'no-version' }
    return { ok: status === 'green', found: status }
  },
  outage: ({ service: { status, planned } }) => serviceFound(status, planned !== null),
  incident: ({ view, incident }) =>
    view.incident || incident ? { ok: false, found: 'open' } : { ok: true, found: 'none' },
  intake: ({ said: { intake } }) => ({ ok: intake === 'unknown' ? null : intake === 'on', found: intake }),
  position: ({ view }) => positionFound(view),
  power: ({ view }) => powerFound(view),
  archive: ({ view, replies }, now) => archiveFound(view, replies.info, now),
  identity: identityFound,
  thread: ({ requests }) =>
    requests.length > 0 ? { ok: false, found: 'open' } : { ok: true, found: 'none' },
}

function dataFound({ state, threshold }: TerminalView): Found {
  switch (state) {
    case 'fresh':
    case 'no-fix':
      return { ok: true, found: threshold.seconds === null ? 'current-unjudged' : 'current' }
    case 'sleeping':
      return { ok: true, found: threshold.seconds === null ? 'sleeping-unjudged' : 'sleeping' }
    case 'stale':
    case 'lost':
      return { ok: false, found: 'old' }
    case 'never':
      return { ok: false, found: 'never' }
    case 'backlog':
      return { ok: false, found: 'backlog' }
    case 'unknown':
      return { ok: null, found: 'unknown' }
    case 'maintenance':
    case 'suspended':
    case 'decommissioned':
      return { ok: null, found: 'not-expected' }
  }
}

function serviceFound({ state, outage }: CheckFacts['service']['status'], isPlanned: boolean): Found {
  if (outage) return { ok: false, found: 'outage' }
  if (isPlanned) return { ok: false, found: 'maintenance' }
  switch (state) {
    case 'up':
      return { ok: true, found: 'up' }
    case 'down':
    case 'maintenance':
      return { ok: false, found: state }
    case 'degraded':
    case 'unknown':
      return { ok: null, found: state }
  }
}

function positionFound(view: TerminalView): Found {
  if (view.fixAt === null) return { ok: null, found: 'never' }
  if (view.state === 'no-fix') return { ok: false, found: 'old' }
  return isCurrent(view) ? { ok: true, found: 'current' } : { ok: null, found: 'last' }
}

function powerFound(view: TerminalView): Found {
  const found = powerOf(view)
  return { ok: found === 'unknown' ? null : found === 'good', found }
}

/**
 * How its supply is, by the rules of reference/omnicomm-domain.md 7; a value that was never sent is not 0 V, and an
 * alarm counts until a newer voltage.
 */
export function powerOf({
  readings,
}: Pick<TerminalView, 'readings'>): 'alarm' | 'backup' | 'dead' | 'low' | 'good' | 'unknown' {
  const { voltage, powerAlarm, backupPower } = readings
  const isNew = (told: ReadingView | undefined): boolean =>
    told?.value === true && told.at >= (voltage?.at ?? 0)
  if (isNew(powerAlarm)) return 'alarm'
  if (isNew(backupPower)) return 'backup'
  const volts = voltage?.value
  if (typeof volts !== 'number') return 'unknown'
  if (volts < 6) return 'dead'
  return (volts > 18 ? volts < 23.5 : volts < 11.8) ? 'low' : 'good'
}

function archiveFound(view: TerminalView, info: CheckFacts['replies']['info'], now: Instant): Found {
  if (view.state === 'backlog') return { ok: false, found: 'backlog' }
  if (info?.told.records !== undefined && now - info.at < DAY) return { ok: null, found: 'records' }
  return isCurrent(view) ? { ok: true, found: 'none' } : { ok: null, found: 'unknown' }
}

function identityFound(facts: CheckFacts): Found {
  if (differingImei(facts) !== undefined) return { ok: false, found: 'imei' }
  if (facts.disputed) return { ok: false, found: 'conflict' }
  return facts.view.discovered ? { ok: null, found: 'discovered' } : { ok: true, found: 'known' }
}
