import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { freePort, startMosquitto } from '../support/mosquitto.ts'
import { deployService, LIKE_NPM_START, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, round } from './figure.ts'
import { cpuMs, residentMegabytes } from './process-usage.ts'
import { ask } from './questions.ts'
import { isReady } from './reactions.ts'

export type FleetLoad = {
  readonly terminals: number
  readonly perSecond: number
  /** How long each road is used. */
  readonly seconds: number
}

const TOKEN = 'push-token'
const STARTS = 3
const SETTLED_MS = 20_000
/** The monitor measures by a timer of so many ms, which is in each of its values. */
const MONITOR_MS = 10
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
    for (const road of roads(service, broker.port, load)) {
      Object.assign(figures, await underLoad(service, load, road))
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

type Deployment = Awaited<ReturnType<typeof deployService>>

async function timedStart(deployment: Deployment, port: number, seconds: number[]): Promise<ServiceProcess> {
  const startedAt = performance.now()
  const starting = deployment.start(LIKE_NPM_START)
  await until(() => isReady(port), 60_000, 'the service is ready')
  seconds.push((performance.now() - startedAt) / 1000)
  return starting
}

type Road = { readonly name: string; readonly script: string; readonly args: readonly string[] }

function roads({ api }: ServiceProcess, mqttPort: number, load: FleetLoad): Road[] {
  const messages = load.perSecond * load.seconds
  const common = [messages, load.terminals].map(String)
  const rate = String(load.perSecond)
  const mqtt = (qos: 0 | 1): Road => ({
    name: `mqttQos${qos}`,
    script: './mqtt-load.ts',
    args: [String(mqttPort), `service${qos}`, String(qos), ...common, `END${qos}`, rate],
  })
  const url = `${api.base}/api/v1/ingest/push`
  return [{ name: 'http', script: './http-load.ts', args: [url, TOKEN, ...common, rate] }, mqtt(0), mqtt(1)]
}

/** What the service does of itself with such a fleet. */
async function whileIdle(service: ServiceProcess, load: FleetLoad): Promise<Record<string, Figure>> {
  const { cpu, lag } = await usage(service, () => delay(load.seconds * 1000))
  return {
    idleCpu: { value: cpu, unit: 'cores' },
    idleLoopDelay: { ...atMost(20, 'ms (p99)', [lag]) },
    ...named('idle', await ask(service, load.terminals, load.seconds)),
  }
}

async function underLoad(
  service: ServiceProcess,
  load: FleetLoad,
  road: Road,
): Promise<Record<string, Figure>> {
  const before = await service.api.metric('watch_messages_total')
  let asked: Record<string, Figure> = {}
  await using sender = startScript(new URL(road.script, import.meta.url), [...road.args])
  const exited = once(sender.process, 'exit')
  // The sender makes its messages first.
  await until(async () => (await service.api.metric('watch_messages_total')) > before, 60_000)
  const { cpu, lag } = await usage(service, async () => {
    asked = await ask(service, load.terminals, load.seconds)
  })
  await exited
  const expected = before + load.perSecond * load.seconds
  await until(async () => (await service.api.metric('watch_messages_total')) >= expected, 30_000)
  const { name } = road
  return {
    [`${name}Cpu`]: { value: cpu, unit: 'cores', goal: '<= 1', met: cpu <= 1 },
    [`${name}LoopDelay`]: atMost(20, 'ms (p99)', [lag]),
    [`${name}LoopDelayNet`]: {
      value: round(lag - MONITOR_MS),
      unit: 'ms (p99) beyond the timer of the monitor',
    },
    ...named(name, asked),
  }
}

/** Cores that the process used and the event loop's delay (prom-client's own, since it was last asked) meanwhile. */
async function usage(service: ServiceProcess, work: () => Promise<void>) {
  const delayed = () => service.api.metric('nodejs_eventloop_lag_p99_seconds')
  await delayed()
  const cpuBefore = await cpuMs(service.pid)
  const startedAt = performance.now()
  await work()
  const cpu = round(((await cpuMs(service.pid)) - cpuBefore) / (performance.now() - startedAt))
  return { cpu, lag: round((await delayed()) * 1000) }
}

function named(prefix: string, figures: Record<string, Figure>): Record<string, Figure> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      figure,
    ]),
  )
}
