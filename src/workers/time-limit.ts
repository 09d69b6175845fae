import type { Clock } from '../ports.ts'

/** The value, or `late` when it is not there after `limitMs`. A rejection is passed on. */
export function withinLimit<Value>(
  clock: Pick<Clock, 'after'>,
  limitMs: number,
  value: Promise<Value>,
  late: Value,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(late))
    value.then(resolve, reject).finally(cancel)
  })
}
