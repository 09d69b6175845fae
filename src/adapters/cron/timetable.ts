import { createTask, validateDetailed } from 'node-cron'
import type { CronFault } from '../../core/outage/rule-fault.ts'
import type { Instant } from '../../core/time.ts'
import type { Log, Timetable } from '../../ports.ts'

const LONGEST = 100
const FIELDS = 'minute, hour, day of month, month, day of week'

/**
 * Cron on node-cron, with what of its behaviour matters: day of month and day of week must *both* match; a time that
 * a change of the clocks leaves out is skipped, one that it repeats comes once; a time that passed while the machine
 * slept or the clock was set ahead is made up for once, the newest only. Its timers do not keep the process alive.
 */
export function createTimetable({ log }: { readonly log: Log }): Timetable {
  return {
    fault: faultOf,
    next: (expression, zone, count) => nextTimes(known(expression), zone, count),
    run(expression, zone, task) {
      const scheduled = createTask(known(expression), () => task(), {
        timezone: zone,
        noOverlap: true,
        unref: true,
        missedExecutionTolerance: Number.POSITIVE_INFINITY,
        suppressMissedWarning: true,
        logger: loggerOf(log, expression),
      })
      void scheduled.start()
      return () => void scheduled.destroy()
    },
  }
}

function faultOf(expression: string): CronFault | null {
  if (expression.length > LONGEST) return { code: 'long', text: `must have at most ${LONGEST} characters` }
  const { length } = expression.split(/\s+/).filter((field) => field !== '')
  if (length !== 5) {
    return {
      code: 'fields',
      text: `must have the five fields ${FIELDS}, such as 0 3 * * 1; it has ${length}`,
    }
  }
  if (/[^\x20-\x7e]/.test(expression)) {
    return { code: 'signs', text: 'must be Latin letters, digits, blanks and * , - / ? # only' }
  }
  // node-cron writes a range out before it looks at its ends.
  if (/\d{3}/.test(expression)) return { code: 'digits', text: 'has a number with more than two digits' }
  const { valid, errors } = validateDetailed(expression)
  if (!valid) return { code: 'values', text: errors.map(({ message }) => message).join('; ') }
  return happens(expression) ? null : { code: 'never', text: 'never happens: no month has such a day' }
}

/** Names such as `L-30` or `31W` are valid and yet may fit no month. */
function happens(expression: string): boolean {
  try {
    nextTimes(expression, 'UTC', 1)
    return true
  } catch {
    return false
  }
}

/** A task that is not destroyed stays in the library's register for ever. */
function nextTimes(expression: string, zone: string, count: number): readonly Instant[] {
  const task = createTask(expression, () => {}, { timezone: zone })
  try {
    return task.getNextRuns(count).map((date) => date.getTime())
  } finally {
    void task.destroy()
  }
}

function known(expression: string): string {
  const fault = faultOf(expression)
  if (fault !== null) throw new Error(`cron expression ${JSON.stringify(expression)} ${fault.text}`)
  return expression
}

function loggerOf(log: Log, cron: string) {
  const failed = (error: unknown): void => log.error('a timed task failed', { cron, error: String(error) })
  return {
    info: (message: string): void => log.info(message, { cron }),
    warn: (message: string): void => log.warn(message, { cron }),
    error: (message: string | Error, error?: Error): void => failed(error ?? message),
    debug: (message: string | Error): void => log.debug(String(message), { cron }),
  }
}
