import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLocator } from '../../../src/core/telemetry/mapping.ts'

const at = (expression: string, record: Record<string, unknown>, topic?: string): unknown => {
  const locator = parseLocator(expression)
  if (typeof locator === 'string') throw new Error(locator)
  return locator(record, { source: 's', receivedAt: 0, ...(topic === undefined ? {} : { topic }) })
}

describe('a path', () => {
  test.each([
    ['$.a', { a: 1 }, 1],
    ['$.a.b.c', { a: { b: { c: 1 } } }, 1],
    ['$.a.b', { 'a.b': 'flat', a: { b: 'nested' } }, 'flat'],
    ['$.a.b.c', { 'a.b': { c: 1 } }, 1],
    ['$.a.b.c', { 'a.b': { d: 0 }, a: { 'b.c': 2 } }, 2],
    ['$.list[0].x', { list: [{ x: 1 }, { x: 2 }] }, 1],
    ['$.list[1].x', { list: [{ x: 1 }, { x: 2 }] }, 2],
    ['$.list[9].x', { list: [] }, undefined],
    ['$.list[0]', { list: { 0: 'not a list' } }, undefined],
    ["$['odd key'].x", { 'odd key': { x: 1 } }, 1],
    ['$["a.b"]', { 'a.b': 1 }, 1],
    ['$.ain#1', { 'ain#1': 5 }, 5],
    ['$.a.b', { a: null }, undefined],
    ['$.a', { a: null }, undefined],
    ['$.a.length', { a: 'text' }, undefined],
    ['$.constructor', {}, undefined],
    ['$.__proto__', {}, undefined],
  ])('%s finds in %j the value %j', (expression, record, value) => {
    expect(at(expression, record)).toBe(value)
  })
})

describe('a topic segment', () => {
  test.each([
    ['topic:0', 'fleet/7/data', 'fleet'],
    ['topic:1', 'fleet/7/data', '7'],
    ['topic:2', 'fleet/7/data', 'data'],
    ['topic:3', 'fleet/7/data', undefined],
    ['topic:1', undefined, undefined],
    ['topic:0', '/x', ''],
  ])('%s of %s is %j', (expression, topic, value) => {
    expect(at(expression, {}, topic)).toBe(value)
  })
})

test.each([
  '',
  '$',
  'ident',
  '$ident',
  '$.',
  '$.a..b',
  '$.a[',
  '$.a[x]',
  '$.a[-1]',
  'topic:',
  'topic:x',
  `$.${'a'.repeat(300)}`,
])('%s is refused with a reason', (expression) => {
  expect(typeof parseLocator(expression)).toBe('string')
})

test('any text is either refused or a locator that never throws', () => {
  const piece = fc.constantFrom('$', '.a', '.b', '[0]', "['k']", '.', '[', 'topic:1', 'x')
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.object({ key: fc.constantFrom('a', 'b', 'k', 'a.b') }),
      (pieces, record) => {
        const locator = parseLocator(pieces.join(''))
        if (typeof locator !== 'string') locator(record, { source: 's', receivedAt: 0, topic: 'a/b' })
      },
    ),
  )
})
