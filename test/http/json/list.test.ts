import { expect, test } from 'vitest'
import { slice } from '../../../src/http/json/list.ts'

test.each([
  [undefined, 2, ['a', 'b'], '2'],
  [undefined, 3, ['a', 'b', 'c'], null],
  [undefined, 9, ['a', 'b', 'c'], null],
  ['2', 2, ['c'], null],
  ['9', 2, [], null],
])('from cursor %s a page of %i is %j and leads to %s', (cursor, limit, items, next) => {
  expect(slice(['a', 'b', 'c'], { cursor, limit })).toEqual({ items, next, total: 3 })
})

test.each(['x', '-1', '1.5', '', '99999999999'])('%j is no cursor', (cursor) => {
  expect(slice(['a'], { cursor, limit: 1 })).toBeUndefined()
})
