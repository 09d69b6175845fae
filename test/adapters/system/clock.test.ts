import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { createSystemClock, nextOnGrid } from '../../../src/adapters/system/clock.ts'

function create() {
  const errors: unknown[] = []
  return { errors, clock: createSystemClock({ onError: (error) => errors.push(error) }) }
}

/** Calls `tick` until it says that it has seen enough. */
async function ticks(count: number, start: (tick: () => void) => () => void): Promise<void> {
  const target = new EventTarget()
  let left = count
  const seen = once(target, 'enough')
  const stop = start(() => {
    left--
    if (left === 0) target.dispatchEvent(new Event('enough'))
  })
  const keepAlive = setInterval(() => {}, 1000)
  await seen
  clearInterval(keepAlive)
  stop()
}

describe('the grid', () => {
  test.each([
    ['on time', 100, 110],
    ['a moment early', 99.4, 110],
    ['a little late', 104, 110],
    ['just before the next point', 109.9, 120],
    ['several periods late', 137, 140],
  ])('a tick that comes %s is followed at the next free point', (_, now, next) => {
    expect(nextOnGrid(0, 10, now)).toBe(next)
  })

  test('no point drifts, however late the ticks come', () => {
    let now = 3
    for (let i = 0; i < 1000; i++) now = nextOnGrid(3, 7, now) + (i % 3)
    expect((nextOnGrid(3, 7, now) - 3) % 7).toBe(0)
  })
})

describe('ticks', () => {
  test('every calls again and again until it is stopped, after once, or never when it is stopped first', async () => {
    const { clock } = create()
    const calls = { every: 0, after: 0, stopped: 0 }
    const counted =
      (name: keyof typeof calls, tick = () => {}) =>
      (): void => {
        calls[name]++
        tick()
      }
    await ticks(3, (tick) => clock.every(2, counted('every', tick)))
    clock.after(1, counted('after'))
    clock.after(1, counted('stopped'))()
    await ticks(10, (tick) => clock.every(2, tick))
    expect(calls).toEqual({ every: 3, after: 1, stopped: 0 })
  })

  test('a tick that is still running makes the next ones skipped', async () => {
    const { clock } = create()
    let running = 0
    let most = 0
    const release = Promise.withResolvers<void>()
    const stop = clock.every(1, async () => {
      running++
      most = Math.max(most, running)
      await release.promise
      running--
    })
    await ticks(10, (tick) => clock.every(1, tick))
    release.resolve()
    await ticks(2, (tick) => clock.every(1, tick))
    stop()
    expect(most).toBe(1)
  })

  test('one that throws or rejects is reported and stops nothing', async () => {
    const { clock, errors } = create()
    await ticks(2, (tick) =>
      clock.every(1, () => {
        tick()
        throw new Error('thrown')
      }),
    )
    await ticks(2, (tick) =>
      clock.every(1, async () => {
        tick()
        throw new Error('rejected')
      }),
    )
    await vi.waitFor(() => expect(errors).toHaveLength(4))
    expect(errors.map(String)).toEqual([
      'Error: thrown',
      'Error: thrown',
      'Error: rejected',
      'Error: rejected',
    ])
  })

  test('a delay that is longer than a timer can take does not fire at once', async () => {
    const { clock } = create()
    let fired = 0
    const stop = clock.after(2 ** 31 + 5000, () => {
      fired++
    })
    await sleep(20)
    stop()
    expect(fired).toBe(0)
  })

  test('a period that is not above zero is a bug', () => {
    expect(() => create().clock.every(0, () => {})).toThrow('above zero')
  })

  test('the times go forward', () => {
    const { clock } = create()
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000)
    expect(clock.monotonic()).toBeLessThanOrEqual(clock.monotonic())
  })

  test('timers do not keep the process alive', () => {
    const module = new URL('../../../src/adapters/system/clock.ts', import.meta.url).href
    const code = `
      const { createSystemClock } = await import(${JSON.stringify(module)})
      const clock = createSystemClock({ onError() {} })
      clock.every(1000, () => {})
      clock.after(60_000, () => {})`
    const { status, error } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      timeout: 20_000,
    })
    expect({ status, error }).toEqual({ status: 0, error: undefined })
  })
})
