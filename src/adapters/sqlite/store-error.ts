import { StoreError } from '../../ports.ts'

/** A StoreError as it crosses from the worker thread; `detail` is for the log. */
export type Failure = { readonly kind: StoreError['kind']; readonly message: string; readonly detail: string }

// Primary result codes of SQLite (sqlite3.h); the higher bits only say more of the same.
const PERM = 3
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

/** Whatever was thrown while working on the database `path`, as an error that says what to do. */
export function toFailure(error: unknown, path: string): Failure {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof StoreError) return { kind: error.kind, message: error.message, detail }
  const text = error instanceof Error ? error.message : String(error)
  const { kind, advice } = explain(error)
  return { kind, message: `Database ${path}: ${advice} (${text})`, detail }
}

export function toStoreError({ kind, message, detail }: Failure): StoreError {
  return new StoreError(kind, message, { cause: detail })
}

type Explanation = { readonly kind: StoreError['kind']; readonly advice: string }

function explain(error: unknown): Explanation {
  switch (resultCode(error)) {
    case FULL:
      return { kind: 'full', advice: 'no space is left, free some on its disk; work goes on by itself then' }
    case IOERR:
      return { kind: 'full', advice: 'its disk is full or refuses to work, check free space and the disk' }
    case BUSY:
    case LOCKED:
      return { kind: 'locked', advice: 'another program keeps it locked, end that program' }
    case CORRUPT:
      return {
        kind: 'corrupt',
        advice: 'the file is damaged, stop the service, keep the file and put a backup in its place',
      }
    case NOTADB:
      return {
        kind: 'corrupt',
        advice:
          'this is no SQLite database or its beginning is damaged, move it away or put a backup in its place',
      }
    case READONLY:
    case PERM:
    case CANTOPEN:
      return {
        kind: 'other',
        advice: 'it cannot be opened for writing, check that its folder exists and the rights',
      }
    default:
      return { kind: 'other', advice: 'an unexpected failure, nothing of this change was stored' }
  }
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}
