import { isRecord, type Origin } from './found.ts'

type Path = readonly string[]

const DEEPEST = 8
const MOST = 200

/** Fields of a record from which nothing was taken, at most 200. A list counts as one field. */
export function unusedFields(
  record: unknown,
  origins: readonly Origin[],
  consulted: readonly Path[],
): string[] {
  const paths = origins.flatMap(({ path }) => (path === undefined ? [] : [path])).concat(consulted)
  const exact = new Set(paths.map(key))
  const loose = origins.flatMap(({ field }) => (field === undefined ? [] : [field]))
  const unused = [...leaves(record, [])]
    .filter((leaf) => !exact.has(key(leaf)) && !loose.some((field) => touches(field, leaf.join('.'))))
    .map((leaf) => leaf.join('.'))
  return unused.length <= MOST ? unused : [...unused.slice(0, MOST), `and ${unused.length - MOST} more`]
}

function key(path: Path): string {
  return JSON.stringify(path)
}

/** A mapping may name a field, or something inside it, such as an element of a list. */
function touches(field: string, leaf: string): boolean {
  return field === leaf || field.startsWith(`${leaf}.`)
}

function* leaves(value: unknown, path: Path): Generator<Path> {
  if (!isRecord(value) || path.length >= DEEPEST || (path.length > 0 && Object.keys(value).length === 0)) {
    if (path.length > 0) yield path
    return
  }
  for (const [name, inside] of Object.entries(value)) yield* leaves(inside, [...path, name])
}
