import { ServiceStopping } from '../ports.ts'

/** Work that is done one piece at a time, in the order in which it came. */
export function createTurns() {
  const ending = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  return {
    /** Aborted with ServiceStopping by `end`: for the work to look at. */
    ending: ending.signal,
    /** `held`: called at once when it has to wait for another. */
    take<Result>(work: () => Promise<Result>, held: () => void = () => {}): Promise<Result> {
      if (count > 0) held()
      count += 1
      const done = last.then(work).finally(() => {
        count -= 1
      })
      last = done.catch(() => {})
      return done
    },
    end(): void {
      ending.abort(new ServiceStopping('The service is stopping.'))
    },
  }
}
