import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { startBroker } from './adapters/broker/broker.ts'
import { createPrometheus } from './adapters/prometheus/registry.ts'
import { openSqliteStores } from './adapters/sqlite/stores.ts'
import { ownDataFolder } from './adapters/system/data-owner.ts'
import { createWatchdog } from './adapters/system/watchdog.ts'
import { type InputsDeps, type MadeToken, madeTokens, openInputs } from './compose/inputs.ts'
import { createOutputs } from './compose/outputs.ts'
import { openProbing } from './compose/probing.ts'
import { freshnessSettings, watchSettings } from './compose/settings.ts'
import { createStops, type Stops } from './compose/stops.ts'
import type { Surroundings } from './compose/surroundings.ts'
import { readTemplates } from './compose/templates.ts'
import { operatorWarnings } from './compose/warnings.ts'
import type { Config } from './config/schema.ts'
import { createFleet, useSettings } from './core/fleet/fleet.ts'
import { restoreFleet } from './core/fleet/restore.ts'
import { createApp } from './http/app.ts'
import { ensureAdminPassword } from './http/password.ts'
import { listen } from './http/server.ts'
import type { Log, Source } from './ports.ts'
import { createFleetDesk } from './workers/fleet-desk.ts'
import { createIngest, type Feed } from './workers/ingest.ts'
import { createPushDesk, type PushSource } from './workers/push-desk.ts'
import { createSourceWatches } from './workers/source-watches.ts'
import { createSweeper } from './workers/sweeper.ts'

export type Service = {
  readonly httpPort: number
  /** Null without the embedded broker. */
  readonly brokerPort: number | null
  /** Password of `admin`, at the first start only. */
  readonly password: string | null
  readonly tokens: readonly MadeToken[]
  /** Takes a new configuration; texts about what could not be taken over without a restart. */
  reload(config: Config): Promise<readonly string[]>
  /** Stops within 10 s; nothing is lost. */
  stop(): Promise<void>
}

/** The only place that chooses implementations. What was started is stopped again when a later part fails. */
export async function startService(config: Config, surroundings: Surroundings): Promise<Service> {
  const stops = createStops(surroundings.log)
  try {
    return await assemble(config, surroundings, stops)
  } catch (error) {
    await stops.run()
    throw error
  }
}

