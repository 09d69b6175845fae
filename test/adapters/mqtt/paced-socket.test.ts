import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { PacedSocket } from '../../../src/adapters/mqtt/paced-socket.ts'
import { freePort } from '../../support/mosquitto.ts'
import { until } from '../../support/until.ts'

const LINES = 3000

test('what a stream of small writes brings is read in a few chunks, in order and complete', async () => {
  const { paced, peer } = await connection()
  const chunks: Buffer[] = []
  paced.on('data', (chunk) => chunks.push(chunk))
  peer.setNoDelay(true)
  const begunAt = performance.now()
  for (let n = 0; n < LINES; n++) {
    peer.write(line(n))
    // In a turn of its own, so that it can be read by itself.
    await nextTurn()
  }
  peer.end()
  await once(paced, 'end')
  expect(Buffer.concat(chunks).toString()).toBe(Array.from({ length: LINES }, (_, n) => line(n)).join(''))
  expect(chunks.length).toBeLessThan(performance.now() - begunAt + 3)
})

test('what comes by itself is handed on without waiting for more', async () => {
  const { paced, peer } = await connection()
  const chunks: string[] = []
  paced.on('data', (chunk) => chunks.push(String(chunk)))
  for (const said of ['one', 'two', 'three']) {
    peer.write(said)
    await until(() => chunks.at(-1) === said, 2000, said)
  }
  expect(chunks).toEqual(['one', 'two', 'three'])
})

test('a reader that is slower than the peer has little waiting for it, and gets everything', async () => {
  const { paced, peer } = await connection()
  const bytes = 20_000_000
  peer.end(Buffer.alloc(bytes, 'x'))
  let got = 0
  let waiting = 0
  for await (const chunk of paced as AsyncIterable<Buffer>) {
    got += chunk.length
    if (got < 1_000_000 || bytes - got < 1_000_000) await delay(5)
    waiting = Math.max(waiting, paced.readableLength)
  }
  expect(got).toBe(bytes)
  expect(waiting).toBeLessThanOrEqual(2 * 65_536)
})

test.each([
  ['nothing of this side', (_paced: PacedSocket) => {}],
  ['the end of this side', (paced: PacedSocket) => paced.end('bye')],
])('what came before the end is there for whoever takes it later, after %s', async (_before, begin) => {
  const { paced, peer } = await connection()
  const bytes = 40_000
  begin(paced)
  peer.end(Buffer.alloc(bytes, 'x'))
  const heard = text(peer)
  await until(() => paced.readableLength === bytes, 2000, 'all bytes have come')
  // The end too, and what would follow from it.
  for (let turn = 0; turn < 10; turn++) await delay(1)
  expect(paced.destroyed).toBe(false)
  expect((await text(paced)).length).toBe(bytes)
  await heard
  if (!paced.closed) await once(paced, 'close')
  expect(paced.errored).toBeNull()
})

test('what is written after the end of the other side still goes out', async () => {
  const { paced, peer } = await connection()
  const heard = text(peer)
  paced.on('data', () => {
    paced.cork()
    paced.write('PUBACK')
    setImmediate(() => paced.uncork())
  })
  peer.end('PUBLISH')
  expect(await heard).toBe('PUBACK')
  if (!paced.closed) await once(paced, 'close')
  expect(paced.errored).toBeNull()
})

test('what is written and corked arrives in order, and `end` after it', async () => {
  const { paced, peer } = await connection()
  paced.write('CONNECT ')
  paced.cork()
  for (const said of ['a', 'b', 'c']) paced.write(said)
  process.nextTick(() => paced.uncork())
  await nextTurn()
  paced.end(' bye')
  expect(await text(peer)).toBe('CONNECT abc bye')
})

test('it closes when the peer has ended, and answers that end', async () => {
  const { paced, peer } = await connection()
  paced.resume()
  peer.end('last')
  const [heard] = await Promise.all([text(peer), once(paced, 'close')])
  expect(heard).toBe('')
  expect(paced.errored).toBeNull()
})

test('a connection that the peer resets ends with the error, once', async () => {
  const { paced, peer } = await connection()
  const errors: unknown[] = []
  paced.resume().on('error', (error) => errors.push(error))
  const closed = new Promise((resolve) => paced.once('close', resolve))
  peer.write('x')
  await once(paced, 'data')
  peer.resetAndDestroy()
  await closed
  expect(errors).toMatchObject([{ code: 'ECONNRESET' }])
})

test('where nobody listens it ends with the error', async () => {
  const port = await freePort()
  const paced = new PacedSocket((options) => connect({ port, host: '127.0.0.1', ...options }))
  const [error] = await once(paced.resume(), 'error')
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  if (!paced.closed) await once(paced, 'close')
})

test('destroyed within a rest it is gone for the peer too', async () => {
  const { paced, peer } = await connection()
  const chunks: string[] = []
  paced.on('data', (chunk) => {
    chunks.push(String(chunk))
    paced.destroy()
  })
  const gone = text(peer)
  peer.write('one')
  await once(paced, 'close')
  expect(await gone).toBe('')
  expect(chunks).toEqual(['one'])
})

function line(n: number): string {
  return `message ${n}\n`
}

async function connection(): Promise<{ readonly paced: PacedSocket; readonly peer: Socket }> {
  const server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const paced = new PacedSocket((options) => connect({ port, host: '127.0.0.1', ...options }))
  const [peer]: Socket[] = await once(server, 'connection')
  if (!peer) throw new Error('no connection')
  onTestFinished(() => {
    paced.destroy()
    peer.destroy()
    server.close()
  })
  return { paced, peer }
}
