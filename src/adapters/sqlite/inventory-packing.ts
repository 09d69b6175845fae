/** For so long the worker thread packs in one go. */
export const PACKED_AT_ONCE_MS = 30

/** Goes of one packing: what is left then waits for the next one. */
const MOST_GOES = 40

/** Stores missing pages bit by bit, so that every other call gets its turn between. */
export function createInventoryPacking(pack: () => Promise<boolean>) {
  let underWay = false

  async function packBitByBit(): Promise<void> {
    for (let goes = 0; goes < MOST_GOES; goes++) if (!(await pack())) return
  }

  return {
    /** Returns at once. A failure is no harm: the rows are stored, and the next checkpoint tries again. */
    start(): void {
      if (underWay) return
      underWay = true
      packBitByBit()
        .catch(() => {})
        .finally(() => {
          underWay = false
        })
    },
  }
}
