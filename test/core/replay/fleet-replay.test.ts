import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFleet } from '../../../src/core/fleet/fleet.ts'
import { createMass, evaluateMass } from '../../../src/core/freshness/mass/mass.ts'
import type { WatchSettings } from '../../../src/core/freshness/source-watch.ts'
import { createFleetReplay } from '../../../src/core/replay/fleet-replay.ts'
import { findingLine } from '../../../src/core/replay/ordered-output.ts'
import { type ReplayLine, readReplayLine } from '../../../src/core/replay/replay-line.ts'
import { DAY, HOUR, MINUTE, SECOND, toIso } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { plainReplay } from '../../support/plain-replay.ts'

const SETTINGS = {
  ...DEFAULTS,
  default: { ...DEFAULTS.default, moving: 5 * MINUTE, parked: 20 * MINUTE, lost: 40 * MINUTE },
}
const SOURCES: readonly WatchSettings[] = [
  { id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE },
  { id: 'hub', intervalMs: 2 * MINUTE, liveLagMs: 4 * MINUTE },
  {
    id: 'online',
    intervalMs: MINUTE,
    liveLagMs: 2 * MINUTE,
    account: 'main',
    polling: { everyMs: MINUTE, timeoutMs: 30 * SECOND },
  },
]

type Raw = Readonly<Record<string, unknown>>

function linesOf(raws: readonly Raw[]): ReplayLine[] {
  return raws.map((raw) => {
    const line = readReplayLine(raw)
    if (typeof line === 'string') throw new Error(`${line}: ${JSON.stringify(raw)}`)
    return line
  })
}

function replay(lines: readonly ReplayLine[]) {
  const fleet = createFleet(SETTINGS, 2 * MINUTE)
  const mass = createMass()
  const found: string[] = []
  const warnings: string[] = []
  let evaluations = 0
  const run = createFleetReplay(fleet, {
    configured: SOURCES,
    unknown: (id) => ({ id, intervalMs: MINUTE, liveLagMs: 2 * MINUTE }),
    started: () => {},
    evaluate(now) {
      evaluations += 1
      return evaluateMass(fleet, mass, now)
    },
    found: (finding) => found.push(findingLine(finding)),
    warn: (text) => warnings.push(text),
  })
  const faults = lines.flatMap((line) => run.take(line) ?? [])
  run.finish()
  return { found, faults, warnings, evaluations }
}

const at = (seconds: number): string => toIso(T0 + seconds * SECOND)
const live = (seconds: number, terminalId: string, more: Raw = {}): Raw => ({
  terminalId,
  source: 'gate',
  receivedAt: at(seconds),
  kind: 'live',
  ...more,
})
/** In seconds. */
const DAYS = DAY / SECOND
const DRIVING = { readings: { ignition: true, speedKmh: 50 } }

/** Changes as `terminal from>to@seconds`. */
function story(raws: readonly Raw[]): string[] {
  return replay(linesOf(raws)).found.map((line) => {
    const { at: time, terminalId, from, to } = JSON.parse(line)
    return `${terminalId} ${from ?? '-'}>${to}@${(Date.parse(time) - T0) / SECOND}`
  })
}

