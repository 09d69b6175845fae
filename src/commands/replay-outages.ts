import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { OutagePolicy } from '../core/outage/clock-state.ts'
import { type ReplayResult, replayTrace } from '../core/outage/replay.ts'
import {
  createTraceReader,
  type TraceFault,
  type TraceReader,
  type TraceSettings,
} from '../core/outage/trace-file.ts'
import { HOUR, MINUTE, SECOND } from '../core/time.ts'
import type { ExitStatus, Io } from './io.ts'

const USAGE = 'usage: omnicomm-watch replay outages [--policy FILE] FILE\n'

export type ReplayPolicy = OutagePolicy & TraceSettings

const DEFAULTS: ReplayPolicy = {
  intervalMs: MINUTE,
  timeoutMs: 25 * SECOND,
  recoveryPeriodMs: 5 * MINUTE,
  noticeAfterMs: HOUR,
  maintenancePauses: true,
}

/**
 * `replay outages [--policy FILE] FILE`: the outage clock over a recorded trace. Prints one JSON object; status 1
 * when the trace cannot be read (every bad line is named), 2 for wrong usage or a bad policy.
 */
export async function replayOutagesCommand(
  args: readonly string[],
  io: Pick<Io, 'out' | 'err' | 'cwd'>,
): Promise<ExitStatus> {
  const usage = parseUsage(args)
  if (typeof usage === 'string') {
    io.err(`${usage}\n${USAGE}`)
    return 2
  }
  const policy = usage.policy === undefined ? DEFAULTS : await readPolicy(resolve(io.cwd, usage.policy))
  if (isFaults(policy)) {
    for (const fault of policy) io.err(`${usage.policy}: ${fault}\n`)
    return 2
  }
  const reader = createTraceReader(policy)
  const broken = await readLines(resolve(io.cwd, usage.file), reader)
  for (const { line, reason } of reader.faults) io.err(`${usage.file}:${line}: ${reason}\n`)
  if (broken !== undefined) io.err(`${usage.file}: ${broken}\n`)
  if (broken !== undefined || reader.faults.length > 0) return 1
  io.out(`${JSON.stringify(replayTrace(reader.rows, reader.windows, policy))}\n`)
  return 0
}

/** The same over lines in memory; faults instead of a result when a line is bad. */
export function replayOutages(
  lines: Iterable<string>,
  policy: ReplayPolicy = DEFAULTS,
): ReplayResult | { readonly faults: readonly TraceFault[] } {
  const reader = createTraceReader(policy)
  for (const line of lines) reader.read(line)
  if (reader.faults.length > 0) return { faults: reader.faults }
  return replayTrace(reader.rows, reader.windows, policy)
}

/** A text says what is wrong with the arguments. */
function parseUsage(args: readonly string[]): { file: string; policy: string | undefined } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { policy: { type: 'string' } },
      allowPositionals: true,
    })
    const [file, ...rest] = positionals
    if (file === undefined) return 'FILE is missing'
    return rest.length > 0 ? 'only one FILE is read' : { file, policy: values.policy }
  } catch (error) {
    return messageOf(error)
  }
}

async function readPolicy(file: string): Promise<ReplayPolicy | readonly string[]> {
  let value: unknown
  try {
    // JSON.parse refuses the byte order mark that some editors write.
    value = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''))
  } catch (error) {
    return [messageOf(error)]
  }
  return parsePolicy(value)
}

/** A list says everything that is wrong with the policy. */
export function parsePolicy(value: unknown): ReplayPolicy | readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['must be a JSON object']
  const faults: string[] = []
  const policy: { -readonly [Key in keyof ReplayPolicy]: ReplayPolicy[Key] } = { ...DEFAULTS }
  for (const [key, setting] of Object.entries(value)) {
    switch (key) {
      case 'intervalMs':
      case 'timeoutMs':
      case 'recoveryPeriodMs':
      case 'noticeAfterMs': {
        const least = key === 'intervalMs' || key === 'timeoutMs' ? 1 : 0
        if (isWhole(setting, least)) policy[key] = setting
        else faults.push(`${key} must be a whole number of milliseconds, at least ${least}`)
        break
      }
      case 'maintenancePauses':
        if (typeof setting === 'boolean') policy[key] = setting
        else faults.push(`${key} must be true or false`)
        break
      default:
        faults.push(`${key} is not known; known are ${Object.keys(DEFAULTS).join(', ')}`)
    }
  }
  return faults.length > 0 ? faults : policy
}

/** Feeds the lines of a file of any size; a text says why it could not be read to its end. */
async function readLines(file: string, reader: TraceReader): Promise<string | undefined> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_REST) return 'not a trace: a line of more than 1,000,000 characters'
      for (const line of lines) reader.read(line)
    }
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`
  }
  if (rest !== '') reader.read(rest)
  return undefined
}

const LONGEST_REST = 1_000_000

function isWhole(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
}

function isFaults(policy: ReplayPolicy | readonly string[]): policy is readonly string[] {
  return Array.isArray(policy)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
