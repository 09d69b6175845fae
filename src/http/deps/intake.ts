import type { PushResult } from '../../core/telemetry/push-body.ts'

/** HTTP push sources. */
export type PushReader = {
  /** Undefined: no such source. `status`: what the format's sender expects on success. */
  source(id: string): { readonly token: string; readonly status: 200 | 202 } | undefined
  push(id: string, body: Uint8Array): Promise<PushResult>
  /** Counts a body that could not be read. */
  refuse(id: string, reason: 'too-large' | 'not-json'): void
}

/** What is taken in from now on, as lines of a recording; null: it is over. */
export type RecordingReader = { next(): Promise<string | null>; stop(): void }

/** Recordings of what is taken in, each for so long at most. `busy`: there are as many as may be. */
export type RecordingDesk = { open(forMs: number): RecordingReader | 'busy' }
