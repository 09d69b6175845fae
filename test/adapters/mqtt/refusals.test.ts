import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { Aedes } from 'aedes'
import { describe, expect, test } from 'vitest'
import { startBroker } from '../../../src/adapters/broker/broker.ts'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { createMqttSource } from '../../../src/adapters/mqtt/source.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { describeWithMosquitto, freePort, startMosquitto } from '../../support/mosquitto.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { connectPublisher, runSource } from './harness.ts'
import { protocolLevel, startProxy } from './proxy.ts'

describeWithMosquitto('MQTT source refused by Mosquitto', () => {
  test.each([5, 4] as const)(
    'wrong credentials are one error with the next step, tried again slowly (protocol %i)',
    async (protocolVersion) => {
      const broker = await startMosquitto(['allow_anonymous false'])
      try {
        const url = `mqtt://127.0.0.1:${broker.port}`
        await using running = runSource({ url, protocolVersion, username: 'a', password: 'wrong' })
        const reason = { source: 'gate', reason: 'refused-credentials' }
        const refusals = () => running.metrics.value('watch_mqtt_disconnects_total', reason) ?? 0
        await running.until(() => refusals() === 1)
        await running.clock.advance(30 * SECOND - 1)
        expect(refusals()).toBe(1)
        await running.until(() => refusals() === 3, SECOND)
        const errors = running.log.lines.filter(({ level }) => level === 'error')
        expect(errors).toHaveLength(1)
        expect(errors[0]?.message).toContain('set username and password')
        expect(running.happenings).toEqual([])
        expect(JSON.stringify(running.log.lines)).not.toContain('wrong')
      } finally {
        await broker.dispose()
      }
    },
  )

  const plugin = [
    '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so',
    '/usr/lib/aarch64-linux-gnu/mosquitto_dynamic_security.so',
    '/usr/lib/mosquitto_dynamic_security.so',
  ].find(existsSync)

  test.skipIf(plugin === undefined && process.env['REQUIRE_SERVERS'] !== '1').each([5, 4] as const)(
    'a topic that may not be read leaves the source not connected, and the others go on (protocol %i)',
    async (protocolVersion) => {
      const rights = {
        defaultACLAccess: { publishClientSend: true, publishClientReceive: true, subscribe: false },
        clients: [],
        groups: [{ groupname: 'everybody', roles: [{ rolename: 'reader' }] }],
        anonymousGroup: 'everybody',
        roles: [
          { rolename: 'reader', acls: [{ acltype: 'subscribePattern', topic: 'open/#', allow: true }] },
        ],
      }
      const broker = await startMosquitto(
        ['allow_anonymous true', `plugin ${plugin}`, 'plugin_opt_config_file FOLDER/rights.json'],
        { 'rights.json': JSON.stringify(rights) },
      )
      try {
        const url = `mqtt://127.0.0.1:${broker.port}`
        await using running = runSource({ url, protocolVersion, topics: ['open/#', 'secret/#'] })
        await running.until(() => running.log.lines.some(({ level }) => level === 'error'), 1)
        expect(running.log.lines.find(({ level }) => level === 'error')?.fields['refused']).toEqual([
          protocolVersion === 5 ? 'secret/# (0x87)' : 'secret/# (0x80)',
        ])
        await using publisher = await connectPublisher(broker.port)
        await publisher.publish('open/1', 'heard')
        await running.until(() => running.texts().length === 1, 1)
        expect(running.kinds()).toEqual(['message'])
        expect(running.source.health()).toMatchObject({ connected: false, detail: { grantedQos: 1 } })
      } finally {
        await broker.dispose()
      }
    },
  )

  test('an old broker that just closes at MQTT 5 is spoken to in 3.1.1, and stays so', async () => {
    const broker = await startMosquitto()
    const levels: (number | undefined)[] = []
    try {
      await using proxy = await startProxy(broker.port, (first) => {
        levels.push(protocolLevel(first))
        return protocolLevel(first) === 4
      })
      await using running = runSource({ url: `mqtt://127.0.0.1:${proxy.port}` })
      await running.until(() => running.source.health().connected)
      proxy.cut()
      await running.until(() => running.kinds().filter((kind) => kind === 'connected').length === 2)
      expect(levels).toEqual([5, 5, 4, 4])
    } finally {
      await broker.dispose()
    }
  })

  test('several sources share a group: every message comes to exactly one of them', async () => {
    const broker = await startMosquitto()
    try {
      const shared = { url: `mqtt://127.0.0.1:${broker.port}`, sharedGroup: 'watch' }
      await using one = runSource({ ...shared, clientId: 'one' })
      await using two = runSource({ ...shared, clientId: 'two' })
      await one.until(() => one.source.health().connected && two.source.health().connected)
      await using publisher = await connectPublisher(broker.port)
      const sent = Array.from({ length: 200 }, (_, index) => String(index))
      for (const text of sent) await publisher.publish('fleet/1', text)
      await one.until(() => one.texts().length + two.texts().length >= 200)
      expect([...one.texts(), ...two.texts()].sort()).toEqual([...sent].sort())
      expect(Math.min(one.texts().length, two.texts().length)).toBeGreaterThan(0)

      await two.source.stop()
      for (const text of sent) await publisher.publish('fleet/1', `again ${text}`)
      await one.until(() => one.texts().filter((text) => text.startsWith('again')).length === 200)
    } finally {
      await broker.dispose()
    }
  })

  test('web sockets carry it too', async () => {
    const wsPort = await freePort()
    const broker = await startMosquitto([
      `listener ${wsPort} 127.0.0.1`,
      'protocol websockets',
      'allow_anonymous true',
    ])
    try {
      await using running = runSource({ url: `ws://127.0.0.1:${wsPort}` })
      await running.until(() => running.source.health().connected)
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('fleet/1', 'over ws')
      await running.until(() => running.texts().length === 1)
    } finally {
      await broker.dispose()
    }
  })
})

