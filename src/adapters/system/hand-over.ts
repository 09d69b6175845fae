import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ImportProgress } from '../../core/fleet/inventory.ts'
import { SECOND } from '../../core/time.ts'
import type { HandedAnswer } from '../../ports.ts'

export type HandOver = {
  /** The inbox of the service (inbox.ts). */
  readonly folder: string
  readonly bytes: Uint8Array
  /** Whether a service still owns the data folder. */
  readonly isOwned: () => boolean
  readonly told: (progress: ImportProgress) => void
  /** A service takes a file within a second; this long is waited for one that is busy. */
  readonly takenWithinMs?: number
}

const LOOK_EVERY_MS = 200
const TAKEN_WITHIN_MS = 30 * SECOND
/** An answer that was written in the last moment of a service. */
const LAST_LOOKS = 5

/** The command's side of the inbox: hands a file to the running service and waits for what became of it. */
export async function handOver({
  folder,
  bytes,
  isOwned,
  told,
  ...options
}: HandOver): Promise<HandedAnswer> {
  const name = join(folder, randomBytes(16).toString('hex'))
  await write(folder, name, bytes)
  const takenWithinMs = options.takenWithinMs ?? TAKEN_WITHIN_MS
  const started = performance.now()
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
    if (!isTaken && performance.now() - started > takenWithinMs) {
      if (await withdraw(name)) return { kind: 'failed', reason: NOT_TAKEN }
      isTaken = true
    }
    if (!isOwned()) {
      looksLeft -= 1
      if (looksLeft <= 0)
        return { kind: 'failed', reason: (await withdraw(name)) ? ENDED_BEFORE : ENDED_AMID }
    }
    await delay(LOOK_EVERY_MS)
  }
}

const NOT_TAKEN =
  'The running service does not take the file. Nothing was imported; look into its log, or import the file on its page.'
const ENDED_BEFORE = 'The service ended before it took the file. Nothing was imported; run the command again.'
const ENDED_AMID =
  'The service ended before it answered. The file was imported as a whole or not at all; run the command again to be sure.'

async function write(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const handle = await open(`${name}.csv.part`, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${name}.csv.part`, `${name}.csv`)
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
