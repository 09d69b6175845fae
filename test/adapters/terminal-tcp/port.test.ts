import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { createRig, fillUp, startRig } from './rig.ts'

describe('the port', () => {
  test('that is free is taken at once, and the real one is shown', async () => {
    await using rig = await startRig()
    expect(rig.happenings).toEqual(['connected 0 false'])
    expect(rig.detail('port')).toBeGreaterThan(0)
    expect(rig.log.lines).toEqual([
      {
        level: 'info',
        message: 'Listening for terminals',
        fields: { source: 'gate', kind: 'omnicomm-tcp', host: '127.0.0.1', port: rig.detail('port') },
      },
    ])
  })

  test('that is in use is tried again, ever more seldom, until it is free', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    await using rig = createRig({ port })
    await until(() => rig.happenings.length === 1)
    expect(rig.happenings[0]).toMatch(/^disconnected 0 port \d+ on 127\.0\.0\.1 is in use: end the program/)
    expect(rig.source.health()).toMatchObject({ connected: false, detail: { port, trouble: /in use/ } })
    for (let n = 0; n < 8; n++) await rig.clock.advance(60_000)
    const waits = rig.log.lines.map(({ fields }) => fields['retryInMs'])
    expect(waits.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    expect(rig.log.lines.filter(({ level }) => level !== 'debug')).toHaveLength(1)
    expect(rig.happenings).toHaveLength(1)
    holder.close()
    await once(holder, 'close')
    await rig.clock.advance(60_000)
    await until(() => rig.source.health().connected)
    expect(rig.happenings[1]).toMatch(/^connected \d+ false$/)
    expect(rig.detail('trouble')).toBeNull()
    const peer = await rig.open()
    peer.send('P pong\n')
    await until(() => peer.text() === 'pong\n')
  })

  test.each([
    ['192.0.2.1', 0, /not an address of this machine: set host of source gate/],
    ['no-such-host.invalid', 0, /no-such-host\.invalid/],
  ])('of %s cannot be had, which is said', async (host, port, reason) => {
    await using rig = createRig({ host, port })
    await until(() => rig.happenings.length === 1)
    expect(rig.happenings[0]).toMatch(reason)
  })
})

describe('stopping', () => {
  test('closes the port and every connection, and nothing is reported any more', async () => {
    const rig = await startRig({ holdStore: true })
    const peers = await Promise.all(Array.from({ length: 20 }, () => rig.open()))
    peers.forEach((peer, n) => void peer.send(`I ${n}\nP hello\nS done\n`))
    await until(() => rig.store.waiting() === 20)
    const before = rig.happenings.length
    for (const peer of peers) peer.send('O 1\n')
    const port = Number(rig.detail('port'))
    await rig.source.stop()
    rig.store.answer(true)
    await until(() => peers.every((peer) => peer.isClosed()))
    expect(new Set(peers.map((peer) => peer.text()))).toEqual(new Set(['hello\n']))
    expect(rig.happenings.length).toBe(before)
    expect(rig.ended('stopping')).toBe(20)
    expect(rig.connections()).toBe(0)
    expect(rig.source.health().connected).toBe(false)
    expect(await freePort(port)).toBe(port)
  })

  test('does not wait for a peer that takes nothing', async () => {
    const rig = await startRig()
    const peer = await rig.open()
    await fillUp(rig, peer)
    const stopped = rig.source.stop()
    await rig.clock.advance(1000)
    await stopped
    expect(rig.connections()).toBe(0)
  })

  test('before the port was had leaves no listener behind', async () => {
    const port = await freePort()
    const rig = createRig({ port })
    await rig.source.stop()
    await rig.source.stop()
    expect(rig.happenings).toEqual([])
    expect(await freePort(port)).toBe(port)
  })
})

/** Takes a port, this one where it is given, and gives it back. */
async function freePort(wanted = 0): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
