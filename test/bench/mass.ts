import { stderr } from 'node:process'
import { parseArgs } from 'node:util'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { type Character, castOf } from '../simulation/cast.ts'
import { type Collapse, type Events, makeOutages } from '../simulation/events.ts'
import { run } from '../simulation/run.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { type Figure, round, upTo } from './figure.ts'
import { measureLong } from './long-fleet.ts'
import { type Invented, type MassEvents, type Opened, scoreOf } from './mass-score.ts'
import { type Parts, report } from './report.ts'

// `npm run bench:mass`: how well mass silence is told from chance, on a simulated fleet with outages that are known, and
// whether a year changes anything; one JSON object on standard output, progress on standard error. --only=fleet,long
// runs a part.

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

const PARTS: Parts = { fleet, long: () => measureLong(seed) }

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
  const events = { outages, collapses }
  return score(cast, simulate(cast, { ...events, blindness: [] }), events)
}

function simulate(cast: readonly Character[], events: Events): readonly Opened[] {
  const opened: Opened[] = []
  run(cast, events, {
    seed,
    start: START,
    days,
    settings: DEFAULTS,
    resumeGraceMs: 2 * MINUTE,
    intervalMs: INTERVAL,
    sweepEveryMs: 30 * SECOND,
    massEveryMs: 30 * SECOND,
    transition: () => {},
    incident: (stored, action, at) => {
      if (action === 'open') opened.push({ ...stored, at })
    },
    dayOver: (day) => stderr.write(`day ${day} of ${days}, incidents so far: ${opened.length}\n`),
  })
  return opened
}

function score(
  cast: readonly Character[],
  opened: readonly Opened[],
  events: MassEvents,
): Record<string, Figure> {
  const { missedOutages, missedCollapses, invented } = scoreOf(cast, opened, events)
  for (const missed of [...missedOutages, ...missedCollapses])
    stderr.write(`missed: ${JSON.stringify(missed)}\n`)
  for (const one of invented) stderr.write(`false: ${told(one)}\n`)
  const { length: collapses } = events.collapses
  const injected = events.outages.length + collapses
  const share = round((injected - missedOutages.length - missedCollapses.length) / injected)
  return {
    foundAndRightlyNamed: { value: share, unit: `of ${injected}`, goal: '>= 0.95', met: share >= 0.95 },
    collapsesFound: { value: collapses - missedCollapses.length, unit: `of ${collapses}` },
    incidentsOpened: { value: opened.length, unit: 'incidents' },
    falsePerDay: upTo(0.1, 'incidents/day', round(invented.length / days)),
  }
}

function told({ incident, rows, at, meanwhile }: Invented): string {
  const { dimension, group, also, expected, members, onsetAt } = incident
  const shown = { dimension, group, also, expected, members, onsetAt, at }
  return JSON.stringify({ ...shown, rows: [...rows], meanwhile })
}

// Last, when everything above is defined.
await report(PARTS, values.only, { seed, terminals, days, perDay: Number(values.perDay) })
