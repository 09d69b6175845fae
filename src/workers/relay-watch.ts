import type { RelayReading } from '../core/letters/retry.ts'
import type { Log, Metrics, Notices } from '../ports.ts'

export type RelayWatch = {
  note(reading: RelayReading): void
  /** Empty while the relay works. */
  warnings(): readonly string[]
}

type RelayState =
  | { readonly kind: 'working' }
  | { readonly kind: 'failing'; readonly alarmed: boolean; readonly reason: string }

/** Remembers whether the relay works; people are told once per failure, and at its first permanent refusal. */
export function createRelayWatch(deps: {
  readonly log: Log
  readonly metrics: Metrics
  readonly notices: Notices
}): RelayWatch {
  const { log, metrics, notices } = deps
  let state: RelayState = { kind: 'working' }
  metrics.set('watch_letters_relay_failing', 0)

  function fail(reading: Extract<RelayReading, { kind: 'failing' }>): void {
    const { reason } = reading
    const before = state
    const alarmed = before.kind === 'failing' && before.alarmed
    state = { kind: 'failing', alarmed: alarmed || reading.alarm, reason }
    metrics.set('watch_letters_relay_failing', 1)
    if (reading.alarm && !alarmed) {
      log.error('The mail relay refuses our letters; check letters.smtp, the account and the sender', {
        reason,
      })
      notices.raise({ topic: 'relay-refuses', key: 'relay', reason })
    } else if (before.kind === 'working') {
      log.warn('The mail relay fails; letters wait and are tried again', { reason })
    }
  }

  return {
    note(reading) {
      switch (reading.kind) {
        case 'failing':
          return fail(reading)
        case 'working':
          if (state.kind === 'failing') log.info('The mail relay works again')
          state = { kind: 'working' }
          return metrics.set('watch_letters_relay_failing', 0)
        case 'unjudged':
          return
      }
    },
    warnings: () => (state.kind === 'failing' ? [`the mail relay fails: ${state.reason}`] : []),
  }
}
