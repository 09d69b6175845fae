import { slopePerMinute, type Vital } from './vitals.ts'
import type { World } from './world.ts'

export type Figures = {
  /** Of the process that lived longest, from a minute after its start. */
  readonly livedMinutes: number
  readonly residentStartMB: number
  readonly residentEndMB: number
  readonly residentSlopeMBPerMinute: number
  /** Of the second half of its life. */
  readonly residentLateSlopeMBPerMinute: number
  /** The smallest heap of the first and the last third: what is left after collections. */
  readonly heapFirstMB: number
  readonly heapLastMB: number
  /** The same of the thread of the database. */
  readonly storeHeapFirstMB: number
  readonly storeHeapLastMB: number
  readonly filesFirst: number
  readonly filesLast: number
  readonly loopP99Ms: number
  readonly faults: readonly string[]
}

const WARM_MS = 30_000
/**
 * A process grows into its memory: V8 and malloc touch, one after the other, the pages that they hold. In an hour that is
 * over, and the second half of it shows whether anything grows for good; a short run knows the whole only.
 */
const SLOPE_MB = { short: 25, long: 0.2 }
const LONG_MINUTES = 20
const HEAP_GROWS_MB = 12
const FILES_GROW = 6
/** In the suite other tests take the processor. */
const LOOP_P99_MS = { short: 400, long: 100 }

export function figuresOf({ vitals }: World, minutes: number): Figures {
  const samples = longestLife(vitals.samples)
  const warm = samples.filter(({ at }) => at >= (samples[0]?.at ?? 0) + WARM_MS)
  const third = Math.max(1, Math.floor(warm.length / 3))
  const [first, last] = [warm.slice(0, third), warm.slice(-third)]
  const resident = warm.map(({ at, residentMB }) => ({ at, value: residentMB }))
  const figures = {
    livedMinutes: round(((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0)) / 60_000),
    residentStartMB: round(mean(first.map(({ residentMB }) => residentMB))),
    residentEndMB: round(mean(last.map(({ residentMB }) => residentMB))),
    residentSlopeMBPerMinute: hundredths(slopePerMinute(resident)),
    residentLateSlopeMBPerMinute: hundredths(slopePerMinute(resident.slice(resident.length / 2))),
    heapFirstMB: round(least(first.map(({ heapMB }) => heapMB))),
    heapLastMB: round(least(last.map(({ heapMB }) => heapMB))),
    storeHeapFirstMB: round(least(first.map(({ storeHeapMB }) => storeHeapMB))),
    storeHeapLastMB: round(least(last.map(({ storeHeapMB }) => storeHeapMB))),
    filesFirst: median(first.map(({ files }) => files)),
    filesLast: median(last.map(({ files }) => files)),
    loopP99Ms: round(median(warm.flatMap(({ loopP99Ms }) => loopP99Ms ?? []))),
  }
  const form = minutes >= LONG_MINUTES ? 'long' : 'short'
  const { residentSlopeMBPerMinute, residentLateSlopeMBPerMinute, filesFirst, filesLast, loopP99Ms } = figures
  const slope = form === 'long' ? residentLateSlopeMBPerMinute : residentSlopeMBPerMinute
  const faults = [
    ...(slope <= SLOPE_MB[form] ? [] : [`memory grows by ${slope} MB a minute`]),
    ...grownHeap('the heap', figures.heapFirstMB, figures.heapLastMB),
    ...grownHeap("the database thread's heap", figures.storeHeapFirstMB, figures.storeHeapLastMB),
    ...(filesLast - filesFirst <= FILES_GROW ? [] : [`open files grew from ${filesFirst} to ${filesLast}`]),
    ...(loopP99Ms <= LOOP_P99_MS[form] ? [] : [`the event loop's p99 is ${loopP99Ms} ms`]),
  ]
  return { ...figures, faults }
}

function longestLife(samples: readonly Vital[]): readonly Vital[] {
  const lives = [...Map.groupBy(samples, ({ pid }) => pid).values()]
  return lives.sort((a, b) => b.length - a.length)[0] ?? []
}

function grownHeap(name: string, firstMB: number, lastMB: number): string[] {
  return lastMB - firstMB <= HEAP_GROWS_MB ? [] : [`${name} grew from ${firstMB} to ${lastMB} MB`]
}

function least(values: readonly (number | undefined)[]): number {
  return Math.min(...values.flatMap((value) => value ?? []))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
