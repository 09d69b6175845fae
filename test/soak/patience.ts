import { until } from '../support/until.ts'

/** Often enough for a soak; asked a hundred times a second, the service would work for the questions mostly. */
const LOOK_EVERY_MS = 200

/** Like `until`, with fewer questions: what is measured meanwhile is the memory of the service. */
export function patiently(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what = condition.toString(),
): Promise<void> {
  return until(condition, timeoutMs, what, LOOK_EVERY_MS)
}
