import { describe, expect, test } from 'vitest'
import { inSlices } from '../../src/workers/slices.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { slowly, turn } from '../support/slow-clock.ts'

const STEPS = 9

describe('long work in slices', () => {
  test.each([
    ['each begins with a slice in the turn of its call', false],
    ['each waits for its turn to begin', true],
  ])(
    'is one slice in a turn of the event loop, also when there is much of it at once: %s',
    async (_, queued) => {
      const clock = slowly(createFakeClock())
      let slices: string[] = []
      function* work(name: string): Generator<number, string> {
        for (let n = 0; n < STEPS; n++) {
          if (slices.at(-1) !== name) slices.push(name)
          yield n
        }
        return name
      }
      const names = ['a', 'b', 'c']
      const done = Promise.all(names.map((name) => inSlices(work(name), { clock, queued })))
      expect(slices).toEqual(queued ? [] : names)
      const turns: string[] = []
      for (let n = 0; n < (queued ? 3 : 2) * names.length; n++) {
        slices = []
        await turn()
        turns.push(slices.join())
      }
      expect(turns).toEqual([...(queued ? names : []), ...names, ...names])
      expect(await done).toEqual(names)
    },
  )

  test('that is over or given up keeps no other from its turn', async () => {
    const stop = new AbortController()
    function* endless(): Generator<number, void> {
      for (let n = 0; ; n++) yield n
    }
    function* short(): Generator<number, string> {
      for (let n = 0; n < STEPS; n++) yield n
      return 'done'
    }
    const given = inSlices(endless(), { until: stop.signal })
    const other = inSlices(short())
    stop.abort(new Error('given up'))
    await expect(given).rejects.toThrow('given up')
    expect(await other).toBe('done')
  })
})
