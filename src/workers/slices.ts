import type { Clock } from '../ports.ts'

export type Pace = {
  /** Gets what the work yields: how far it is. */
  readonly told?: (done: number) => void
  /** When it is aborted the work is given up, and the promise rejects with its reason. */
  readonly until?: AbortSignal
  /** Once it is aborted the work goes on without turns for anything else, so that it ends soon. */
  readonly unhurriedUntil?: AbortSignal
  /**
   * Of work in steps of much less than a slice: turns are given when a slice is over, not after each step. What is
   * over within a slice is done when the call returns.
   */
  readonly clock?: Pick<Clock, 'monotonic'>
  /** The first slice waits for its turn as well: for work that may come several times at once. */
  readonly queued?: boolean
}

/** With what else runs in a turn of the event loop, it stays below 5 ms. */
const SLICE_MS = 1

/**
 * Runs long work to its end, with a turn for everything else after each step or slice. Of all that is so run there is
 * one slice in a turn of the event loop, each in its turn: two at once would hold up everything else twice as long.
 */
export async function inSlices<Result>(
  steps: Generator<number, Result>,
  { told = () => {}, until, unhurriedUntil, clock, queued = false }: Pace = {},
): Promise<Result> {
  if (queued) await nextTurn()
  let begunMs = clock?.monotonic() ?? 0
  for (;;) {
    until?.throwIfAborted()
    const step = steps.next()
    if (step.done === true) return step.value
    told(step.value)
    if (unhurriedUntil?.aborted === true) continue
    if (clock && clock.monotonic() - begunMs < SLICE_MS) continue
    await nextTurn()
    begunMs = clock?.monotonic() ?? 0
  }
}

/** Slices that wait for their turn; a thread has one event loop, and so one such list. */
const waiting: (() => void)[] = []

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(giveTurn)
  })
}

/** The slice runs right after this, before anything else has a turn. */
function giveTurn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(giveTurn)
}
