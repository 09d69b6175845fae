import type { Stats } from 'node:fs'
import { access, open, rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { endingOf, endLine } from '../core/replay/recorded-line.ts'
import { readReplayLine } from '../core/replay/replay-line.ts'
import type { Instant } from '../core/time.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'
import { type RecordArguments, readRecordArguments } from './record-arguments.ts'

const USAGE = `usage: omnicomm-watch record [--config FILE] [--for 24h] [--max-bytes 1G] [--url URL] [--force] FILE
Writes what the running service takes in to FILE, for "replay fleet", until that time or size is reached or Ctrl-C is pressed.
The admin token is taken from WATCH_ADMIN_TOKEN; the address is that of the configuration unless --url gives another one.
Of pushed sources every observation is a line in the form that "replay fleet" reads. The end of a blind stretch is not known at its
beginning: it is written with "to":null first, and once more with its end when that comes. Of polled sources values that changed since
the poll before are written, {"missing":{"source","terminalId","at"}} for a terminal that a poll leaves out, and {"poll":{...,"sentAt"}}.
While it is written the file is FILE.part. A file that exists, and a FILE.part that was left, is overwritten with --force only.
`

type RecordIo = Pick<Io, 'out' | 'err' | 'env' | 'cwd' | 'shutdown'>

/** `record`: what a running service takes in, as a file that `replay fleet` reads. Status 1 when it is not whole. */
export async function recordCommand(args: readonly string[], io: RecordIo): Promise<ExitStatus> {
  const given = readRecordArguments(args)
  if (typeof given === 'string') return fail(io, 2, `record: ${given}\n${USAGE}`)
  const loaded = await loadConfig({ file: given.config, env: io.env, cwd: io.cwd })
  if (!loaded.ok) return fail(io, 2, faultReport(loaded))
  const token = io.env['WATCH_ADMIN_TOKEN'] ?? ''
  if (token === '') return fail(io, 2, 'record: set WATCH_ADMIN_TOKEN to the admin token of the service\n')
  const base = given.url ?? addressOf(loaded.config)
  if (base === null) return fail(io, 2, 'record: http.port is 0; give the address of the service as --url\n')
  const path = resolve(io.cwd, given.file)
  const obstacle = given.force ? null : await inTheWay(path, given.file)
  if (obstacle !== null) return fail(io, 1, `record: ${obstacle}\n`)
  try {
    return await record(new URL(`api/v1/recording?seconds=${given.seconds}`, base), token, path, given, io)
  } catch (error) {
    return fail(io, 1, `record: ${reasonOf(error)}\n`)
  }
}

async function record(
  url: URL,
  token: string,
  path: string,
  { maxBytes, file, force }: RecordArguments,
  io: RecordIo,
): Promise<ExitStatus> {
  const part = `${path}.part`
  const reading = new AbortController()
  const answer = await fetch(url, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.any([reading.signal, io.shutdown]),
  })
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel()
    return fail(io, 1, `record: ${url.origin} answers ${answer.status}${HINTS[answer.status] ?? ''}\n`)
  }
  const target = await openPart(part, force).catch((error: unknown) => {
    reading.abort()
    throw error
  })
  let outcome: Outcome
  let own: Stats
  try {
    outcome = await copy(answer.body, (bytes) => target.writeFile(bytes), maxBytes)
    reading.abort()
    await target.sync()
    own = await target.stat()
  } finally {
    reading.abort()
    await target.close()
  }
  if (!(await isStill(part, own))) {
    return fail(
      io,
      1,
      `record: another recording with --force has taken the place of ${file}.part; this one is lost\n`,
    )
  }
  if (outcome.broken !== null && !io.shutdown.aborted) {
    return fail(io, 1, `record: ${outcome.broken}; what came until then is in ${file}.part\n`)
  }
  if (outcome.bytes === 0) {
    await rm(part)
    return fail(io, 1, 'record: nothing was taken in meanwhile; there is no file\n')
  }
  await rename(part, path)
  io.out(`${outcome.bytes} bytes were recorded to ${file}${outcome.isFull ? ', as many as may be' : ''}.\n`)
  return 0
}

async function isStill(path: string, { dev, ino }: Stats): Promise<boolean> {
  const there = await stat(path).catch(() => null)
  return there?.dev === dev && there.ino === ino
}