async function assemble(
  first: Config,
  { clock, log, adminToken }: Surroundings,
  stops: Stops,
): Promise<Service> {
  let config = first
  const templates = readTemplates()
  const owner = ownDataFolder(config.data)
  stops.add('data folder', () => owner.release())
  const stores = await openSqliteStores({ path: join(config.data, 'watch.sqlite'), log })
  stops.add('store', () => stores.close())
  const metrics = createPrometheus(log)

  const fleet = createFleet(freshnessSettings(config), config.freshness.resumeGrace)
  const watches = createSourceWatches({ clock, fleet, settings: stores.settings, log })
  const stored = await stores.fleet.load()
  restoreFleet(fleet, stored)
  await watches.restore(watchSettings(config), stored)

  const feeds = new Map<string, Feed>()
  const pushSources = new Map<string, PushSource>()
  const ingest = createIngest({ clock, fleet, feeds, log, metrics })
  const sweeper = createSweeper(
    { clock, fleet, store: stores.fleet, log, metrics, takeBlind: watches.takeBlind, report: ingest.report },
    { flushEveryMs: config.freshness.flushEvery },
  )
  sweeper.start()
  stops.add('sweeper', () => sweeper.stop())
  const desk = createFleetDesk({ clock, fleet, store: stores.fleet, save: sweeper.sweepNow })
  await importInventory(desk, config, log)

  let outputs = createOutputs({ clock, log, metrics, outbox: stores.outbox, templates }, config)
  outputs.courier.start()
  stops.add('courier', async () => {
    await outputs.courier.stop()
    outputs.close()
  })
  const probing = await openProbing(
    {
      clock,
      log,
      metrics,
      store: stores.outages,
      letters: { plan: (outages, at) => outputs.writer.plan(outages, at) },
      lettersStored: () => outputs.courier.wake(),
      version: packageJson.version,
    },
    config,
  )
  probing.start()
  stops.add('prober', () => probing.stop())

  const watchdog = createWatchdog(
    { clock, log },
    {
      onStep: watches.step,
      onStall: watches.stall,
    },
  )
  stops.add('watchdog', watchdog.start())

  const broker = config.broker.enabled ? await startBroker({ ...config.broker, log }) : null
  if (broker) stops.add('broker', () => broker.stop())
  const inputDeps: InputsDeps = {
    clock,
    log,
    metrics,
    fleet,
    watches,
    ingest,
    settings: stores.settings,
    feeds,
    pushSources,
  }
  let inputs: Source[] = await openInputs(inputDeps, config, broker?.port ?? 0)
  const closeInputs = (): Promise<unknown> => Promise.all(inputs.map((source) => source.stop()))

  const password = await ensureAdminPassword(stores.settings)
  const app = createApp(
    {
      clock,
      log,
      fleet: { ...desk, sources: () => sourceStates() },
      editor: desk,
      service: probing.service,
      maintenance: probing.maintenance,
      letters: stores.outbox,
      push: createPushDesk({ clock, ingest }, pushSources),
      settings: stores.settings,
      metrics,
      troubles: () => [
        ...new Set([
          ...stores.troubles(),
          ...sweeper.troubles(),
          ...probing.troubles(),
          ...outputs.courier.troubles(),
        ]),
      ],
      warnings: (language) => [...operatorWarnings(config, language), ...outputs.courier.warnings()],
    },
    {
      ...config.http,
      adminToken,
      language: config.language,
      timezone: config.timezone,
      firstSteps: () => ({
        ...(broker
          ? { mqtt: { host: config.broker.host, port: broker.port, topic: 'fleet/200000123' } }
          : {}),
        ...firstPush(config),
      }),
    },
  )
  const server = await listen(app, config.http.host, config.http.port)
  stops.add('http', () => server.close())
  stops.add('sources', async () => {
    await closeInputs()
    ingest.drain()
  })

  function sourceStates() {
    return fleet.sources
      .filter((watch) => feeds.has(watch.id))
      .map((watch) => {
        const running = inputs.find((source) => source.id === watch.id)
        const health = running?.health() ?? { id: watch.id, connected: true, detail: {} }
        return { ...health, blindSince: watches.blindSince(watch) }
      })
  }

  async function reload(next: Config): Promise<readonly string[]> {
    const texts = readTemplates()
    const before = config
    config = next
    useSettings(fleet, freshnessSettings(next), next.freshness.resumeGrace)
    await watches.reconfigure(watchSettings(next))
    if (differs(before.sources, next.sources) || before.timezone !== next.timezone) {
      await closeInputs()
      feeds.clear()
      pushSources.clear()
      inputs = await openInputs(inputDeps, next, broker?.port ?? 0)
    }
    const retired = outputs
    outputs = createOutputs({ clock, log, metrics, outbox: stores.outbox, templates: texts }, next)
    await retired.courier.stop()
    retired.close()
    outputs.courier.start()
    if (differs(before.service, next.service)) await probing.reconfigure(next)
    await importInventory(desk, next, log)
    return RESTART_KEYS.filter((key) => differs(before[key], next[key])).map(
      (key) => `${key} takes effect after a restart`,
    )
  }

  return {
    httpPort: server.port,
    brokerPort: broker?.port ?? null,
    password,
    tokens: await madeTokens(stores.settings, config),
    reload,
    stop: stops.run,
  }
}

const RESTART_KEYS = ['http', 'broker', 'data', 'language', 'timezone'] as const

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b)
}

async function importInventory(
  desk: ReturnType<typeof createFleetDesk>,
  { fleet }: Config,
  log: Log,
): Promise<void> {
  if (fleet.terminals === '') return
  const bytes = await readFile(fleet.terminals).catch((cause: unknown) => {
    throw new Error(`fleet.terminals: ${fleet.terminals} cannot be read`, { cause })
  })
  const { created, updated, rejected, warnings } = await desk.importCsv(bytes)
  const fields = { file: fleet.terminals, created, updated }
  for (const warning of warnings) log.warn('inventory file', { file: fleet.terminals, warning })
  if (rejected.length === 0) log.info('inventory imported', fields)
  else
    log.error('inventory file has bad rows; nothing of it was imported', {
      ...fields,
      rejected: rejected.slice(0, 20),
    })
}

function firstPush({ sources }: Config): { push?: { source: string } } {
  const push = sources.find((source) => source.kind === 'http' && source.format === 'json')
  return push ? { push: { source: push.id } } : {}
}
