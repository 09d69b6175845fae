import {
  addGap,
  createGapPool,
  freePlace,
  type GapPlace,
  type GapPool,
  type GapSummary,
  readHistogram,
  storedBytes,
  summaryOf,
  writeHistogram,
} from './gap-histogram.ts'

/** What a terminal was before a gap: both are habits of their own. */
export const HABITS = ['moving', 'parked'] as const

export type Habit = (typeof HABITS)[number]

/** The gaps between contacts of the terminals that learn. The columns by row are there once somebody learns. */
export type GapTable = {
  readonly pool: GapPool
  readonly places: Record<Habit, Uint32Array>
  /** Rows whose gaps changed since they were last taken to be stored, each once. */
  changed: number[]
  changedMark: Uint8Array
  /** Rows of which everything was forgotten since then: that must not wait. */
  readonly forgotten: Set<number>
}

/** So many gaps are remembered: at one per half minute those of two days of driving, of a parked one those of weeks. */
const MOST_GAPS: Readonly<Record<Habit, number>> = { moving: 2048, parked: 512 }

export function createGaps(): GapTable {
  return {
    pool: createGapPool(),
    places: { moving: new Uint32Array(0), parked: new Uint32Array(0) },
    changed: [],
    changedMark: new Uint8Array(0),
    forgotten: new Set(),
  }
}

/** Learns a gap of at least 1 s. */
export function learnGap(gaps: GapTable, row: number, habit: Habit, ms: number): void {
  setPlace(gaps, row, habit, addGap(gaps.pool, placeOf(gaps, row, habit), ms, MOST_GAPS[habit]))
  markGaps(gaps, row)
}

/** Notes that the gaps of a row, of which something is known, must be stored. */
export function markGaps(gaps: GapTable, row: number): void {
  if (gaps.changedMark[row] === 1) return
  gaps.changedMark[row] = 1
  gaps.changed.push(row)
}

/** What is known of the gaps of a terminal. */
export function gapsOf(gaps: GapTable, row: number, habit: Habit): GapSummary {
  return summaryOf(gaps.pool, placeOf(gaps, row, habit))
}

/** Forgets what was learnt of a row. False: there was nothing. */
export function forgetGaps(gaps: GapTable, row: number): boolean {
  const known = HABITS.filter((habit) => placeOf(gaps, row, habit) !== 0)
  for (const habit of known) {
    freePlace(gaps.pool, placeOf(gaps, row, habit))
    setPlace(gaps, row, habit, 0)
    gaps.forgotten.add(row)
  }
  return known.length > 0
}

/** Takes the list of changed rows; each of them is to be encoded or marked again. */
export function takeChangedGaps(gaps: GapTable): readonly number[] {
  const rows = gaps.changed
  gaps.changed = []
  return rows
}

/** Takes the rows that were forgotten. */
export function takeForgottenGaps(gaps: GapTable): readonly number[] {
  const rows = [...gaps.forgotten]
  gaps.forgotten.clear()
  return rows
}

/** Rows as they are stored: without bytes nothing is known of a row. What changes from now on is another change. */
export function encodeGaps(gaps: GapTable, rows: readonly number[]): { row: number; bytes: Uint8Array }[] {
  return rows.map((row) => {
    if (row < gaps.changedMark.length) gaps.changedMark[row] = 0
    return { row, bytes: encodeRow(gaps, row) }
  })
}

/** Layout of a stored row: u8 version, then a histogram of each habit. */
const VERSION = 1

function encodeRow(gaps: GapTable, row: number): Uint8Array {
  const [moving, parked] = [placeOf(gaps, row, 'moving'), placeOf(gaps, row, 'parked')]
  if (moving === 0 && parked === 0) return NOTHING
  const parkedAt = 1 + storedBytes(gaps.pool, moving)
  const bytes = new Uint8Array(parkedAt + storedBytes(gaps.pool, parked))
  bytes[0] = VERSION
  writeHistogram(gaps.pool, moving, bytes, 1)
  writeHistogram(gaps.pool, parked, bytes, parkedAt)
  return bytes
}

const NOTHING = new Uint8Array(0)

/** Puts stored gaps into a row of which nothing is known. Throws when the bytes are none of ours. */
export function decodeGaps(gaps: GapTable, row: number, bytes: Uint8Array): void {
  let at = 1
  for (const habit of HABITS) {
    const place = bytes[0] === VERSION ? readHistogram(gaps.pool, bytes, at) : null
    if (place === null) throw damaged()
    if (place !== 0) setPlace(gaps, row, habit, place)
    at += 1 + 3 * (bytes[at] ?? 0)
  }
}

function damaged(): Error {
  return new Error('stored gaps are of another version or damaged; restore a backup of the data folder')
}

function placeOf({ places }: GapTable, row: number, habit: Habit): GapPlace {
  return places[habit][row] ?? 0
}

function setPlace(gaps: GapTable, row: number, habit: Habit, place: GapPlace): void {
  if (row >= gaps.changedMark.length) widen(gaps, row)
  gaps.places[habit][row] = place
}

function widen(gaps: GapTable, row: number): void {
  const length = Math.max(1024, row + 1, gaps.changedMark.length * 2)
  for (const habit of HABITS) {
    const wider = new Uint32Array(length)
    wider.set(gaps.places[habit])
    gaps.places[habit] = wider
  }
  const marks = new Uint8Array(length)
  marks.set(gaps.changedMark)
  gaps.changedMark = marks
}
