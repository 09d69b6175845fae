import { setTimeout as delay } from 'node:timers/promises'

/**
 * Resolves as soon as `condition` holds, looking every 10 ms of real time unless told otherwise; for real servers, whose answers no fake
 * clock can bring. Rejects after `timeoutMs`, naming the condition.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 5_000,
  what = condition.toString(),
  everyMs = 10,
): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not true within ${timeoutMs} ms: ${what}`)
    await delay(everyMs)
  }
}
