import { describe, expect, test } from 'vitest'
import { awaitChanges, decideNote, type NoteRules } from '../../../src/core/flagging/note.ts'
import { type NoteState, newNotes } from '../../../src/core/flagging/note-state.ts'
import type { Fleet } from '../../../src/core/fleet/fleet.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { noteFlap } from '../../../src/core/freshness/flaps.ts'
import { applyObservation } from '../../../src/core/freshness/registers.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import {
  acknowledge,
  addTerminal,
  EIGHT,
  emptyFleet,
  moveTo,
  put,
  putAlerted,
} from '../../support/flagged-fleet.ts'
import { transition } from '../../support/store-rows.ts'

const RULES: NoteRules = {
  scope: { dealer: '', client: 'Agro' },
  holdMs: 10 * MINUTE,
  hours: { from: '08:00', to: '18:00', days: '1-5', zone: 'Europe/Moscow' },
}
const NINE = EIGHT + HOUR
const ONSET = NINE - 30 * MINUTE
const alert = (terminalId: string, at = NINE, contactAt = ONSET) =>
  transition({ terminalId, at, contactAt, alertId: `a${terminalId}` })
const unstable = (terminalId: string) => transition({ terminalId, at: NINE, note: 'unstable-link' })

function staleFleet(...ids: readonly string[]): Fleet {
  const fleet = emptyFleet()
  for (const id of ids) {
    addTerminal(fleet, id)
    putAlerted(fleet, id, ONSET)
  }
  return fleet
}

function look(fleet: Fleet, state: NoteState, now: number, rules = RULES) {
  const { content, state: next } = decideNote(fleet, state, rules, now, () => null)
  const told = content && [...content.silent.items, ...content.unstable.items].map(({ id }) => id)
  return { told, state: next, content }
}

function hearLate(fleet: Fleet, heardAt: number, receivedAt: number): void {
  const late = { terminalId: '1', source: 'gate', receivedAt, heardAt, kind: 'archive' } as const
  applyObservation(fleet.table, 0, late, 1)
}

