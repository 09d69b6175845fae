import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRowTimers } from '../../../src/core/replay/row-timers.ts'

test('alarms come in the order of time, each row with the alarm that was set last', () => {
  const step = fc.oneof(
    fc.record({ row: fc.nat(3000), at: fc.oneof(fc.nat(50), fc.constant(Infinity)) }),
    fc.constant('take' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const timers = createRowTimers()
      const model = new Map<number, number>()
      const earliest = (): number => Math.min(Infinity, ...model.values())
      for (const act of steps) {
        if (act !== 'take') {
          timers.set(act.row, act.at)
          if (act.at === Infinity) model.delete(act.row)
          else model.set(act.row, act.at)
        } else if (model.size > 0) {
          const at = earliest()
          const row = timers.take()
          expect(model.get(row)).toBe(at)
          model.delete(row)
        }
        expect(timers.earliest()).toBe(earliest())
      }
    }),
  )
})
