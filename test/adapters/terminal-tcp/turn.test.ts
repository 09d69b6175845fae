import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../../../src/adapters/terminal-tcp/connection.ts'
import {
  beginTurn,
  type Chunk,
  newTurn,
  spend,
  spendSteps,
  splitChunk,
} from '../../../src/adapters/terminal-tcp/turn.ts'
import type { Session } from '../../../src/core/telemetry/session.ts'
import type { Instant } from '../../../src/core/time.ts'
import { until } from '../../support/until.ts'
import { createLineSession } from './line-session.ts'
import { type Peer, type Rig, startRig } from './rig.ts'

const KIB = 1024
const PEERS = 100
const LINES = 150

const SLICE = 4 * KIB

test('a turn of the event loop does 128 KiB and one slice more; the bytes of a connection come in order', () => {
  const arrivals = fc.array(fc.array(fc.integer({ min: 1, max: 64 * KIB }), { maxLength: 40 }), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(arrivals, (polls) => {
      const turn = newTurn()
      const begun: Instant[] = []
      const done = new Map<Instant, number>()
      const take = (chunk: Chunk): number => {
        const { head, rest } = splitChunk(chunk)
        if (!done.has(chunk.receivedAt)) begun.push(chunk.receivedAt)
        done.set(chunk.receivedAt, (done.get(chunk.receivedAt) ?? 0) + head.length)
        if (rest) turn.waiting.push(rest)
        return head.length
      }
      let number = 0
      const sent = polls.map((sizes) => sizes.map((size) => chunkOf(size, number++)))
      const sizes = sent.flat().map(({ bytes }) => bytes.length)
      while (sent.length > 0 || turn.waiting.length > 0) {
        let bytes = 0
        for (const chunk of beginTurn(turn)) bytes += take(chunk)
        for (const chunk of sent.shift() ?? []) {
          if (spend(turn, chunk.bytes.length)) bytes += take(chunk)
          else turn.waiting.push(chunk)
        }
        expect(bytes).toBeLessThan(128 * KIB + SLICE)
      }
      expect(begun).toEqual(Array.from({ length: number }, (_, n) => n))
      expect([...done.values()]).toEqual(sizes)
    }),
    { numRuns: 50 },
  )
})

test('many packets in few bytes are the work of many bytes', () => {
  const turn = newTurn()
  let slices = 0
  for (; spend(turn, SLICE); slices += 1) spendSteps(turn, SLICE, 1600)
  expect(slices).toBe(1)
  const calm = newTurn()
  for (slices = 0; spend(calm, SLICE); slices += 1) spendSteps(calm, SLICE, 20)
  expect(slices).toBe(32)
})

/** Of no connection: only size and order matter here. */
function chunkOf(size: number, number: number): Chunk {
  return { connection: {} as Connection, bytes: new Uint8Array(size), receivedAt: number, group: null }
}

describe('a fleet that sends everything at once', () => {
  test('is taken in by and by, each terminal in its order', async () => {
    await using rig = await startRig()
    const peers = await Promise.all(
      Array.from({ length: PEERS }, (_, n) => rig.open(`127.0.0.${2 + (n % 4)}`)),
    )
    await until(() => rig.connections() === PEERS)
    let mostDeferred = 0
    const look = (): void => {
      mostDeferred = Math.max(mostDeferred, Number(rig.detail('deferred')))
      if (rig.observations.length < PEERS * LINES) setImmediate(look)
    }
    look()
    for (const [n, peer] of peers.entries()) sendLines(peer, n)
    await until(() => peers.every((peer) => peer.text().endsWith('done\n')), 20_000)
    expect(mostDeferred).toBeGreaterThan(0)
    expect(mostDeferred).toBeLessThanOrEqual(PEERS)
    for (const n of peers.keys()) {
      const own = rig.observations.map(({ terminalId }) => terminalId).filter((id) => id.startsWith(`${n}:`))
      expect(own).toEqual(Array.from({ length: LINES }, (_, line) => `${n}:${line}`))
    }
  })
})

describe('a chunk that takes several turns', () => {
  const LINES_OF_CHUNK = 2500
  const chunk = Array.from({ length: LINES_OF_CHUNK }, (_, n) => `O ${n}\n`).join('')
  const everything = Array.from({ length: LINES_OF_CHUNK }, (_, n) => String(n))
  const seen = (rig: Rig) => rig.observations.map(({ terminalId }) => terminalId)

  /** Sessions of lines; the first bytes that come do something to the listener or the peer. */
  function disturbed(disturb: () => void): () => Session {
    let isFirst = true
    return () => {
      const session = createLineSession()
      return {
        receive(bytes, receivedAt) {
          if (isFirst) process.nextTick(disturb)
          isFirst = false
          return session.receive(bytes, receivedAt)
        },
      }
    }
  }

  test('is taken in as a whole, and answered, though its peer has closed its side', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    peer.socket.allowHalfOpen = true
    peer.socket.end(`I 5\n${chunk}S done\nP bye\n`)
    await until(() => peer.isClosed())
    expect(seen(rig)).toEqual(everything)
    expect(peer.text()).toBe('done\nbye\n')
    expect([rig.ended('peer'), rig.connections(), rig.detail('identified')]).toEqual([1, 0, 0])
  })

  test('is taken in as a whole though its peer is gone', async () => {
    let reset = (): void => {}
    await using rig = await startRig({ session: disturbed(() => reset()) })
    const peer = await rig.open()
    reset = () => peer.socket.resetAndDestroy()
    peer.send(`I 5\n${chunk}S done\n`)
    await until(() => rig.connections() === 0)
    expect(seen(rig)).toEqual(everything)
    expect([rig.ended('error'), rig.detail('identified')]).toEqual([1, 0])
  })

  test('is taken in as a whole when the listener stops', async () => {
    let stop = (): void => {}
    await using rig = await startRig({ session: disturbed(() => stop()) })
    const peer = await rig.open()
    stop = () => void rig.source.stop()
    peer.send(`I 5\n${chunk}`)
    await until(() => peer.isClosed())
    expect(seen(rig)).toEqual(everything)
    expect(rig.ended('stopping')).toBe(1)
  })
})

/** A line of several chunks, so many of 1 KiB each, numbered and each acknowledged, and a question at the end. */
function sendLines(peer: Peer, n: number): void {
  const lines = Array.from({ length: LINES }, (_, line) => `O ${n}:${line} ${' '.repeat(KIB)}\nS\n`)
  peer.send(`${'~'.repeat(200 * KIB)}\n${lines.join('')}P done\n`)
}
