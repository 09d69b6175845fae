import type { HistoryAnswer, HistoryStore } from '../../src/ports.ts'

export type ScriptedHistory = HistoryStore & {
  /** Lines that were written. */
  readonly written: string[]
  /** Lines of each request so far; a check has none. */
  readonly requests: (readonly string[])[]
  /** How it answers from now on. */
  answer(next: (lines: readonly string[]) => HistoryAnswer | Promise<HistoryAnswer>): void
  isClosed(): boolean
}

/** A database of points in memory that answers as it is told to. A point is a line with its only field. */
export function scriptedHistory(): ScriptedHistory {
  const written: string[] = []
  const requests: (readonly string[])[] = []
  let answering: (lines: readonly string[]) => HistoryAnswer | Promise<HistoryAnswer> = () => ({
    kind: 'written',
  })
  let closed = false
  let breakOff = (): void => {}
  const brokenOff = new Promise<HistoryAnswer>((resolve) => {
    breakOff = () => resolve({ kind: 'failed', reason: 'broken off' })
  })

  async function request(lines: readonly string[]): Promise<HistoryAnswer> {
    requests.push(lines)
    const answer = await Promise.race([answering(lines), brokenOff])
    if (answer.kind === 'written') written.push(...lines)
    return answer
  }

  return {
    written,
    requests,
    answer: (next) => {
      answering = next
    },
    isClosed: () => closed,
    line: ({ fields }) => String(Object.values(fields)[0]),
    write: (lines) => request(new TextDecoder().decode(lines).split('\n')),
    check: () => request([]),
    close() {
      closed = true
      breakOff()
    },
  }
}
