const WHY = Symbol('why a value was left out')

/** Stands in `Found` for a value that a format does not believe. No payload can hold one. */
export type Refusal = { readonly [WHY]: string }

/** To be made once, not per message. */
export function createRefusal(why: string): Refusal {
  return Object.freeze({ [WHY]: why })
}

/** Why the value was left out; undefined for a value that stands for itself. */
export function whyRefused(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && WHY in value ? String(value[WHY]) : undefined
}
