export type Pace = {
  /** Gets what the work yields: how far it is. */
  readonly told?: (done: number) => void
  /** When it is aborted the work is given up, and the promise rejects with its reason. */
  readonly until?: AbortSignal
  /** Once it is aborted the work goes on without turns for anything else, so that it ends soon. */
  readonly unhurriedUntil?: AbortSignal
}

/** Runs long work to its end, with a turn for everything else after each step. */
export async function inSlices<Result>(
  steps: Generator<number, Result>,
  { told = () => {}, until, unhurriedUntil }: Pace = {},
): Promise<Result> {
  for (;;) {
    until?.throwIfAborted()
    const step = steps.next()
    if (step.done === true) return step.value
    told(step.value)
    if (unhurriedUntil?.aborted !== true) await nextTurn()
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
