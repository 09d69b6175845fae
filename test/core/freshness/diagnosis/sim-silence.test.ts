import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fleet } from '../../../../src/core/fleet/fleet.ts'
import { mergeTerminals } from '../../../../src/core/fleet/merge.ts'
import { changeTerminal } from '../../../../src/core/fleet/placing.ts'
import { createSimSilence, simRangeOf } from '../../../../src/core/freshness/diagnosis/sim-silence.ts'
import { CODE, STATES } from '../../../../src/core/freshness/state.ts'
import { SECOND } from '../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../support/diagnosis-stage.ts'

const EXPECTED_TO_TALK = STATES.filter(
  (state) => !['decommissioned', 'suspended', 'maintenance', 'never'].includes(state),
)

/** By the inventory, one by one. */
function recount(fleet: Fleet, row: number): { members: number; silent: number } | null {
  const range = (of: number): string => (fleet.inventory.at(of)?.sim ?? '').slice(0, -3)
  if (range(row) === '') return null
  const members = [...fleet.inventory].filter(({ row: other, mergedInto }) => {
    const state = STATES[(fleet.table.state[other] ?? 0) - 1]
    return (
      mergedInto === '' &&
      range(other) === range(row) &&
      state !== undefined &&
      EXPECTED_TO_TALK.includes(state)
    )
  })
  const silent = members.filter(({ row: other }) => {
    const state = fleet.table.state[other] ?? 0
    return state === CODE.stale || state === CODE.lost
  })
  return { members: members.length, silent: silent.length }
}

const step = fc.oneof(
  fc.record({ do: fc.constant('state' as const), id: fc.nat(9), state: fc.constantFrom(...STATES) }),
  fc.record({
    do: fc.constant('sim' as const),
    id: fc.nat(9),
    sim: fc.constantFrom('', '79001110001', '79002220002'),
  }),
  fc.record({ do: fc.constant('merge' as const), id: fc.nat(9), into: fc.nat(9) }),
)

describe('the silence of a range of SIM numbers', () => {
  test('is what a recount of the inventory gives, whatever became of its terminals', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const stage = createDiagnosisStage()
        const { fleet } = stage
        const rows = Array.from({ length: 10 }, (_, id) => stage.rowOf(`t${id}`))
        for (const one of steps) {
          const row = rows[one.id] ?? 0
          const terminal = fleet.inventory.at(row)
          if (terminal?.mergedInto !== '') continue
          if (one.do === 'state') fleet.table.state[row] = CODE[one.state]
          else if (one.do === 'sim') changeTerminal(fleet, { ...terminal, sim: one.sim })
          else if (fleet.inventory.at(rows[one.into] ?? 0)?.mergedInto === '')
            mergeTerminals(fleet, row, rows[one.into] ?? 0)
        }
        for (const row of rows) {
          expect(simRangeOf(createSimSilence(), fleet.table, fleet.groups, row, 0, () => false)).toEqual(
            recount(fleet, row),
          )
        }
      }),
    )
  })

  test('is counted anew after ten seconds, and at once for a range that is new', () => {
    const stage = createDiagnosisStage()
    const { fleet } = stage
    const counts = createSimSilence()
    const row = stage.rowOf('1')
    const look = (now: number) => simRangeOf(counts, fleet.table, fleet.groups, row, now, () => false)?.silent
    stage.change('1', { sim: '79001110001' })
    fleet.table.state[row] = CODE.fresh
    expect(look(0)).toBe(0)
    fleet.table.state[row] = CODE.stale
    expect(look(10 * SECOND - 1)).toBe(0)
    expect(look(10 * SECOND)).toBe(1)
    stage.change('1', { sim: '79005550001' })
    expect(look(10 * SECOND)).toBe(1)
  })
})
