import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DiskUse } from '../../ports.ts'

/** What the database at `path` takes and what is free beside it. A file that is not there takes nothing. */
export async function diskUse(path: string): Promise<DiskUse> {
  const [database, wal, free] = await Promise.all([size(path), size(`${path}-wal`), room(dirname(path))])
  return { database, wal, free }
}

async function size(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : undefined
  }
}

/** For those who are not root. */
async function room(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return undefined
  }
}
