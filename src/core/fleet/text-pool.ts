/**
 * Texts that many rows share, each kept once under a number of at least 1. A text is forgotten with its last use, so
 * that a sender who invents one after the other does not fill the memory.
 */
export type TextPool = {
  readonly numbers: Map<string, number>
  /** By number. */
  readonly texts: string[]
  readonly uses: number[]
  /** Numbers that are free again. */
  readonly free: number[]
}

export function createTextPool(): TextPool {
  return { numbers: new Map(), texts: [''], uses: [0], free: [] }
}

/** The number of a text; one use more. */
export function useText(pool: TextPool, text: string): number {
  const known = pool.numbers.get(text)
  if (known !== undefined) {
    pool.uses[known] = (pool.uses[known] ?? 0) + 1
    return known
  }
  const number = pool.free.pop() ?? pool.texts.length
  pool.numbers.set(text, number)
  pool.texts[number] = text
  pool.uses[number] = 1
  return number
}

/** One use less of the text with the number; 0 is none. */
export function releaseText(pool: TextPool, number: number): void {
  if (number === 0) return
  const left = (pool.uses[number] ?? 0) - 1
  pool.uses[number] = left
  if (left > 0) return
  pool.numbers.delete(pool.texts[number] ?? '')
  pool.texts[number] = ''
  pool.free.push(number)
}
