import { z } from '@hono/zod-openapi'
import { textInput } from './text-input.ts'

/** Characters of the pasted points. */
export const LONGEST_POINTS = 10_000
/** Characters of the words that say where they come from. */
export const LONGEST_SOURCE = 300

/** `{"text","source"}`: official points, one a line, and where and when they were taken from. */
export const OfficialInput = z.strictObject({
  text: textInput({ min: 1, max: LONGEST_POINTS, lines: true }),
  source: textInput({ min: 1, max: LONGEST_SOURCE }),
})
