import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { describeWithMosquitto, type Mosquitto, startMosquitto } from '../../support/mosquitto.ts'
import { connectPublisher, runSource } from './harness.ts'
import { startProxy } from './proxy.ts'

const RECOMMENDED = ['allow_anonymous true', 'max_queued_messages 0', 'max_inflight_messages 0']
const count = (n: number) => Array.from({ length: n }, (_, index) => String(index))

describeWithMosquitto('MQTT source against Mosquitto', () => {
  describe.each([
    ['MQTT 5', 5],
    ['MQTT 3.1.1', 4],
  ] as const)('%s', (_name, protocolVersion) => {
    let broker: Mosquitto
    let serial = 0
    /** Options with a client id of their own, as sessions outlive the test. */
    const options = () => ({
      url: `mqtt://127.0.0.1:${broker.port}`,
      clientId: `test-${protocolVersion}-${serial++}`,
      protocolVersion,
    })

    beforeAll(async () => {
      broker = await startMosquitto(RECOMMENDED)
    })
    afterAll(() => broker.dispose())

    test('live messages arrive as live, with topic and time', async () => {
      await using running = runSource(options())
      await running.until(() => running.source.health().connected)
      expect(running.happenings[0]).toMatchObject({ kind: 'connected', resumed: false })
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('fleet/7', 'now')
      await publisher.publish('fleet/7', 'quick', { qos: 0 })
      await running.until(() => running.texts().length === 2)
      expect(running.happenings[1]).toMatchObject({
        text: 'now',
        envelope: { source: 'gate', topic: 'fleet/7', retained: false, duplicate: false },
      })
      expect(running.source.health()).toMatchObject({
        connected: true,
        detail: {
          grantedQos: 1,
          protocolVersion: protocolVersion === 5 ? '5' : '3.1.1',
          lastPacketAt: expect.any(Number),
        },
      })
    })

    test('stored values are flagged as retained, and live ones published with retain are not', async () => {
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('stored/1', 'old', { retain: true, timestamp: '1700000000' })
      await using running = runSource({ ...options(), topics: ['stored/#'] })
      await running.until(() => running.texts().length === 1 && running.source.health().connected)
      await publisher.publish('stored/1', 'new', { retain: true, timestamp: '1700000060' })
      await running.until(() => running.texts().length === 2)
      const messages = running.happenings.filter((h) => h.kind === 'message')
      expect(messages.map(({ text, envelope }) => [text, envelope.retained])).toEqual([
        ['old', true],
        ['new', false],
      ])
      const storedAt = protocolVersion === 5 ? [1_700_000_000_000, 1_700_000_060_000] : [undefined, undefined]
      expect(messages.map(({ envelope }) => envelope.storedAt)).toEqual(storedAt)
      expect(running.source.health().detail['retained']).toBe(1)
      await publisher.publish('stored/1', '', { retain: true })
    })

    test('stored values are not replayed when a session is resumed', async () => {
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('again/1', 'stored', { retain: true })
      await using proxy = await startProxy(broker.port)
      await using running = runSource({
        ...options(),
        topics: ['again/#'],
        url: `mqtt://127.0.0.1:${proxy.port}`,
      })
      await running.until(() => running.texts().length === 1 && running.source.health().connected)
      proxy.cut()
      await running.until(() => running.kinds().filter((kind) => kind === 'connected').length === 2)
      await publisher.publish('again/2', 'live')
      await running.until(() => running.texts().includes('live'))
      expect(running.texts()).toEqual(['stored', 'live'])
      await publisher.publish('again/1', '', { retain: true })
    })

    test('what is sent while the link is down arrives after it, all of it, behind `connected(resumed)`', async () => {
      await using proxy = await startProxy(broker.port)
      await using publisher = await connectPublisher(broker.port)
      await using running = runSource({ ...options(), url: `mqtt://127.0.0.1:${proxy.port}` })
      await running.until(() => running.source.health().connected)
      const lastPacketAt = running.source.health().detail['lastPacketAt']
      proxy.refuse(true)
      proxy.cut()
      await running.until(() => !running.source.health().connected)
      expect(running.happenings.at(-1)).toMatchObject({ kind: 'disconnected', since: lastPacketAt })
      for (const text of count(2000)) await publisher.publish('fleet/1', text)
      proxy.refuse(false)
      await running.until(() => running.texts().length >= 2000)
      expect(running.texts()).toEqual(count(2000))
      const kinds = running.kinds()
      expect(kinds.slice(0, 3)).toEqual(['connected', 'disconnected', 'connected'])
      expect(running.happenings[2]).toMatchObject({ resumed: true })
      expect(new Set(kinds.slice(3))).toEqual(new Set(['message']))
      expect(running.source.health().detail['reconnects']).toBe(1)
    })

    test('what is sent while this program is down arrives at the next start', async () => {
      const same = options()
      await using publisher = await connectPublisher(broker.port)
      const before = runSource(same)
      await before.until(() => before.source.health().connected)
      await before.source.stop()
      for (const text of count(300)) await publisher.publish('fleet/1', text)
      await using after = runSource(same)
      await after.until(() => after.texts().length >= 300)
      expect(after.texts()).toEqual(count(300))
      expect(after.happenings[0]).toMatchObject({ kind: 'connected', resumed: true })
    })

    test('a topic that was added between two runs is subscribed, although the session is resumed', async () => {
      const same = options()
      const before = runSource(same)
      await before.until(() => before.source.health().connected)
      await before.source.stop()
      await using after = runSource({ ...same, topics: ['fleet/#', 'added/#'] })
      await after.until(() => after.source.health().detail['grantedQos'] === 1)
      expect(after.happenings[0]).toMatchObject({ kind: 'connected', resumed: true })
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('added/1', 'new')
      await after.until(() => after.texts().length === 1)
    })

    test('a topic that was removed between two runs is taken out of the session, and the others lose nothing', async () => {
      const same = options()
      const { settings } = createMemoryStores()
      const run = (topics: readonly string[]) => runSource({ ...same, topics }, () => {}, settings)
      const before = run(['fleet/#', 'gone/#'])
      await before.until(() => before.source.health().detail['grantedQos'] === 1)
      await before.source.stop()
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('fleet/1', 'while away')
      await using after = run(['fleet/#'])
      await after.until(() => after.log.lines.some(({ message }) => message.includes('were unsubscribed')))
      await publisher.publish('gone/1', 'no longer wanted')
      await publisher.publish('fleet/1', 'new')
      await after.until(() => after.texts().includes('new'))
      expect(after.texts()).toEqual(['while away', 'new'])
      expect(after.happenings[0]).toMatchObject({ kind: 'connected', resumed: true })
    })

    test('for a source that is removed the broker keeps nothing', async () => {
      const same = options()
      const before = runSource(same)
      await before.until(() => before.source.health().detail['grantedQos'] === 1)
      await before.source.stop(true)
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('fleet/1', 'while removed')
      await using after = runSource(same)
      await after.until(() => after.source.health().detail['grantedQos'] === 1)
      await publisher.publish('fleet/1', 'back')
      await after.until(() => after.texts().includes('back'))
      expect(after.texts()).toEqual(['back'])
    })

    test('a stop under load loses nothing: what was not taken is delivered at the next start', async () => {
      const same = options()
      await using publisher = await connectPublisher(broker.port)
      let stopped: Promise<void> | undefined
      const before = runSource(same, (text) => {
        if (text === '500') stopped = before.source.stop()
      })
      await before.until(() => before.source.health().connected)
      await Promise.all(count(2000).map((text) => publisher.publish('fleet/1', text)))
      await before.until(() => stopped !== undefined)
      await stopped
      expect(before.texts()).toEqual(count(501))
      await using after = runSource(same)
      await after.until(() => after.texts().includes('1999'))
      expect(new Set([...before.texts(), ...after.texts()])).toEqual(new Set(count(2000)))
    })

    test('a message whose acknowledgement was lost comes again, flagged as a duplicate', async () => {
      await using proxy = await startProxy(broker.port)
      await using publisher = await connectPublisher(broker.port)
      await using running = runSource({ ...options(), url: `mqtt://127.0.0.1:${proxy.port}` })
      await running.until(() => running.source.health().connected)
      proxy.swallow('up')
      await publisher.publish('fleet/1', 'once')
      await running.until(() => running.texts().length === 1)
      proxy.cut()
      await running.until(() => running.texts().length === 2)
      const duplicates = running.happenings.flatMap((h) =>
        h.kind === 'message' ? [h.envelope.duplicate] : [],
      )
      expect(duplicates).toEqual([false, true])
      expect(running.source.health().detail['duplicates']).toBe(1)
    })

    test('a link that is dead without a word is found by the keepalive', async () => {
      await using proxy = await startProxy(broker.port)
      await using running = runSource({
        ...options(),
        url: `mqtt://127.0.0.1:${proxy.port}`,
        keepaliveSeconds: 1,
      })
      await running.until(() => running.source.health().connected)
      proxy.swallow('both')
      const lastPacketAt = () => running.source.health().detail['lastPacketAt']
      await running.until(() => !running.source.health().connected, 1)
      expect(running.happenings.at(-1)).toMatchObject({ reason: 'Keepalive timeout', since: lastPacketAt() })
      proxy.cut()
      await running.until(() => running.source.health().connected)
    })

    test('two processes with one client id are recognised, told once, and do not spin', async () => {
      const same = options()
      await using first = runSource(same)
      await first.until(() => first.source.health().connected)
      await using second = runSource(same)
      const contested = () =>
        [first, second].some((running) => running.source.health().detail['takenOver'] === true)
      await first.until(() => {
        second.clock.advance(100)
        return contested()
      })
      const told = [...first.log.lines, ...second.log.lines].filter(({ message }) =>
        message.includes('another client has the same client id'),
      )
      expect(told[0]).toMatchObject({ level: 'error', fields: { clientId: same.clientId } })
      expect(told.length).toBeLessThanOrEqual(2)
    })
  })
})

