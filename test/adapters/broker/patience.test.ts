import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPatience, FROZEN } from '../../../src/adapters/broker/patience.ts'
import { createSystemClock } from '../../../src/adapters/system/clock.ts'
import { SECOND } from '../../../src/core/time.ts'
import type { Clock } from '../../../src/ports.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const PATIENCE_MS = 10 * SECOND

const server = createServer()
let own: Socket
let peer: Socket

beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  peer = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1')
  ;[own] = await once(server, 'connection')
  own.on('error', () => {})
})
afterEach(async () => {
  peer.destroy()
  own.destroy()
  await new Promise((resolve) => server.close(resolve))
})

function watch(clock: Pick<Clock, 'every'>, patienceMs = PATIENCE_MS) {
  const patience = createPatience(clock, patienceMs)
  patience.watch(own)
  return patience
}

/** More than the system takes for a peer that reads nothing. */
function fill(): void {
  peer.pause()
  own.write(Buffer.alloc(16 * 1024 * 1024))
}

async function takeAll(): Promise<void> {
  const drained = once(own, 'drain')
  peer.resume()
  await drained
}

test('a peer that takes nothing for the whole patience is thrown out', async () => {
  const clock = createFakeClock()
  watch(clock)
  fill()
  await clock.advance(PATIENCE_MS - 1)
  expect(own.destroyed).toBe(false)
  const failed = once(own, 'error')
  await clock.advance(1)
  expect(own.destroyed).toBe(true)
  expect((await failed)[0]).toMatchObject({ message: FROZEN })
})

test('one that has taken everything meanwhile is waited for anew, and one that is sent nothing for ever', async () => {
  const clock = createFakeClock()
  watch(clock)
  await clock.advance(3 * PATIENCE_MS)
  for (let time = 0; time < 3; time++) {
    fill()
    await clock.advance(PATIENCE_MS - SECOND)
    await takeAll()
  }
  await clock.advance(3 * PATIENCE_MS)
  expect(own.destroyed).toBe(false)
})

test('a process that stood still for longer than its patience throws out nobody who takes', async () => {
  const patienceMs = 100
  const patience = watch(createSystemClock({ onError: () => {} }), patienceMs)
  fill()
  const taken = takeAll()
  const end = performance.now() + 3 * patienceMs
  while (performance.now() < end);
  await taken
  expect(own.destroyed).toBe(false)
  patience.stop()
})
