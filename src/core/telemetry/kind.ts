import type { Envelope } from './decoder.ts'
import type { ObservationKind } from './observation.ts'
import { SLOT } from './target.ts'
import { readBoolean } from './value.ts'

/** The kind by what the source and the road say; `judge` adds what the times say. */
export type KindSaid = {
  readonly kind: ObservationKind
  /** The target whose field decided it; absent where none did. */
  readonly by?: 'kind' | 'archive'
  readonly because: string
}

const STORED: KindSaid = {
  kind: 'snapshot',
  because: 'the broker had stored it (retained): it says nothing of now',
}
const REPEATED: KindSaid = {
  kind: 'snapshot',
  because: 'it was delivered again (DUP) and no server says when it came first',
}
const MARKED: KindSaid = { kind: 'archive', by: 'archive', because: 'it is marked as archive' }
const UNMARKED: KindSaid = { kind: 'live', because: 'nothing marks it as archive or stored' }
const NAMED: Readonly<Record<ObservationKind, KindSaid>> = {
  live: { kind: 'live', by: 'kind', because: 'the message says so' },
  archive: { kind: 'archive', by: 'kind', because: 'the message says so' },
  snapshot: { kind: 'snapshot', by: 'kind', because: 'it holds a stored value' },
  presence: { kind: 'presence', by: 'kind', because: 'it speaks of a connection, not of data' },
}

/** Undefined: the source gave a kind that there is not. `serverSaidWhen`: the message has a server time. */
export function kindSaid(
  values: readonly unknown[],
  envelope: Envelope,
  serverSaidWhen: boolean,
): KindSaid | undefined {
  // A stored or repeated message says nothing of now, whatever its sender called it when it was new.
  if (envelope.retained === true) return STORED
  if (envelope.duplicate === true && !serverSaidWhen) return REPEATED
  const named = values[SLOT.kind]
  if (named !== undefined) return isKind(named) ? NAMED[named] : undefined
  return readBoolean(values[SLOT.archive]) === true ? MARKED : UNMARKED
}

function isKind(value: unknown): value is ObservationKind {
  return value === 'live' || value === 'archive' || value === 'snapshot' || value === 'presence'
}
