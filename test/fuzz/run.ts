import process, { stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { seededRandom } from '../support/seeded-random.ts'
import { jsonFormatSeeds, jsonFormatTargets } from './json-formats.ts'
import { mutate } from './mutate.ts'
import { seeds as omnicommSeeds, omnicommTargets } from './omnicomm.ts'
import { wialonEgtsSeeds, wialonEgtsTargets } from './wialon-egts.ts'

// `npm run fuzz`: mutated frames, lines and payloads through every decoder. None may throw, take long or keep memory.
// --count=N inputs per decoder (1,000,000), --seed=N, --only=NAME,NAME. One line of JSON per decoder; what went wrong is
// printed with the seed and the input in hex, and makes exit status 1.

type Target = { readonly run: (bytes: Uint8Array) => void; readonly seeds: readonly Uint8Array[] }

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string', default: '' },
  },
})
const count = Number(values.count)
const seed = Number(values.seed)
/** One input of at most 20,000 bytes takes microseconds; a pause of the garbage collector fits in easily. */
const LONG_MS = 500
/** What all inputs together may leave behind. */
const KEPT_BYTES = 64 * 1024 * 1024

const targets: Readonly<Record<string, Target>> = {
  ...named(omnicommTargets, () => omnicommSeeds),
  ...named(wialonEgtsTargets, (name) => wialonEgtsSeeds[name] ?? []),
  ...named(jsonFormatTargets, (name) => jsonFormatSeeds[name] ?? []),
}

for (const name of values.only === '' ? Object.keys(targets) : values.only.split(',')) {
  const target = targets[name]
  if (!target) throw new Error(`--only: there is no ${name}; there are ${Object.keys(targets).join(', ')}`)
  fuzz(name, target)
}

function named(
  runs: Readonly<Record<string, Target['run']>>,
  seedsOf: (name: string) => readonly Uint8Array[],
): Record<string, Target> {
  return Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, { run, seeds: seedsOf(name) }]))
}

function fuzz(name: string, { run, seeds }: Target): void {
  if (seeds.length === 0) throw new Error(`${name} has no seeds`)
  for (const bytes of seeds) run(bytes)
  const random = seededRandom(seed)
  const before = heap()
  const started = performance.now()
  let slowestMs = 0
  for (let i = 0; i < count; i++) {
    const bytes = mutate(seeds, random)
    const begun = performance.now()
    try {
      run(bytes)
    } catch (error) {
      tell(name, i, bytes, `it threw ${String(error)}`)
      return
    }
    const ms = performance.now() - begun
    slowestMs = Math.max(slowestMs, ms)
    // A machine with other work makes a single call slow, but hardly the same one twice.
    const again = ms > LONG_MS ? timed(() => run(bytes)) : 0
    if (again > LONG_MS) tell(name, i, bytes, `it took ${Math.round(ms)} ms and ${Math.round(again)} ms`)
  }
  const seconds = (performance.now() - started) / 1000
  const keptBytes = heap() - before
  if (keptBytes > KEPT_BYTES) tell(name, count, new Uint8Array(), `it kept ${keptBytes} bytes`)
  const told = { name, seed, count, seconds: round(seconds), slowestMs: round(slowestMs), keptBytes }
  stdout.write(`${JSON.stringify(told)}\n`)
}

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

function tell(name: string, input: number, bytes: Uint8Array, fault: string): void {
  process.exitCode = 1
  stdout.write(`${JSON.stringify({ name, seed, input, fault, hex: Buffer.from(bytes).toString('hex') })}\n`)
}

/** Exact with --expose-gc, as `npm run fuzz` starts it. */
function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
