import { execFile } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const CHILD = fileURLToPath(new URL('./heap-child.ts', import.meta.url))
const TRACE = ['--expose-gc', '--trace-gc', '--trace-gc-verbose', '--trace-parallel-scavenge']

test('as much may be added to what lives as there is before all of it is looked through again', async () => {
  expect(factors(await trace('seldom')).at(-1)).toBe(2)
})

test('what is young is collected by one thread', async () => {
  const text = await trace('seldom')
  const collections = countOf(text, /: Scavenge /g)
  expect(collections).toBeGreaterThan(2)
  expect(countOf(text, / scavenge\[0x/g)).toBe(collections)
})

/** What V8 tells of the collections of a process. */
async function trace(way: string): Promise<string> {
  const { stdout } = await promisify(execFile)(execPath, [...TRACE, CHILD, way], {
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout
}

function factors(text: string): readonly number[] {
  return Array.from(text.matchAll(/\[HeapController\] factor ([\d.]+)/g), ([, factor]) => Number(factor))
}

function countOf(text: string, pattern: RegExp): number {
  return Array.from(text.matchAll(pattern)).length
}
