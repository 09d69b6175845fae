import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { connect, connectAsync, type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt'
import { afterEach, describe, expect, test } from 'vitest'
import { type Broker, isLoopback, startBroker } from '../../../src/adapters/broker/broker.ts'
import { SECOND } from '../../../src/core/time.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'
import { runSource } from '../mqtt/harness.ts'

const log = createRecordingLog()
const given = { log, clock: createFakeClock() }
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  log.lines.length = 0
})

async function start(users: Record<string, string> = {}, clock: FakeClock = given.clock): Promise<Broker> {
  const broker = await startBroker({ host: '127.0.0.1', port: 0, users, log, clock })
  stops.push(() => broker.stop())
  return broker
}

async function client(broker: Broker, options: IClientOptions = {}): Promise<MqttClient> {
  const made = await connectAsync(
    `mqtt://127.0.0.1:${broker.port}`,
    { reconnectPeriod: 0, connectTimeout: 3000, ...options },
    false,
  )
  stops.push(() => made.endAsync(true))
  return made
}

async function rawSocket(broker: Broker): Promise<Socket> {
  const socket = connectSocket(broker.port, '127.0.0.1')
  socket.on('error', () => {})
  stops.push(async () => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** A CONNECT without keepalive; the id has two letters. */
function connectAs(id: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x10, 14, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 2]),
    Buffer.from(id),
  ])
}

/** Subscribes to everything and takes nothing. */
async function frozenSubscriber(broker: Broker): Promise<void> {
  const socket = await rawSocket(broker)
  socket.write(connectAs('fz'))
  await once(socket, 'data')
  socket.write(Buffer.from([0x82, 6, 0, 1, 0, 1, 0x23, 0]))
  await once(socket, 'data')
  socket.pause()
}

function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()))
}

function collect(subscriber: MqttClient): string[] {
  const texts: string[] = []
  subscriber.on('message', (topic, payload) => texts.push(`${topic} ${payload}`))
  return texts
}

