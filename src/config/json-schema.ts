import { z } from 'zod'
import { configSchema } from './schema.ts'

/**
 * The JSON Schema of the file, for editors: what may be written, what it means, and its defaults as they are written.
 * Texts with a pattern may also hold `${NAME}`.
 */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-07',
    override({ jsonSchema }) {
      const { pattern } = jsonSchema
      // What is optional comes by twice.
      if (pattern === undefined || pattern.endsWith(OR_VARIABLE)) return
      jsonSchema.pattern = `(${pattern})${OR_VARIABLE}`
    },
  })
  return `${shortLists(JSON.stringify({ title: 'omnicomm-watch configuration', ...schema }, null, 2))}\n`
}

const OR_VARIABLE = '|\\$\\{'

/** Lists of texts in one line where they fit, as the project's formatter has them. */
function shortLists(json: string): string {
  return json.replace(
    /^( *)(".*": )?\[\n((?: *"[^"\n]*",?\n)+) *\](,?)$/gm,
    (whole, indent, key = '', rows, comma) => {
      const items = String(rows).trim().split(/\n\s*/).join(' ')
      const line = `${indent}${key}[${items}]${comma}`
      return line.length <= 110 ? line : whole
    },
  )
}
