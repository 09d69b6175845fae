import { execFile } from 'node:child_process'
import { pid, stderr } from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type RealTime = AsyncDisposable & { readonly isGranted: boolean }

/**
 * Lets this process's main thread have a core as soon as it has something to do, until it is disposed of: what it times
 * is then the answer, and not how long it waited itself for a core that the load was using. What it starts meanwhile
 * is scheduled as ever. Not granted without root or CAP_SYS_NICE, or where util-linux is missing: then it says so on
 * standard error.
 */
export async function inRealTime(): Promise<RealTime> {
  try {
    await schedule('--fifo', 1)
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error)
    stderr.write(
      `No real-time priority for who asks (run it as root): its own waits count as well. ${reason}\n`,
    )
    return { isGranted: false, [Symbol.asyncDispose]: async () => {} }
  }
  return { isGranted: true, [Symbol.asyncDispose]: () => schedule('--other', 0) }
}

async function schedule(policy: '--fifo' | '--other', priority: number): Promise<void> {
  await run('chrt', ['--reset-on-fork', policy, '--pid', String(priority), String(pid)])
}
