import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { startScript } from '../support/child-script.ts'
import { startMosquitto } from '../support/mosquitto.ts'
import { deployService, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { residentMegabytes } from './process.ts'

export type Load = { readonly messages: number; readonly terminals: number; readonly rounds: number }

const RECOMMENDED = new URL('../../config/mosquitto/mosquitto.conf', import.meta.url)
/** What the test server sets by itself: its own port and folder. */
const OWN = /^(listener|persistence|persistence_location) /
const RATIO_GOAL = 0.8
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
    const into = { service: intoService(service), bare: intoBare(bare) }
    const figures: Record<string, Figure> = {}
    for (const qos of [0, 1] as const) {
      // The first run makes the terminals known and the code warm.
      await into.service(broker.port, `svc${qos}`, qos, load)
      await into.bare(broker.port, `bare${qos}`, qos, load)
      const ours: number[] = []
      const reference: number[] = []
      for (let round = 0; round < load.rounds; round++) {
        ours.push(await into.service(broker.port, `svc${qos}`, qos, load))
        reference.push(await into.bare(broker.port, `bare${qos}`, qos, load))
      }
      figures[`mqttQos${qos}`] = compared(ours, reference)
    }
    await checkNothingLost(service, load)
    figures['residentWithFleet'] = { ...atMost(1000, 'MB', [await residentMegabytes(service.pid)]) }
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
    sources: [0, 1].map((qos) => ({ id: `q${qos}`, kind: 'mqtt', url, topics: [`svc${qos}/#`], qos })),
    service: { components: [] },
  }
}

type Run = (port: number, prefix: string, qos: 0 | 1, load: Load) => Promise<number>

/** The end of a run is seen at the last message, whose terminal appears in the API. */
function intoService({ api }: ServiceProcess): Run {
  return async (port, prefix, qos, load) => {
    const lastId = `END${prefix}${Date.now()}`
    const startedAt = await pour(port, prefix, qos, load, lastId)
    await until(async () => (await api.terminal(lastId)) !== undefined, RUN_WITHIN_MS, 'the service took all')
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

function compared(runs: readonly number[], reference: readonly number[]): Figure {
  const value = median(runs)
  const ratio = round(value / median(reference))
  return {
    value,
    unit: 'messages/s',
    goal: `>= ${RATIO_GOAL} of the reference`,
    met: ratio >= RATIO_GOAL,
    reference: median(reference),
    ratio,
    runs,
  }
}

async function checkNothingLost({ api }: ServiceProcess, { messages, rounds }: Load): Promise<void> {
  const expected = 2 * (rounds + 1) * (messages + 1)
  await until(
    async () => (await api.metric('watch_messages_total')) === expected,
    5000,
    `the service counted ${expected} messages`,
  )
}
