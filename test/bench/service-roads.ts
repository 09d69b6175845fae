import { once } from 'node:events'
import { type ChildScript, startScript } from '../support/child-script.ts'
import type { ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { round } from './figure.ts'
import { cpuMs } from './process-usage.ts'

export const TOKEN = 'push-token'

export type FleetLoad = {
  readonly terminals: number
  readonly perSecond: number
  /** How long each road is used. */
  readonly seconds: number
}

/** A way by which messages reach the service. */
export type Road = {
  readonly name: string
  startSender(): ChildScript
  /** Cores that a process needs which takes the same and only counts it. */
  bareCpu(): Promise<number>
}

export function httpRoad({ api }: ServiceProcess, load: FleetLoad): Road {
  const { messages, terminals, perSecond } = inText(load)
  const startSender = (url: string): ChildScript =>
    start('./http-load.ts', [url, TOKEN, messages, terminals, perSecond])
  return {
    name: 'http',
    startSender: () => startSender(`${api.base}/api/v1/ingest/push`),
    async bareCpu() {
      await using bare = start('./bare-http.ts', [])
      await until(() => bare.lines.length > 0, 5000, 'the bare server listens')
      return await coresOf(bare, () => startSender(`http://127.0.0.1:${bare.lines[0]}/`))
    },
  }
}

export function mqttRoad(brokerPort: number, load: FleetLoad, qos: 0 | 1): Road {
  const { messages, terminals, perSecond } = inText(load)
  const startSender = (prefix: string): ChildScript => {
    const to = [String(brokerPort), `${prefix}${qos}`, String(qos)]
    return start('./mqtt-load.ts', [...to, messages, terminals, `END${qos}`, perSecond])
  }
  return {
    name: `mqttQos${qos}`,
    startSender: () => startSender('service'),
    async bareCpu() {
      await using bare = start('./bare-subscriber.ts', [String(brokerPort), 'bare0', 'bare1', messages])
      await until(() => bare.lines.length > 0, 10_000, 'the bare subscriber listens')
      return await coresOf(bare, () => startSender('bare'))
    },
  }
}

function inText({ terminals, perSecond, seconds }: FleetLoad) {
  return {
    messages: String(perSecond * seconds),
    terminals: String(terminals),
    perSecond: String(perSecond),
  }
}

function start(script: string, args: readonly string[]): ChildScript {
  return startScript(new URL(script, import.meta.url), args)
}

/** Cores that a process uses while the sender sends; before that, while the messages are made, it does nothing. */
async function coresOf(
  { process: { pid = 0 } }: ChildScript,
  startSender: () => ChildScript,
): Promise<number> {
  const before = await cpuMs(pid)
  await using sender = startSender()
  await once(sender.process, 'exit')
  const endedAt = Date.now()
  await until(() => sender.lines.length > 0, 5000, 'the sender told when it began')
  const startedAt = Number(sender.lines[0]?.split(' ')[0])
  return round(((await cpuMs(pid)) - before) / (endedAt - startedAt))
}
