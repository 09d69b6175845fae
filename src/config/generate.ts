import { writeFile } from 'node:fs/promises'
import { configJsonSchema } from './json-schema.ts'
import { configReference } from './reference.ts'

const folder = new URL('../../config/', import.meta.url)

// `npm run generate`: writes what follows from the schema. Tests hold the committed files against it.
await writeFile(new URL('watch.schema.json', folder), configJsonSchema())
await writeFile(new URL('README.md', folder), configReference())
