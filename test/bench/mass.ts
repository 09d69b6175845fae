import { stderr } from 'node:process'
import { parseArgs } from 'node:util'
import type { Incident } from '../../src/core/freshness/mass/incident.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { castOf } from '../simulation/cast.ts'
import { type Collapse, type Events, type GroupOutage, makeOutages } from '../simulation/events.ts'
import { run } from '../simulation/run.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { type Figure, round } from './figure.ts'
import { type Parts, report } from './report.ts'

// `npm run bench:mass`: how well mass silence is told from chance, on a simulated fleet with outages that are known; one
// JSON object on standard output, progress on standard error. --only=fleet,long runs a part.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    terminals: { type: 'string', default: '20000' },
    days: { type: 'string', default: '30' },
    perDay: { type: 'string', default: '2' },
    only: { type: 'string', default: 'fleet,long' },
  },
})
const seed = Number(values.seed)
const terminals = Number(values.terminals)
const days = Number(values.days)

/** A Monday. */
const START: Instant = 1_767_571_200_000
const INTERVAL = 5 * MINUTE
/** What a source does while it is not known for long enough is no fault of the guard. */
const GUARD_AFTER_DAYS = 15

const PARTS: Parts = { fleet, long }

/** A large fleet with outages of its groups, and a source that loses nearly everything without a word. */
async function fleet(): Promise<Record<string, Figure>> {
  const groups = { clients: 400, regions: 40, dealers: 20, operators: 5, models: 15, firmwares: 20 }
  const cast = castOf({ seed, terminals, days, start: START, intervalsMs: [INTERVAL], groups })
  const outages = makeOutages(
    cast,
    { from: START + 2 * DAY, to: START + days * DAY, perDay: Number(values.perDay) },
    seed,
  )
  const collapses: Collapse[] = []
  for (let day = GUARD_AFTER_DAYS; day < days; day += 4) {
    const from = START + day * DAY + 17 * HOUR
    collapses.push({ source: 2, share: 0.9, from, to: from + 30 * MINUTE })
  }
  const opened = await simulate(cast, { outages, blindness: [], collapses }, days)
  return score(opened, outages, collapses)
}

/** Few terminals for more than a year: nothing drifts, nothing overflows, nothing is found that is not there. */
async function long(): Promise<Record<string, Figure>> {
  const groups = { clients: 3, regions: 2, dealers: 1, operators: 2, models: 2, firmwares: 2 }
  const manyDays = 400
  const cast = castOf({ seed, terminals: 50, days: manyDays, start: START, intervalsMs: [INTERVAL], groups })
  const opened = await simulate(cast, { outages: [], blindness: [], collapses: [] }, manyDays)
  return { longFalsePerDay: falsePerDay(opened, manyDays) }
}

type Opened = { readonly incident: Incident; readonly at: Instant }

async function simulate(cast: Parameters<typeof run>[0], events: Events, forDays: number): Promise<Opened[]> {
  const opened: Opened[] = []
  run(cast, events, {
    seed,
    start: START,
    days: forDays,
    settings: DEFAULTS,
    resumeGraceMs: 2 * MINUTE,
    intervalMs: INTERVAL,
    sweepEveryMs: 30 * SECOND,
    massEveryMs: 30 * SECOND,
    transition: () => {},
    incident: (incident, action, at) => {
      if (action === 'open') opened.push({ incident, at })
    },
    dayOver: (day) => stderr.write(`day ${day} of ${forDays}, incidents so far: ${opened.length}\n`),
  })
  return opened
}

/** How long after its end an outage may still explain an incident: who comes back late falls silent late. */
const AFTERWARDS = 20 * MINUTE

function score(
  opened: readonly Opened[],
  outages: readonly GroupOutage[],
  collapses: readonly Collapse[],
): Record<string, Figure> {
  const named = ({ incident }: Opened, dimension: string, group: string): boolean =>
    [incident, ...incident.also].some((one) => one.dimension === dimension && one.group === group)
  const during = ({ at }: Opened, { from, to }: { readonly from: Instant; readonly to: Instant }): boolean =>
    at >= from && at <= to + AFTERWARDS
  const missed = outages.filter(
    (outage) => !opened.some((one) => during(one, outage) && named(one, outage.dimension, outage.group)),
  )
  const missedCollapses = collapses.filter(
    (collapse) => !opened.some((one) => during(one, collapse) && named(one, 'ingest', 'push')),
  )
  const all = [...outages, ...collapses]
  const unexplained = opened.filter((one) => !all.some((event) => during(one, event)))
  for (const outage of missed) stderr.write(`missed: ${JSON.stringify(outage)}\n`)
  for (const one of unexplained) stderr.write(`false: ${JSON.stringify(one.incident)}\n`)
  const injected = all.length
  const found = injected - missed.length - missedCollapses.length
  const share = round(found / injected)
  return {
    foundAndRightlyNamed: { value: share, unit: `of ${injected}`, goal: '>= 0.95', met: share >= 0.95 },
    collapsesFound: { value: collapses.length - missedCollapses.length, unit: `of ${collapses.length}` },
    incidentsOpened: { value: opened.length, unit: 'incidents' },
    falsePerDay: falsePerDay(unexplained, days),
  }
}

function falsePerDay(opened: readonly Opened[], forDays: number): Figure {
  const value = round(opened.length / forDays)
  return { value, unit: 'incidents/day', goal: '<= 0.1', met: value <= 0.1 }
}

// Last, when everything above is defined.
await report(PARTS, values.only, { seed, terminals, days, perDay: Number(values.perDay) })
