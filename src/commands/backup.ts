import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backupData } from '../compose/backup.ts'
import { loadConfig } from '../config/load.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'

const USAGE = 'usage: backup FILE [--config FILE]\n'

/** `backup FILE [--config FILE]`: a consistent copy of the database, also while the service runs. */
export async function backupCommand(
  args: readonly string[],
  io: Pick<Io, 'out' | 'err' | 'env' | 'cwd'>,
): Promise<ExitStatus> {
  const usage = readUsage(args)
  if (typeof usage === 'string') {
    io.err(`${usage}\n${USAGE}`)
    return 2
  }
  const loaded = await loadConfig({ file: usage.config, env: io.env, cwd: io.cwd })
  if (!loaded.ok) {
    io.err(faultReport(loaded))
    return 2
  }
  try {
    backupData(resolve(io.cwd, loaded.config.data), resolve(io.cwd, usage.file))
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  io.out(`The database was copied to ${usage.file}.\n`)
  return 0
}

function readUsage(args: readonly string[]): { file: string; config: string | undefined } | string {
  try {
    const options = { config: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) return 'Name one file for the copy.'
    return { file, config: values.config }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
