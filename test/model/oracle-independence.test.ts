import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { importsOf } from '../architecture/imports.ts'
import { tokenize } from '../architecture/lexer.ts'

const FOLDER = new URL('oracle/', import.meta.url)

test('the oracle imports nothing but itself, so that it cannot share an error with the program', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const imports = files.flatMap((name) => importsOf(tokenize(readFileSync(new URL(name, FOLDER), 'utf8'))))
  expect(files.length).toBeGreaterThan(5)
  expect(imports.length).toBeGreaterThan(10)
  expect(imports.filter((name) => !files.includes(String(name).replace(/^\.\//, '')))).toEqual([])
})
