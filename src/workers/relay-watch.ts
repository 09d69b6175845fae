import type { RelayReading } from '../core/letters/retry.ts'
import type { Log, Metrics, Notices } from '../ports.ts'

export type RelayWatch = {
  note(reading: RelayReading): void
  /** Empty while the relay works. */
  warnings(): readonly string[]
}

type RelayState = { readonly kind: 'working' } | { readonly kind: 'failing'; readonly reason: string }

/** Remembers whether the relay works; people are told of each failure, and of each of its permanent refusals. */
export function createRelayWatch(deps: {
  readonly log: Log
  readonly metrics: Metrics
  readonly notices: Notices
}): RelayWatch {
  const { log, metrics, notices } = deps
  let state: RelayState = { kind: 'working' }
  /** Codes of its permanent refusals since it last worked. */
  const refusals = new Set<number>()
  metrics.set('watch_letters_relay_failing', 0)

  function fail({ refusal, reason }: Extract<RelayReading, { kind: 'failing' }>): void {
    const isFirst = state.kind === 'working'
    state = { kind: 'failing', reason }
    metrics.set('watch_letters_relay_failing', 1)
    if (refusal !== null) refuse(refusal, reason)
    else if (isFirst) log.warn('The mail relay fails; letters wait and are tried again', { reason })
  }

  function refuse(code: number, reason: string): void {
    if (!refusals.has(code)) {
      log.error('The mail relay refuses our letters; check letters.smtp, the account and the sender', {
        reason,
      })
    }
    refusals.add(code)
    // Each time anew: operators are told once a day only.
    notices.raise({ topic: 'relay-refuses', key: 'relay', reason, code })
  }

  return {
    note(reading) {
      switch (reading.kind) {
        case 'failing':
          return fail(reading)
        case 'working':
          if (state.kind === 'failing') log.info('The mail relay works again')
          state = { kind: 'working' }
          refusals.clear()
          return metrics.set('watch_letters_relay_failing', 0)
        case 'unjudged':
          return
      }
    },
    warnings: () => (state.kind === 'failing' ? [`the mail relay fails: ${state.reason}`] : []),
  }
}
