import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Fault, type Path, pathText, valueAt } from './fault.ts'

/**
 * Faults of the files that a configuration names, looked for in the raw tree. They are found before anything is
 * started or, on a reload, stopped. `cwd`: folder to which relative paths refer.
 */
export async function fileFaults(tree: unknown, cwd: string): Promise<Fault[]> {
  const sources = valueAt(tree, ['sources'])
  const places: Path[] = [
    ...(Array.isArray(sources) ? sources : []).map((_, index) => ['sources', index, 'ca']),
    ['fleet', 'terminals'],
    ['letters', 'dkim', 'keyFile'],
  ]
  const found = await Promise.all(places.map((place) => fileFault(tree, place, cwd)))
  return found.filter((fault) => fault !== undefined)
}

async function fileFault(tree: unknown, place: Path, cwd: string): Promise<Fault | undefined> {
  const file = valueAt(tree, place)
  if (typeof file !== 'string' || file === '') return undefined
  const reason = await whyUnreadable(resolve(cwd, file))
  return reason === undefined ? undefined : { path: pathText(place), message: reason }
}

async function whyUnreadable(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).isDirectory()) return 'must be a file, not a folder'
    await access(file, constants.R_OK)
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`
  }
}
