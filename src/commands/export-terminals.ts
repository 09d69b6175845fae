import { open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { exportTerminals } from '../compose/export-terminals.ts'
import { loadConfig } from '../config/load.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'

const USAGE = 'usage: export-terminals [FILE] [--config FILE]\n'

/**
 * `export-terminals [FILE] [--config FILE]`: the inventory as CSV that `import-terminals` takes back, to the file or to
 * standard output; also while a service runs.
 */
export async function exportTerminalsCommand(
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
    const pieces = exportTerminals(resolve(io.cwd, loaded.config.data))
    if (usage.file === undefined) for (const piece of pieces) io.out(piece)
    else await writeWhole(resolve(io.cwd, usage.file), pieces)
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  if (usage.file !== undefined) io.out(`The inventory was written to ${usage.file}.\n`)
  return 0
}

function readUsage(
  args: readonly string[],
): { file: string | undefined; config: string | undefined } | string {
  try {
    const options = { config: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file, ...more] = positionals
    return more.length > 0 ? 'Name one file at most.' : { file, config: values.config }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The file is there as a whole or as it was before. */
async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const part = `${path}.part`
  const handle = await open(part, 'w').catch((error: unknown) => {
    throw isMissing(error) ? new Error(`There is no folder ${dirname(path)}; make it first.`) : error
  })
  try {
    for (const piece of pieces) await handle.writeFile(piece)
    await handle.sync()
    await handle.close()
    await rename(part, path)
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(part, { force: true })
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
