import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrayParts } from '../../../src/core/telemetry/array-parts.ts'

/** The elements by parts of about so many characters; undefined: it is no JSON. */
function inParts(text: string, length: number): unknown[] | undefined {
  const elements: unknown[] = []
  for (const part of arrayParts(text, length)) {
    const parsed = part === undefined ? undefined : parse(part)
    if (!Array.isArray(parsed)) return undefined
    elements.push(...parsed)
  }
  return elements
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const LENGTHS = fc.integer({ min: 0, max: 40 })

describe('the parts of an array', () => {
  test('hold its elements, in order, each once', () => {
    const arrays = fc.tuple(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1))
    fc.assert(
      fc.property(arrays, LENGTHS, ([values, indent], length) => {
        const text = JSON.stringify(values, null, indent)
        expect(inParts(` ${text}\n`, length)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('are all JSON exactly when it is', () => {
    const tokens = fc.constantFrom('{', '}', '[', ']', '"', '"a"', ':', '1', ',', ' ', '\\', '{"a":1}', '[]')
    fc.assert(
      fc.property(fc.array(tokens), LENGTHS, (parts, length) => {
        const text = `[${parts.join('')}`
        expect(inParts(text, length)).toEqual(parse(text))
      }),
      { numRuns: 5000 },
    )
  })

  test('are as long as asked for, whatever is in the texts', () => {
    const element = JSON.stringify({ text: 'a "quoted, text" with ] and } and \\ in it' })
    const parts = [...arrayParts(`[${Array(100).fill(element).join(',')}]`, 3 * element.length)]
    expect(parts).toHaveLength(34)
    expect(parts.slice(0, -1).every((part) => part === `[${element},${element},${element}]`)).toBe(true)
  })
})
