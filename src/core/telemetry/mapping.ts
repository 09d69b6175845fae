import type { Envelope } from './decoder.ts'
import { isRecord } from './found.ts'

/** Where a mapping takes a value from. Undefined: nothing there. */
export type Locator = (record: Readonly<Record<string, unknown>>, envelope: Envelope) => unknown

const LONGEST_EXPRESSION = 300

/**
 * Reads an expression of a source's `mapping`: `$.a.b`, `$.list[0].x`, `$['a key']`, or `topic:1` for a segment of
 * the MQTT topic, counted from 0. Returns a text saying what is wrong if it is none. Keys with dots need no quotes:
 * `$.position.latitude` finds the key `position.latitude` first, then `latitude` inside `position`.
 */
export function parseLocator(expression: string): Locator | string {
  if (expression.length > LONGEST_EXPRESSION) return `longer than ${LONGEST_EXPRESSION} characters`
  const topic = /^topic:(\d+)$/.exec(expression)
  if (topic) return topicSegment(Number(topic[1]))
  const steps = parseSteps(expression)
  if (steps === undefined) return 'expected a path such as "$.ident" or "$.list[0].x", or "topic:1"'
  return (record) => lookUp(record, steps, 0)
}

/** The keys and indexes of an expression with dots between them; undefined for a topic segment. */
export function fieldOf(expression: string): string | undefined {
  return parseSteps(expression)?.join('.')
}

type Step = string | number

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']+)'\]|\["([^"]+)"\]/y

function parseSteps(expression: string): readonly Step[] | undefined {
  if (!expression.startsWith('$') || expression.length < 2) return undefined
  const steps: Step[] = []
  const pattern = new RegExp(STEP)
  pattern.lastIndex = 1
  while (pattern.lastIndex < expression.length) {
    const match = pattern.exec(expression)
    if (match === null) return undefined
    const [, key, index, single, double] = match
    steps.push(index === undefined ? (key ?? single ?? double ?? '') : Number(index))
  }
  return steps
}

function lookUp(value: unknown, steps: readonly Step[], from: number): unknown {
  const step = steps[from]
  if (step === undefined) return value ?? undefined
  if (typeof step === 'number') {
    return Array.isArray(value) ? lookUp(value[step], steps, from + 1) : undefined
  }
  return isRecord(value) ? lookUpKey(value, steps, from) : undefined
}

/** Tries the longest dotted key first. A JSON tree has one way to each object, so this ends soon. */
function lookUpKey(record: Readonly<Record<string, unknown>>, steps: readonly Step[], from: number): unknown {
  let end = from
  while (typeof steps[end] === 'string') end += 1
  for (; end > from; end -= 1) {
    const key = end === from + 1 ? String(steps[from]) : steps.slice(from, end).join('.')
    if (!Object.hasOwn(record, key)) continue
    const found = lookUp(record[key], steps, end)
    if (found !== undefined) return found
  }
  return undefined
}

function topicSegment(index: number): Locator {
  return (_record, { topic }) => {
    if (topic === undefined) return undefined
    let start = 0
    for (let skipped = 0; skipped < index; skipped += 1) {
      const slash = topic.indexOf('/', start)
      if (slash === -1) return undefined
      start = slash + 1
    }
    const end = topic.indexOf('/', start)
    return end === -1 ? topic.slice(start) : topic.slice(start, end)
  }
}
