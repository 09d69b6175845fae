import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrayParts, OVERLONG } from '../../../src/core/telemetry/array-parts.ts'

/** The elements by parts of about so many characters; undefined: it is no JSON. */
function inParts(text: string, length: number): unknown[] | undefined {
  const elements: unknown[] = []
  for (const part of arrayParts(text, { length })) {
    const parsed = typeof part === 'string' ? parse(part) : undefined
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
    const text = `[${Array(100).fill(element).join(',')}]`
    const parts = [...arrayParts(text, { length: 3 * element.length })]
    expect(parts).toHaveLength(34)
    expect(parts.slice(0, -1).every((part) => part === `[${element},${element},${element}]`)).toBe(true)
  })

  test('leave out the elements that are too long, each in its place, and nothing else', () => {
    const longest = 12
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), LENGTHS, (values, length) => {
        const text = `[${values.map((value) => JSON.stringify(value)).join(',')}]`
        const found = Array.from(arrayParts(text, { length, longest })).flatMap((part) =>
          typeof part === 'string' ? JSON.parse(part) : [part],
        )
        const expected = values.map((value) => {
          const element = JSON.stringify(value)
          return element.length > longest ? OVERLONG : JSON.parse(element)
        })
        expect(found).toEqual(expected)
      }),
    )
  })

  test('may have something behind them that is asked for', () => {
    const behind = /^\}$/
    expect([...arrayParts('[1,2]}', { behind })]).toEqual(['[1,2]'])
    expect([...arrayParts('[1,2]', { behind })]).toEqual([undefined])
    expect([...arrayParts('[1,2],"a":1}', { behind })]).toEqual([undefined])
  })
})
