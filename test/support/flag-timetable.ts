import { createTimetable } from '../../src/adapters/cron/timetable.ts'
import type { Instant } from '../../src/core/time.ts'
import type { Clock, Stop, Timetable } from '../../src/ports.ts'
import { createRecordingLog } from './recorders.ts'

/**
 * A timetable on a clock of a test: cron expressions of which only minute and hour say when, every day, in UTC+3. The
 * real one keeps the system's time, and is tested for itself.
 */
export function createFlagTimetable(clock: Clock): Timetable {
  const real = createTimetable({ log: createRecordingLog() })
  const next = (expression: string, _zone: string, count: number): Instant[] => {
    const [minute = '', hours = ''] = expression.split(' ')
    const found: Instant[] = []
    const step = 60_000
    for (let at = Math.floor(clock.now() / step) * step + step; found.length < count; at += step) {
      const local = new Date(at + 3 * 3_600_000)
      const isHour = hours.split(',').includes(String(local.getUTCHours()))
      if (isHour && local.getUTCMinutes() === Number(minute)) found.push(at)
    }
    return found
  }
  return {
    fault: real.fault,
    next,
    run(expression, zone, task) {
      let stop: Stop = () => {}
      const plan = (): void => {
        const [at = 0] = next(expression, zone, 1)
        stop = clock.after(at - clock.now(), async () => {
          plan()
          await task()
        })
      }
      plan()
      return () => stop()
    },
  }
}
