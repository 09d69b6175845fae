import { describe, expect, test } from 'vitest'
import { createConnectionBudget } from '../../../src/adapters/terminal-tcp/connection-budget.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { until } from '../../support/until.ts'
import { type Peer, type Rig, startRig } from './rig.ts'

const OTHER_ADDRESS = '127.0.0.2'
const MIB = 1024 * 1024

async function openAs(rig: Rig, terminalId: string, from?: string): Promise<Peer> {
  const peer = await rig.open(from)
  peer.send(`I ${terminalId}\nP hello\n`)
  await until(() => peer.text() === 'hello\n')
  return peer
}

describe('connections', () => {
  test('beyond the most of one address are refused, and others have room', async () => {
    await using rig = await startRig({ maxPerAddress: 2 })
    const [first] = [await openAs(rig, '1'), await openAs(rig, '2')]
    const third = await rig.open()
    await until(() => third.isClosed())
    await openAs(rig, '4', OTHER_ADDRESS)
    expect(rig.detail('refused')).toEqual({ total: 0, address: 1, unidentified: 0 })
    expect(rig.ended('limit')).toBe(1)
    expect(rig.taken()).toBe(3)
    expect(first?.isClosed()).toBe(false)
  })

  test('of one address have room again when one of them has ended', async () => {
    await using rig = await startRig({ maxPerAddress: 1 })
    const first = await openAs(rig, '1')
    first.socket.end()
    await until(() => rig.connections() === 0)
    await openAs(rig, '2')
  })

  test('beyond the most of all are refused', async () => {
    await using rig = await startRig({ maxConnections: 2 })
    await openAs(rig, '1')
    await openAs(rig, '2', OTHER_ADDRESS)
    const third = await rig.open('127.0.0.3')
    await until(() => third.isClosed())
    await until(() => rig.ended('limit') === 1)
    expect(rig.detail('refused')).toEqual({ total: 1, address: 0, unidentified: 0 })
    expect(rig.connections()).toBe(2)
  })

  test('are those that other listeners leave; one that has stopped leaves all', async () => {
    const budget = createConnectionBudget(3)
    const other = await startRig({ budget })
    await using rig = await startRig({ budget })
    await openAs(other, '1')
    await openAs(other, '2')
    await openAs(rig, '3')
    const fourth = await rig.open()
    await until(() => fourth.isClosed())
    expect(rig.detail('refused')).toEqual({ total: 1, address: 0, unidentified: 0 })
    expect(rig.warnings()[0]).toMatchObject({ fields: { connections: 2, maxConnections: 10_000 } })
    await other.source.stop()
    expect(rig.detail('maxConnections')).toBe(3)
    await openAs(rig, '4')
  })

  test('that are refused are told of once a minute', async () => {
    await using rig = await startRig({ maxPerAddress: 1 })
    await openAs(rig, '1')
    const refuseOne = async (): Promise<void> => {
      const peer = await rig.open()
      await until(() => peer.isClosed())
    }
    for (let n = 0; n < 5; n++) await refuseOne()
    await rig.clock.advance(MINUTE)
    await refuseOne()
    await until(() => rig.ended('limit') === 6)
    expect(rig.warnings().map(({ fields }) => fields)).toEqual([
      { source: 'gate', remote: '127.0.0.1', connections: 1, times: 1 },
      { source: 'gate', remote: '127.0.0.1', connections: 1, times: 5 },
    ])
  })

  test('of nobody are a thousand at one address; the oldest gives way to a newer one, which may say who it is', async () => {
    await using rig = await startRig()
    const known = await openAs(rig, '1')
    const oldest = await rig.open()
    const strangers = await Promise.all(Array.from({ length: 999 }, () => rig.open()))
    await until(() => rig.connections() === 1001)
    expect(rig.ended('limit')).toBe(0)
    const terminal = await openAs(rig, '2')
    await until(() => oldest.isClosed())
    terminal.send('P still here\n')
    await until(() => terminal.text() === 'hello\nstill\n')
    expect(strangers.some((peer) => peer.isClosed())).toBe(false)
    expect(known.isClosed()).toBe(false)
    expect(rig.detail('refused')).toEqual({ total: 0, address: 0, unidentified: 1 })
    expect(rig.ended('limit')).toBe(1)
    expect(rig.connections()).toBe(1001)
    expect(rig.warnings()).toEqual([
      {
        level: 'warn',
        message: expect.stringContaining('closed for a newer one'),
        fields: { source: 'gate', remote: '127.0.0.1', connections: 1001, times: 1 },
      },
    ])
  })

  test('of nobody give way where their address may have no more connections at all', async () => {
    await using rig = await startRig({ maxPerAddress: 2 })
    const silent = [await rig.open(), await rig.open()]
    await openAs(rig, '1')
    await openAs(rig, '2')
    await until(() => silent.every((peer) => peer.isClosed()))
    const third = await rig.open()
    await until(() => third.isClosed())
    expect(rig.detail('refused')).toEqual({ total: 0, address: 1, unidentified: 2 })
  })
})

describe('an address that sends too much', () => {
  test('is read from only as its budget grows; other addresses are not slowed down', async () => {
    await using rig = await startRig()
    const flood = await openAs(rig, '1')
    const neighbour = await openAs(rig, '2')
    const line = `O 1${' '.repeat(1020)}\n`
    flood.send(Buffer.from(line.repeat(24 * 1024)))
    await until(() => rig.detail('throttledAddresses') === 1)
    const other = await openAs(rig, '3', OTHER_ADDRESS)
    neighbour.send('P pong\n')
    for (let n = 0; n < 20; n++) {
      const before = other.text().length
      other.send('P pong\n')
      await until(() => other.text().length > before)
    }
    expect(neighbour.text()).toBe('hello\n')
    expect(taken(rig)).toBeGreaterThan(16 * MIB - 65_536)
    expect(taken(rig)).toBeLessThan(16 * MIB + 2 * 65_536)
    expect(rig.warnings()).toHaveLength(1)

    await rig.clock.advance(1000)
    await until(() => rig.detail('throttledAddresses') === 1 && taken(rig) > 19 * MIB)
    expect(taken(rig)).toBeLessThan(21 * MIB)
    await rig.clock.advance(1000)
    await rig.clock.advance(1000)
    await until(() => taken(rig) === 24 * MIB)
    await until(() => neighbour.text() === 'hello\npong\n')
  })

  test('cannot begin anew by a new connection', async () => {
    await using rig = await startRig()
    const flood = await openAs(rig, '1')
    flood.send(Buffer.alloc(20 * MIB, 'x'))
    await until(() => rig.detail('throttledAddresses') === 1)
    flood.socket.resetAndDestroy()
    const again = await rig.open()
    again.send('I 2\nP hello\n')
    const other = await openAs(rig, '3', OTHER_ADDRESS)
    expect(other.text()).toBe('hello\n')
    expect(again.text()).toBe('')
    await rig.clock.advance(1000)
    await until(() => again.text() === 'hello\n')
  })
})

/** Bytes of the flood that were taken in, each line of it being 1 KiB. */
function taken(rig: Rig): number {
  return rig.observations.length * 1024
}
