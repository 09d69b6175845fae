import { describe, expect, test } from 'vitest'
import type { IncidentGroup } from '../../src/core/freshness/mass/incident.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { castOf } from '../simulation/cast.ts'
import { type Opened, scoreOf } from './mass-score.ts'

const CAST = castOf({
  seed: 1,
  terminals: 100,
  days: 1,
  start: 0,
  intervalsMs: [5 * MINUTE],
  groups: { clients: 5, regions: 3, dealers: 2, operators: 2, models: 4, firmwares: 4 },
})
const OUTAGE = { dimension: 'model', group: 'Model 1', from: HOUR, to: 2 * HOUR } as const
const COLLAPSE = { source: 2, share: 0.9, from: HOUR, to: 2 * HOUR } as const
const OF_MODEL_1 = rowsWhere((number) => number % 4 === 1)
const OF_MODEL_2 = rowsWhere((number) => number % 4 === 2)
const OF_PUSH = rowsWhere((number) => number % 5 === 0)

describe('an incident', () => {
  test.each([
    ['is explained by the outage that it names', ['model', 'Model 1'], OF_MODEL_2, 1.5 * HOUR, 0],
    [
      'is explained by one that silenced most of its members',
      ['client', 'Client 1'],
      OF_MODEL_1,
      1.5 * HOUR,
      0,
    ],
    ['is explained by one that has just ended', ['model', 'Model 1'], OF_MODEL_1, 2 * HOUR + 10 * MINUTE, 0],
    ['of others is false, whatever happens meanwhile', ['client', 'Client 1'], OF_MODEL_2, 1.5 * HOUR, 1],
    ['of the same group at another time is false', ['model', 'Model 1'], OF_MODEL_1, 3 * HOUR, 1],
  ] as const)('%s', (_, [dimension, group], rows, at, invented) => {
    const opened = [openedAt(at, { dimension, group }, rows)]
    expect(scoreOf(CAST, opened, { outages: [OUTAGE], collapses: [] }).invented).toHaveLength(invented)
  })

  test('tells what hit others at its time when it is false', () => {
    const opened = [openedAt(1.5 * HOUR, { dimension: 'client', group: 'Client 1' }, OF_MODEL_2)]
    const { invented } = scoreOf(CAST, opened, { outages: [OUTAGE], collapses: [COLLAPSE] })
    expect(invented.map(({ meanwhile }) => meanwhile)).toEqual([[OUTAGE, COLLAPSE]])
  })

  test('of the terminals of a source that collapses is explained, and finds it only by its name', () => {
    const events = { outages: [], collapses: [COLLAPSE] }
    const other = openedAt(1.5 * HOUR, { dimension: 'client', group: 'Client 1' }, OF_PUSH)
    expect(scoreOf(CAST, [other], events)).toMatchObject({ invented: [], missedCollapses: [COLLAPSE] })
    const ingest = openedAt(1.5 * HOUR, { dimension: 'ingest', group: 'push' }, OF_PUSH)
    expect(scoreOf(CAST, [ingest], events)).toMatchObject({ invented: [], missedCollapses: [] })
  })
})

function rowsWhere(isOne: (number: number) => boolean): Uint32Array {
  return Uint32Array.from(CAST.map(({ number }) => number).filter(isOne))
}

function openedAt(at: number, group: IncidentGroup, rows: Uint32Array): Opened {
  const counts = { expected: rows.length, members: rows.length, silent: rows.length }
  const instants = { openedAt: at, onsetAt: at, closedAt: null, clearSince: null }
  return { at, rows, incident: { id: 'x', ...group, also: [], ...counts, ...instants, timeline: [] } }
}
