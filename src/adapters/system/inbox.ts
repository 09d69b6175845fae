import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { type Instant, SECOND } from '../../core/time.ts'
import type { Clock, HandedAnswer, HandedFile, Inbox, Log } from '../../ports.ts'

export type InboxDeps = { readonly clock: Pick<Clock, 'now'>; readonly log: Log }

/** Larger files are refused without being read. */
export const HANDED_LIMIT_BYTES = 64 * 1024 * 1024

/** A command that waits touches its file every few seconds (hand-over.ts); one that is older was given up. */
const WAITED_FOR_MS = 30 * SECOND

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
export function createInbox(folder: string, { clock, log }: InboxDeps): Inbox {
  async function takeNamed(name: string): Promise<HandedFile | undefined> {
    const taken = join(folder, `${name}.taken`)
    if (!(await isRenamed(join(folder, `${name}.csv`), taken))) return undefined
    const waitedMs = clock.now() - (await lstat(taken)).mtimeMs
    if (Math.abs(waitedMs) <= WAITED_FOR_MS) return readTaken(folder, name)
    log.warn('a file that was handed over was not imported: its command waits no more', { file: name })
    await answer(folder, name, { kind: 'failed', reason: GIVEN_UP })
    return undefined
  }

  return {
    take: () =>
      worked(folder, async () => {
        for (const [name, kind] of await namesIn(folder)) {
          const file = kind === 'csv' ? await takeNamed(name) : undefined
          if (file) return file
        }
        return undefined
      }),
    tidy: (before) =>
      worked(folder, async () => {
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
      }),
  }
}

const INTERRUPTED =
  'The service ended while it worked on the file. It was imported as a whole or not at all; import it again to be sure.'
const GIVEN_UP = 'The command did not wait for its file any more. Nothing was imported.'

/** Says what to do when the folder cannot be worked in. */
async function worked<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const advice = `give ${userText()} the right to read and write in the folder ${folder} and what is in it`
    throw new Error(`${reason}; until then import-terminals waits in vain: ${advice}`, { cause })
  }
}

function userText(): string {
  const user = getuid?.()
  return user === undefined ? 'the user that runs the service' : `user ${user}, which runs the service,`
}

/** False: it is not there any more, the command has withdrawn it. */
async function isRenamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

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
      const found = await handle.stat()
      if (!found.isFile() || found.nlink > 1) return 'It is no plain file.'
      if (found.size > HANDED_LIMIT_BYTES) return 'The file is larger than 64 MiB; split it.'
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    return unreadable(error)
  }
}

function unreadable(error: unknown): string {
  switch (codeOf(error)) {
    case 'ELOOP':
      return 'It is a link to another file; only the file itself is taken.'
    case 'EACCES':
    case 'EPERM':
      return `The service has no right to read the file that was handed over: run the command as ${userText()} or as root.`
    default:
      return `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
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
