import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { type DecodePlan, planDecode } from './decode-plan.ts'
import { inputLines } from './input-lines.ts'
import type { ExitStatus, Io } from './io.ts'

const USAGE = `usage: omnicomm-watch decode --format omnicomm|flespi|traccar|json|wialon-ips|egts [--received-at ISO] [--topic TOPIC] [--retained] [--explain] [--config FILE] [--source ID] [FILE]
One payload per line of FILE (else of the standard input) becomes one line of JSON: {"observations":[...]}, {"frames":[...]} (omnicomm) or {"error":"..."}.
omnicomm and egts are read as hex; the lines of wialon-ips and egts are those of one connection. With --source ID format, mapping and live lag are
those of that source. --source and --explain add where each value of a JSON payload came from, what was refused and why, and which fields were not used.
`

/** Output is handed over in pieces of about this many characters. */
const PIECE = 64 * 1024

/**
 * `decode`: shows what payloads become. A bad line is told in its place and the next one goes on. Status 0 when
 * the input was read to its end, 1 when it cannot be read, 2 for wrong usage or an invalid configuration.
 */
export async function decodeCommand(
  args: readonly string[],
  io: Pick<Io, 'out' | 'err' | 'stdin' | 'env' | 'cwd'>,
): Promise<ExitStatus> {
  const plan = await planDecode(args, io)
  if (plan.kind === 'refused') {
    for (const reason of plan.reasons) io.err(`decode: ${reason}\n`)
    if (plan.showUsage) io.err(USAGE)
    return 2
  }
  if (plan.note !== undefined) io.err(`decode: ${plan.note}\n`)
  const file = plan.file === undefined ? undefined : resolve(io.cwd, plan.file)
  try {
    await decodeAll(file === undefined ? io.stdin : createReadStream(file), plan, io)
    return 0
  } catch (error) {
    if (!isSystemError(error)) throw error
    io.err(`decode: cannot read ${plan.file ?? 'the standard input'}: ${error.message}\n`)
    return 1
  }
}

async function decodeAll(
  source: AsyncIterable<Uint8Array>,
  plan: DecodePlan,
  io: Pick<Io, 'out'>,
): Promise<void> {
  let piece = ''
  for await (const lines of inputLines(source)) {
    for (const line of lines) {
      if (line.kind === 'line' && line.text.trim() === '') continue
      const result = line.kind === 'line' ? plan.decode(line.text) : { error: line.reason }
      piece += `${JSON.stringify(result)}\n`
      if (piece.length < PIECE) continue
      io.out(piece)
      piece = ''
    }
    // Somebody may be typing: what is known is shown at the end of each chunk.
    if (piece !== '') io.out(piece)
    piece = ''
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
