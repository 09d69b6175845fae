import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getuid } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import type { ImportProgress } from '../../core/fleet/inventory.ts'
import { SECOND } from '../../core/time.ts'
import type { Clock, HandedAnswer } from '../../ports.ts'

export type HandOver = {
  /** The inbox of the service (inbox.ts). */
  readonly folder: string
  readonly bytes: Uint8Array
  readonly clock: Pick<Clock, 'now'>
  /** Whether a service still owns the data folder. */
  readonly isOwned: () => boolean
  readonly told: (progress: ImportProgress) => void
  /** Aborted: nobody waits for the answer any more. */
  readonly until?: AbortSignal
  /** A service takes a file within a second; this long is waited for one that is busy. */
  readonly takenWithinMs?: number
}

const LOOK_EVERY_MS = 200
const TAKEN_WITHIN_MS = 30 * SECOND
/** The service takes no file that was not touched for half a minute. */
const TOUCH_EVERY_MS = 2 * SECOND
/** An answer that was written in the last moment of a service. */
const LAST_LOOKS = 5

/** The command's side of the inbox: hands a file to the running service and waits for what became of it. */
export async function handOver(call: HandOver): Promise<HandedAnswer> {
  const { folder, bytes, clock, isOwned, told, until, takenWithinMs = TAKEN_WITHIN_MS } = call
  const name = join(folder, randomBytes(16).toString('hex'))
  try {
    await write(folder, name, bytes)
  } catch (error) {
    await rm(`${name}.csv.part`, { force: true }).catch(() => {})
    return { kind: 'failed', reason: unwritten(error) }
  }
  const started = performance.now()
  let touchedAt = started
  let isTaken = false
  let looksLeft = LAST_LOOKS
  for (;;) {
    const answer = await readJson<HandedAnswer>(`${name}.result.json`)
    if (answer) {
      await rm(`${name}.result.json`, { force: true })
      return answer
    }
    const progress = await readJson<ImportProgress>(`${name}.progress.json`)
    if (progress) told(progress)
    isTaken ||= progress !== undefined
    if (until?.aborted) return { kind: 'failed', reason: (await withdraw(name)) ? WITHDRAWN : GOES_ON }
    if (!isTaken && performance.now() - started > takenWithinMs) {
      if (await withdraw(name)) return { kind: 'failed', reason: NOT_TAKEN }
      isTaken = true
    }
    if (!isOwned()) {
      looksLeft -= 1
      if (looksLeft <= 0)
        return { kind: 'failed', reason: (await withdraw(name)) ? ENDED_BEFORE : ENDED_AMID }
    }
    if (!isTaken && performance.now() - touchedAt > TOUCH_EVERY_MS) {
      touchedAt = performance.now()
      await touch(`${name}.csv`, clock.now() / SECOND)
    }
    await delay(LOOK_EVERY_MS)
  }
}

const NOT_TAKEN =
  'The running service does not take the file. Nothing was imported; look into its log, or import the file on its page.'
const ENDED_BEFORE = 'The service ended before it took the file. Nothing was imported; run the command again.'
const ENDED_AMID =
  'The service ended before it answered. The file was imported as a whole or not at all; run the command again to be sure.'
const WITHDRAWN = 'Interrupted; nothing was imported.'
const GOES_ON =
  'Interrupted, but the running service has the file already and goes on with it; its log tells the end.'

async function write(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const isRoot = getuid?.() === 0
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made !== undefined && isRoot) {
    const { uid, gid } = await stat(dirname(folder))
    await chown(folder, uid, gid)
  }
  const owner = await stat(folder)
  const handle = await open(`${name}.csv.part`, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    // The service may run as another user, who is to read it.
    if (isRoot) await handle.chown(owner.uid, owner.gid)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${name}.csv.part`, `${name}.csv`)
}

function unwritten(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return `The file cannot be handed to the running service (${reason}). Nothing was imported; run the command as the user of the service or as root, or import the file on its page.`
}

/** Tells the service that somebody still waits. */
async function touch(path: string, seconds: number): Promise<void> {
  // It may have been taken just now.
  await utimes(path, seconds, seconds).catch(() => {})
}

/** False: the service has it. */
async function withdraw(name: string): Promise<boolean> {
  try {
    await rename(`${name}.csv`, `${name}.csv.part`)
  } catch {
    return false
  }
  await rm(`${name}.csv.part`, { force: true })
  return true
}

async function readJson<Content>(path: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Content
  } catch {
    return undefined
  }
}