describe('embedded broker', () => {
  test('carries messages, QoS 0 and 1, and retained values', async () => {
    const broker = await start()
    const publisher = await client(broker)
    await publisher.publishAsync('fleet/stored', 'old', { retain: true, qos: 1 })
    await using running = runSource({ url: `mqtt://127.0.0.1:${broker.port}` })
    await running.until(() => running.source.health().connected)
    await publisher.publishAsync('fleet/1', 'zero')
    await publisher.publishAsync('fleet/1', 'one', { qos: 1 })
    await running.until(() => running.texts().length === 3)
    expect([...running.texts()].sort()).toEqual(['old', 'one', 'zero'])
  })

  test('says once at the start what it cannot do', async () => {
    const broker = await start()
    expect(log.lines).toHaveLength(1)
    expect(log.lines[0]).toMatchObject({ level: 'info', fields: { host: '127.0.0.1', port: broker.port } })
    expect(log.lines[0]?.message).toMatch(/3\.1\.1 only, no shared subscriptions/)
  })

  test('refuses shared subscriptions, which it could not deliver', async () => {
    const broker = await start()
    const subscriber = await client(broker)
    await expect(subscriber.subscribeAsync('$share/group/fleet/#')).rejects.toThrow(/Subscribe error/)
    await expect(subscriber.subscribeAsync('$share/group/x')).rejects.toThrow()
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    const granted = await subscriber.subscribeAsync('fleet/#')
    expect(granted[0]?.qos).toBe(0)
  })

  test('a source in a shared group stays unconnected and says so', async () => {
    const broker = await start()
    await using running = runSource({ url: `mqtt://127.0.0.1:${broker.port}`, sharedGroup: 'g' })
    await running.until(() => running.log.lines.some(({ level }) => level === 'error'), 1)
    expect(running.source.health().connected).toBe(false)
  })

  test.each([
    ['the right password', 'gate', 'secret', null],
    ['a wrong password', 'gate', 'Secret', 4],
    ['a password that is only a beginning', 'gate', 'sec', 4],
    ['an unknown user', 'other', 'secret', 4],
    ['an unknown user without a password', 'other', '', 4],
    ['a name of Object', 'constructor', 'secret', 4],
    ['nobody', undefined, undefined, 4],
  ])('with users, %s is judged', async (_name, username, password, code) => {
    const broker = await start({ gate: 'secret' })
    const login = client(broker, {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    })
    if (code === null) await expect(login).resolves.toMatchObject({ connected: true })
    else await expect(login).rejects.toMatchObject({ code })
  })

  test('without users only this machine is accepted', async () => {
    await expect(startBroker({ host: '0.0.0.0', port: 0, users: {}, ...given })).rejects.toThrow(
      /broker\.users/,
    )
    const broker = await startBroker({ host: '0.0.0.0', port: 0, users: { a: 'b' }, ...given })
    await broker.stop()
  })

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example.org', false],
    ['', false],
  ])('%j is of this machine: %j', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })

  test('a port in use is a clear error that names the setting', async () => {
    const { port } = await start()
    await expect(startBroker({ host: '127.0.0.1', port, users: {}, ...given })).rejects.toThrow(
      `broker.port: port ${port} on 127.0.0.1 is in use`,
    )
  })

  test('an address of another machine is a clear error', async () => {
    const foreign = { host: '192.0.2.1', port: 0, users: { a: 'b' }, ...given }
    await expect(startBroker(foreign)).rejects.toThrow(/broker\.host/)
  })

  test('stop closes every connection, also one that never said CONNECT', async () => {
    const broker = await start()
    const connected = await client(broker)
    const silent = await rawSocket(broker)
    const closed = Promise.all([closing(connected), once(silent, 'close')])
    const from = performance.now()
    await broker.stop()
    await closed
    expect(performance.now() - from).toBeLessThan(2000)
    await expect(connectAsync(`mqtt://127.0.0.1:${broker.port}`, {}, false)).rejects.toThrow()
  })

  test('an announced packet over 1 MiB ends the connection before it is stored; others go on', async () => {
    const broker = await start()
    const bystander = await client(broker)
    const greedy = await client(broker)
    const closed = closing(greedy)
    greedy.publish('fleet/1', Buffer.alloc(1024 * 1024 + 1))
    await closed
    expect(log.lines.at(-1)?.message).toContain('packet too large')
    const texts = collect(bystander)
    await bystander.subscribeAsync('fleet/#')
    await bystander.publishAsync('fleet/1', Buffer.alloc(1024 * 1024 - 100, 'x'), { qos: 1 })
    await until(() => texts.length === 1)
  })

  test('connections that are closed again and again do not fill the log', async () => {
    const broker = await start()
    for (let i = 0; i < 12; i++) {
      const socket = await rawSocket(broker)
      const closed = once(socket, 'close')
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))
      await closed
    }
    const told = log.lines.filter(({ message }) => message.includes('packet too large'))
    expect(told.map(({ fields }) => fields?.['times'])).toEqual([1, 10])
  })

  test.each([
    ['no MQTT at all', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an endless length', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01])],
    ['a PUBLISH before CONNECT', Buffer.from([0x30, 3, 0, 1, 0x61])],
  ])('%s closes that connection and nothing else', async (_name, bytes) => {
    const broker = await start()
    const bystander = await client(broker)
    const socket = await rawSocket(broker)
    const closed = once(socket, 'close')
    socket.write(bytes)
    await closed
    await bystander.publishAsync('fleet/1', 'still here', { qos: 1 })
  })

  test('nothing is stored for clients that are away, and they are told', async () => {
    const broker = await start()
    const stored = { clientId: 'stored', clean: false }
    const first = await client(broker, stored)
    await first.subscribeAsync('fleet/#', { qos: 1 })
    await first.endAsync()
    const publisher = await client(broker)
    await publisher.publishAsync('fleet/1', 'missed', { qos: 1 })
    const second = connect(`mqtt://127.0.0.1:${broker.port}`, { ...stored, reconnectPeriod: 0 })
    stops.push(() => second.endAsync(true))
    const texts = collect(second)
    const connack = await new Promise<IConnackPacket>((resolve) => second.once('connect', resolve))
    expect(connack.sessionPresent).toBe(false)
    await second.subscribeAsync('fleet/#', { qos: 1 })
    await publisher.publishAsync('fleet/1', 'heard', { qos: 1 })
    await until(() => texts.length > 0)
    expect(texts).toEqual(['fleet/1 heard'])
  })

  test('a subscriber that takes nothing holds up the publishers, costs nobody a message, and is thrown out', async () => {
    const clock = createFakeClock()
    const broker = await start({}, clock)
    await frozenSubscriber(broker)
    const subscriber = await client(broker)
    const texts: string[] = []
    subscriber.on('message', (_topic, payload) => texts.push(payload.subarray(0, 3).toString()))
    await subscriber.subscribeAsync('fleet/#', { qos: 1 })
    const publisher = await client(broker)
    const sent = Array.from({ length: 400 }, (_, n) => String(n + 100))
    const last = sent.map((text) =>
      publisher.publishAsync('fleet/1', Buffer.from(text + 'x'.repeat(64 * 1024)), { qos: 1 }),
    )
    const thrownOut = () => log.lines.filter(({ message }) => message.includes('threw out a subscriber'))
    await until(async () => {
      await clock.advance(SECOND)
      return thrownOut().length > 0
    }, 20_000)
    expect(texts.length).toBeLessThan(sent.length)
    await Promise.all(last)
    await until(() => texts.length === sent.length, 20_000)
    expect(texts).toEqual(sent)
    expect(thrownOut()).toMatchObject([{ fields: { client: 'fz', times: 1 } }])
  })

  test('a publisher is held up by it also with packets that are longer than what is read at once', async () => {
    const broker = await start({}, createFakeClock())
    await frozenSubscriber(broker)
    const publisher = await rawSocket(broker)
    publisher.write(connectAs('pu'))
    await once(publisher, 'data')
    const packet = Buffer.alloc(200_000)
    // PUBLISH, QoS 0, to topic `a`.
    packet.set([0x30, 0xbc, 0x9a, 0x0c, 0, 1, 0x61])
    const all = 64 * 1024 * 1024
    for (let written = 0; written < all; written += packet.length) publisher.write(packet)
    let taken = -1
    let looks = 0
    await until(() => {
      looks = taken === publisher.writableLength ? looks + 1 : 0
      taken = publisher.writableLength
      return looks === 20
    }, 20_000)
    // The rest is in the buffers of both sockets.
    expect(publisher.writableLength).toBeGreaterThan(all / 4)
  })

  test.each([
    ['a retained message', { retain: true }, {}],
    ['a message with QoS 2', { qos: 2, retain: true }, { qos: 2 }],
  ] as const)('%s is not lost to the plain one right behind it', async (_name, first, second) => {
    const broker = await start()
    const subscriber = await client(broker)
    const texts = collect(subscriber)
    await subscriber.subscribeAsync('fleet/#')
    const publisher = await client(broker)
    publisher.stream.cork()
    const sent = [
      publisher.publishAsync('fleet/1', 'first', first),
      publisher.publishAsync('fleet/1', 'second', second),
    ]
    // Both come in one chunk.
    publisher.stream.uncork()
    await Promise.all(sent)
    await publisher.publishAsync('fleet/1', 'end', { qos: 1 })
    await until(() => texts.includes('fleet/1 end'))
    expect(texts.toSorted()).toEqual(['fleet/1 end', 'fleet/1 first', 'fleet/1 second'])
  })

  test('a publisher may have as much with QoS 2 in flight as MQTT 3.1.1 lets it', async () => {
    const broker = await start()
    const subscriber = await client(broker)
    const texts = collect(subscriber)
    await subscriber.subscribeAsync('fleet/#', { qos: 1 })
    const publisher = await client(broker)
    const sent = Array.from({ length: 2000 }, (_, n) => `fleet/1 ${n}`)
    await Promise.all(sent.map((text) => publisher.publishAsync('fleet/1', text.slice(8), { qos: 2 })))
    await until(() => texts.length >= sent.length, 20_000)
    expect(texts.toSorted()).toEqual(sent.toSorted())
  })

  test('a publisher that never releases what it sends with QoS 2 is thrown out', async () => {
    const broker = await start()
    const publisher = await rawSocket(broker)
    publisher.write(connectAs('pu'))
    await once(publisher, 'data')
    const closed = new Promise((resolve) => publisher.once('close', resolve))
    publisher.resume()
    for (let id = 1; id <= 20; id++) {
      const packet = Buffer.alloc(1_000_000)
      // PUBLISH, QoS 2, to topic `a`.
      packet.set([0x34, 0xbc, 0x84, 0x3d, 0, 1, 0x61, 0, id])
      publisher.write(packet)
    }
    await closed
  })

  test('the subscriptions of one client are bounded', async () => {
    const broker = await start()
    const greedy = await client(broker)
    for (let n = 0; n < 100; n++) await greedy.subscribeAsync(`fleet/${n}`)
    await expect(greedy.subscribeAsync('fleet/100')).rejects.toThrow()
    const again = await greedy.subscribeAsync('fleet/7')
    expect(again[0]?.qos).toBe(0)
  })

  test('topics under $SYS cannot be written', async () => {
    const broker = await start()
    const publisher = await client(broker)
    const closed = closing(publisher)
    publisher.publish('$SYS/x', 'y', { qos: 1 })
    await closed
  })
})
