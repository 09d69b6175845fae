import { writeFile } from 'node:fs/promises'
import { configJsonSchema } from './json-schema.ts'

// `npm run generate`: writes what follows from the schema. A test holds the committed file against it.
await writeFile(new URL('../../config/watch.schema.json', import.meta.url), configJsonSchema())
