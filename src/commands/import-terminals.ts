import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { INVENTORY_LIMIT_BYTES, importTerminals } from '../compose/import-terminals.ts'
import { loadConfig } from '../config/load.ts'
import type { ImportProgress, ImportReport } from '../core/fleet/inventory.ts'
import { SECOND } from '../core/time.ts'
import type { HandedAnswer } from '../ports.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'

const USAGE = 'usage: import-terminals CSV [--config FILE]\n'

type ImportIo = Pick<Io, 'out' | 'err' | 'env' | 'cwd'>

/** `import-terminals CSV [--config FILE]`: the inventory from a file, all rows or none; also while a service runs. */
export async function importTerminalsCommand(args: readonly string[], io: ImportIo): Promise<ExitStatus> {
  const usage = readUsage(args)
  if (typeof usage === 'string') return fail(io, 2, `${usage}\n${USAGE}`)
  const loaded = await loadConfig({ file: usage.config, env: io.env, cwd: io.cwd })
  if (!loaded.ok) return fail(io, 2, faultReport(loaded))
  const bytes = await readInventoryFile(resolve(io.cwd, usage.file))
  if (typeof bytes === 'string') return fail(io, 1, `${bytes}\n`)
  let answer: HandedAnswer
  try {
    const config = { ...loaded.config, data: resolve(io.cwd, loaded.config.data) }
    answer = await importTerminals(config, { bytes, env: io.env, err: io.err, told: progressTo(io.err) })
  } catch (error) {
    return fail(io, 1, `${error instanceof Error ? error.message : String(error)}\n`)
  }
  return answer.kind === 'done' ? report(answer.report, io) : fail(io, 1, `${answer.reason}\n`)
}

function readUsage(args: readonly string[]): { file: string; config: string | undefined } | string {
  try {
    const options = { config: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) return 'Name one CSV file.'
    return { file, config: values.config }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A text says why it cannot be read. */
async function readInventoryFile(path: string): Promise<Uint8Array | string> {
  try {
    const { size } = await stat(path)
    if (size > INVENTORY_LIMIT_BYTES) return `${path} is larger than 64 MiB; split it.`
    return await readFile(path)
  } catch (error) {
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

const TOLD_EVERY_MS = 2 * SECOND
const WORDS = {
  reading: 'reading',
  checking: 'checking',
  applying: 'taking over',
  storing: 'storing',
} as const

/** Says how far a long import is; a short one is done before there is anything to say. */
function progressTo(err: (text: string) => void): (progress: ImportProgress) => void {
  let toldAt = performance.now()
  return ({ phase, done, total }) => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return
    toldAt = performance.now()
    const of = total === 0 ? '' : ` of ${total}`
    err(`${WORDS[phase]}: ${done}${of} rows\n`)
  }
}

function report(
  { created, updated, merged, replaced, rejected, warnings }: ImportReport,
  io: ImportIo,
): ExitStatus {
  for (const warning of warnings) io.err(`warning: ${warning}\n`)
  if (rejected.length > 0) {
    const lines = rejected.map(({ line, reason }) => `  line ${line}: ${reason}\n`)
    const count = rejected.length === 1 ? '1 bad row' : `${rejected.length} bad rows`
    return fail(io, 1, `Nothing was imported, ${count}:\n${lines.join('')}`)
  }
  io.out(`Imported: ${created} created, ${updated} updated, ${merged} merged, ${replaced.length} replaced.\n`)
  for (const { vehicle, from, to } of replaced)
    io.out(`  ${vehicle}: terminal ${from} was replaced by ${to}\n`)
  return 0
}

function fail(io: ImportIo, status: 1 | 2, text: string): ExitStatus {
  io.err(text)
  return status
}
