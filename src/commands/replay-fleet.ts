import { open, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openFleetReplay } from '../compose/replay-fleet.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { createFlagSummary } from '../core/replay/flag-summary.ts'
import { findingLine } from '../core/replay/ordered-output.ts'
import { summaryText } from '../core/replay/summary-text.ts'
import { SECOND, toIso } from '../core/time.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'
import { readRecording } from './recording-input.ts'

const USAGE = `usage: omnicomm-watch replay fleet [--config FILE] [--terminals CSV] [--summary] [FILE]
Recorded observations (FILE, else the standard input; "record" writes such a file) through the rules of the service on virtual time.
Each line is one JSON object, in the order of receivedAt:
  {"terminalId","source","receivedAt","heardAt"?,"eventAt"?,"kind":"live"|"archive"|"snapshot"|"presence","fix"?,"readings"?}
  {"blind":{"source","from","to"}}   the source heard nothing; "to" may be null until a line with the same "from" tells it
  {"poll":{"source","at"}}           a poll of a polled source was good
  {"end":ISO}                        up to which the clock runs on
Prints the changes of state and the incidents in the order of time, then a summary on the standard error; with --summary only that, as JSON.
`

type ReplayIo = Pick<Io, 'out' | 'err' | 'stdin' | 'env' | 'cwd' | 'shutdown' | 'errIsTerminal'>

/** Without a file the standard input is read. */
type Usage = {
  readonly config: string | undefined
  readonly terminals: string | undefined
  readonly summary: boolean
  readonly file: string | undefined
}

/**
 * `replay fleet`: what the rules make of a recording (spec/contract.md). A bad line is named and the next one goes on.
 * Status 1 when there was one or the input cannot be read, 2 for wrong usage or an invalid configuration.
 */
export async function replayFleetCommand(args: readonly string[], io: ReplayIo): Promise<ExitStatus> {
  const usage = readUsage(args)
  if (typeof usage === 'string') {
    io.err(`replay fleet: ${usage}\n${USAGE}`)
    return 2
  }
  const loaded = await loadConfig({ file: usage.config, env: io.env, cwd: io.cwd })
  if (!loaded.ok) {
    io.err(faultReport(loaded))
    return 2
  }
  try {
    const terminals =
      usage.terminals === undefined ? undefined : await readFile(resolve(io.cwd, usage.terminals))
    return await replay(loaded.config, terminals, usage, io)
  } catch (error) {
    if (!isSystemError(error)) throw error
    io.err(`replay fleet: ${error.message}\n`)
    return 1
  }
}

async function replay(
  config: Config,
  terminals: Uint8Array | undefined,
  { summary: isSummary, file }: Usage,
  io: ReplayIo,
): Promise<ExitStatus> {
  const summary = createFlagSummary(config.timezone)
  const output = createPieces(io.out)
  const {
    fleet,
    replay: run,
    registration,
  } = openFleetReplay(config, {
    found(finding) {
      summary.add(finding)
      if (!isSummary) output.add(findingLine(finding))
    },
    warn: (text) => io.err(`warning: ${text}\n`),
    ...(terminals === undefined ? {} : { terminals }),
  })
  for (const warning of registration?.warnings ?? []) io.err(`warning: ${warning}\n`)
  if (registration !== undefined && registration.rejectedTotal > 0) return refuse(registration, io)

  const faults = createFaults(file ?? 'standard input', io.err)
  const progress = createProgress(io)
  const bytes = file === undefined ? io.stdin : piecesOf(resolve(io.cwd, file))
  await readRecording(unlessAborted(bytes, io.shutdown), {
    observe: run.observe,
    take: run.take,
    fault: faults.add,
    until: io.shutdown,
    read(total) {
      output.flush()
      progress(total, run.counts)
    },
  })
  run.finish()
  output.flush()
  const result = summary.result(run.counts, fleet.incidents.values())
  if (isSummary)
    io.out(`${JSON.stringify({ ...result, badLines: faults.count(), lateLines: run.counts.late })}\n`)
  else io.err(summaryText(result))
  if (run.counts.late > 0) io.err(`warning: ${run.counts.late} lines were earlier than one before them\n`)
  faults.report()
  if (io.shutdown.aborted) io.err('replay fleet: interrupted; what follows in the recording is left out\n')
  return faults.count() > 0 || io.shutdown.aborted ? 1 : 0
}

const PIECE_BYTES = 1024 * 1024

/** A text says what is wrong with the arguments. */
function readUsage(args: readonly string[]): Usage | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        terminals: { type: 'string' },
        summary: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
    const [file, ...more] = positionals
    if (more.length > 0) return 'only one FILE is read'
    const { config, terminals, summary } = values
    return { config, terminals, summary, file: file === '-' ? undefined : file }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const MOST_TOLD = 20

function refuse(
  {
    rejected,
    rejectedTotal,
  }: { rejected: readonly { line: number; reason: string }[]; rejectedTotal: number },
  io: ReplayIo,
): ExitStatus {
  io.err(`replay fleet: ${rejectedTotal} bad rows in the file of terminals; nothing was replayed:\n`)
  for (const { line, reason } of rejected.slice(0, MOST_TOLD)) io.err(`  line ${line}: ${reason}\n`)
  return 1
}

/** The first bad lines are told at once, of the others how many there were. */
function createFaults(name: string, err: (text: string) => void) {
  let count = 0
  return {
    count: () => count,
    add(line: number, reason: string): void {
      count += 1
      if (count <= MOST_TOLD) err(`${name}:${line}: ${reason}\n`)
    },
    report(): void {
      if (count > MOST_TOLD) err(`${name}: and ${count - MOST_TOLD} more bad lines\n`)
      if (count > 0) err(`${name}: bad lines were left out\n`)
    },
  }
}

/** Output is handed over in pieces. */
function createPieces(out: (text: string) => void) {
  let piece = ''
  const flush = (): void => {
    if (piece !== '') out(piece)
    piece = ''
  }
  return {
    flush,
    add(line: string): void {
      piece += line
      if (piece.length >= PIECE_CHARACTERS) flush()
    },
  }
}

const PIECE_CHARACTERS = 64 * 1024
const QUIET_MS = 2 * SECOND

/** Says how far a long replay is, to somebody who looks on. */
function createProgress({ err, errIsTerminal }: ReplayIo) {
  let saidAt = performance.now()
  return (bytes: number, { to, observations }: { to: number | null; observations: number }): void => {
    if (errIsTerminal !== true || performance.now() - saidAt < QUIET_MS) return
    saidAt = performance.now()
    const at = to === null ? '' : `, at ${toIso(to)}`
    err(`${Math.round(bytes / 1e6)} MB, ${observations} observations${at}\n`)
  }
}

/** A file in pieces; each is overwritten by the next one, for a new one each time would be most of the work. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES)
  await using file = await open(path)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** Ends when the signal says so, also while nothing comes. */
async function* unlessAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const aborted = new Promise<'aborted'>((done) => {
    if (signal.aborted) done('aborted')
    signal.addEventListener('abort', () => done('aborted'), { once: true })
  })
  const pieces = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), aborted])
      if (next === 'aborted' || next.done === true) return
      yield next.value
    }
  } finally {
    // Nobody waits for the piece that may still be on its way.
    void pieces.return?.()
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
