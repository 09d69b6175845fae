import { execFile } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const CHILD = fileURLToPath(new URL('./heap-child.ts', import.meta.url))
const TRACE = ['--expose-gc', '--trace-gc', '--trace-gc-verbose', '--trace-parallel-scavenge']

test('beside a large fleet as much may be taken as lives, before all of it is looked through', async () => {
  expect(factors(await trace(1_000_000)).at(-1)).toBe(2)
})

test('what is young is collected by one thread', async () => {
  const text = await trace(100)
  const collections = countOf(text, /: Scavenge /g)
  expect(collections).toBeGreaterThan(2)
  expect(countOf(text, / scavenge\[0x/g)).toBe(collections)
})

/** What V8 tells of the collections of a process. */
async function trace(terminals: number): Promise<string> {
  const { stdout } = await promisify(execFile)(execPath, [...TRACE, CHILD, String(terminals)], {
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
