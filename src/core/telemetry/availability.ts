import type { Origin } from './found.ts'

/** The field of an availability message that decides its kind. */
export const STATUS: Origin = { name: 'status', rank: 0, path: ['status'] }

/** The word of a last will or an availability topic, in any case; undefined for everything else. */
export function availabilityOf(value: unknown): 'online' | 'offline' | undefined {
  if (typeof value !== 'string' || value.length > 32) return undefined
  const word = value.trim().toLowerCase()
  return word === 'online' || word === 'offline' ? word : undefined
}

/**
 * The text of a message as what a record decoder takes: the JSON value, or the bare word of an availability topic,
 * which stands there without quotes. Undefined: neither.
 */
export function parsePayloadText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return availabilityOf(text)
  }
}
