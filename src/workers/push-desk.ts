import type { Envelope } from '../core/telemetry/decoder.ts'
import type { RejectReason } from '../core/telemetry/observation.ts'
import { type PushRecord, type PushResult, readRecords } from '../core/telemetry/push-body.ts'
import type { Clock } from '../ports.ts'
import type { Ingest, TakeRecord } from './ingest.ts'
import { inSlices } from './slices.ts'

/** Records of all requests under way; beyond it senders are told to come again. */
const BUSY = 1_000_000
/** A body up to this size is taken at once; the slices of larger ones, of which many may arrive at once, have their turns. */
const SMALL_BYTES = 16 * 1024

/** A push source: what its sender must show, and the status it expects on success. */
export type PushSource = { readonly token: string; readonly status: 200 | 202 }

export type PushDeskDeps = {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly ingest: Pick<Ingest, 'records' | 'reject'>
}

type Rejected = { readonly index: number; readonly reason: RejectReason }

/** Takes the bodies of HTTP push sources. */
export function createPushDesk({ clock, ingest }: PushDeskDeps, sources: ReadonlyMap<string, PushSource>) {
  let underWay = 0

  /** Resolves when every accepted record is in the registers. Nothing is taken of a body that is none. */
  async function push(id: string, body: Uint8Array): Promise<PushResult> {
    // It ends as it began, also when the source is configured anew meanwhile.
    const takeRecord = ingest.records(id)
    if (takeRecord === undefined) return { kind: 'busy' }
    const pace = { clock, queued: body.byteLength > SMALL_BYTES }
    const read = await inSlices(readRecords(new TextDecoder().decode(body)), pace)
    if (read.kind !== 'records') {
      ingest.reject(id, read.kind === 'too-large' ? 'too-large' : 'not-json', read.reason)
      return read
    }
    const { records } = read
    if (underWay + records.length > BUSY) return { kind: 'busy' }
    underWay += records.length
    try {
      const rejected = await inSlices(taking(id, records, takeRecord), pace)
      return { kind: 'accepted', accepted: records.length - rejected.length, rejected }
    } finally {
      underWay -= records.length
    }
  }

  function* taking(
    id: string,
    records: readonly PushRecord[],
    takeRecord: TakeRecord,
  ): Generator<number, readonly Rejected[]> {
    const envelope: Envelope = { source: id, receivedAt: clock.now() }
    const rejected: Rejected[] = []
    for (const [index, one] of records.entries()) {
      if (one.kind === 'bad') ingest.reject(id, one.reason, '')
      const reason = one.kind === 'bad' ? one.reason : takeRecord(one.value, envelope)
      if (reason !== null) rejected.push({ index, reason })
      yield index
    }
    return rejected
  }

  return {
    source: (id: string) => sources.get(id),
    push,
    /** Counts a body that could not be read. */
    refuse: (id: string, reason: 'too-large' | 'not-json'): void => ingest.reject(id, reason, ''),
  }
}
