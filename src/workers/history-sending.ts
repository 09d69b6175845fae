import type { Block } from '../core/history/block.ts'
import { afterTrouble, type Standing, type TroubleAnswer } from '../core/history/pace.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, HistoryAnswer, HistoryStore, Log, Metrics } from '../ports.ts'
import type { HistoryQueue } from './history-queue.ts'
import { siftBlock } from './history-sifting.ts'
import type { HistoryTally } from './history-tally.ts'

export type HistorySendingDeps = {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  readonly metrics: Metrics
  /** From [0, 1). */
  readonly random: () => number
  readonly queue: HistoryQueue
  readonly tally: HistoryTally
}

const TROUBLES: Readonly<Record<TroubleAnswer['kind'], string>> = {
  denied: 'InfluxDB refuses influx.token, or it may not write to influx.bucket; points wait',
  missing:
    'InfluxDB does not know influx.org or influx.bucket, or influx.url is another program; points wait',
  busy: 'InfluxDB is busy; points wait',
  failed: 'InfluxDB cannot be reached or has a fault; points wait',
}

/** After so many blocks of one size larger ones are tried again. */
const WIDEN_AFTER = 50

/** Sends what waits to one database, a block after the other, and reacts to its answers. */
export function createHistorySending(deps: HistorySendingDeps, store: HistoryStore) {
  const { clock, log, metrics, random, queue, tally } = deps
  let standing: Standing = { kind: 'unknown' }
  let resumeAtMs = Number.NEGATIVE_INFINITY
  /** The last block that was looked through had good points. */
  let patient = true
  let largestBytes = Infinity
  /** Blocks that were written since it was changed. */
  let fitting = 0
  let taken = 0
  let ended = false

  /** What a proxy finds too large today it may take tomorrow. */
  function resize(bytes: number): void {
    largestBytes = bytes
    fitting = 0
    queue.narrow(bytes)
  }

  /** It answers, whatever it thinks of the points. */
  function answers(text = 'InfluxDB answers again'): void {
    if (standing.kind === 'unknown') log.info('InfluxDB takes points')
    else if (standing.kind !== 'well') log.info(text, { waiting: queue.waiting() })
    standing = { kind: 'well' }
    tally.recovered()
  }

  function well(): void {
    answers('InfluxDB takes points again')
    metrics.set('watch_influx_up', 1)
  }

  /** The answer ends the sending for a while. */
  function trouble(answer: TroubleAnswer): false {
    const before = standing.kind
    const after = afterTrouble(standing, answer, random())
    standing = after.standing
    resumeAtMs = clock.monotonic() + after.pauseMs
    metrics.set('watch_influx_up', 0)
    if (before !== answer.kind) log.warn(TROUBLES[answer.kind], { reason: answer.reason })
    return false
  }

  /** True: the next block can be written at once. */
  async function write(block: Block): Promise<boolean> {
    const begunMs = clock.monotonic()
    const answer = await store.write(block.bytes)
    metrics.observe('watch_influx_write_seconds', (clock.monotonic() - begunMs) / SECOND)
    if (ended) return leave(block, answer)
    switch (answer.kind) {
      case 'written':
        tally.written(block.points)
        patient = true
        fitting++
        if (largestBytes < Infinity && fitting >= WIDEN_AFTER) resize(2 * largestBytes)
        well()
        return true
      case 'too-large':
        answers()
        if (block.points === 1) {
          metrics.set('watch_influx_up', 0)
          tally.refused(1, answer.reason)
        } else {
          resize(block.bytes.length >> 1)
          queue.giveBack([block])
        }
        return true
      case 'refused':
        answers()
        return sift(block, answer)
      case 'denied':
      case 'missing':
      case 'busy':
      case 'failed':
        queue.giveBack([block])
        return trouble(answer)
    }
  }

  /** The faulty points of a block are looked for. Where all seem to be, the next block is given up as it is. */
  async function sift(block: Block, refusal: HistoryAnswer & { readonly kind: 'refused' }): Promise<boolean> {
    const sifted = await siftBlock(store, block, refusal, patient)
    patient = sifted.written > 0
    tally.written(sifted.written)
    if (sifted.written > 0) well()
    else metrics.set('watch_influx_up', 0)
    tally.refused(sifted.refused, refusal.reason)
    queue.giveBack(sifted.left)
    if (sifted.trouble === null) return true
    return ended ? false : trouble(sifted.trouble)
  }

  /** Another database is used by now, or none. */
  function leave(block: Block, answer: HistoryAnswer): false {
    if (answer.kind === 'written') tally.written(block.points)
    else queue.giveBack([block])
    return false
  }

  async function ask(): Promise<boolean> {
    const answer = await store.check()
    if (ended) return false
    switch (answer.kind) {
      case 'written':
      case 'refused':
      case 'too-large':
        well()
        return true
      case 'denied':
      case 'missing':
      case 'busy':
      case 'failed':
        return trouble(answer)
    }
  }

  /** Writes all that is ready, unless there is trouble. */
  async function sendAll(): Promise<void> {
    for (let block = queue.take(); block !== undefined; block = queue.take()) {
      taken = block.points
      const goOn = await write(block)
      taken = 0
      if (ended || !goOn) return
    }
  }

  return {
    /** The same, when it is time for it and the database has said once that it takes points. */
    async send(): Promise<void> {
      if (ended || clock.monotonic() < resumeAtMs) return
      if (standing.kind === 'unknown' && !(await ask())) return
      await sendAll()
    },
    sendAll,
    standing: (): Standing => standing,
    /** Points that are under way. */
    taken: (): number => taken,
    /** Breaks off what is under way. */
    end(): void {
      ended = true
      store.close()
    },
  }
}
