const MAX_CHARACTERS = 2000

/** A field of a form as text; files, repeated fields and endless texts count as empty. */
export function formText(value: unknown): string {
  return typeof value === 'string' && value.length <= MAX_CHARACTERS ? value : ''
}
