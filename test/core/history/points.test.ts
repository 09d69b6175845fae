import { expect, test } from 'vitest'
import type { StateCounts } from '../../../src/core/fleet/view.ts'
import type { Transition } from '../../../src/core/freshness/state.ts'
import { censusPoints } from '../../../src/core/history/census.ts'
import { letterPoint } from '../../../src/core/history/letter.ts'
import { createNanoPlaces } from '../../../src/core/history/nanos.ts'
import { outagePoints } from '../../../src/core/history/outage.ts'
import type { HistoryPoint } from '../../../src/core/history/point.ts'
import { roundPoints } from '../../../src/core/history/round.ts'
import { transitionPoint } from '../../../src/core/history/transition.ts'
import { UNHANDLED } from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import type { ComponentReading } from '../../../src/core/outage/verdict.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { MEASUREMENTS, type Measurement } from '../../../src/metrics.ts'
import { exampleLetter } from '../../support/letters.ts'
import { stateCounts } from '../../support/state-counts.ts'
import { outage, round, settlement, T0, transition } from '../../support/store-rows.ts'

const CATALOGUE: Readonly<Record<string, Measurement>> = MEASUREMENTS

function changeOf(change: Partial<Transition>): HistoryPoint | null {
  return transitionPoint(transition(change), createNanoPlaces())
}

