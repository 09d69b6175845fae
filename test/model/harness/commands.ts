import fc from 'fast-check'
import { ANNA, BOB } from '../../support/letters.ts'
import type { Command } from './driver.ts'
import type { ModelOptions } from './service.ts'
import type { Relay } from './world.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The figures of the specification, six times as fast: a trace of an hour has all of it. */
export const OPTIONS: ModelOptions = {
  intervalMs: 10 * SECOND,
  timeoutMs: 4 * SECOND,
  recoveryPeriodMs: 30 * SECOND,
  noticeAfterMs: 2 * MINUTE,
  warnAfterMs: 90 * SECOND,
  updateEveryMs: 3 * MINUTE,
  maintenancePauses: true,
  operators: ['ops@example.org'],
}

const point = fc.record({
  at: fc.constantFrom(
    'append' as const,
    'commit' as const,
    'claim' as const,
    'send' as const,
    'settle' as const,
  ),
  when: fc.constantFrom('before' as const, 'after' as const),
})

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      verdict: fc.constantFrom('fail', 'fail', 'fail', 'ok', 'ok', 'unknown'),
      ms: fc.integer({ min: 5, max: 200 }).map((seconds) => seconds * SECOND),
      latencyMs: fc.constantFrom(0, 0, 0, 1_500),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('relay' as const),
      relay: fc.constantFrom<Relay[]>('up', 'up', 'up', 'down', 'down', 'hanging', 'losing', 'slow', {
        refusing: BOB.email,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      action: fc.constantFrom('message', 'message', 'confirm', 'cancel', 'send-letter'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('expect' as const),
      inMs: fc.constantFrom(null, MINUTE, HOUR, -MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      how: fc.constantFrom('stop' as const, 'kill' as const),
      deadMs: fc.constantFrom(0, 5 * SECOND, 20 * SECOND, 5 * MINUTE),
      stepMs: fc.constantFrom(0, 0, 0, 0, 0, 0, -2 * HOUR, 2 * HOUR),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), point }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('flap' as const), turns: fc.integer({ min: 3, max: 16 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('step' as const),
      ms: fc.constantFrom(-2 * HOUR, -7_777, 3_333, 2 * HOUR, 3 * HOUR),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stall' as const),
      ms: fc.constantFrom(1_500, 15_000, 10 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('window' as const),
      inMs: fc.constantFrom(0, 1, 7 * SECOND, MINUTE),
      ms: fc.constantFrom(SECOND, 40 * SECOND, 4 * MINUTE),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'end-window' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('recipient' as const),
      recipient: fc.constantFrom(ANNA, BOB, {
        email: 'eve@example.org',
        name: 'Eve',
        language: 'en' as const,
      }),
      present: fc.boolean(),
    }),
  },
)

/** Random traces of up to an hour and a half. */
export const commands = fc.array(command, { minLength: 4, maxLength: 30 })