describe('MQTT source and odd peers', () => {
  test('a broker that refuses MQTT 5 by CONNACK is spoken to in 3.1.1 at once', async () => {
    const log = createRecordingLog()
    const broker = await startBroker({ host: '127.0.0.1', port: 0, users: {}, log, clock: createFakeClock() })
    try {
      await using running = runSource({ url: `mqtt://127.0.0.1:${broker.port}` })
      await running.until(() => running.source.health().connected, 1)
      expect(running.source.health().detail['protocolVersion']).toBe('3.1.1')
      expect(running.log.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
    } finally {
      await broker.stop()
    }
  })

  test('a subscription that is refused first and granted later connects the source then', async () => {
    let allowed = false
    const aedes = await Aedes.createBroker({
      authorizeSubscribe: (_client, subscription, done) => done(null, allowed ? subscription : null),
    })
    const server = createServer(aedes.handle)
    const port = await listen(server)
    try {
      await using running = runSource({ url: `mqtt://127.0.0.1:${port}`, protocolVersion: 4 })
      await running.until(() => running.log.lines.some(({ level }) => level === 'error'), 1)
      expect(running.happenings).toEqual([])
      allowed = true
      await running.clock.advance(MINUTE)
      await running.until(() => running.source.health().connected, 1)
      expect(running.kinds()).toEqual(['connected'])
    } finally {
      aedes.close()
      server.close()
    }
  })

  test.each([
    ['a server that speaks something else', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['garbage of the kind of a CONNACK', Buffer.from([0x20, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['a CONNACK with reserved flags', Buffer.from([0x20, 0x02, 0xfe, 0x00])],
    ['a PUBLISH with an impossible QoS after CONNACK', Buffer.from([0x20, 3, 0, 0, 0, 0x36, 2, 0, 0])],
    ['a second CONNACK', Buffer.from([0x20, 3, 0, 0, 0, 0x20, 3, 0, 0, 0])],
  ])('%s makes it back off, not stop and not spin', async (_name, answer) => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.on('error', () => {})
      socket.on('data', () => socket.write(answer))
    })
    const port = await listen(server)
    try {
      await using running = runSource({ url: `mqtt://127.0.0.1:${port}` })
      await running.until(() => connections >= 4)
      const before = running.clock.now()
      await running.until(() => connections >= 8, 500)
      expect(running.clock.now() - before).toBeGreaterThan(10 * SECOND)
      expect(running.source.health().connected).toBe(false)
      expect(running.happenings).toEqual([])
    } finally {
      server.close()
    }
  })

  test('stop ends a connection attempt that nobody answers', async () => {
    const server = createServer(() => {})
    const port = await listen(server)
    try {
      const running = runSource({ url: `mqtt://127.0.0.1:${port}` })
      await once(server, 'connection')
      await running.source.stop()
      await running.clock.advance(10 * MINUTE)
      expect(running.happenings).toEqual([])
    } finally {
      server.close()
    }
  })

  test('stop while waiting to reconnect makes no further attempt', async () => {
    const port = await freePort()
    const clock = createFakeClock()
    const metrics = createRecordingMetrics()
    const nothing = () => {}
    const events = {
      received: nothing,
      room: () => null,
      connected: nothing,
      disconnected: nothing,
      dropped: nothing,
      dropsEnded: nothing,
    }
    const source = createMqttSource(
      { id: 'gate', url: `mqtt://127.0.0.1:${port}`, topics: ['#'], qos: 1 },
      events,
      {
        clock,
        log: createRecordingLog(),
        metrics,
        settings: createMemoryStores().settings,
      },
    )
    await source.stop()
    await clock.advance(10 * MINUTE)
    expect(source.health().connected).toBe(false)
    expect(
      metrics.value('watch_mqtt_disconnects_total', { source: 'gate', reason: 'unreachable' }),
    ).toBeUndefined()
  })
})

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
