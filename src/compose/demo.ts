import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCast } from '../adapters/simulation/cast.ts'
import { CYCLE } from '../adapters/simulation/character.ts'
import { startFleetSimulator } from '../adapters/simulation/fleet-simulator.ts'
import { inventoryCsv } from '../adapters/simulation/inventory-file.ts'
import { type CaughtLetter, startMailCatcher } from '../adapters/simulation/mail-catcher.ts'
import { startControlHost, startOnline } from '../adapters/simulation/online.ts'
import { type Mood, SCRIPT } from '../adapters/simulation/online-script.ts'
import { startSpectator } from '../adapters/simulation/spectator.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import { createLog } from '../adapters/system/log.ts'
import { startService } from '../compose.ts'
import type { Clock, Log } from '../ports.ts'
import { type DemoPlaces, demoConfig } from './demo-config.ts'
import { createStops, type Stops } from './stops.ts'

/** Something that happened in the demo, `atMs` after its start. */
export type DemoEvent = { readonly atMs: number } & (
  | { readonly kind: 'scene'; readonly mood: Mood }
  | { readonly kind: 'letter'; readonly letter: CaughtLetter }
  | { readonly kind: 'seen'; readonly line: string }
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

type World = { readonly clock: Clock; readonly log: Log; readonly stops: Stops; readonly folder: string }

async function assemble(world: World, { adminToken, onEvent }: DemoOptions) {
  const { clock, log, stops, folder } = world
  const token = adminToken === '' ? secret() : adminToken
  const pushToken = secret()
  const cast = createCast(SEED)
  const inventoryFile = join(folder, 'terminals.csv')
  await writeFile(inventoryFile, inventoryCsv(cast))

  const started = clock.monotonic()
  const sinceStart = (): number => clock.monotonic() - started
  const places = await startWorld(world, (event) => onEvent({ atMs: sinceStart(), ...event }))
  const config = demoConfig({
    ...places,
    inventoryFile,
    pushToken,
    dataFolder: join(folder, 'data'),
    httpPort: (await isFree(USUAL_PORT)) ? USUAL_PORT : 0,
  })
  const service = await startService(config, { clock, log, adminToken: token })
  stops.add('service', () => service.stop())
  const baseUrl = `http://127.0.0.1:${service.httpPort}`

  const fleet = await startFleetSimulator(
    { clock, log },
    {
      cast,
      brokerUrl: `mqtt://127.0.0.1:${service.brokerPort}`,
      pushUrl: `${baseUrl}/api/v1/ingest/push`,
      pushToken,
    },
  )
  stops.add('fleet', () => fleet.stop())
  const say = (line: string): void => onEvent({ kind: 'seen', line, atMs: sinceStart() })
  const spectator = startSpectator({ clock, log }, { baseUrl, token, say })
  stops.add('spectator', () => spectator.stop())
  return {
    baseUrl,
    brokerPort: service.brokerPort,
    password: service.password ?? '',
    terminalCount: cast.length,
  }
}

type WorldEvent =
  | { readonly kind: 'scene'; readonly mood: Mood }
  | { readonly kind: 'letter'; readonly letter: CaughtLetter }

/** Everything outside the service but the fleet: Omnicomm Online, two control hosts, a mail server. */
async function startWorld(
  { clock, log, stops, folder }: World,
  tell: (event: WorldEvent) => void,
): Promise<Pick<DemoPlaces, 'onlineUrl' | 'onlinePort' | 'controlUrls' | 'smtpUrl'>> {
  const online = await startOnline(clock, {
    script: SCRIPT,
    cycleMs: CYCLE,
    onScene: (mood) => tell({ kind: 'scene', mood }),
  })
  stops.add('online', () => online.stop())
  const controlUrls: string[] = []
  for (const name of ['first control host', 'second control host']) {
    const control = await startControlHost()
    stops.add(name, () => control.stop())
    controlUrls.push(control.url)
  }
  const mail = await startMailCatcher(log, {
    folder: join(folder, 'mail'),
    onLetter: (letter) => tell({ kind: 'letter', letter }),
  })
  stops.add('mail', () => mail.stop())
  return { onlineUrl: online.url, onlinePort: online.port, controlUrls, smtpUrl: mail.url }
}

/** What is said after the folder has gone, or on a full disk, is not worth ending for. */
function appendTo(file: string, line: string): void {
  try {
    appendFileSync(file, line)
  } catch {
    // The demo has no better place to tell it.
  }
}

function secret(): string {
  return randomBytes(18).toString('base64url')
}

/** Whether a port can be listened at; somebody may still take it in the moment after. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
