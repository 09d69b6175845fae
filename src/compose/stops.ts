import { SECOND } from '../core/time.ts'
import { type Log, ServiceStopping } from '../ports.ts'

/** What must be released, in the order in which it was acquired. */
export type Stops = {
  /** Throws ServiceStopping once they are run, for a start that goes on when it was given up; the part is released. */
  add(name: string, stop: () => unknown): void
  /**
   * Releases everything in reverse order; whether all ended in order. A part that fails or hangs is logged and does not
   * keep the others.
   */
  run(): Promise<boolean>
}

/** One part may take this long; all of them together stay within the 10 s that a stop may take. */
const PART_LIMIT = 6 * SECOND

export function createStops(log: Log): Stops {
  const parts: { readonly name: string; readonly stop: () => unknown }[] = []
  let isOver = false

  async function release(name: string, stop: () => unknown): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), PART_LIMIT)
    })
    try {
      const end = await Promise.race([Promise.resolve(stop()), limit])
      if (end !== 'late') return true
      log.error('a part did not stop in time', { part: name })
    } catch (error) {
      log.error('a part did not stop cleanly', { part: name, error: String(error) })
    } finally {
      clearTimeout(timer)
    }
    return false
  }

  return {
    add(name, stop) {
      if (!isOver) return void parts.push({ name, stop })
      void release(name, stop)
      throw new ServiceStopping('The service is stopping.')
    },
    async run() {
      isOver = true
      let inOrder = true
      for (let part = parts.pop(); part; part = parts.pop()) {
        inOrder = (await release(part.name, part.stop)) && inOrder
      }
      return inOrder
    },
  }
}
