import { checkEnd } from './end.ts'
import { type Figures, figuresOf } from './figures.ts'
import { patiently } from './patience.ts'
import { type Phase, phasesFor } from './phases.ts'
import { createWorld, type World } from './world.ts'

export type SoakOptions = {
  readonly minutes: number
  readonly terminals: number
  /** Is told what happens while it happens. */
  readonly tell: (line: string) => void
}

export type PhaseReport = {
  readonly name: string
  readonly seconds: number
  /** From the end of the fault to /readyz 200. */
  readonly readyAfterSeconds: number
  readonly acknowledged: number
  readonly taken: number | null
  readonly residentMB: number
  readonly files: number
  readonly warnings: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

export type SoakReport = {
  readonly phases: readonly PhaseReport[]
  readonly figures: Figures
  /** Everything that is not as it must be, empty after a good soak. */
  readonly faults: readonly string[]
}

const READY_WITHIN_MS = 20_000
const TAKEN_WITHIN_MS = 20_000
/** What the broker may have in its hands when it is killed. */
const HELD = 100

/** Runs the service under load while faults come and go, and finds out what they cost. */
export async function runSoak({ minutes, terminals, tell }: SoakOptions): Promise<SoakReport> {
  await using world = await createWorld(terminals)
  await world.senders.sendAll()
  await patiently(async () => (await world.taken()) >= terminals, TAKEN_WITHIN_MS, 'the whole fleet is heard')
  world.senders.resume()
  const reports: PhaseReport[] = []
  const phases = phasesFor(minutes)
  const stretch = stretchFor(minutes, phases)
  for (const phase of phases) {
    const report = await runPhase(world, phase, phase.seconds * stretch)
    reports.push(report)
    tell(lineOf(report))
  }
  const atEnd = await checkEnd(world)
  const figures = figuresOf(world, minutes)
  const faults = reports.flatMap(({ name, faults }) => faults.map((text) => `${name}: ${text}`))
  return { phases: reports, figures, faults: [...faults, ...atEnd, ...figures.faults] }
}

/** Recoveries, restarts and checks take about eight seconds a phase. */
function stretchFor(minutes: number, phases: readonly Phase[]): number {
  const spare = minutes * 60 - phases.length * 8 - 20
  return Math.max(1, spare / phases.reduce((sum, { seconds }) => sum + seconds, 0))
}

async function runPhase(world: World, phase: Phase, seconds: number): Promise<PhaseReport> {
  const startedAt = performance.now()
  const lines = world.log().length
  const pid = world.service().pid
  const before = { taken: await world.taken(), acknowledged: sumOf(world.ledger.acknowledged) }
  const faults: string[] = []
  try {
    faults.push(...(await phase.run(world, seconds)))
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error))
  }
  const over = performance.now()
  await patiently(world.isReady, READY_WITHIN_MS, 'ready again').catch(() =>
    faults.push(`was not ready ${READY_WITHIN_MS / 1000} s after the fault`),
  )
  const readyAfterSeconds = round((performance.now() - over) / 1000)
  await world.senders.pause()
  const acknowledged = sumOf(world.ledger.acknowledged) - before.acknowledged
  const taken = world.service().pid === pid ? await takenSince(world, before.taken, acknowledged) : null
  if (taken !== null && taken < acknowledged - (phase.mayMiss === undefined ? 0 : HELD)) {
    faults.push(`${acknowledged - taken} acknowledged messages were not taken in`)
  }
  world.senders.resume()
  const vital = world.vitals.samples.at(-1)
  const warnings = warningsIn(world.log().slice(lines))
  for (const text of Object.keys(warnings)) {
    if (!phase.tells.some((pattern) => pattern.test(text))) faults.push(`the log says: ${text}`)
  }
  return {
    name: phase.name,
    seconds: round((performance.now() - startedAt) / 1000),
    readyAfterSeconds,
    acknowledged,
    taken,
    residentMB: round(vital?.residentMB ?? 0),
    files: vital?.files ?? 0,
    warnings,
    faults,
  }
}

async function takenSince(world: World, before: number, wanted: number): Promise<number> {
  const taken = async () => (await world.taken()) - before
  await patiently(async () => (await taken()) >= wanted, TAKEN_WITHIN_MS).catch(() => {})
  return taken()
}

function warningsIn(lines: ReturnType<World['log']>): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { level, message } of lines) {
    if (level !== 'info' && level !== 'debug')
      found[`${level}: ${message}`] = (found[`${level}: ${message}`] ?? 0) + 1
  }
  return found
}

function sumOf({ gate, push }: Readonly<Record<'gate' | 'push', number>>): number {
  return gate + push
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** One phase in one line. */
export function lineOf(report: PhaseReport): string {
  const { name, seconds, readyAfterSeconds, acknowledged, taken, residentMB, files } = report
  const told = Object.entries(report.warnings).map(([text, count]) => `${count} x ${text}`)
  return [
    `${name.padEnd(26)} ${String(seconds).padStart(6)} s  ready after ${String(readyAfterSeconds).padStart(4)} s`,
    `  acknowledged ${String(acknowledged).padStart(6)}  taken ${String(taken ?? '-').padStart(6)}`,
    `  ${residentMB} MB  ${files} files`,
    ...report.faults.map((text) => `\n    FAULT ${text}`),
    ...told.map((text) => `\n    ${text}`),
  ].join('')
}
