import { type Block, createBlockBuilder, halve } from '../core/history/block.ts'
import type { HistoryPoint } from '../core/history/point.ts'

/** Takes what happened and how to make a point of it, which is done later; null: it makes none. Returns at once. */
export type HistoryOffer = <Item>(items: readonly Item[], point: (item: Item) => HistoryPoint | null) => void

export type HistoryQueue = ReturnType<typeof createHistoryQueue>

export type HistoryQueueOptions = {
  readonly line: (point: HistoryPoint) => string
  /** So many points wait at most. */
  readonly mostPoints: () => number
  /** Called with the number of points that were dropped to keep that. */
  readonly dropped: (points: number) => void
}

/** As many as a database likes at once, and not too many to be made into a text in one turn of the event loop. */
const BLOCK_POINTS = 2500

/** What was offered and is no line yet. */
type Offered = {
  next: number
  readonly end: number
  readonly pointAt: (place: number) => HistoryPoint | null
}

/**
 * Points that wait to be written, oldest first: blocks of lines, lines, and what is not made into lines yet. There are
 * never more than `mostPoints`: the oldest are dropped, a block at a time.
 */
export function createHistoryQueue({ line, mostPoints, dropped }: HistoryQueueOptions) {
  const offered: Offered[] = []
  const lines = createBlockBuilder()
  const blocks: Block[] = []
  let points = 0
  let largestBytes = Infinity
  /** Newer points than those that are taken were dropped. */
  let passedBy = false

  function dropOldest(): void {
    const most = mostPoints()
    let gone = 0
    for (let over = points - most; over > 0; over = points - most) {
      if (blocks.length === 0) seal()
      const passed = blocks.shift()?.points ?? passOffered(over)
      gone += passed
      points -= passed
    }
    if (gone === 0) return
    passedBy = true
    dropped(gone)
  }

  function passOffered(most: number): number {
    const [oldest] = offered
    if (oldest === undefined) throw new Error('more points are counted than wait')
    const passed = Math.min(most, oldest.end - oldest.next)
    oldest.next += passed
    if (oldest.next === oldest.end) offered.shift()
    return passed
  }

  function seal(): void {
    if (lines.points() > 0) blocks.push(lines.take())
  }

  const offer: HistoryOffer = (items, point) => {
    if (items.length === 0) return
    const pointAt = (place: number): HistoryPoint | null => {
      const item = items[place]
      return item === undefined ? null : point(item)
    }
    offered.push({ next: 0, end: items.length, pointAt })
    points += items.length
    dropOldest()
  }

  return {
    offer,
    /** Points that wait, without those that were taken. */
    waiting: (): number => points,
    /** Makes lines of all that was offered; it yields after each. */
    *packing(): Generator<number, void> {
      for (let oldest = offered[0]; oldest !== undefined; oldest = offered[0]) {
        const place = oldest.next
        // First of all it is out of the way: one that no point can be made of must not come back.
        points -= passOffered(1)
        const point = oldest.pointAt(place)
        const text = point === null ? '' : line(point)
        if (text !== '') {
          lines.add(text)
          points++
        }
        if (lines.points() >= BLOCK_POINTS) seal()
        yield points
      }
    },
    /** The oldest points; undefined: none is ready to be written. */
    take(): Block | undefined {
      if (blocks.length === 0) seal()
      let block = blocks.shift()
      while (block && block.points > 1 && block.bytes.length > largestBytes) {
        const [older, newer] = halve(block)
        blocks.unshift(newer)
        block = older
      }
      points -= block?.points ?? 0
      passedBy = false
      return block
    },
    /** They were not written, and are older than all that waits. */
    giveBack(taken: readonly Block[]): void {
      const count = taken.reduce((sum, block) => sum + block.points, 0)
      if (passedBy) {
        if (count > 0) dropped(count)
        return
      }
      blocks.unshift(...taken)
      points += count
      dropOldest()
    },
    /** Blocks are not larger from now on. */
    narrow(bytes: number): void {
      largestBytes = bytes
    },
  }
}
