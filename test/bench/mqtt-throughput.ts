import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { startMosquitto } from '../support/mosquitto.ts'
import { deployService, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { type Figure, median, round } from './figure.ts'
import { cpuMs, residentMegabytes } from './process-usage.ts'

export type Load = { readonly messages: number; readonly terminals: number; readonly rounds: number }

const RECOMMENDED = new URL('../../config/mosquitto/mosquitto.conf', import.meta.url)
/** What the test server sets by itself: its own port and folder. */
const OWN = /^(listener|persistence|persistence_location) /
/** Of the reference, by QoS. */
const RATIO_GOALS = { 0: 0.8, 1: 0.9 } as const
const RUN_WITHIN_MS = 60_000

/** Messages/s through Mosquitto into the service and, in turns with it, into a subscriber that only counts. */
export async function measureMqtt(
  load: Load,
  nodeOptions: readonly string[],
): Promise<Record<string, Figure>> {
  const text = await readFile(RECOMMENDED, 'utf8')
  const broker = await startMosquitto(text.split('\n').filter((line) => !OWN.test(line)))
  try {
    await using deployment = await deployService(configFor(broker.port))
    const service = await deployment.start({ nodeOptions })
    await until(async () => (await service.api.metric('watch_mqtt_connects_total')) === 2, 10_000)
    await using bare = startScript(new URL('./bare-subscriber.ts', import.meta.url), [
      String(broker.port),
      'bare0',
      'bare1',
      String(load.messages + 1),
    ])
    await until(() => bare.lines.length === 1, 10_000)
    const subscribers: Subscribers = {
      service: { pid: service.pid, run: intoService(service) },
      bare: { pid: bare.process.pid ?? 0, run: intoBare(bare) },
    }
    const figures: Record<string, Figure> = {}
    for (const qos of [0, 1] as const) {
      Object.assign(figures, await measureQos(subscribers, broker.port, qos, load))
    }
    await checkNothingLost(service, load)
    figures['residentWithFleet'] = { value: round(await residentMegabytes(service.pid)), unit: 'MB' }
    if (nodeOptions.length > 0) await service.end('SIGTERM')
    return figures
  } finally {
    await broker.dispose()
  }
}

function configFor(port: number) {
  const url = `mqtt://127.0.0.1:${port}`
  return {
    broker: { enabled: false },
    sources: [0, 1].map((qos) => ({ id: `q${qos}`, kind: 'mqtt', url, topics: [`service${qos}/#`], qos })),
    service: { components: [] },
  }
}

type Run = (port: number, prefix: string, qos: 0 | 1, load: Load) => Promise<number>

/** The end of a run is seen at the last message, whose terminal appears in the API. */
function intoService({ api }: ServiceProcess): Run {
  return async (port, prefix, qos, load) => {
    const lastId = `END${prefix}${Date.now()}`
    const startedAt = await pour(port, prefix, qos, load, lastId)
    try {
      await until(
        async () => (await api.terminal(lastId)) !== undefined,
        RUN_WITHIN_MS,
        'the service took all',
      )
    } catch (cause) {
      const dropped = await api.metric('watch_messages_rejected_total', 'reason="dropped"')
      throw new Error(`the service did not take all; it dropped ${dropped} messages`, { cause })
    }
    return perSecond(load, startedAt, Date.now())
  }
}

function intoBare({ lines }: { readonly lines: readonly string[] }): Run {
  return async (port, prefix, qos, load) => {
    const runs = lines.length
    const startedAt = await pour(port, prefix, qos, load, 'END')
    await until(() => lines.length > runs, RUN_WITHIN_MS, 'the bare subscriber counted all')
    return perSecond(load, startedAt, Number(lines.at(-1)))
  }
}

/** Resolves with the beginning, in Unix ms, when everything is in the broker. */
async function pour(port: number, prefix: string, qos: 0 | 1, load: Load, lastId: string): Promise<number> {
  const { messages, terminals } = load
  const args = [port, prefix, qos, messages, terminals, lastId].map(String)
  await using publisher = startScript(new URL('./mqtt-load.ts', import.meta.url), args)
  await once(publisher.process, 'exit')
  return Number(publisher.lines[0])
}

function perSecond({ messages }: Load, startedAt: number, endedAt: number): number {
  return round((1000 * messages) / (endedAt - startedAt))
}

type Subscribers = Readonly<Record<'service' | 'bare', { readonly pid: number; readonly run: Run }>>

type Series = { readonly perSecond: number[]; readonly cpuMicroseconds: number[] }

/**
 * Messages/s end to end, and beside it what a message costs the subscriber's process. On a small machine the broker
 * is the bottleneck of both, so that the first hardly tells one subscriber from the other; the second does.
 */
async function measureQos(
  subscribers: Subscribers,
  port: number,
  qos: 0 | 1,
  load: Load,
): Promise<Record<string, Figure>> {
  const series = { service: emptySeries(), bare: emptySeries() }
  const measure = async (name: 'service' | 'bare', into: Series): Promise<void> => {
    const { pid, run } = subscribers[name]
    // The service stores what the run before has changed; that must not cost the next one.
    await untilIdle(subscribers.service.pid)
    const before = await cpuMs(pid)
    into.perSecond.push(await run(port, `${name}${qos}`, qos, load))
    into.cpuMicroseconds.push(round((1000 * ((await cpuMs(pid)) - before)) / load.messages))
  }
  // The first runs make the terminals known and the code warm.
  for (const name of ['service', 'bare'] as const) await measure(name, emptySeries())
  for (let n = 0; n < load.rounds; n++) {
    // Whoever goes first may have it easier or harder.
    const order = n % 2 === 0 ? (['service', 'bare'] as const) : (['bare', 'service'] as const)
    for (const name of order) await measure(name, series[name])
  }
  return {
    [`mqttQos${qos}`]: compared(series.service.perSecond, series.bare.perSecond, RATIO_GOALS[qos]),
    [`mqttQos${qos}Cpu`]: comparedCost(series.service.cpuMicroseconds, series.bare.cpuMicroseconds),
  }
}

function emptySeries(): Series {
  return { perSecond: [], cpuMicroseconds: [] }
}

const QUIET_MS = 300

async function untilIdle(pid: number): Promise<void> {
  let before = await cpuMs(pid)
  await until(
    async () => {
      await delay(QUIET_MS)
      const now = await cpuMs(pid)
      const idle = now - before <= QUIET_MS / 10
      before = now
      return idle
    },
    20_000,
    'the service is idle',
  )
}

function compared(runs: readonly number[], reference: readonly number[], least: number): Figure {
  const value = median(runs)
  const ratio = round(value / median(reference))
  return {
    value,
    unit: 'messages/s',
    goal: `>= ${least} of the reference`,
    met: ratio >= least,
    reference: median(reference),
    ratio,
    runs,
    referenceRuns: reference,
  }
}

/** Here the ratio is reference / value, so that in both figures more is better. Nothing is promised of it. */
function comparedCost(runs: readonly number[], reference: readonly number[]): Figure {
  const value = median(runs)
  const unit = 'CPU microseconds/message'
  const ratio = round(median(reference) / value)
  return { value, unit, reference: median(reference), ratio, runs, referenceRuns: reference }
}

async function checkNothingLost({ api }: ServiceProcess, { messages, rounds }: Load): Promise<void> {
  const expected = 2 * (rounds + 1) * (messages + 1)
  await until(
    async () => (await api.metric('watch_messages_total')) === expected,
    5000,
    `the service counted ${expected} messages`,
  )
}
