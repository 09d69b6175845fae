import type { ArchiveCounter } from './session.ts'

/**
 * How far the archive of the terminal on this connection has been taken in, and what speaks for its numbers having
 * begun anew (reference/omnicomm-terminal-protocol.md 7). Record numbers have 32 bits and run over.
 */
export type ArchivePointer = {
  /** Undefined: nothing that counts yet. */
  last: number | undefined
  /** What was asked for last: all that the terminal keeps, or what comes after `last`, once or twice. */
  asked: 'all' | 'next' | 'next-again'
  /** How often the answer was that there is nothing. */
  emptyAnswers: number
  /** Current data had a number below `last`. */
  sawSmaller: boolean
  /** We asked for records and were not told yet that there are no more: current data must not hide those missing. */
  isDraining: boolean
}

/** For a terminal that is asked for its archive now. A firmware other than the stored one may count anew. */
export function createPointer(counter: ArchiveCounter | undefined, firmware: number): ArchivePointer {
  const isKnown = counter !== undefined && (counter.firmware === null || counter.firmware === firmware)
  return {
    last: isKnown ? counter.recordId : undefined,
    asked: isKnown ? 'next' : 'all',
    emptyAnswers: 0,
    sawSmaller: false,
    isDraining: true,
  }
}

/** The number of the first record to ask for; 0 is the oldest one that is kept. */
export function firstWanted({ last }: ArchivePointer): number {
  return last === undefined ? 0 : (last + 1) >>> 0
}

/**
 * Whether the pointer moved. Data that are sent again do not move it back, and current data that come before the
 * archive is through do not move it over what of the archive is still to come.
 */
export function tookRecords(pointer: ArchivePointer, recordId: number, isLive: boolean): boolean {
  const { last } = pointer
  if (last === undefined || isAfter(recordId, last)) {
    pointer.sawSmaller = false
    if (!isLive) pointer.emptyAnswers = 0
    if (isLive && pointer.isDraining) return false
    pointer.last = recordId
    return true
  }
  if (isLive && recordId !== last) pointer.sawSmaller = true
  return false
}

export function foundEmpty(pointer: ArchivePointer): void {
  pointer.emptyAnswers += 1
  pointer.isDraining = false
}

/**
 * What has to be asked for besides: where an empty answer and smaller numbers contradict each other, the same again,
 * and after a second empty answer everything. Undefined: nothing.
 */
export function furtherWanted(pointer: ArchivePointer): number | undefined {
  if (pointer.asked === 'all' || !pointer.sawSmaller || pointer.emptyAnswers === 0) return undefined
  if (pointer.emptyAnswers >= 2) {
    pointer.last = undefined
    pointer.asked = 'all'
    pointer.sawSmaller = false
    pointer.isDraining = true
    return firstWanted(pointer)
  }
  if (pointer.asked === 'next-again') return undefined
  pointer.asked = 'next-again'
  pointer.isDraining = true
  return firstWanted(pointer)
}

/** Less than half of all numbers ahead, counted around. */
function isAfter(recordId: number, last: number): boolean {
  const ahead = (recordId - last) >>> 0
  return ahead > 0 && ahead < 2 ** 31
}