function census(
  clients: Record<string, Partial<StateCounts>>,
  before: ReadonlyMap<string, number> | null = new Map(),
) {
  const rows = Object.entries(clients).map(([client, states]) => ({
    client,
    total: 0,
    contactAt: null,
    states: stateCounts(states),
  }))
  const steps = censusPoints(rows, before, T0)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function counts(points: readonly HistoryPoint[]): string[] {
  return points.map(({ tags, fields }) => `${tags['client']} ${tags['state']} ${fields['terminals']}`)
}

test('a change of state tells where from, for how long it was silent and why', () => {
  const change = { from: 'fresh', to: 'stale', at: T0, contactAt: T0 - 30 * MINUTE, cause: 'sim' } as const
  expect(changeOf(change)).toMatchObject({
    measurement: 'terminal_state',
    tags: { source: 'gate', state: 'stale', from: 'fresh' },
    fields: { terminal: '200000001', cause: 'sim', silence_seconds: 1800 },
    at: T0,
  })
})

test('a first state comes from none, and a silence that nobody knows the beginning of has no length', () => {
  const first = changeOf({ from: null, to: 'never', contactAt: null })
  expect(first?.tags['from']).toBe('none')
  expect(first?.fields).toEqual({ terminal: '200000001' })
})

test('a terminal that no source has heard has a dash for its source: an empty tag would be none', () => {
  expect(changeOf({ from: null, to: 'never', contactAt: null, source: '' })?.tags['source']).toBe('-')
})

test('an alert that was held back changes no state and makes no point', () => {
  expect(changeOf({ from: 'stale', to: 'stale' })).toBeNull()
})

test('a census counts the states that have terminals, and once more those that had', () => {
  const first = census({ '': { fresh: 2, stale: 1 }, Gone: { lost: 3 } })
  expect(counts(first.points)).toEqual(['- stale 1', '- fresh 2', 'Gone lost 3'])
  const second = census({ '': { fresh: 3 } }, first.filled)
  expect(counts(second.points)).toEqual(['- stale 0', '- fresh 3', 'Gone lost 0'])
  expect(counts(census({ '': { fresh: 3 } }, second.filled).points)).toEqual(['- fresh 3'])
})

test('the first census of a run counts the silent ones of each client, also none: the run before may have left some', () => {
  const first = census({ A: { fresh: 2 }, B: { lost: 1 } }, null)
  expect(counts(first.points)).toEqual(['A lost 0', 'A stale 0', 'A fresh 2', 'B lost 1', 'B stale 0'])
  expect(counts(census({ A: { fresh: 2 }, B: { lost: 1 } }, first.filled).points)).toEqual([
    'A fresh 2',
    'B lost 1',
  ])
})

test('clients whose names differ only by what no tag can say are one client, with the sum of their terminals', () => {
  const { points, filled } = census({
    'A\u00a0B': { fresh: 2, lost: 1 },
    'A B': { fresh: 5 },
    ' A  B\n': { stale: 1 },
  })
  expect(counts(points)).toEqual(['A B lost 1', 'A B stale 1', 'A B fresh 7'])
  expect(counts(census({ 'A B': { fresh: 4 } }, filled).points)).toEqual([
    'A B lost 0',
    'A B stale 0',
    'A B fresh 4',
  ])
  expect(counts(census({ '': { fresh: 1 }, '\u200b': { fresh: 1 }, '-': { fresh: 1 } }).points)).toEqual([
    '- fresh 3',
  ])
})

test('a round makes a point for its verdict and one for each component', () => {
  const reading = (id: string, result: ComponentReading['result']): ComponentReading => ({
    id,
    kind: 'http',
    counts: 'outage',
    checkedAt: T0,
    result,
  })
  const points = roundPoints(
    round(T0, {
      verdict: 'fail',
      components: [
        reading('web', { kind: 'ok', latencyMs: 120, slow: false }),
        reading('api', { kind: 'failed', phase: 'http', latencyMs: 8, evidence: 'status 502' }),
        reading('auth', { kind: 'unusable', reason: 'no account' }),
      ],
    }),
  )
  expect(
    points.map(({ tags, fields }) => [tags['component'], tags['kind'], tags['verdict'], fields]),
  ).toEqual([
    ['service', 'round', 'fail', { ok: 0 }],
    ['web', 'http', 'ok', { ok: 1, latency_ms: 120 }],
    ['api', 'http', 'fail', { ok: 0, latency_ms: 8, reason: 'status 502' }],
    ['auth', 'http', 'unknown', { reason: 'no account' }],
  ])
})

test('an outage tells each thing that happened to it once, at its time', () => {
  const opened = outage('20260101T000000Z', T0, { downMs: 0 })
  const due = outage('20260101T000000Z', T0, {
    downMs: 61 * MINUTE,
    warnedAt: T0 + 45 * MINUTE,
    letterDueAt: T0 + 61 * MINUTE,
  })
  const ended = outage(due.id, T0, { ...due, state: 'closed', end: T0 + 70 * MINUTE })
  const told = (points: readonly HistoryPoint[]) =>
    points.map(({ tags, at, fields }) => [tags['event'], (at - T0) / MINUTE, fields['down_seconds']])
  expect(told(outagePoints(undefined, opened))).toEqual([['started', 0, 0]])
  expect(told(outagePoints(opened, due))).toEqual([
    ['warned', 45, 3660],
    ['notice-due', 61, 3660],
  ])
  expect(told(outagePoints(due, ended))).toEqual([['ended', 70, 3660]])
  expect(outagePoints(ended, ended)).toEqual([])
})

test('an outage that was cancelled as false does not end: it is no downtime', () => {
  const cancelled = { by: 'anna', at: T0 + 5 * MINUTE, reason: 'our network' }
  const open = outage('20260101T000000Z', T0, { state: 'cancelled', handling: { ...UNHANDLED, cancelled } })
  const events = (before: Outage | undefined, after: Outage) =>
    outagePoints(before, after).map(({ tags }) => tags['event'])
  expect(events(undefined, open)).toEqual(['started', 'cancelled'])
  expect(events(open, { ...open, end: T0 + 70 * MINUTE })).toEqual([])
})

test('a letter tells its outage and how late it is, and never an address', () => {
  const point = letterPoint(
    exampleLetter({ kind: 'initial', subject: '20260101T000000Z', dueAt: T0, recipient: 'anna@example.org' }),
    settlement('sent', { attempt: { at: T0 + 2 * SECOND, result: 'sent', reply: '250 anna@example.org' } }),
  )
  expect(point).toMatchObject({
    tags: { kind: 'initial', state: 'sent' },
    fields: { outage: '20260101T000000Z', late_seconds: 2, attempts: 1 },
  })
  expect(JSON.stringify(point)).not.toContain('anna@')
})

test('every point is as the catalogue of measurements says', () => {
  const points = [
    changeOf({ cause: 'sim' }),
    changeOf({ from: null, contactAt: null }),
    ...census({ Client: { fresh: 1 } }).points,
    ...roundPoints(round(T0, { verdict: 'unknown', reason: 'no control host answered' })),
    ...roundPoints(round(T0, { verdict: 'unknown' })),
    ...outagePoints(undefined, outage('20260101T000000Z', T0, { end: T0 + MINUTE })),
    letterPoint(exampleLetter({ kind: 'update' }), settlement('dead')),
  ]
  for (const point of points) {
    const known = CATALOGUE[point?.measurement ?? '']
    expect(Object.keys(point?.tags ?? {}).sort()).toEqual([...(known?.tags ?? [])].sort())
    const values = Object.entries(point?.fields ?? {})
    expect(values.length).toBeGreaterThan(0)
    for (const [name, value] of values)
      expect([name, typeof value]).toEqual([name, known?.fields[name] === 'text' ? 'string' : 'number'])
  }
})