describe('a replay of the fleet', () => {
  test('a terminal that falls silent is stale at its threshold and lost later, though no line comes', () => {
    expect(story([live(0, '1', DRIVING), live(600, '1', DRIVING), { end: at(4000) }])).toEqual([
      '1 ->fresh@0',
      '1 fresh>stale@300',
      '1 stale>fresh@660',
      '1 fresh>stale@900',
      '1 stale>lost@3000',
    ])
  })

  test('silence of exactly the threshold is none, and a line a second later comes too late', () => {
    const spoken = (second: number): string[] =>
      story([live(0, '1', DRIVING), live(300, '1', DRIVING), live(second, '1', DRIVING)])
    expect(spoken(600)).toEqual(['1 ->fresh@0'])
    expect(spoken(601)).toEqual(['1 ->fresh@0', '1 fresh>stale@600'])
  })

  test('blind time is no silence, and what it holds back is due at the end of the grace', () => {
    const blind = { blind: { source: 'gate', from: at(100), to: at(1000) } }
    expect(story([live(0, '1', DRIVING), blind, { end: at(1400) }])).toEqual([
      '1 ->fresh@0',
      '1 fresh>unknown@300',
      '1 unknown>stale@1200',
    ])
  })

  test('a blind stretch may be told at its beginning without its end, which another line tells', () => {
    const known = [{ blind: { source: 'gate', from: at(100), to: at(1000) } }]
    const begun = { blind: { source: 'gate', from: at(100), to: null } }
    const rest = [live(1000, '2', DRIVING), { end: at(1400) }]
    const told = [live(0, '1', DRIVING), begun, live(999, '2', DRIVING), ...known, ...rest]
    expect(story(told)).toEqual(story([live(0, '1', DRIVING), ...known, live(999, '2', DRIVING), ...rest]))
  })

  test('a polled terminal is silent by good polls only', () => {
    const polled = (second: number, eventAt: number): Raw[] => [
      { terminalId: '7', source: 'online', receivedAt: at(second), eventAt: at(eventAt), kind: 'snapshot' },
      { poll: { source: 'online', at: at(second) } },
    ]
    const polls = [...polled(60, 0), ...polled(120, 100), ...polled(180, 100), ...polled(480, 100)]
    expect(story([...polls, { end: at(2000) }])).toEqual([
      '7 ->fresh@60',
      '7 fresh>unknown@420',
      '7 unknown>stale@600',
    ])
    // What the file says of a poll that leaves it out is no silence either.
    const left = { missing: { source: 'online', terminalId: '7', at: at(480) } }
    const without = [...polled(60, 0), ...polled(120, 100), left, { poll: { source: 'online', at: at(480) } }]
    expect(story([...without, { end: at(500) }])).toEqual(['7 ->fresh@60', '7 fresh>unknown@420'])
  })

  test('a poll proves the same whether it stands before or after what it brought and left out', () => {
    const value = (second: number, eventAt: number): Raw => ({
      terminalId: '7',
      source: 'online',
      receivedAt: at(second),
      eventAt: at(eventAt),
      kind: 'snapshot',
    })
    const poll = (second: number): Raw => ({ poll: { source: 'online', at: at(second) } })
    const left = (second: number): Raw => ({ missing: { source: 'online', terminalId: '7', at: at(second) } })
    const unchanged = [0, 100, 200, 300].map((second) => [value(second, 0), poll(second)])
    const changing = [...unchanged, [value(400, 400), poll(400)]]
    const leaving = [
      [value(0, 0), poll(0)],
      [value(100, 100), poll(100)],
      [left(450), poll(450)],
    ]
    for (const [polls, expected] of [
      [changing, ['7 ->fresh@0']],
      [leaving, ['7 ->fresh@0', '7 fresh>unknown@400']],
    ] as const) {
      expect(story([...polls.flat(), { end: at(600) }])).toEqual(expected)
      expect(story([...polls.flatMap((lines) => lines.toReversed()), { end: at(600) }])).toEqual(expected)
    }
  })

  test('a poll that comes late in the file does not take the clock back, nor does it prove anything later', () => {
    const polled: Raw[] = [
      { terminalId: '7', source: 'online', receivedAt: at(60), eventAt: at(0), kind: 'snapshot' },
      { poll: { source: 'online', at: at(60) } },
    ]
    const late = { poll: { source: 'online', at: at(100) } }
    const rest = [live(2001, '2', DRIVING), { end: at(2100) }]
    const expected = story([...polled, live(2000, '1', DRIVING), ...rest])
    expect(story([...polled, live(2000, '1', DRIVING), late, ...rest])).toEqual(expected)
  })

  test('satellites that are told among the readings make a fix valid, and it is missed', () => {
    const readings = { ignition: true, speedKmh: 50, satellites: 9 }
    const fix = { latitude: 55, longitude: 37 }
    expect(story([live(0, '1', { readings, fix }), live(200, '1', { readings }), { end: at(400) }])).toEqual([
      '1 ->fresh@0',
      '1 fresh>no-fix@300',
    ])
  })

  test('a line that is earlier than one before it is taken in late and heard when it says', () => {
    expect(story([live(0, '1'), live(400, '2'), live(200, '3'), { end: at(600) }])).toEqual([
      '1 ->fresh@0',
      '1 fresh>stale@300',
      '2 ->fresh@400',
      '3 ->fresh@400',
      '3 fresh>stale@500',
    ])
  })

  test('a source that is not configured is warned of once and counts as one that pushes', () => {
    const strange = [live(0, '1', { source: 'x' }), live(1, '1', { source: 'x' })]
    const { found, warnings } = replay(linesOf(strange))
    expect(found).toHaveLength(1)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('source x is not in the configuration')
  })

  test('a time years ahead is refused and the replay goes on', () => {
    const { found, faults } = replay(linesOf([live(0, '1'), live(500 * DAYS, '1'), live(60, '2')]))
    expect(faults).toEqual([expect.stringContaining('more than 400 days')])
    expect(found).toHaveLength(2)
  })

  test('a line that agrees with a refused one far ahead proves its time', () => {
    const years = 26 * 365 * DAYS
    const confirmed = [live(0, '1'), live(years, '2'), live(years - 5, '3'), live(years + 60, '2')]
    const { found, faults } = replay(linesOf(confirmed))
    expect(faults).toHaveLength(1)
    expect(found.map((line) => JSON.parse(line).terminalId)).toEqual(['1', '1', '1', '3', '2'])
    // Two damaged times that have nothing to do with each other prove nothing.
    const damaged = [
      live(0, '1'),
      live(years, '2'),
      live(2 * years, '2'),
      live(60, '3'),
      live(2 * years, '2'),
    ]
    expect(replay(linesOf(damaged)).faults).toHaveLength(3)
  })

  test('the clock runs on to an end that is decades away, and evaluates mass silence only while it may be found', () => {
    const told = (end: number) =>
      replay(linesOf([live(0, '1', DRIVING), live(60, '1', DRIVING), { end: at(end) }]))
    const decades = told(170 * 365 * DAYS)
    expect(decades.faults).toEqual([])
    expect(decades.found).toEqual(told(2 * DAYS).found)
    expect(decades.evaluations).toBeLessThan((10 * DAY) / (30 * SECOND))
  })

  test('after decades without a line all is found as after a week', () => {
    const ids = (source: string): string[] => Array.from({ length: 20 }, (_, index) => `${source}-${index}`)
    const talk = (from: number, to: number, sources: readonly string[]): Raw[] =>
      Array.from({ length: (to - from) / 30 }, (_, index) =>
        sources.flatMap((source) =>
          ids(source).map((id) => live(from + 30 * index, id, { ...DRIVING, source })),
        ),
      ).flat()
    /** One source talks, nobody does, another one does too and falls silent. */
    const around = (gap: number) => {
      const lines = [
        ...talk(0, 1800, ['gate']),
        // Far ahead the first line is refused.
        ...(gap > 400 * DAYS ? [live(gap, '0')] : []),
        ...talk(gap, gap + 1800, ['gate', 'hub']),
        ...talk(gap + 1800, gap + 7200, ['gate']),
      ]
      const { found, evaluations } = replay(linesOf(lines))
      const all = found.map((line) => JSON.parse(line))
      const later = all.map((line) => ({ ...line, at: Date.parse(line.at) - T0 - gap * SECOND }))
      return { evaluations, later: later.filter((line) => line.at >= 0) }
    }
    const week = around(7 * DAYS)
    const decades = around(52 * 20 * 7 * DAYS)
    expect(week.later.some(({ incident }) => incident?.action === 'open')).toBe(true)
    expect(decades.later).toEqual(week.later)
    expect(decades.evaluations).toBeLessThan(2 * week.evaluations)
  })
})