/** Two recordings into one file would spoil each other. */
async function openPart(part: string, force: boolean) {
  if (force) await rm(part, { force: true })
  return open(part, 'wx')
}

/** What is wrong, in words, for the answers that people can do something about. */
const HINTS: Readonly<Record<number, string>> = {
  401: ': WATCH_ADMIN_TOKEN is not its admin token',
  403: ': recordings need the admin token',
  404: ': it is no omnicomm-watch, or an older one',
  409: ': it makes as many recordings as it takes already',
}

/** `broken`: why there is no more, or null when the recording ended as it should. */
type Outcome = { readonly bytes: number; readonly isFull: boolean; readonly broken: string | null }

const NEWLINE = 0x0a
/** Room for the last line. */
const END_BYTES = 100

/**
 * Copies whole lines until the recording ends or `maxBytes` are reached. Of one that is cut off the last line may be
 * only a part; that part is left out, and the end is written for the last whole line's time.
 */
async function copy(
  body: AsyncIterable<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
  maxBytes: number,
): Promise<Outcome> {
  let rest: Uint8Array = new Uint8Array(0)
  let bytes = 0
  let last = ''
  const end = async (isFull: boolean, broken: string | null): Promise<Outcome> => {
    const at = timeOf(last)
    if (at === null) return { bytes, isFull, broken }
    const line = Buffer.from(endLine(at))
    await write(line)
    return { bytes: bytes + line.length, isFull, broken }
  }
  try {
    for await (const piece of body) {
      const joined: Uint8Array = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      const cut = wholeLines(joined, maxBytes - END_BYTES - bytes)
      const lines = withoutEmpty(joined.subarray(0, cut.end))
      const ending = lines.length === 0 ? null : endingOf(lastLine(lines))
      if (ending !== null && 'broken' in ending) return await end(false, ending.broken)
      await write(lines)
      bytes += lines.length
      if (ending !== null) return { bytes, isFull: false, broken: null }
      if (lines.length > 0) last = lastLine(lines)
      if (cut.isFull) return await end(true, null)
      rest = joined.slice(cut.end)
    }
  } catch (error) {
    return await end(false, reasonOf(error))
  }
  return await end(false, 'the connection was cut off')
}

/** Where the last whole line within the first `room` bytes ends. `isFull`: another whole line follows it. */
function wholeLines(bytes: Uint8Array, room: number): { readonly end: number; readonly isFull: boolean } {
  const all = bytes.lastIndexOf(NEWLINE) + 1
  if (all <= room) return { end: all, isFull: false }
  return { end: room <= 0 ? 0 : bytes.lastIndexOf(NEWLINE, room - 1) + 1, isFull: true }
}

/** An empty line only says that the service is there (recorder.ts). `lines` begin with a line. */
function withoutEmpty(lines: Uint8Array): Uint8Array {
  return lines.filter((byte, at) => byte !== NEWLINE || (at > 0 && lines[at - 1] !== NEWLINE))
}

function lastLine(lines: Uint8Array): string {
  const from = lines.lastIndexOf(NEWLINE, lines.length - 2) + 1
  return Buffer.from(lines.subarray(from)).toString('utf8')
}

/** When a line was written; null: it is none. */
function timeOf(text: string): Instant | null {
  if (text === '') return null
  const line = readReplayLine(JSON.parse(text))
  if (typeof line === 'string') return null
  if (line.kind === 'observation') return line.observation.receivedAt
  return line.kind === 'blind' ? (line.to ?? line.from) : line.at
}

/** Null: a port was left to the system. */
function addressOf({ http: { host, port, publicUrl } }: Config): string | null {
  if (publicUrl !== '') return publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`
  if (port === 0) return null
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/`
}

/** What only --force overwrites, in words; null: nothing. */
async function inTheWay(path: string, file: string): Promise<string | null> {
  if (await exists(path)) return `${file} exists; --force overwrites it`
  if (!(await exists(`${path}.part`))) return null
  return `${file}.part exists: what is being recorded, or is left of a recording that broke off; --force overwrites it`
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // What fetch says of itself is only that it failed.
  return error.cause instanceof Error && error.message === 'fetch failed'
    ? error.cause.message
    : error.message
}

function fail(io: Pick<Io, 'err'>, status: 1 | 2, text: string): ExitStatus {
  io.err(text)
  return status
}
