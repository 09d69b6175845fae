import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { OMNICOMM_FRAMES } from '../support/omnicomm.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { type Figure, round } from './figure.ts'
import { cpuMs, residentMegabytes } from './process-usage.ts'

export type ConnectionLoad = { readonly connections: number; readonly seconds: number }

const INTERVAL_SECONDS = 30
const SETTLED_MS = 10_000
const CONNECTED_WITHIN_MS = 120_000

type Usage = { readonly cpuShare: number; readonly kilobytes: number; readonly frames: number }

/**
 * Omnicomm terminals that hold their connections and send a record every 30 s: CPU and memory per connection, of the
 * service and of a listener that only counts bytes.
 */
export async function measureConnections(load: ConnectionLoad): Promise<Record<string, Figure>> {
  const service = await ofService(load)
  const bare = await ofBareListener(load)
  return {
    tcpConnections: {
      value: load.connections,
      unit: 'connections',
      goal: '>= 10000',
      met: load.connections >= 10_000 && service.frames > 0,
    },
    tcpCpu: compared(service.cpuShare, bare.cpuShare, '% of a core'),
    tcpMemory: compared(service.kilobytes, bare.kilobytes, 'kB/connection'),
    tcpFrames: { value: round(service.frames / load.seconds), unit: 'frames/s' },
  }
}

async function ofService(load: ConnectionLoad): Promise<Usage> {
  await using deployment = await deployService({
    broker: { enabled: false },
    sources: [{ id: 'direct', kind: 'omnicomm-tcp', port: 0, interval: `${INTERVAL_SECONDS}s` }],
    service: { components: [] },
  })
  const service = await deployment.start()
  const port = (): number => Number(service.log.find(({ message }) => message === LISTENING)?.['port'] ?? 0)
  await until(() => port() > 0, 10_000, 'the service listens')
  const usage = await measure(service.pid, port(), load)
  const live = await service.api.metric('watch_messages_total', 'kind="live"')
  if (live < usage.frames / 2) throw new Error(`the service took in ${live} records only`)
  return usage
}

/** What the listener logs when it takes connections. */
const LISTENING = 'Listening for terminals'

async function ofBareListener(load: ConnectionLoad): Promise<Usage> {
  await using bare = startScript(new URL('./bare-listener.ts', import.meta.url), [
    OMNICOMM_FRAMES.requestFrom0,
  ])
  await until(() => bare.lines.length === 1, 10_000)
  // Awaited here, or the listener would be gone before it is measured.
  return await measure(bare.process.pid ?? 0, Number(bare.lines[0]), load)
}

async function measure(pid: number, port: number, { connections, seconds }: ConnectionLoad): Promise<Usage> {
  // What starting has left behind is given back by then.
  await delay(SETTLED_MS)
  const before = await residentMegabytes(pid)
  const args = [port, connections, INTERVAL_SECONDS].map(String)
  await using load = startScript(new URL('./terminal-load.ts', import.meta.url), args)
  await until(() => load.lines.length > 0, CONNECTED_WITHIN_MS, 'all terminals are connected')
  // A whole interval makes every connection send at least once before anything is measured.
  await delay(INTERVAL_SECONDS * 1000)
  const sentBefore = Number(load.lines.at(-1))
  const startedAt = await cpuMs(pid)
  await delay(seconds * 1000)
  const cpuShare = ((await cpuMs(pid)) - startedAt) / (10 * seconds)
  const frames = Number(load.lines.at(-1)) - sentBefore
  const kilobytes = (1000 * ((await residentMegabytes(pid)) - before)) / connections
  return { cpuShare, kilobytes, frames }
}

/** Here the ratio is reference / value, so that more is better. */
function compared(value: number, reference: number, unit: string): Figure {
  return { value: round(value), unit, reference: round(reference), ratio: round(reference / value) }
}
