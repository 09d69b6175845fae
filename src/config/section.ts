import { z } from 'zod'

/** A part of the file with fixed keys. */
export function section<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: tellKnown(Object.keys(shape)) })
}

/** Makes the complaint about an unknown key carry the keys that are known there; see `schemaFaults`. */
export function tellKnown(keys: readonly string[]) {
  return (issue: { readonly code: string }): string | undefined =>
    issue.code === 'unrecognized_keys' ? keys.join(', ') : undefined
}
