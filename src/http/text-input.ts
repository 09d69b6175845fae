import { z } from '@hono/zod-openapi'

type Bounds = {
  /** 1: it must not be empty. */
  readonly min: 0 | 1
  /** Characters. */
  readonly max: number
  /** Whether it may have more than one line. */
  readonly lines?: boolean
}

/**
 * A text that a person wrote and that others read in letters: trimmed, line ends as `\n` (forms send `\r\n`), no other
 * control characters, bounded.
 */
export function textInput({ min, max, lines = false }: Bounds) {
  const forbidden = lines ? /[^\P{Cc}\n\t]/u : /[\p{Cc}\u2028\u2029]/u
  return z
    .string()
    .transform((text) => text.replaceAll(/\r\n?/g, '\n').trim().toWellFormed())
    .refine((text) => text.length >= min, 'must not be empty')
    .refine((text) => text.length <= max, `must have at most ${max} characters`)
    .refine(
      (text) => !forbidden.test(text),
      lines ? 'must not have control characters' : 'must be one line without control characters',
    )
    .openapi({ type: 'string', minLength: min, maxLength: max })
}
