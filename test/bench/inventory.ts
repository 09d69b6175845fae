import { parseArgs } from 'node:util'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { createSystemClock } from '../../src/adapters/system/clock.ts'
import { createFleet } from '../../src/core/fleet/fleet.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { SECOND } from '../../src/core/time.ts'
import type { Log } from '../../src/ports.ts'
import { createFleetDesk } from '../../src/workers/fleet-desk.ts'
import { createSweeper } from '../../src/workers/sweeper.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { tempFolder } from '../support/temp-folder.ts'

// `node test/bench/inventory.ts`: what an import of an inventory file takes on this machine, with its storage on the
// disk, and how long it holds up the event loop; one JSON object a line.

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
const rows = Number(values.rows)
const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

using folder = tempFolder()
const stores = await openSqliteStores({ path: folder.file('watch.sqlite') })
const clock = createSystemClock({
  onError: (error) => {
    throw error
  },
})
const fleet = createFleet(DEFAULTS, 120 * SECOND)
restoreFleet(fleet, await stores.fleet.load())
const sweeper = createSweeper(
  {
    clock,
    fleet,
    store: stores.fleet,
    log: SILENT,
    metrics: { add: () => {}, set: () => {}, observe: () => {} },
    takeBlind: () => [],
    look: () => {},
    report: () => {},
  },
  { flushEveryMs: () => SECOND },
)
sweeper.start()
const desk = createFleetDesk({
  clock,
  fleet,
  store: stores.fleet,
  log: SILENT,
  audit: stores.audit,
  save: sweeper.sweepNow,
})

await measure('new', file(''))
await measure('the same again', file(''))
await measure('every name changed', file('!'))
await measure('every terminal replaced', file('!', 200_000_000))
await sweeper.stop()
await stores.close()

async function measure(what: string, bytes: Uint8Array): Promise<void> {
  const phases: Record<string, number> = {}
  const turns = watchTurns()
  const cpuAtStart = process.cpuUsage()
  const started = performance.now()
  let at = started
  let phase = 'reading'
  const report = await desk.importCsv(bytes, {
    told: (progress) => {
      if (progress.phase === phase) return
      phases[phase] = Math.round(performance.now() - at)
      phase = progress.phase
      at = performance.now()
    },
  })
  phases[phase] = Math.round(performance.now() - at)
  const { longestCpuMs, longestMs } = turns.stop()
  const cpu = process.cpuUsage(cpuAtStart)
  const { created, updated, replaced, rejected } = report
  const figures = {
    what,
    rows,
    megabytes: Number((bytes.length / 1e6).toFixed(1)),
    seconds: Number(((performance.now() - started) / SECOND).toFixed(2)),
    phasesMs: phases,
    cpuSeconds: Number(((cpu.user + cpu.system) / 1e6).toFixed(2)),
    longestTurnMs: round(longestMs),
    // On a busy machine this is what the turn itself took, without waiting for a core.
    longestTurnCpuMs: round(longestCpuMs),
    created,
    updated,
    replaced: replaced.length,
    rejected: rejected.length,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}

/** Notes how long the turns of the event loop take, by the clock and in time of this thread on a core. */
function watchTurns() {
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let longestCpuMs = 0
  let longestMs = 0
  let running = true
  let cpu = cpuMs()
  let at = performance.now()
  const look = (): void => {
    longestCpuMs = Math.max(longestCpuMs, cpuMs() - cpu)
    longestMs = Math.max(longestMs, performance.now() - at)
    cpu = cpuMs()
    at = performance.now()
    if (running) setImmediate(look)
  }
  setImmediate(look)
  return {
    stop: () => {
      running = false
      return { longestCpuMs, longestMs }
    },
  }
}

function round(ms: number): number {
  return Number(ms.toFixed(1))
}

function file(mark: string, from = 100_000_000): Uint8Array {
  const lines = [
    'terminal_id;name;client;dealer;group;operator;region;model;firmware;imei;sim;profile;uuid;aliases',
  ]
  for (let n = 0; n < rows; n += 1) {
    const imei = String(860_000_000_000_000 + n)
    const uuid = `5b0d3c1e-0000-4000-8000-${String(n).padStart(12, '0')}`
    lines.push(
      `${from + n};"Truck ""${n}""${mark}";ООО Ромашка ${n % 300};Dealer;Trucks/${n % 40};MTS;Moscow;Profi;1.2;${imei};+7900${n};tractor;${uuid};2${from + n}`,
    )
  }
  return new TextEncoder().encode(lines.join('\r\n'))
}
