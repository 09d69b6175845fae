import { connectAsync } from 'mqtt'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import type { MqttSourceOptions } from '../../../src/adapters/mqtt/options.ts'
import { createMqttSource } from '../../../src/adapters/mqtt/source.ts'
import type { IncomingMessage, SettingsStore, Source } from '../../../src/ports.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'

export type Happening =
  | { readonly kind: 'connected'; readonly resumed: boolean; readonly at: number }
  | { readonly kind: 'disconnected'; readonly since: number; readonly reason: string }
  | { readonly kind: 'dropped'; readonly since: number; readonly count: number }
  | { readonly kind: 'drops-ended'; readonly at: number }
  | { readonly kind: 'message'; readonly text: string; readonly envelope: IncomingMessage['envelope'] }

export type Running = AsyncDisposable & {
  readonly source: Source
  readonly clock: FakeClock
  readonly log: ReturnType<typeof createRecordingLog>
  readonly metrics: ReturnType<typeof createRecordingMetrics>
  /** Everything reported, in order. */
  readonly happenings: Happening[]
  texts(): readonly string[]
  kinds(): readonly Happening['kind'][]
  /** Waits for the condition; the fake clock goes on by `stepMs` per look, so that back-offs end. */
  until(condition: () => boolean, stepMs?: number): Promise<void>
}

/**
 * A source with everything it reports written down, a clock that is moved by hand, and no jitter. `settings`: those of
 * an earlier run.
 */
export function runSource(
  options: Partial<MqttSourceOptions> & Pick<MqttSourceOptions, 'url'>,
  onMessage: (text: string) => void = () => {},
  settings: SettingsStore = createMemoryStores().settings,
): Running {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const happenings: Happening[] = []
  const source = createMqttSource(
    { id: 'gate', topics: ['fleet/#'], qos: 1, ...options },
    {
      received: ({ payload, envelope }) => {
        const text = Buffer.from(payload).toString()
        happenings.push({ kind: 'message', text, envelope })
        onMessage(text)
      },
      room: () => null,
      connected: (at, resumed) => happenings.push({ kind: 'connected', at, resumed }),
      disconnected: (since, reason) => happenings.push({ kind: 'disconnected', since, reason }),
      dropped: (since, count) => happenings.push({ kind: 'dropped', since, count }),
      dropsEnded: (at) => happenings.push({ kind: 'drops-ended', at }),
    },
    { clock, log, metrics, settings, random: () => 0.5 },
  )
  return {
    source,
    clock,
    log,
    metrics,
    happenings,
    texts: () => happenings.flatMap((h) => (h.kind === 'message' ? [h.text] : [])),
    kinds: () => happenings.map(({ kind }) => kind),
    async until(condition, stepMs = 100) {
      await until(
        async () => {
          await clock.advance(stepMs)
          return condition()
        },
        10_000,
        condition.toString(),
      )
    },
    [Symbol.asyncDispose]: () => source.stop(),
  }
}

export type Publisher = AsyncDisposable & {
  publish(topic: string, text: string, options?: PublishOptions): Promise<void>
}

type PublishOptions = { readonly retain?: boolean; readonly qos?: 0 | 1; readonly timestamp?: string }

/** An ordinary MQTT client that sends. */
export async function connectPublisher(port: number): Promise<Publisher> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 })
  return {
    async publish(topic, text, { retain = false, qos = 1, timestamp } = {}) {
      const properties = timestamp === undefined ? {} : { properties: { userProperties: { timestamp } } }
      await client.publishAsync(topic, text, { retain, qos, ...properties })
    },
    [Symbol.asyncDispose]: () => client.endAsync(),
  }
}
