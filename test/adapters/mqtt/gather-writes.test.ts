import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { gatherWrites } from '../../../src/adapters/mqtt/gather-writes.ts'

test('what is sent in one turn goes out in one write, also what is sent some ticks later', async () => {
  const { client, writes, send } = sender()
  gatherWrites(client)
  send('a')
  await Promise.resolve()
  send('b')
  process.nextTick(() => send('c'))
  await nextTurn()
  await nextTurn()
  expect(writes).toEqual(['abc'])
  send('d')
  await nextTurn()
  await nextTurn()
  expect(writes).toEqual(['abc', 'd'])
})

test('without it each goes out by itself', async () => {
  const { writes, send } = sender()
  send('a')
  send('b')
  await nextTurn()
  expect(writes).toEqual(['a', 'b'])
})

test('what was sent is written when the connection ends in the same turn', async () => {
  const { client, writes, send } = sender()
  gatherWrites(client)
  send('a')
  send('bye')
  client.stream.end()
  await nextTurn()
  await nextTurn()
  expect(writes.join('')).toBe('abye')
})

test('a connection that was cut and one that took its place', async () => {
  const { client, send } = sender()
  gatherWrites(client)
  send('a')
  client.stream.destroy()
  await nextTurn()
  const later = sender()
  client.stream = later.client.stream
  send('b')
  await nextTurn()
  await nextTurn()
  expect(later.writes).toEqual(['b'])
})

/** Tells of a packet, then writes it at once. */
function sender() {
  const writes: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      writes.push(chunk)
      done()
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    },
  })
  const client = Object.assign(new EventEmitter(), { stream })
  function send(text: string): void {
    client.emit('packetsend')
    client.stream.write(text)
  }
  return { client, writes, send }
}
