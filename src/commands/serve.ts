import { parseArgs } from 'node:util'
import { configFaults } from '../compose/config-faults.ts'
import { openData } from '../compose/data.ts'
import { createSurroundings } from '../compose/surroundings.ts'
import type { Service } from '../compose.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { type Log, ServiceStopping } from '../ports.ts'
import { faultReport } from './check-config.ts'
import type { ExitStatus, Io } from './io.ts'
import { loadCode } from './load-code.ts'
import { rememberReloads } from './reloads.ts'

/** Runs the service until it is told to stop. 1: it could not start, or not store everything at the end, 2: wrong usage or invalid configuration. */
export async function serveCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const usage = readArgs(args)
  if (usage.kind === 'wrong') {
    io.err(`serve: ${usage.reason}\n`)
    return 2
  }
  const reloads = rememberReloads(io)
  const places = { env: io.env, cwd: io.cwd, further: configFaults }
  const loaded = await loadConfig({ ...places, file: usage.file })
  if (!loaded.ok) {
    io.err(faultReport(loaded))
    return 2
  }
  const surroundings = createSurroundings(io.env, io.err)
  const { log } = surroundings
  warn(log, loaded.warnings)
  const stopping = aborted(io.shutdown).then(() => log.info('stopping'))
  // What is stored is read by another thread, in the time that loading the rest of the program takes anyway.
  const opening = openData(loaded.config.data, log)
  opening.catch(() => {})
  const { startService } = await loadCode(() => import('../compose.ts'))
  let service: Service
  try {
    service = await startService(loaded.config, { ...surroundings, shutdown: io.shutdown }, opening)
  } catch (error) {
    return endOfStart(error, log, io)
  }
  io.out(welcome(service, loaded.config))
  // A file that was read once and is not there now is a fault, not the wish for the embedded defaults.
  const file = loaded.file ?? usage.file
  const read = () => loadConfig({ ...places, file, running: loaded.config })
  void reloads.follow(async () => {
    await reload(service, log, read, io.shutdown)
    const lines = tokenLines(service, loaded.config)
    if (lines.length > 0) io.out(`${lines.join('\n')}\n\n`)
  })
  await stopping
  const inOrder = await service.stop()
  log.info('stopped')
  return inOrder ? 0 : 1
}

type Usage =
  | { readonly kind: 'run'; readonly file: string | undefined }
  | { readonly kind: 'wrong'; readonly reason: string }

function readArgs(args: readonly string[]): Usage {
  try {
    const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } })
    return { kind: 'run', file: values.config }
  } catch (error) {
    return { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** It failed, or was given up at the shutdown. */
function endOfStart(error: unknown, log: Log, { err }: Io): ExitStatus {
  if (error instanceof ServiceStopping) {
    log.info('stopped')
    return 0
  }
  err(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
}

/** A bad file is refused as a whole and the old configuration stays. After the shutdown nothing is taken over. */
async function reload(
  service: Service,
  log: Log,
  read: () => ReturnType<typeof loadConfig>,
  shutdown: AbortSignal,
): Promise<void> {
  const loaded = await read()
  if (shutdown.aborted) return
  if (!loaded.ok) {
    log.error('configuration refused; the old one stays', { faults: loaded.faults })
    service.reloadRefused()
    return
  }
  try {
    const notes = await service.reload(loaded.config)
    warn(log, loaded.warnings)
    for (const note of notes) log.warn('configuration', { note })
    log.info('configuration reloaded')
  } catch (error) {
    // Only the inventory file was given up, which the next start imports.
    if (error instanceof ServiceStopping) return
    log.error('configuration could not be taken over completely', { error: String(error) })
  }
}

/** Components that are not watched are told by the prober. */
function warn(log: Log, warnings: readonly { readonly path: string; readonly message: string }[]): void {
  for (const { path, message } of warnings) {
    if (!path.startsWith('service.components[')) log.warn('configuration', { path, note: message })
  }
}

function welcome(service: Service, config: Config): string {
  const { brokerPort, password } = service
  const base = baseOf(service, config)
  const lines = [`omnicomm-watch is running.`, ``, `  Pages     ${base}/`]
  if (brokerPort !== null) lines.push(`  MQTT      mqtt://${shown(config.broker.host)}:${brokerPort}`)
  lines.push(...tokenLines(service, config))
  if (password !== null)
    lines.push(``, `  User      admin`, `  Password  ${password}   (shown only this once)`)
  return `${lines.join('\n')}\n\n`
}

function baseOf({ httpPort }: Service, { http }: Config): string {
  return `http://${shown(http.host)}:${httpPort}`
}

/** Of tokens that nobody was told yet. */
function tokenLines(service: Service, first: Config): readonly string[] {
  return service
    .newTokens()
    .flatMap(({ source, token }) => [
      `  Push      POST ${baseOf(service, first)}/api/v1/ingest/${source}`,
      `            token ${token}`,
    ])
}

function shown(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