describe('a fast replay finds what judging everything each second finds', () => {
  test('in random recordings of two pushed sources and a polled one', () => {
    fc.assert(
      fc.property(recording(), (raws) => {
        const lines = linesOf(raws)
        expect(replay(lines).found).toEqual(
          plainReplay(lines, { settings: SETTINGS, sources: SOURCES, resumeGraceMs: 2 * MINUTE }),
        )
      }),
      { numRuns: 150 },
    )
  })

  test('wherever polls stand among the lines of their instant', () => {
    fc.assert(
      fc.property(recording(), (raws) => {
        const lines = linesOf(raws)
        expect(replay(pollsFirst(lines)).found).toEqual(replay(lines).found)
      }),
      { numRuns: 150 },
    )
  })
})

/** Each poll before the lines of the same instant that it follows. */
function pollsFirst(lines: readonly ReplayLine[]): ReplayLine[] {
  const moved: ReplayLine[] = []
  for (const line of lines) {
    const others = moved.findLastIndex((before) => timeOf(before) !== timeOf(line))
    moved.splice(line.kind === 'poll' ? others + 1 : moved.length, 0, line)
  }
  return moved
}

function timeOf(line: ReplayLine): number {
  if (line.kind === 'observation') return line.observation.receivedAt
  return line.kind === 'blind' ? line.from : line.at
}

