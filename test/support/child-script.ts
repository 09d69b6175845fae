import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'

export type ChildScript = AsyncDisposable & {
  readonly process: ChildProcess
  /** What it has printed so far. */
  readonly lines: readonly string[]
  /** Kills it as a power cut would and waits until it is gone. */
  kill(): Promise<void>
}

/** Runs a TypeScript file in a process of its own; disposing kills it. */
export function startScript(file: URL, args: readonly string[]): ChildScript {
  const child = spawn(execPath, [file.pathname, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: string[] = []
  const printed = createInterface({ input: child.stdout })
  printed.on('line', (line) => lines.push(line))
  const ended = Promise.all([once(child, 'exit'), once(printed, 'close')])
  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await ended
  }
  return { process: child, lines, kill, [Symbol.asyncDispose]: kill }
}
