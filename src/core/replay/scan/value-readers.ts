import type { Cursor } from './cursor.ts'
import { createInstantReader } from './instant.ts'
import { createNumberReader } from './number.ts'
import { createBooleanReader } from './words.ts'

/** Readers of single values at one cursor; undefined: it was unusual. */
export type ValueReaders = ReturnType<typeof createValueReaders>

export function createValueReaders(cursor: Cursor) {
  return {
    ...createInstantReader(cursor),
    readNumber: createNumberReader(cursor),
    readBoolean: createBooleanReader(cursor),
  }
}
