import type { ObservationKind } from '../../telemetry/observation.ts'
import type { Cursor } from './cursor.ts'
import { token } from './token.ts'

const LIVE = token('"live"')
const ARCHIVE = token('"archive"')
const SNAPSHOT = token('"snapshot"')
const PRESENCE = token('"presence"')
const TRUE = token('true')
const FALSE = token('false')

export function createBooleanReader({ word, unusual }: Cursor): () => boolean | undefined {
  return () => {
    if (word(TRUE)) return true
    return word(FALSE) ? false : unusual()
  }
}

export function createKindReader({ start, word, unusual }: Cursor): () => ObservationKind | undefined {
  return () => {
    switch (start()) {
      case LIVE.start:
        return word(LIVE) ? 'live' : unusual()
      case ARCHIVE.start:
        return word(ARCHIVE) ? 'archive' : unusual()
      case SNAPSHOT.start:
        return word(SNAPSHOT) ? 'snapshot' : unusual()
      case PRESENCE.start:
        return word(PRESENCE) ? 'presence' : unusual()
      default:
        return unusual()
    }
  }
}
