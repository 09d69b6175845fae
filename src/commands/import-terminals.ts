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

type ImportIo = Pick<Io, 'out' | 'err' | 'env' | 'cwd' | 'shutdown' | 'onReload'>

/** `import-terminals CSV [--config FILE]`: the inventory from a file, all rows or none; also while a service runs. */
export async function importTerminalsCommand(args: readonly string[], io: ImportIo): Promise<ExitStatus> {
  const usage = readUsage(args)
  if (typeof usage === 'string') return fail(io, 2, `${usage}\n${USAGE}`)
  const loaded = await loadConfig({ file: usage.config, env: io.env, cwd: io.cwd })
  if (!loaded.ok) return fail(io, 2, faultReport(loaded))
  const bytes = await readInventoryFile(resolve(io.cwd, usage.file))
  if (typeof bytes === 'string') return fail(io, 1, `${bytes}\n`)
  let answer: HandedAnswer
  const progress = progressTo(io.err)
  try {
    const config = { ...loaded.config, data: resolve(io.cwd, loaded.config.data) }
    const { env, err } = io
    answer = await importTerminals(config, { bytes, env, err, told: progress.told, until: endOf(io) })
  } catch (error) {
    return fail(io, 1, `${error instanceof Error ? error.message : String(error)}\n`)
  } finally {
    progress.end()
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

/** The terminal was closed as well as Ctrl-C was pressed: nobody waits any more. */
function endOf({ shutdown, onReload }: ImportIo): AbortSignal {
  const hungUp = new AbortController()
  onReload(() => hungUp.abort())
  return AbortSignal.any([shutdown, hungUp.signal])
}

/** A shorter import is done before there is anything to say. */
const QUIET_MS = SECOND
const TOLD_EVERY_MS = 2 * SECOND
const WORDS = {
  waiting: 'waiting for another import',
  reading: 'reading',
  checking: 'checking',
  applying: 'taking over',
  storing: 'storing',
} as const

/** Says how far a long import is: each phase at its beginning, and then now and then. */
function progressTo(err: (text: string) => void) {
  let quietUntil = Infinity
  let last: ImportProgress | undefined
  let saidPhase: ImportProgress['phase'] | undefined
  let saidAt = 0
  const say = (): void => {
    if (last === undefined || performance.now() < quietUntil) return
    if (last.phase === saidPhase && performance.now() - saidAt < TOLD_EVERY_MS) return
    saidPhase = last.phase
    saidAt = performance.now()
    err(`${progressText(last)}\n`)
  }
  const timer = setInterval(() => {
    // What is as it was said already is worth no second line.
    if (last?.phase !== saidPhase) say()
  }, QUIET_MS / 2)
  return {
    told(progress: ImportProgress): void {
      // Waiting for the service or another command is not part of it.
      if (last === undefined) quietUntil = performance.now() + QUIET_MS
      last = progress
      say()
    },
    end: () => clearInterval(timer),
  }
}

function progressText({ phase, done, total }: ImportProgress): string {
  if (phase === 'waiting') return WORDS[phase]
  return `${WORDS[phase]}: ${done}${total === 0 ? '' : ` of ${total}`} rows`
}

function report(
  { created, updated, merged, replaced, rejected, rejectedTotal, warnings }: ImportReport,
  io: ImportIo,
): ExitStatus {
  for (const warning of warnings) io.err(`warning: ${warning}\n`)
  if (rejectedTotal > 0) {
    const lines = rejected.map(({ line, reason }) => `  line ${line}: ${reason}\n`)
    if (rejectedTotal > rejected.length) lines.push(`  and ${rejectedTotal - rejected.length} more\n`)
    const count = rejectedTotal === 1 ? '1 bad row' : `${rejectedTotal} bad rows`
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
