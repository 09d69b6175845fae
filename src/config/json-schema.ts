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
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = `(${jsonSchema.pattern})|\\$\\{`
    },
  })
  const title = 'omnicomm-watch configuration'
  return `${JSON.stringify({ title, ...schema }, null, 2)}\n`
}
