import { expect, test } from 'vitest'
import { MOST_STORED, planImport } from '../../src/workers/recipient-import.ts'
import { T0 } from '../support/fleet-scenario.ts'

const rows = Array.from({ length: MOST_STORED + 500 }, (_, n) => ({
  line: n + 2,
  email: `r${n}@example.org`,
}))

test('a file takes as many as there may be, each with an id of its own, and refuses the others', () => {
  const { changes, rejected } = planImport(rows, [], new Map(), { language: 'ru', at: T0 })
  expect(new Set(changes.map(({ after }) => after?.id)).size).toBe(MOST_STORED)
  expect(rejected).toHaveLength(500)
  expect(rejected[0]).toEqual({
    line: MOST_STORED + 2,
    reason: `there can be at most ${MOST_STORED} recipients`,
  })
})

test('where there is no room left those that are known can still be changed', () => {
  const { changes } = planImport(rows.slice(0, MOST_STORED), [], new Map(), { language: 'ru', at: T0 })
  const stored = new Map(changes.flatMap(({ after }) => (after ? [[after.id, after] as const] : [])))
  const [known] = stored.values()
  const again = planImport(
    [
      { line: 2, email: known?.email ?? '', name: 'Anna' },
      { line: 3, email: 'new@example.org' },
    ],
    [],
    stored,
    { language: 'ru', at: T0 },
  )
  expect(again.changes).toEqual([
    { action: 'recipient.import', before: known, after: { ...known, name: 'Anna' } },
  ])
  expect(again.rejected.map(({ line }) => line)).toEqual([3])
})
