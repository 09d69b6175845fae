import { configJsonSchema } from './json-schema.ts'

/** What of JSON Schema the configuration uses. */
type Schema = {
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

const HEAD = `# Every key of the configuration

Written by \`npm run generate\` from \`src/config/schema.ts\`: change it there. \`watch.example.yaml\` shows the usual keys
in their places, \`watch.schema.json\` lets an editor check and complete a file. Every key may be left out unless it is
required. Durations are numbers with units (\`ms\`, \`s\`, \`m\`, \`h\`, \`d\`), such as \`6h30m\`. \`\${NAME}\` is taken from the
environment, and \`$\${\` is a plain \`\${\`. \`[]\` stands for each entry of a list, \`NAME\` for a key that you choose.
`

/** The reference of the configuration file in Markdown: a chapter for each key of the first level. */
export function configReference(): string {
  const { properties = {} } = JSON.parse(configJsonSchema()) as Schema
  const entries = Object.entries(properties)
  const single = entries.filter(([, { properties: inside, items }]) => inside === undefined && !items)
  const parts = entries.filter((entry) => !single.includes(entry))
  const first = `## General\n\n${table(single.map(([key, schema]) => row(key, schema, false)))}`
  return [HEAD, first, ...parts.map(([key, schema]) => chapter(key, schema))].join('\n')
}

function chapter(key: string, schema: Schema): string {
  const rows = rowsIn(key, schema, new Map())
  const variants = variantsIn(key, schema).map(variant)
  const tables = [...(rows.length > 0 ? [table(rows)] : []), ...variants]
  return `## ${key}\n\n${schema.description}.\n\n${tables.join('\n')}`
}

/** Entries of lists that differ by kind have a table for each. */
function variantsIn(
  path: string,
  { properties = {}, items }: Schema,
): readonly (readonly [string, Schema])[] {
  const here = (items?.oneOf ?? []).map((one) => [`${path}[]`, one] as const)
  const inside = Object.entries(properties).flatMap(([key, schema]) => variantsIn(`${path}.${key}`, schema))
  return [...here, ...inside]
}

function variant([path, schema]: readonly [string, Schema]): string {
  const { kind, ...others } = schema.properties ?? {}
  const rows = rowsIn(path, { ...schema, properties: others }, new Map())
  return `### ${path} with \`kind: ${kind?.const}\`\n\n${kind?.description}.\n\n${table(rows)}`
}

/** `seen`: where the same keys stood before, so that they are not listed again. */
function rowsIn(path: string, schema: Schema, seen: Map<string, string>): string[] {
  const { properties = {}, required = [], items, additionalProperties: named } = schema
  if (items?.properties) return rowsIn(`${path}[]`, items, seen)
  if (typeof named === 'object' && named.properties) return rowsIn(`${path}.NAME`, named, seen)
  const keys = Object.keys(properties).join()
  const before = seen.get(keys)
  if (before !== undefined) return [`| \`${path}\` | the keys of \`${before}\` | | |`]
  if (keys !== '') seen.set(keys, path)
  return Object.entries(properties).flatMap(([key, inner]) => {
    const here = `${path}.${key}`
    const below = rowsIn(here, inner, seen)
    return isGroup(inner) ? below : [row(here, inner, required.includes(key)), ...below]
  })
}

/** A part with keys of its own has no value to be described. */
function isGroup({ properties, type }: Schema): boolean {
  return type === 'object' && properties !== undefined
}

function row(key: string, schema: Schema, isRequired: boolean): string {
  const value = isRequired ? '**required**' : preset(schema.default)
  return `| \`${key}\` | ${typeWords(schema)} | ${value} | ${cell(schema.description ?? '')} |`
}

function table(rows: readonly string[]): string {
  return `| key | value | when left out | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`
}

function preset(value: unknown): string {
  if (value === undefined || value === '') return ''
  if (typeof value !== 'object' || value === null) return code(String(value))
  const entries = Array.isArray(value) ? value : Object.keys(value)
  return entries.length === 0 ? 'none' : entries.map(entryWords).join(', ')
}

function entryWords(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return code(String(entry))
  return `${code(String(Reflect.get(entry, 'id')))} (${Reflect.get(entry, 'kind')})`
}

function typeWords(schema: Schema): string {
  const { type, anyOf, items, minimum, maximum } = schema
  if (schema.const !== undefined) return code(String(schema.const))
  if (schema.enum) return schema.enum.map((one) => code(String(one))).join(', ')
  if (anyOf?.some((one) => one.const === false)) return 'duration or `off`'
  if (anyOf) return [...new Set(anyOf.filter((one) => one.const !== '').map(typeWords))].join(', ')
  if (schema.pattern?.includes('ms|s|m|h|d')) return 'duration'
  if (items) return items.properties || items.oneOf ? 'list' : `list of ${typeWords(items)}s`
  if (type === 'integer') return `number${range(minimum, maximum)}`
  if (type === 'boolean') return '`true`, `false`'
  return type === 'object' ? 'names with values' : 'text'
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined || maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER) {
    return minimum === undefined ? '' : ` from ${minimum}`
  }
  return ` ${minimum} to ${maximum}`
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
