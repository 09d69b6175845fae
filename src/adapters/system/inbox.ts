import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '../../core/time.ts'
import type { HandedAnswer, HandedFile, Inbox } from '../../ports.ts'

/** Larger files are refused without being read. */
export const HANDED_LIMIT_BYTES = 64 * 1024 * 1024

/** Names of a handed file: 32 hex digits that nobody can guess, and what it is. */
const NAME = /^([0-9a-f]{32})\.(csv\.part|csv|taken|progress\.json|result\.json|json\.part)$/

/** The folder inside of the data folder. */
export function inboxFolder(data: string): string {
  return join(data, 'inbox')
}

/**
 * The service's side of the folder. A file goes NAME.csv.part (being written) -> NAME.csv (waits; may be withdrawn) ->
 * NAME.taken (being worked on) -> NAME.result.json (for the command, which removes it). Each step is a rename, so that
 * a file has one owner at every moment. Only plain files with such names are looked at, never links.
 */
export function createInbox(folder: string): Inbox {
  return {
    async take() {
      for (const [name, kind] of await namesIn(folder)) {
        if (kind !== 'csv') continue
        const taken = join(folder, `${name}.taken`)
        try {
          await rename(join(folder, `${name}.csv`), taken)
        } catch {
          // The command has withdrawn it.
          continue
        }
        const file = await readTaken(folder, name)
        if (file) return file
      }
      return undefined
    },
    async tidy(before) {
      let interrupted = 0
      for (const [name, kind] of await namesIn(folder)) {
        if (kind === 'taken') {
          interrupted += 1
          await answer(folder, name, { kind: 'failed', reason: INTERRUPTED })
        } else if (await isOlder(join(folder, `${name}.${kind}`), before)) {
          await rm(join(folder, `${name}.${kind}`), { force: true })
        }
      }
      return { interrupted }
    },
  }
}

const INTERRUPTED =
  'The service ended while it worked on the file. It was imported as a whole or not at all; import it again to be sure.'

/** Undefined: it was no file that is read; the command has its answer. */
async function readTaken(folder: string, name: string): Promise<HandedFile | undefined> {
  const read = await readPlainFile(join(folder, `${name}.taken`))
  if (typeof read === 'string') {
    await answer(folder, name, { kind: 'failed', reason: read })
    return undefined
  }
  return {
    bytes: read,
    progress: (progress) => writeWhole(folder, name, 'progress.json', progress),
    answer: (said) => answer(folder, name, said),
  }
}

/** A text says why it is not read. */
async function readPlainFile(path: string): Promise<Uint8Array | string> {
  try {
    // A link could name any file of this machine, and a pipe would hold up the service.
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { size, nlink } = await handle.stat()
      if (!(await handle.stat()).isFile() || nlink > 1) return 'It is no plain file.'
      if (size > HANDED_LIMIT_BYTES) return 'The file is larger than 64 MiB; split it.'
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    return `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function answer(folder: string, name: string, said: HandedAnswer): Promise<void> {
  await writeWhole(folder, name, 'result.json', said)
  await rm(join(folder, `${name}.taken`), { force: true, recursive: true })
  await rm(join(folder, `${name}.progress.json`), { force: true })
}

/** Readers see the whole content or none. */
async function writeWhole(folder: string, name: string, kind: string, content: unknown): Promise<void> {
  const part = join(folder, `${name}.json.part`)
  await rm(part, { force: true })
  await writeFile(part, JSON.stringify(content), { mode: 0o600, flag: 'wx' })
  await rename(part, join(folder, `${name}.${kind}`))
}

async function namesIn(folder: string): Promise<(readonly [name: string, kind: string])[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return (await readdir(folder)).sort().flatMap((entry) => {
    const [, name, kind] = NAME.exec(entry) ?? []
    return name === undefined || kind === undefined ? [] : [[name, kind] as const]
  })
}

async function isOlder(path: string, before: Instant): Promise<boolean> {
  try {
    return (await lstat(path)).mtimeMs < before
  } catch {
    return false
  }
}
