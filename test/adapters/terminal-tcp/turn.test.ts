import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../../../src/adapters/terminal-tcp/connection.ts'
import { beginTurn, type Chunk, newTurn, spend } from '../../../src/adapters/terminal-tcp/turn.ts'
import { until } from '../../support/until.ts'
import { type Peer, startRig } from './rig.ts'

const KIB = 1024
const PEERS = 100
const LINES = 150

test('a turn of the event loop does 128 KiB and the rest of one chunk; everything comes in order', () => {
  const arrivals = fc.array(fc.array(fc.integer({ min: 1, max: 64 * KIB }), { maxLength: 40 }), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(arrivals, (polls) => {
      const turn = newTurn()
      const done: Chunk[] = []
      let number = 0
      const sent = polls.map((sizes) => sizes.map((size) => chunkOf(size, number++)))
      while (sent.length > 0 || turn.waiting.length > 0) {
        const before = sum(done)
        done.push(...beginTurn(turn))
        for (const chunk of sent.shift() ?? []) {
          if (spend(turn, chunk.bytes.length)) done.push(chunk)
          else turn.waiting.push(chunk)
        }
        expect(sum(done) - before).toBeLessThan((128 + 64) * KIB)
      }
      expect(done.map(({ receivedAt }) => receivedAt)).toEqual(Array.from({ length: number }, (_, n) => n))
    }),
    { numRuns: 50 },
  )
})

/** Of no connection: only size and order matter here. */
function chunkOf(size: number, number: number): Chunk {
  return { connection: {} as Connection, bytes: new Uint8Array(size), receivedAt: number }
}

function sum(chunks: readonly Chunk[]): number {
  return chunks.reduce((bytes, chunk) => bytes + chunk.bytes.length, 0)
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

/** A line of several chunks, so many of 1 KiB each, numbered and each acknowledged, and a question at the end. */
function sendLines(peer: Peer, n: number): void {
  const lines = Array.from({ length: LINES }, (_, line) => `O ${n}:${line} ${' '.repeat(KIB)}\nS\n`)
  peer.send(`${'~'.repeat(200 * KIB)}\n${lines.join('')}P done\n`)
}
