import { expect, test } from 'vitest'
import { instantInput } from '../../../src/http/json/instant.ts'

const read = (text: string) => instantInput('Europe/Moscow').safeParse(text)

test.each([
  ['2026-01-15T10:20:30Z', '2026-01-15T10:20:30Z'],
  ['2026-01-15T10:20:30', '2026-01-15T07:20:30Z'],
  ['2026-01-15T10:20:30 03:00', '2026-01-15T07:20:30Z'],
  ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
  ['1900-01-02', '1900-01-01T21:29:43Z'],
])('%s is %s', (text, expected) => {
  expect(read(text).data).toBe(Date.parse(expected))
})

test.each([
  ['yesterday', /ISO 8601/],
  ['0001-01-01', /1900/],
  ['1899-12-31T23:59:59Z', /1900/],
])('%s is refused', (text, reason) => {
  expect(read(text).error?.issues[0]?.message).toMatch(reason)
})
