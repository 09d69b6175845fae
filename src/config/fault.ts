import type { z } from 'zod'

/** Something wrong in the configuration. `path` is empty for the file as a whole. Values are never repeated: they may be secret. */
export type Fault = { readonly path: string; readonly message: string }

export type Path = readonly PropertyKey[]

/** `['sources', 1, 'token']` to `sources[1].token`; other keys stand in brackets and quotes. */
export function pathText(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_$][\w$-]*$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`
    else text += `[${JSON.stringify(String(part).slice(0, 100))}]`
  }
  return text
}

/** `path: message`, in one line. */
export function faultLine(fault: Fault): string {
  return fault.path === '' ? fault.message : `${fault.path}: ${fault.message}`
}

/** What the schema found, as faults; `root` is the value that was checked. */
export function schemaFaults(issues: readonly z.core.$ZodIssue[], root: unknown): Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: pathText(issue.path), message: messageOf(issue, valueAt(root, issue.path)) }]
    }
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: unknownKey(key, issue.message.split(', ')),
    }))
  })
}

/** The value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = Reflect.get(value, part)
  }
  return value
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return 'is required'
      if (!issue.message.startsWith('Invalid input')) return issue.message
      if (issue.expected === 'int' && typeof value === 'number') return 'must be a whole number'
      return `must be ${typeWords(issue.expected)}, not ${found(value)}`
    case 'invalid_value':
      return value === undefined ? 'is required' : `must be ${oneOf(issue.values.map(String))}`
    case 'invalid_union':
      if ('options' in issue && Array.isArray(issue.options)) {
        return `${value === undefined ? 'is required, one of' : 'must be one of'} ${issue.options.join(', ')}`
      }
      return value === undefined ? 'is required' : issue.message
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return issue.origin === 'string'
        ? `must not be longer than ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`
    case 'invalid_key':
      return `the key ${issue.issues.map((inner) => messageOf(inner, '')).join('; ')}`
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
    case 'unrecognized_keys':
    case 'custom':
      return issue.message
  }
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string') return 'must not be empty'
  if (issue.origin === 'array') return `must have ${issue.minimum} or more entries`
  return `must be at least ${issue.minimum}`
}

function typeWords(expected: string): string {
  switch (expected) {
    case 'string':
      return 'text'
    case 'int':
      return 'a whole number'
    case 'number':
      return 'a number'
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list'
    case 'object':
    case 'record':
      return 'a group of keys'
    default:
      return expected
  }
}

function found(value: unknown): string {
  if (value === null) return 'empty (give a value or leave the key out)'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
    case 'bigint':
      return 'a number (text that looks like a number needs quotes)'
    case 'boolean':
      return 'true or false (such text needs quotes)'
    default:
      return 'a group of keys'
  }
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = known.find((candidate) => distance(key.toLowerCase(), candidate.toLowerCase()) <= 2)
  return near === undefined
    ? `is not a known key; known here: ${known.join(', ')}`
    : `is not a known key; did you mean ${near}?`
}

/** Levenshtein distance; long texts are not worth it and are far from everything. */
function distance(a: string, b: string): number {
  if (a.length > 40 || Math.abs(a.length - b.length) > 2) return 3
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 3
}