/** Steps of whole seconds, mostly short ones. */
function recording(): fc.Arbitrary<Raw[]> {
  const gap = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }) },
    { weight: 2, arbitrary: fc.integer({ min: 60, max: 400 }) },
    { weight: 1, arbitrary: fc.constantFrom(300, 301, 600, 1200, 1201, 2400) },
  )
  const step = fc.tuple(
    gap,
    fc.oneof(
      { weight: 8, arbitrary: observation() },
      { weight: 2, arbitrary: blind() },
      { weight: 3, arbitrary: poll() },
    ),
  )
  return fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => {
    let second = 0
    const raws = steps.flatMap(([wait, make]) => {
      second += wait
      return make(second)
    })
    return [live(0, '0'), ...raws, { end: at(second + HOUR / SECOND) }]
  })
}

type Make = (second: number) => Raw[]

function observation(): fc.Arbitrary<Make> {
  return fc
    .record({
      id: fc.constantFrom('1', '1', '1', '2', '3'),
      source: fc.constantFrom('gate', 'gate', 'hub'),
      kind: fc.constantFrom('live', 'live', 'archive', 'archive', 'presence', 'snapshot'),
      heardAgo: fc.constantFrom(undefined, undefined, 0, 5, 400),
      eventAgo: fc.constantFrom(undefined, 0, 3, 200, 350, 500, 700, 1100, 3000),
      ignition: fc.constantFrom(undefined, true, false, true, false),
      speedKmh: fc.constantFrom(undefined, 0, 50),
      fixAgo: fc.constantFrom(undefined, undefined, 0, 500),
    })
    .map(({ id, source, kind, heardAgo, eventAgo, ignition, speedKmh, fixAgo }) => (second) => {
      const ago = (by: number | undefined): string | null => (by === undefined ? null : at(second - by))
      const fix = fixAgo === undefined ? null : { latitude: 55, longitude: 37, valid: true, at: ago(fixAgo) }
      return [
        live(second, id, {
          source,
          kind,
          heardAt: ago(heardAgo),
          eventAt: ago(eventAgo),
          fix,
          readings: { ignition, speedKmh },
        }),
      ]
    })
}

function blind(): fc.Arbitrary<Make> {
  return fc
    .record({
      source: fc.constantFrom('gate', 'hub', 'online'),
      length: fc.constantFrom(0, 20, 119, 121, 121, 130, 700, 3000),
      found: fc.constantFrom(0, 0, 30, 200),
    })
    .map(({ source, length, found }) => (second) => {
      const from = Math.max(0, second - found)
      return [{ blind: { source, from: at(from), to: at(from + length) } }]
    })
}

function poll(): fc.Arbitrary<Make> {
  return fc
    .array(fc.tuple(fc.constantFrom('8', '9'), fc.constantFrom(0, 50, 400, 2000)), { maxLength: 2 })
    .map((values) => (second) => [
      ...values.map(([terminalId, ago]) => ({
        terminalId,
        source: 'online',
        receivedAt: at(second),
        eventAt: at(second - ago),
        kind: 'snapshot',
      })),
      { poll: { source: 'online', at: at(second) } },
    ])
}
