import { connectAsync } from 'mqtt'
import type { Ledger, Road } from './ledger.ts'

export type SenderOptions = {
  readonly brokerPort: number
  readonly httpPort: number
  readonly token: string
  readonly terminals: number
  /** Each terminal sends once in this time. */
  readonly intervalMs: number
}

export type Senders = AsyncDisposable & {
  /** Stops sending; resolves when nothing waits for its acknowledgement. */
  pause(): Promise<void>
  resume(): void
  /** The next message of each terminal at once, whatever its turn is. */
  sendAll(): Promise<void>
}

const TICK_MS = 250
const FIRST = 400_000_000
/** Of three terminals two send to the broker, the third by HTTP. */
const HTTP_EVERY = 3
/** One terminal in fifty is silent for every other span of this, so that there are transitions all the time. */
const SILENT_EVERY = 50
const SILENT_MS = 60_000

/** A fleet that sends over MQTT with QoS 1 and by HTTP, and keeps the account of what was acknowledged. */
export async function startSenders(options: SenderOptions, ledger: Ledger): Promise<Senders> {
  const { terminals, intervalMs } = options
  const client = await connectAsync(`mqtt://127.0.0.1:${options.brokerPort}`, {
    clientId: 'soak-sender',
    protocolVersion: 4,
    reconnectPeriod: 500,
    keepalive: 10,
  })
  // A broker that is away is part of the soak.
  client.on('error', () => {})
  let waiting = 0
  let isPaused = true
  let next = 0
  let since = performance.now()

  function publish(id: string): void {
    const at = Date.now()
    waiting += 1
    ledger.sent.gate += 1
    client.publish(`fleet/${id}`, messageOf(id, at), { qos: 1 }, (error) => {
      waiting -= 1
      if (error) ledger.refused.gate += 1
      else ledger.acknowledge('gate', id, at)
    })
  }

  async function push(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const at = Date.now()
    waiting += 1
    ledger.sent.push += ids.length
    try {
      const response = await fetch(`http://127.0.0.1:${options.httpPort}/api/v1/ingest/push`, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.token}` },
        body: ids.map((id) => messageOf(id, at)).join('\n'),
        signal: AbortSignal.timeout(10_000),
      })
      const { accepted } = (await response.json()) as { accepted?: number }
      if (response.status !== 202 || accepted !== ids.length) throw new Error(`${response.status}`)
      for (const id of ids) ledger.acknowledge('push', id, at)
    } catch {
      ledger.refused.push += ids.length
    } finally {
      waiting -= 1
    }
  }

  function send(from: number, count: number, isForced = false): Promise<void> {
    const pushed: string[] = []
    for (let n = from; n < from + count; n++) {
      const index = n % terminals
      if (!isForced && isSilent(index)) continue
      if (roadOf(index) === 'push') pushed.push(idOf(index))
      else publish(idOf(index))
    }
    return push(pushed)
  }

  const timer = setInterval(() => {
    if (isPaused) return
    const due = Math.floor(((performance.now() - since) * terminals) / intervalMs)
    if (due <= next) return
    void send(next, due - next)
    next = due
  }, TICK_MS)

  async function settled(): Promise<void> {
    for (const end = Date.now() + 30_000; waiting > 0 && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  return {
    async pause() {
      isPaused = true
      await settled()
    },
    resume() {
      if (!isPaused) return
      isPaused = false
      since = performance.now()
      next = 0
    },
    async sendAll() {
      await send(0, terminals, true)
      await settled()
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await client.endAsync(true)
    },
  }
}

function idOf(index: number): string {
  return String(FIRST + index)
}

function roadOf(index: number): Road {
  return index % HTTP_EVERY === 0 ? 'push' : 'gate'
}

function isSilent(index: number): boolean {
  return index % SILENT_EVERY === 0 && Math.floor(Date.now() / SILENT_MS) % 2 === 0
}

function messageOf(id: string, at: number): string {
  const speed = 20 + (Number(id) % 60)
  return JSON.stringify({ ident: id, ts: at, lat: 56.25, lon: 43.5, speed, ignition: true, voltage: 24.6 })
}
