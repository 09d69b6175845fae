import type { Instant } from '../time.ts'

/** One alarm for each row: a binary heap with the earliest on top. */
export type RowTimers = {
  /** The earliest alarm; Infinity: there is none. */
  earliest(): Instant
  /** Takes away the earliest alarm, whose row it returns; there must be one. */
  take(): number
  /** Sets the only alarm of a row; Infinity: it has none. */
  set(row: number, at: Instant): void
}

export function createRowTimers(): RowTimers {
  /** Rows in the order of the heap. */
  const heap: number[] = []
  /** By row: its alarm, and its place in the heap plus 1. */
  let alarms = new Float64Array(1024)
  let places = new Int32Array(1024)

  function put(row: number, place: number): void {
    heap[place] = row
    places[row] = place + 1
  }

  function rise(row: number, from: number): void {
    const at = alarms[row] ?? 0
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const other = heap[above] ?? 0
      if ((alarms[other] ?? 0) <= at) break
      put(other, place)
      place = above
    }
    put(row, place)
  }

  function sink(row: number, from: number): void {
    const at = alarms[row] ?? 0
    let place = from
    for (let below = 2 * place + 1; below < heap.length; below = 2 * place + 1) {
      const right = heap[below + 1]
      if (right !== undefined && (alarms[right] ?? 0) < (alarms[heap[below] ?? 0] ?? 0)) below += 1
      const other = heap[below] ?? 0
      if ((alarms[other] ?? 0) >= at) break
      put(other, place)
      place = below
    }
    put(row, place)
  }

  function remove(row: number): void {
    const place = (places[row] ?? 0) - 1
    if (place < 0) return
    places[row] = 0
    const last = heap.pop() ?? 0
    if (last === row) return
    sink(last, place)
    rise(last, (places[last] ?? 1) - 1)
  }

  return {
    earliest: () => (heap.length === 0 ? Infinity : (alarms[heap[0] ?? 0] ?? Infinity)),
    take() {
      const row = heap[0] ?? 0
      remove(row)
      return row
    },
    set(row, at) {
      if (row >= alarms.length) {
        const capacity = Math.max(row + 1, alarms.length * 2)
        const [widerAlarms, widerPlaces] = [new Float64Array(capacity), new Int32Array(capacity)]
        widerAlarms.set(alarms)
        widerPlaces.set(places)
        alarms = widerAlarms
        places = widerPlaces
      }
      const place = (places[row] ?? 0) - 1
      if (at === Infinity) return remove(row)
      const before = alarms[row] ?? 0
      alarms[row] = at
      if (place < 0) rise(row, heap.length)
      else if (at < before) rise(row, place)
      else sink(row, place)
    },
  }
}
