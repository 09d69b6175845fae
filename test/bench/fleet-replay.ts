import { cpuUsage } from 'node:process'
import { readRecording } from '../../src/commands/recording-input.ts'
import { createFleet } from '../../src/core/fleet/fleet.ts'
import { createMass, evaluateMass } from '../../src/core/freshness/mass/mass.ts'
import { createFlagSummary } from '../../src/core/replay/flag-summary.ts'
import { createFleetReplay } from '../../src/core/replay/fleet-replay.ts'
import { HOUR, type Instant, MINUTE, SECOND, toIso } from '../../src/core/time.ts'
import { type Figure, median, round } from './figure.ts'
import { terminalId } from './sample.ts'

export type ReplayLoad = {
  readonly terminals: number
  readonly observations: number
  readonly rounds: number
}

const T0: Instant = 1_767_225_600_000
const EVERY = 30 * SECOND
const PIECE_BYTES = 1024 * 1024
const GOAL = 500_000

/**
 * Observations that `replay fleet` takes in each second of one core, from the bytes of the file to the findings, beside
 * JSON.parse alone of the same lines in the same run. Time is that of the processor, so that other work on the machine
 * counts less.
 */
export async function measureFleetReplay(load: ReplayLoad): Promise<Record<string, Figure>> {
  const lines = Array.from({ length: load.observations }, (_, index) => lineOf(index, load.terminals))
  const file = Buffer.from(`${lines.join('\n')}\n`)
  const runs: number[] = []
  const referenceRuns: number[] = []
  // The first round makes both warm.
  for (let n = 0; n <= load.rounds; n++) {
    const own = await perSecond(lines.length, () => replay(file, lines.length))
    const reference = await perSecond(lines.length, async () => {
      for (const line of lines) JSON.parse(line)
    })
    if (n === 0) continue
    runs.push(own)
    referenceRuns.push(reference)
  }
  const value = median(runs)
  const reference = median(referenceRuns)
  const goal = `>= ${GOAL}`
  const ratio = round(value / reference)
  const unit = 'observations/s'
  return { replayFleet: { value, unit, goal, met: value >= GOAL, reference, ratio, runs, referenceRuns } }
}

/** One terminal after the other, each every 30 s; every thousandth one falls silent after two hours. */
function lineOf(index: number, terminals: number): string {
  const terminal = index % terminals
  const at = T0 + Math.floor(index / terminals) * EVERY + Math.floor((terminal * EVERY) / terminals)
  const speedKmh = 20 + (index % 60)
  const silent = terminal % 1000 === 7 && at > T0 + 2 * HOUR
  return JSON.stringify({
    terminalId: terminalId(silent ? terminal - 1 : terminal),
    source: 'gate',
    receivedAt: toIso(at),
    eventAt: toIso(at - 1500),
    kind: 'live',
    fix: { latitude: 55 + (index % 9999) / 1e4, longitude: 37.6184, satellites: 11, speedKmh },
  })
}

async function replay(file: Uint8Array, expected: number): Promise<void> {
  const settings = { moving: 30 * MINUTE, parked: 6.5 * HOUR, lost: 24 * HOUR, neverAfter: 24 * HOUR }
  const fleet = createFleet({ default: settings, profiles: {}, groups: {}, terminals: {} }, 2 * MINUTE)
  const mass = createMass()
  const summary = createFlagSummary('Europe/Moscow')
  const source = { id: 'gate', intervalMs: EVERY, liveLagMs: 2 * MINUTE }
  const run = createFleetReplay(fleet, {
    configured: [source],
    unknown: (id) => ({ ...source, id }),
    started: () => {},
    evaluate: (now) => evaluateMass(fleet, mass, now),
    found: summary.add,
    warn: () => {},
  })
  const refuse = (line: number, reason: string): never => {
    throw new Error(`line ${line}: ${reason}`)
  }
  await readRecording(piecesOf(file), {
    ...run,
    fault: refuse,
    until: new AbortController().signal,
    read: () => {},
  })
  run.finish()
  if (run.counts.observations !== expected)
    throw new Error(`${run.counts.observations} observations were taken`)
}

async function* piecesOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += PIECE_BYTES) yield file.subarray(at, at + PIECE_BYTES)
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const before = cpuUsage()
  await work()
  const { user, system } = cpuUsage(before)
  return round((count * 1e6) / (user + system))
}
