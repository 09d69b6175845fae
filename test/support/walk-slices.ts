import type { Slice } from '../../src/ports.ts'

/** All slices of a walk of retention, one after the other; how many rows were removed. */
export async function walkSlices(slice: (after: number) => Promise<Slice>): Promise<number> {
  let sum = 0
  for (let after: number | null = 0; after !== null; ) {
    const { removed, next }: Slice = await slice(after)
    sum += removed
    after = next
  }
  return sum
}