describe('an immediate note', () => {
  test('tells of a terminal that has been stale for the hold, with what becomes due within a minute', () => {
    const fleet = staleFleet('1', '2', '3')
    const changes = [alert('1'), alert('2', NINE + 40_000), alert('3', NINE + 20 * MINUTE)]
    const state = awaitChanges(newNotes(0), changes, 3, RULES)
    expect(look(fleet, state, NINE + 10 * MINUTE - 1).told).toBeNull()
    expect(look(fleet, state, NINE + 10 * MINUTE).told).toBeNull()
    const first = look(fleet, state, NINE + 11 * MINUTE)
    expect(first.told).toEqual(['1', '2'])
    expect(first.state).toMatchObject({ number: 3, sentAt: NINE + 11 * MINUTE })
    expect(first.state.waiting.map(({ id }) => id)).toEqual(['3'])
    expect(first.state.told.map(([id]) => id)).toEqual(['1', '2'])
  })

  test('comes at most every five minutes, with all that waits by then', () => {
    const fleet = staleFleet('1', '2', '3')
    const changes = [alert('1'), alert('2', NINE + 2 * MINUTE), alert('3', NINE + 5 * MINUTE)]
    let { state, told } = look(fleet, awaitChanges(newNotes(0), changes, 3, RULES), NINE + 11 * MINUTE)
    expect(told).toEqual(['1'])
    ;({ state, told } = look(fleet, state, NINE + 14 * MINUTE))
    expect(told).toBeNull()
    ;({ state, told } = look(fleet, state, NINE + 16 * MINUTE))
    expect(told).toEqual(['2', '3'])
    expect(state.number).toBe(4)
  })

  const quiet: readonly (readonly [string, (fleet: Fleet) => void])[] = [
    ['is back', (fleet) => put(fleet, '1', 'fresh', NINE)],
    ['spoke and fell silent again, which was not alerted', (fleet) => put(fleet, '1', 'stale', ONSET + 1)],
    ['is known to be silent', (fleet) => acknowledge(fleet, '1', NINE + HOUR)],
    ['is explained by an incident', (fleet) => fleet.table.incident.fill(1)],
    ['is in planned work', (fleet) => put(fleet, '1', 'maintenance', ONSET)],
    ['belongs to somebody else by now', (fleet) => moveTo(fleet, '1', 'Beta')],
    [
      'has an unstable link',
      (fleet) => {
        for (let n = 0; n < 6; n++) noteFlap(fleet.flaps, 0, NINE - n * MINUTE)
      },
    ],
  ]
  test.each(quiet)('is not written of one that %s', (_name, happen) => {
    const fleet = staleFleet('1')
    const state = awaitChanges(newNotes(0), [alert('1')], 1, RULES)
    happen(fleet)
    const { told, state: next } = look(fleet, state, NINE + 11 * MINUTE)
    expect(told).toBeNull()
    expect(next.waiting).toEqual([])
  })

  test('is written of the newest silence of a terminal that was back meanwhile, and the one told is forgotten', () => {
    const fleet = staleFleet('1')
    const first = awaitChanges({ ...newNotes(0), told: [['1', ONSET - HOUR]] }, [alert('1')], 1, RULES)
    expect(first.told).toEqual([])
    putAlerted(fleet, '1', NINE + MINUTE)
    const state = awaitChanges(first, [alert('1', NINE + 8 * MINUTE, NINE + MINUTE)], 2, RULES)
    expect(look(fleet, state, NINE + 12 * MINUTE).told).toBeNull()
    const { content } = look(fleet, state, NINE + 19 * MINUTE)
    expect(content?.silent.items.map(({ id, since }) => [id, since])).toEqual([['1', NINE + MINUTE]])
  })

  test('is given once of a silence that goes on though a message of it was delivered late', () => {
    const fleet = staleFleet('1')
    let state = awaitChanges(newNotes(0), [alert('1')], 1, RULES)
    hearLate(fleet, ONSET + 2 * MINUTE, NINE + 11 * MINUTE)
    const early = look(fleet, state, NINE + 11 * MINUTE)
    // Whether it is back after all is not known yet.
    expect(early.told).toBeNull()
    fleet.table.leaveAt[0] = 0
    const { content, state: next } = look(fleet, early.state, NINE + 12 * MINUTE)
    expect(content?.silent.items.map(({ id, since }) => [id, since])).toEqual([['1', ONSET]])
    hearLate(fleet, ONSET + 3 * MINUTE, NINE + 13 * MINUTE)
    state = look(fleet, next, NINE + 20 * MINUTE).state
    expect([state.waiting, state.told.map(([id]) => id)]).toEqual([[], ['1']])
  })

  test('tells once of a link that became unstable, without a hold', () => {
    const fleet = staleFleet('1')
    for (let n = 0; n < 6; n++) noteFlap(fleet.flaps, 0, NINE - n * MINUTE)
    const state = awaitChanges(newNotes(0), [unstable('1')], 1, RULES)
    const { content, state: next } = look(fleet, state, NINE + MINUTE)
    expect(content?.unstable.items.map(({ id }) => id)).toEqual(['1'])
    expect(content?.silent.total).toBe(0)
    expect(next).toMatchObject({ waiting: [], told: [] })
  })

  test("tells a new client nothing of a link that was unstable while the terminal was another one's", () => {
    const fleet = staleFleet('1')
    const known = fleet.inventory.at(0)
    const state = awaitChanges(newNotes(0), [unstable('1')], 1, RULES)
    const given = (client: number) => {
      if (known) putTerminal(fleet, { ...known, handedOver: { client, group: [] } })
      return look(fleet, state, NINE + MINUTE).told
    }
    expect(given(NINE)).toEqual(['1'])
    expect(given(NINE + 1)).toBeNull()
  })

  test('leaves to the digest what becomes due outside the hours, and what was due long ago', () => {
    const fleet = staleFleet('1')
    const early = awaitChanges(newNotes(0), [alert('1', EIGHT - 15 * MINUTE)], 1, RULES)
    expect(look(fleet, early, EIGHT - MINUTE).state.waiting).toEqual([])
    const atNight = awaitChanges(newNotes(0), [alert('1', EIGHT - 5 * MINUTE)], 1, RULES)
    expect(look(fleet, atNight, EIGHT + 7 * MINUTE).told).toEqual(['1'])
    const old = awaitChanges(newNotes(0), [alert('1')], 1, RULES)
    expect(look(fleet, old, NINE + 2 * HOUR)).toMatchObject({ told: null, state: { waiting: [] } })
  })

  test('is not written of a silence of which a digest told meanwhile, but of the next one', () => {
    const fleet = staleFleet('1', '2')
    const state = awaitChanges(newNotes(0), [alert('1'), alert('2')], 2, RULES)
    const silences = new Map([
      ['1', ONSET],
      ['2', ONSET - HOUR],
    ])
    const digested = { silences, at: NINE + MINUTE }
    const { content } = decideNote(fleet, state, RULES, NINE + 11 * MINUTE, () => null, digested)
    expect(content?.silent.items.map(({ id }) => id)).toEqual(['2'])
  })

  test.each([
    ['a digest told meanwhile', NINE, null],
    ['the last digest could not know', NINE - 1, ['1']],
  ])('of an unstable link of which %s', (_name, at, told) => {
    const fleet = staleFleet('1')
    const state = awaitChanges(newNotes(0), [unstable('1')], 1, RULES)
    const digested = { silences: new Map(), at }
    const { content } = decideNote(fleet, state, RULES, NINE + MINUTE, () => null, digested)
    expect(content?.unstable.items.map(({ id }) => id) ?? null).toEqual(told)
  })

  test('is remembered while the silence of which it told goes on', () => {
    const fleet = staleFleet('1')
    const state: NoteState = { ...newNotes(0), told: [['1', ONSET]] }
    expect(look(fleet, state, NINE).state.told).toHaveLength(1)
    put(fleet, '1', 'fresh', NINE)
    expect(look(fleet, state, NINE).state.told).toEqual([])
  })
})
