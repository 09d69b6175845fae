import type { Fields } from '../../ports.ts'

const LONGEST_TEXT = 500
const LONGEST_STACK = 4000
const MOST_ENTRIES = 30
const DEEPEST = 4

/** What the line itself uses; a field of such a name gets an underscore. */
const OWN_KEYS = ['time', 'level', 'message'] as const

/** Fields as plain data of a bounded size: long texts, lists and deep trees are cut, errors become data. */
export function bounded(fields: Fields): Record<string, unknown> {
  const data = record(fields, 0)
  for (const key of OWN_KEYS) {
    if (!Object.hasOwn(data, key)) continue
    data[`${key}_`] = data[key]
    delete data[key]
  }
  return data
}

function value(input: unknown, depth: number): unknown {
  switch (typeof input) {
    case 'string':
      return cut(input, LONGEST_TEXT)
    case 'number':
      return Number.isFinite(input) ? input : String(input)
    case 'bigint':
    case 'symbol':
    case 'function':
      return cut(String(input), LONGEST_TEXT)
    case 'boolean':
    case 'undefined':
      return input
    case 'object':
      return input === null ? null : nested(input, depth)
  }
}

function nested(input: object, depth: number): unknown {
  if (depth >= DEEPEST) return '[deeper]'
  if (input instanceof Error) return errorData(input, depth)
  if (input instanceof Date) return Number.isNaN(input.getTime()) ? 'Invalid Date' : input.toISOString()
  if (input instanceof Uint8Array) return `[${input.byteLength} bytes]`
  if (!Array.isArray(input)) return record(input, depth + 1)
  const items = input.slice(0, MOST_ENTRIES).map((item) => value(item, depth + 1))
  return input.length > MOST_ENTRIES ? [...items, `[${input.length - MOST_ENTRIES} more]`] : items
}

function record(input: object, depth: number): Record<string, unknown> {
  const keys = Object.keys(input)
  const entries = keys
    .slice(0, MOST_ENTRIES)
    .map((key) => [cut(key, 100), value(read(input, key), depth)] as const)
  if (keys.length > MOST_ENTRIES) entries.push(['more', `[${keys.length - MOST_ENTRIES} more]`])
  return Object.fromEntries(entries)
}

function errorData(error: Error, depth: number): Record<string, unknown> {
  const code = read(error, 'code')
  return {
    name: cut(error.name, 100),
    message: cut(error.message, LONGEST_TEXT),
    ...(code === undefined ? {} : { code: value(code, depth + 1) }),
    stack: cut(error.stack ?? '', LONGEST_STACK),
    ...(error.cause === undefined ? {} : { cause: value(error.cause, depth + 1) }),
  }
}

function read(input: object, key: string): unknown {
  try {
    return Reflect.get(input, key)
  } catch {
    return '[unreadable]'
  }
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
