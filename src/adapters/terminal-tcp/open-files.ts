import { readFileSync } from 'node:fs'

/** File handles for everything else: store, pages, probes, letters. */
const RESERVE = 256

/** How many files this process may hold open; null where that cannot be read or has no limit. */
export function openFileLimit(): number | null {
  try {
    return readOpenFileLimit(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return null
  }
}

/** The soft limit in the text of Linux's `/proc/self/limits`. */
export function readOpenFileLimit(limits: string): number | null {
  const soft = /^Max open files\s+(\d+)\s/m.exec(limits)?.[1]
  return soft === undefined ? null : Number(soft)
}

/**
 * The connections that there are files for. Beyond the limit of open files the system drops connections without a
 * word, and nothing else of the service can open a file or a connection either.
 */
export function affordableConnections(openFiles: number | null): number {
  if (openFiles === null) return Number.POSITIVE_INFINITY
  return Math.max(openFiles - RESERVE, Math.floor(openFiles / 2), 1)
}
