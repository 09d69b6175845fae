import { type Log, StoreError } from '../ports.ts'

export type TurnsDeps = {
  readonly log: Log
  /** Called after each task. */
  readonly after: () => void
}

/**
 * One writer: tasks never overlap. Those of rounds keep the order of their issue, which is that of the fold; while
 * the next round is still being measured others come first.
 */
export function createTurns({ log, after }: TurnsDeps) {
  let rows: Promise<void> = Promise.resolve()
  let newest: Promise<unknown> = Promise.resolve()
  let stopped = false

  /** Rejects when the task does, and after the stop. */
  function next<Value>(task: () => Promise<Value>): Promise<Value> {
    const done = newest.then(async () => {
      if (stopped) throw new StoreError('closed', 'The prober is stopping: try again in a few seconds.')
      try {
        return await task()
      } finally {
        after()
      }
    })
    newest = done.catch(() => {})
    return done
  }

  /** Never rejects; nothing is done after the stop. */
  async function attempt(task: () => Promise<unknown>): Promise<void> {
    if (stopped) return
    try {
      await next(task)
    } catch (error) {
      if (!stopped) log.error('the prober failed', { error })
    }
  }

  return {
    next,
    attempt,
    /** Runs the task with what was measured, behind all that were issued before it. Never rejects. */
    inOrder<Value>(measured: Promise<Value>, task: (value: Value) => Promise<unknown>): Promise<void> {
      rows = rows.then(async () => {
        const value = await measured
        await attempt(() => task(value))
      })
      return rows
    },
    /** Resolves when nothing runs or waits. */
    async idle(): Promise<void> {
      await rows
      await newest
    },
    /** What still waits is dropped. */
    stop(): void {
      stopped = true
    },
  }
}
