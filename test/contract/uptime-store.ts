import { describe, expect, test } from 'vitest'
import { NO_TIME } from '../../src/core/outage/uptime.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import type { OutageStore, UptimeStore } from '../../src/ports.ts'
import { round, T0 } from '../support/store-rows.ts'

/** Every UptimeStore must pass this; `create` gives an empty one and the rounds that belong to it. */
export function uptimeStoreContract(
  name: string,
  create: () => Promise<{ readonly uptime: UptimeStore; readonly outages: OutageStore }>,
): void {
  const hour = (at: number, up = HOUR) => ({ at, totals: { '': { ...NO_TIME, up } } })

  describe(`UptimeStore contract: ${name}`, () => {
    test('hours come back whole, oldest first, half open', async () => {
      const { uptime } = await create()
      const full = {
        at: T0 + HOUR,
        totals: {
          '': { up: 1, down: 2, edge: 3, unknown: 4, maintenance: HOUR - 10 },
          'веб "1"': { up: 0, down: HOUR, edge: 0, unknown: 0, maintenance: 0 },
        },
      }
      await uptime.saveHours([hour(T0 + 2 * HOUR), full])
      await uptime.saveHours([hour(T0)])
      expect(await uptime.hours(T0, T0 + 3 * HOUR)).toEqual([hour(T0), full, hour(T0 + 2 * HOUR)])
      expect(await uptime.hours(T0 + HOUR, T0 + 2 * HOUR)).toEqual([full])
      expect(await uptime.hours(0, T0)).toEqual([])
    })

    test('an hour that is there stays as it is', async () => {
      const { uptime } = await create()
      await uptime.saveHours([hour(T0)])
      await uptime.saveHours([hour(T0, 1), hour(T0 + HOUR), hour(T0 + HOUR, 2)])
      expect(await uptime.hours(0, T0 + 2 * HOUR)).toEqual([hour(T0), hour(T0 + HOUR)])
    })

    test('hours from an instant on can be forgotten and folded anew', async () => {
      const { uptime } = await create()
      await uptime.saveHours([hour(T0), hour(T0 + HOUR), hour(T0 + 2 * HOUR)])
      await uptime.forget(T0 + HOUR)
      expect((await uptime.extent()).lastHourAt).toBe(T0)
      await uptime.saveHours([hour(T0 + HOUR, 1)])
      expect(await uptime.hours(0, T0 + 3 * HOUR)).toEqual([hour(T0), hour(T0 + HOUR, 1)])
    })

    test('the extent is from the earliest round to the last hour', async () => {
      const { uptime, outages } = await create()
      expect(await uptime.extent()).toEqual({ firstRoundAt: null, lastHourAt: null })
      await outages.append({ kind: 'step', at: T0 - HOUR, deltaMs: -HOUR })
      expect((await uptime.extent()).firstRoundAt).toBeNull()
      await outages.append(round(T0 + HOUR))
      // The clock went back, so that the second round is the earlier one.
      await outages.append(round(T0 + MINUTE))
      await outages.append(round(T0 + 2 * HOUR))
      await uptime.saveHours([hour(T0 + HOUR), hour(T0)])
      expect(await uptime.extent()).toEqual({ firstRoundAt: T0 + MINUTE, lastHourAt: T0 + HOUR })
    })
  })
}