describeWithMosquitto('MQTT source and a Mosquitto that comes and goes', () => {
  test.each([5, 4] as const)(
    'a restart of the broker costs no message (protocol %i)',
    async (protocolVersion) => {
      const broker = await startMosquitto(RECOMMENDED)
      try {
        await using running = runSource({ url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion })
        await running.until(() => running.source.health().connected)
        await broker.stop()
        await running.until(() => !running.source.health().connected)
        await running.until(() =>
          running.log.lines.some(({ message }) => message.includes('cannot be reached')),
        )
        await broker.start()
        await running.until(() => running.source.health().connected)
        expect(running.kinds()).toEqual(['connected', 'disconnected', 'connected'])
        expect(running.happenings[2]).toMatchObject({ resumed: true })
        await using publisher = await connectPublisher(broker.port)
        await publisher.publish('fleet/1', 'after')
        await running.until(() => running.texts().length === 1)
      } finally {
        await broker.dispose()
      }
    },
  )

  test('a source that starts before its broker connects when that comes, and says the trouble once', async () => {
    const broker = await startMosquitto(RECOMMENDED)
    await broker.stop()
    try {
      await using running = runSource({ url: `mqtt://127.0.0.1:${broker.port}` })
      await running.until(
        () => (running.metrics.value('watch_mqtt_disconnects_total', UNREACHABLE) ?? 0) >= 4,
      )
      expect(running.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
      expect(running.happenings).toEqual([])
      await broker.start()
      await running.until(() => running.source.health().connected)
      expect(running.metrics.value('watch_mqtt_connects_total', { source: 'gate' })).toBe(1)
    } finally {
      await broker.dispose()
    }
  })

  test('a broker that lost its sessions is subscribed again', async () => {
    const broker = await startMosquitto(['allow_anonymous true', 'autosave_interval 0'])
    try {
      await using running = runSource({ url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion: 4 })
      await running.until(() => running.source.health().connected)
      await broker.kill()
      await running.until(() => !running.source.health().connected)
      await broker.start()
      await running.until(() => running.source.health().connected)
      expect(running.happenings.at(-1)).toMatchObject({ kind: 'connected', resumed: false })
      await using publisher = await connectPublisher(broker.port)
      await publisher.publish('fleet/1', 'after')
      await running.until(() => running.texts().length === 1)
    } finally {
      await broker.dispose()
    }
  })
})

const UNREACHABLE = { source: 'gate', reason: 'unreachable' }
