import type { LinkEnd } from './link-end.ts'
import type { ProtocolVersion } from './options.ts'

/** The protocol version to speak next. `proven`: the broker has answered in it. */
export type VersionState = {
  readonly current: ProtocolVersion
  readonly proven: boolean
  /** Connections closed without a CONNACK, one after the other. */
  readonly silentCloses: number
}

const SILENT_CLOSES = 2

/** Nothing is known yet. */
export function firstVersion(preferred: ProtocolVersion): VersionState {
  return { current: preferred, proven: false, silentCloses: 0 }
}

/**
 * What the end of a connection says about the version. Brokers from before MQTT 5 refuse it by CONNACK, or just
 * close; the latter also happens while a broker behind a balancer is down, so 5 gets its turn again, and a
 * version that has worked is given up only for a plain refusal.
 */
export function nextVersion(state: VersionState, end: LinkEnd, preferred: ProtocolVersion): VersionState {
  switch (end.kind) {
    case 'unreachable':
      return state
    case 'lost':
      return { current: state.current, proven: true, silentCloses: 0 }
    case 'refused':
      if (end.cause !== 'version') return { current: state.current, proven: true, silentCloses: 0 }
      return { current: other(state.current, preferred), proven: false, silentCloses: 0 }
    case 'silent': {
      if (state.proven) return state
      const silentCloses = state.silentCloses + 1
      if (silentCloses < SILENT_CLOSES) return { ...state, silentCloses }
      return { current: other(state.current, preferred), proven: false, silentCloses: 0 }
    }
  }
}

function other(current: ProtocolVersion, preferred: ProtocolVersion): ProtocolVersion {
  return preferred === 5 && current === 5 ? 4 : preferred
}
