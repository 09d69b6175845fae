import fc from 'fast-check'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import type { Session, SessionStep } from '../../src/core/telemetry/session.ts'
import { SAMPLE_AT } from './payloads.ts'

/** All steps of one connection, the bytes given in these pieces. */
export function feed(session: Session, ...pieces: readonly Uint8Array[]): readonly SessionStep[] {
  return pieces.flatMap((piece) => session.receive(piece, SAMPLE_AT))
}

export function observedIn(steps: readonly SessionStep[]): readonly Observation[] {
  return steps.flatMap((step) => (step.kind === 'observed' ? [step.observation] : []))
}

export function repliesIn(steps: readonly SessionStep[]): readonly Uint8Array[] {
  return steps.flatMap((step) => (step.kind === 'reply' ? [step.bytes] : []))
}

/** Kind and reason of each step that is neither an observation nor a reply. */
export function remarksIn(steps: readonly SessionStep[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'rejected') return [`rejected ${step.reason}`]
    return step.kind === 'close' ? [`close ${step.end}`] : []
  })
}

/** Bytes cut into pieces at random places; some pieces are empty. */
export function cuts(bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.array(fc.nat(bytes.length), { maxLength: 12 }).map((places) => {
    const ends = [...places.sort((a, b) => a - b), bytes.length]
    return ends.map((end, index) => bytes.slice(index === 0 ? 0 : ends[index - 1], end))
  })
}

/** Bytes with some of them changed, removed or put in twice. */
export function mutations(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.nat(2) })
  return fc.tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 })).map(([seed, changes]) => {
    const bytes = [...seed]
    for (const { at, byte, kind } of changes) {
      const place = at % (bytes.length + 1)
      if (kind === 0 && place < bytes.length) bytes[place] = byte
      else bytes.splice(place, kind, ...(kind === 1 ? [] : [byte]))
    }
    return Uint8Array.from(bytes)
  })
}
