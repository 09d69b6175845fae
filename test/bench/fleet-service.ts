import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { freePort, startMosquitto } from '../support/mosquitto.ts'
import { hasCommand, startVictoriaMetrics } from '../support/real-server.ts'
import {
  type Deployment,
  deployService,
  LIKE_NPM_START,
  type ServiceProcess,
} from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, round } from './figure.ts'
import { cpuMs, loopDelayMs, residentMegabytes } from './process-usage.ts'
import { type Asked, ask } from './questions.ts'
import { isReady } from './reactions.ts'
import { type FleetLoad, httpRoad, mqttRoad, type Road, TOKEN } from './service-roads.ts'

const STARTS = 3
const SETTLED_MS = 20_000
const RECOMMENDED = new URL('../../config/mosquitto/mosquitto.conf', import.meta.url)
const OWN = /^(listener|persistence|persistence_location) /

/**
 * The service with a fleet that it has known for long: start, and then so many messages a second by each road, while
 * it is asked for terminals, pages and metrics.
 */
export async function measureService(load: FleetLoad): Promise<Record<string, Figure>> {
  const text = await readFile(RECOMMENDED, 'utf8')
  const broker = await startMosquitto(text.split('\n').filter((line) => !OWN.test(line)))
  try {
    const port = await freePort()
    await using deployment = await deployService(configFor(broker.port, port))
    await mkdir(deployment.data)
    await storeFleet(join(deployment.data, 'watch.sqlite'), load.terminals)
    const seconds: number[] = []
    for (let n = 0; n < STARTS - 1; n++) {
      const service = await timedStart(deployment, port, seconds)
      await service.end('SIGTERM')
    }
    const service = await timedStart(deployment, port, seconds)
    await until(async () => (await service.api.metric('watch_mqtt_connects_total')) === 2, 10_000)
    const megabytes = await residentMegabytes(service.pid)
    const reference = await takingMemory(megabytes)
    const ready = atMost(3, 's', seconds)
    const figures: Record<string, Figure> = {
      readyAfterRestart: { ...ready, reference, ratio: round(reference / ready.value) },
      residentWithFleet: { value: round(megabytes), unit: 'MB' },
    }
    // The order of the names is worked out in the background first.
    await delay(SETTLED_MS)
    Object.assign(figures, await whileIdle(service, load))
    const roads = [httpRoad(service, load), mqttRoad(broker.port, load, 0), mqttRoad(broker.port, load, 1)]
    for (const road of roads) {
      Object.assign(figures, await underLoad(service, load, road, await road.bareCpu()))
    }
    await service.end('SIGTERM')
    if (hasCommand('victoria-metrics')) {
      const httpCpu = figures['httpCpu']?.value ?? 0
      Object.assign(figures, await withHistory(deployment, configFor(broker.port, port), load, httpCpu))
    }
    return figures
  } finally {
    await broker.dispose()
  }
}

async function storeFleet(path: string, terminals: number): Promise<void> {
  const script = new URL('./store-known-fleet.ts', import.meta.url)
  await using writer = startScript(script, [path, String(terminals)])
  const [status] = await once(writer.process, 'exit')
  if (status !== 0) throw new Error(`the known fleet was not written: status ${status}`)
}

/** Seconds in which a bare process takes so many MB of this machine's memory. */
async function takingMemory(megabytes: number): Promise<number> {
  await using taker = startScript(new URL('./bare-memory.ts', import.meta.url), [String(megabytes)])
  await once(taker.process, 'exit')
  return round(Number(taker.lines[0]))
}

function configFor(mqttPort: number, port: number) {
  const url = `mqtt://127.0.0.1:${mqttPort}`
  return {
    http: { port },
    broker: { enabled: false },
    sources: [
      { id: 'push', kind: 'http', token: TOKEN },
      ...[0, 1].map((qos) => ({ id: `q${qos}`, kind: 'mqtt', url, topics: [`service${qos}/#`], qos })),
    ],
    service: { components: [] },
  }
}

async function timedStart(deployment: Deployment, port: number, seconds: number[]): Promise<ServiceProcess> {
  const startedAt = performance.now()
  const starting = deployment.start(LIKE_NPM_START)
  await until(() => isReady(port), 60_000, 'the service is ready')
  seconds.push((performance.now() - startedAt) / 1000)
  return starting
}

/** What the service does of itself with such a fleet. */
async function whileIdle(service: ServiceProcess, load: FleetLoad): Promise<Record<string, Figure>> {
  const { cpu, loopDelays } = await usage(service, async () => {
    await delay(load.seconds * 1000)
    return NOTHING_ASKED
  })
  const { figures } = await ask(service, load.terminals, load.seconds)
  return {
    idleCpu: { value: cpu, unit: 'cores' },
    idleLoopDelay: atMost(20, 'ms (p99)', loopDelays),
    ...named('idle', figures),
  }
}

const NOTHING_ASKED: Asked = { figures: {}, loopDelays: [] }

async function underLoad(
  service: ServiceProcess,
  load: FleetLoad,
  road: Road,
  referenceCpu: number,
): Promise<Record<string, Figure>> {
  const before = await service.api.metric('watch_messages_total')
  await using sender = road.startSender()
  const exited = once(sender.process, 'exit')
  // The sender makes its messages first.
  await until(async () => (await service.api.metric('watch_messages_total')) > before, 60_000)
  // The last second is its own, so that every question meets the load.
  const askedSeconds = load.seconds - 1
  const { cpu, loopDelays, figures } = await usage(service, () => ask(service, load.terminals, askedSeconds))
  await exited
  const expected = before + load.perSecond * load.seconds
  await until(async () => (await service.api.metric('watch_messages_total')) >= expected, 30_000)
  const { name } = road
  return {
    [`${name}Cpu`]: {
      value: cpu,
      unit: 'cores',
      goal: '<= 1',
      met: cpu <= 1,
      reference: referenceCpu,
      ratio: round(referenceCpu / cpu),
    },
    [`${name}LoopDelay`]: atMost(20, 'ms (p99)', loopDelays),
    ...named(name, figures),
  }
}

/** The first road again while history is written to InfluxDB; `withoutCpu`: cores that it took without that. */
async function withHistory(
  deployment: Deployment,
  config: ReturnType<typeof configFor>,
  load: FleetLoad,
  withoutCpu: number,
): Promise<Record<string, Figure>> {
  await using victoria = await startVictoriaMetrics()
  const influx = { url: victoria.base, org: 'watch', bucket: 'watch', token: 'bench' }
  await deployment.configure({ ...config, influx })
  const service = await timedStart(deployment, config.http.port, [])
  await delay(SETTLED_MS)
  // As warm as it was without.
  await ask(service, load.terminals, load.seconds)
  const road = { ...httpRoad(service, load), name: 'httpWithInflux' }
  return await underLoad(service, load, road, withoutCpu)
}

/**
 * Cores that the process used meanwhile, and the event loop's delay: a value for each stretch from one reading of the
 * metrics to the next, the first of which begins and the last of which ends here.
 */
async function usage(service: ServiceProcess, work: () => Promise<Asked>) {
  const loopDelay = async () => loopDelayMs(await (await service.api.request('/metrics')).text())
  await loopDelay()
  const cpuBefore = await cpuMs(service.pid)
  const startedAt = performance.now()
  const { figures, loopDelays } = await work()
  const cpu = round(((await cpuMs(service.pid)) - cpuBefore) / (performance.now() - startedAt))
  return { cpu, loopDelays: [...loopDelays, await loopDelay()], figures }
}

function named(prefix: string, figures: Record<string, Figure>): Record<string, Figure> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      figure,
    ]),
  )
}
