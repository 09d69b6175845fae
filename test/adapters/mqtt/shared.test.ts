import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fleet } from '../../../src/core/fleet/fleet.ts'
import { SECOND } from '../../../src/core/time.ts'
import type { FakeClock } from '../../support/fake-clock.ts'
import { describeWithMosquitto, type Mosquitto, startMosquitto } from '../../support/mosquitto.ts'
import { until } from '../../support/until.ts'
import { connectPublisher } from './harness.ts'
import { startProxy } from './proxy.ts'
import { startWorker } from './worker.ts'

const MESSAGES = 20_000
const TERMINALS = 1000
/** For real servers on a machine that is busy with other suites. */
const PATIENCE_MS = 60_000
const REGISTERS = ['contactAt', 'dataAt', 'liveAt', 'fixAt'] as const

/** A worker that keeps the serial number of every message, as it came. */
function startCounting(clientId: string, port: number, sharedGroup?: string) {
  const serials: number[] = []
  const options = sharedGroup === undefined ? { clientId, port } : { clientId, port, sharedGroup }
  const worker = startWorker(options, ({ payload }) => {
    serials.push(JSON.parse(Buffer.from(payload).toString()).serial)
  })
  return { ...worker, serials }
}

type Worker = ReturnType<typeof startCounting>

/** The registers of every terminal as one table: of several fleets the maximum, as a store merges them. */
function merged(fleets: readonly Fleet[]): Map<string, readonly number[]> {
  const all = new Map<string, number[]>()
  for (const fleet of fleets) {
    for (const { id, row } of fleet.inventory) {
      const known = all.get(id) ?? REGISTERS.map(() => 0)
      all.set(
        id,
        REGISTERS.map((name, index) => Math.max(known[index] ?? 0, fleet.table[name][row] ?? 0)),
      )
    }
  }
  return all
}

describeWithMosquitto('three workers that share a subscription of Mosquitto', () => {
  let broker: Mosquitto
  let proxy: Awaited<ReturnType<typeof startProxy>>
  let workers: readonly [Worker, Worker, Worker]
  /** It takes everything by itself. */
  let alone: Worker
  let serial = 0
  const everybody = (): readonly Worker[] => [...workers, alone]

  beforeEach(async () => {
    broker = await startMosquitto([
      'allow_anonymous true',
      'max_queued_messages 0',
      'max_inflight_messages 0',
    ])
    proxy = await startProxy(broker.port)
    serial = 0
    workers = [
      startCounting('one', broker.port, 'workers'),
      startCounting('two', proxy.port, 'workers'),
      startCounting('three', broker.port, 'workers'),
    ]
    alone = startCounting('alone', broker.port)
    for (const { source } of everybody()) await until(() => source.health().connected)
  })
  afterEach(async () => {
    for (const { source } of everybody()) await source.stop()
    await proxy[Symbol.asyncDispose]()
    await broker.dispose()
  })

  /** Every terminal speaks in turn, a fifth of the messages twice, each a little later than the one before. */
  async function publish(count: number, between: (n: number) => void = () => {}): Promise<void> {
    await using publisher = await connectPublisher(broker.port)
    const sent: Promise<void>[] = []
    for (let n = 0; n < count; n++) {
      const text = payload(alone.clock, serial, n)
      sent.push(publisher.publish(`fleet/${n % TERMINALS}`, text))
      if (n % 5 === 0) sent.push(publisher.publish(`fleet/${n % TERMINALS}`, text))
      serial += 1
      between(n)
      if (n % 200 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(sent)
  }

  const copies = (count: number) => count + Math.ceil(count / 5)
  const shares = () => workers.map(({ serials }) => serials.length)
  const taken = () => shares().reduce((sum, share) => sum + share, 0)
  const distinct = () => new Set(workers.flatMap(({ serials }) => serials)).size

  test('each message goes to one of them, all get their share, and their registers are those of one that got all', {
    timeout: 120_000,
  }, async () => {
    await publish(MESSAGES)
    await until(() => alone.serials.length === copies(MESSAGES) && taken() >= copies(MESSAGES), PATIENCE_MS)
    expect(taken()).toBe(copies(MESSAGES))
    expect(distinct()).toBe(MESSAGES)
    for (const share of shares()) expect(share).toBeGreaterThan(copies(MESSAGES) / 4)
    for (const { ingest } of everybody()) ingest.drain()
    const registers = merged(workers.map(({ fleet }) => fleet))
    expect(registers.size).toBe(TERMINALS)
    expect(registers).toEqual(merged([alone.fleet]))
    expect(merged([workers[0].fleet])).not.toEqual(merged([alone.fleet]))
  })

  test('one that is gone without a word strands nothing, and takes its share again when it comes back', {
    timeout: 120_000,
  }, async () => {
    await publish(3000)
    await until(() => taken() === copies(3000), PATIENCE_MS)
    // The broker has seen the reset before it takes the next connection of the publisher.
    proxy.refuse(true)
    proxy.cut()
    const [, gone] = shares()
    await publish(3000)
    await until(() => taken() >= 2 * copies(3000), PATIENCE_MS)
    expect(distinct()).toBe(6000)
    expect(shares()[1]).toBe(gone)

    proxy.refuse(false)
    await until(async () => {
      await workers[1].clock.advance(1000)
      return workers[1].source.health().connected
    })
    // What was sent meanwhile is not kept for it: it went to the others.
    expect(workers[1].source.health().detail['resumed']).toBe(false)
    await publish(3000)
    await until(() => taken() >= 3 * copies(3000), PATIENCE_MS)
    expect(distinct()).toBe(9000)
    expect((shares()[1] ?? 0) - (gone ?? 0)).toBeGreaterThan(copies(3000) / 4)
  })

  test('one that dies in the middle of a flood costs no more than what was on its way to it, and no register for long', {
    timeout: 120_000,
  }, async () => {
    await publish(MESSAGES, (n) => {
      if (n === MESSAGES / 2) proxy.refuse(true)
      if (n === MESSAGES / 2) proxy.cut()
    })
    await publish(TERMINALS)
    // Each connection keeps the order: with the last round everything before it has arrived.
    const lastRound = () => workers.flatMap(({ serials }) => serials).filter((n) => n >= MESSAGES).length
    const everything = copies(MESSAGES) + copies(TERMINALS)
    await until(() => alone.serials.length === everything, PATIENCE_MS)
    await until(() => lastRound() === copies(TERMINALS), PATIENCE_MS)
    // Mosquitto does not hand on what it had dealt to a member that died (MQTT 5, 4.8.2 leaves it the choice).
    const got = new Set(workers.flatMap(({ serials }) => serials))
    const lost = Array.from({ length: MESSAGES }, (_, n) => n).filter((n) => !got.has(n))
    expect(lost.length).toBeLessThan(MESSAGES / 10)
    for (const n of lost) expect(n).toBeLessThan(MESSAGES * 0.9)
    for (const { ingest } of everybody()) ingest.drain()
    expect(merged(workers.map(({ fleet }) => fleet))).toEqual(merged([alone.fleet]))
  })
})

/** A terminal that speaks every 20 ms, with a fix in every other message. */
function payload(clock: FakeClock, serial: number, n: number): string {
  const ts = clock.now() - 100 * SECOND + serial
  const position = n % 2 === 0 ? { lat: 56.25, lon: 43.5, sats: 9 } : {}
  return JSON.stringify({ ident: String(200_000_000 + (n % TERMINALS)), ts, serial, ...position })
}
