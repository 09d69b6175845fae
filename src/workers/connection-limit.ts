import { SECOND } from '../core/time.ts'
import type { Clock, Delivery } from '../ports.ts'

export type ConnectionLimit = {
  /**
   * How many letters may be begun now: any at all, of those that were tried before, and of those that may wait
   * (core/letters/patience.ts), anew or again.
   */
  room(): {
    readonly any: number
    readonly again: number
    readonly patient: number
    readonly patientAgain: number
  }
  begin(id: string, letter: { readonly again: boolean; readonly patient: boolean }): void
  end(id: string): void
  /** What the relay said to a letter that is under way. */
  heard(id: string, delivery: Delivery): void
}

type Connection = { readonly again: boolean; readonly patient: boolean; readonly beganMs: number }

/** A connection that takes longer waits for somebody's server: it must not keep the letters of others. */
const SLOW_AFTER_MS = 30 * SECOND
/** Letters that may wait never have more than this part of the connections, those that hang counted. */
const PATIENT_SHARE = 0.25
/** Growth per accepted letter, as part of one connection per full set of them: gentle, for each try may cost a refusal. */
const GROWTH = 0.25

/**
 * Shares out the connections to one relay, at most `max` at a time. One slow recipient does not delay another: a
 * connection that hangs leaves its place to the next letter (up to `max` hang beside the others), and letters that
 * were tried before get half of the places. Letters that may wait have a few places, so that the others always find
 * one. A relay that says it has too many connections gets half as many, and
 * slowly more again as it accepts.
 */
export function createConnectionLimit(clock: Pick<Clock, 'monotonic'>, max: number): ConnectionLimit {
  const open = new Map<string, Connection>()
  let limit = max
  let cutAtMs = Number.NEGATIVE_INFINITY

  /** A set of connections that were refused together is one sign, not many. */
  function shrink(connection: Connection): void {
    if (connection.beganMs < cutAtMs) return
    cutAtMs = clock.monotonic()
    limit = Math.max(1, Math.floor(limit / 2))
  }

  return {
    room() {
      const now = clock.monotonic()
      const quick = [...open.values()].filter(({ beganMs }) => now - beganMs < SLOW_AFTER_MS)
      const hanging = open.size - quick.length
      const any = Math.max(0, Math.floor(limit) - quick.length - Math.max(0, hanging - max))
      const half = Math.max(1, Math.floor(limit / 2)) - quick.filter(({ again }) => again).length
      const waiting = [...open.values()].filter(({ patient }) => patient)
      const few = Math.max(1, Math.floor(limit * PATIENT_SHARE))
      const patient = Math.max(0, Math.min(any, few - waiting.length))
      const fewAgain = Math.max(1, Math.floor(few / 2)) - waiting.filter(({ again }) => again).length
      return {
        any,
        again: Math.max(0, Math.min(any, half)),
        patient,
        patientAgain: Math.max(0, Math.min(patient, fewAgain)),
      }
    },
    begin(id, { again, patient }) {
      open.set(id, { again, patient, beganMs: clock.monotonic() })
    },
    end(id) {
      open.delete(id)
    },
    heard(id, delivery) {
      const connection = open.get(id)
      if (connection && saysTooMany(delivery)) shrink(connection)
      if (delivery.kind === 'accepted') limit = Math.min(max, limit + GROWTH / limit)
    },
  }
}

/** RFC 5321 and 3463: 421 and 4.3.2, or a passing refusal before anything was said of the letter. */
function saysTooMany(delivery: Delivery): boolean {
  if (delivery.kind !== 'refused' || delivery.code >= 500) return false
  if (delivery.code === 421 || delivery.enhanced === '4.3.2') return true
  return delivery.stage === 'greeting' || delivery.stage === 'auth'
}
