import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCast, type SimulatedTerminal } from '../adapters/simulation/cast.ts'
import { type DutyOperator, startDutyOperator } from '../adapters/simulation/duty-operator.ts'
import { startFleetSimulator } from '../adapters/simulation/fleet-simulator.ts'
import { inventoryCsv } from '../adapters/simulation/inventory-file.ts'
import { startSpectator } from '../adapters/simulation/spectator.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import { createLog } from '../adapters/system/log.ts'
import { startService } from '../compose.ts'
import { DUTY, demoConfig } from './demo-config.ts'
import { secret, startWorld, type World, type WorldEvent } from './demo-world.ts'
import { createStops } from './stops.ts'

/** Something that happened in the demo, `atMs` after its start. */
export type DemoEvent = { readonly atMs: number } & (
  | WorldEvent
  | { readonly kind: 'seen'; readonly line: string }
  /** What the operator on duty did. */
  | { readonly kind: 'duty'; readonly line: string }
)

export type DemoOptions = {
  /** Token for the API; empty: one that nobody knows. */
  readonly adminToken: string
  readonly onEvent: (event: DemoEvent) => void
}

export type Demo = {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly baseUrl: string
  readonly brokerPort: number | null
  readonly password: string
  readonly terminalCount: number
  /** Folder with the data, the letters (`mail`) and the log; it is removed when the demo stops. */
  readonly folder: string
  readonly logFile: string
  /** Ends everything within 10 s. */
  stop(): Promise<void>
}

const SEED = 52
const USUAL_PORT = 8080

/** Starts the service in a simulated world. What was started is stopped again when a later part fails. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'omnicomm-watch-demo-'))
  const logFile = join(folder, 'watch.log')
  const log = createLog({ level: 'warn', format: 'text', write: (line) => appendTo(logFile, line) })
  const clock = createSystemClock({
    onError: (error) => log.error('a periodic task failed', { error: String(error) }),
  })
  const stops = createStops(log)
  const stop = async (): Promise<void> => {
    await stops.run()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const running = await assemble({ clock, log, stops, folder }, options)
    return { ...running, folder, logFile, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function assemble(world: World, { adminToken, onEvent }: DemoOptions) {
  const { clock, log, stops, folder } = world
  const token = adminToken === '' ? secret() : adminToken
  const pushToken = secret()
  const cast = createCast(SEED)
  const inventoryFile = join(folder, 'terminals.csv')
  await writeFile(inventoryFile, inventoryCsv(cast))

  const started = clock.monotonic()
  const sinceStart = (): number => clock.monotonic() - started
  let duty: DutyOperator | undefined
  const places = await startWorld(world, cast, (event) => {
    onEvent({ atMs: sinceStart(), ...event })
    if (event.kind === 'letter') duty?.read(event.letter)
  })
  const config = demoConfig({
    ...places,
    inventoryFile,
    pushToken,
    dataFolder: join(folder, 'data'),
    // Letters to the operator carry it, so it must be known before the service is.
    httpPort: await freePort(USUAL_PORT),
  })
  const service = await startService(config, { clock, log, adminToken: token })
  stops.add('service', () => service.stop())
  const baseUrl = `http://127.0.0.1:${service.httpPort}`

  const say = (kind: 'seen' | 'duty') => (line: string) => onEvent({ kind, line, atMs: sinceStart() })
  const person = { baseUrl, token, address: DUTY, zone: config.timezone, say: say('duty') }
  duty = startDutyOperator({ clock, log }, person)
  stops.add('duty operator', duty.stop)
  await startFleet(world, { cast, baseUrl, brokerPort: service.brokerPort, pushToken })
  const spectator = startSpectator({ clock, log }, { baseUrl, token, say: say('seen') })
  stops.add('spectator', () => spectator.stop())
  return {
    baseUrl,
    brokerPort: service.brokerPort,
    password: service.password ?? '',
    terminalCount: cast.length,
  }
}

async function startFleet(
  { clock, log, stops }: World,
  { cast, baseUrl, brokerPort, pushToken }: FleetPlaces,
): Promise<void> {
  const brokerUrl = `mqtt://127.0.0.1:${brokerPort}`
  const pushUrl = `${baseUrl}/api/v1/ingest/push`
  const fleet = await startFleetSimulator({ clock, log }, { cast, brokerUrl, pushUrl, pushToken })
  stops.add('fleet', () => fleet.stop())
}

type FleetPlaces = {
  readonly cast: readonly SimulatedTerminal[]
  readonly baseUrl: string
  readonly brokerPort: number | null
  readonly pushToken: string
}

/** What is said after the folder has gone, or on a full disk, is not worth ending for. */
function appendTo(file: string, line: string): void {
  try {
    appendFileSync(file, line)
  } catch {
    // The demo has no better place to tell it.
  }
}

/** The preferred port, or another that is free; somebody may still take it in the moment after. */
async function freePort(preferred: number): Promise<number> {
  return (await portIfFree(preferred)) ?? (await portIfFree(0)) ?? 0
}

/** The port that could be listened at; 0 stands for any. */
function portIfFree(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const trial = createServer()
    trial.once('error', () => resolve(undefined))
    trial.listen(port, '127.0.0.1', () => {
      const address = trial.address()
      const found = address !== null && typeof address === 'object' ? address.port : undefined
      trial.close(() => resolve(found))
    })
  })
}
