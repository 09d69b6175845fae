import { describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { until } from '../../support/until.ts'
import { type Peer, type Rig, startRig } from './rig.ts'

async function openAs(rig: Rig, greeting: string): Promise<Peer> {
  const peer = await rig.open()
  await say(peer, greeting)
  return peer
}

/** Sends something and waits until the listener has taken it in. */
async function say(peer: Peer, line: string): Promise<void> {
  const before = peer.text()
  peer.send(`${line}\nP pong\n`)
  await until(() => peer.text() === `${before}pong\n`)
}

describe('a connection that is silent', () => {
  test('is closed after the idle timeout, counted from its last bytes', async () => {
    await using rig = await startRig({ idleTimeoutMs: 5 * MINUTE })
    const [silent, talking] = [await openAs(rig, 'I 1'), await openAs(rig, 'I 2')]
    await rig.clock.advance(4 * MINUTE)
    await say(talking, 'O 2')
    await rig.clock.advance(MINUTE - 1)
    expect(rig.ended('idle')).toBe(0)
    await rig.clock.advance(5 * SECOND)
    await until(() => silent.isClosed())
    expect(rig.ended('idle')).toBe(1)
    expect(rig.detail('identified')).toBe(1)
    await rig.clock.advance(4 * MINUTE)
    await until(() => talking.isClosed())
  })

  test('is not kept by what is written to it', async () => {
    await using rig = await startRig({ idleTimeoutMs: MINUTE, holdStore: true })
    const peer = await openAs(rig, 'I 1')
    peer.send('S late\n')
    await until(() => rig.store.waiting() === 1)
    await rig.clock.advance(50 * SECOND)
    rig.store.answer(true)
    await until(() => peer.text().endsWith('late\n'))
    await rig.clock.advance(15 * SECOND)
    await until(() => peer.isClosed())
    expect(rig.ended('idle')).toBe(1)
  })

  test('lives no more than a second beyond a short idle timeout', async () => {
    await using rig = await startRig({ idleTimeoutMs: 2 * SECOND })
    const peer = await openAs(rig, 'I 1')
    await rig.clock.advance(3 * SECOND)
    await rig.clock.advance(SECOND)
    await until(() => peer.isClosed())
  })
})

describe('a connection of nobody', () => {
  test('is closed after half a minute, however much it says', async () => {
    await using rig = await startRig()
    const peer = await openAs(rig, 'hello')
    await rig.clock.advance(25 * SECOND)
    await say(peer, 'still here')
    expect(rig.ended('no-identity')).toBe(0)
    await rig.clock.advance(5 * SECOND)
    await until(() => peer.isClosed())
    expect(rig.ended('no-identity')).toBe(1)
  })

  test('is closed at the idle timeout where that is shorter', async () => {
    await using rig = await startRig({ idleTimeoutMs: 10 * SECOND })
    const peer = await rig.open()
    await rig.clock.advance(10 * SECOND)
    await until(() => peer.isClosed())
    expect(rig.ended('no-identity')).toBe(1)
    expect(rig.ended('idle')).toBe(0)
  })

  test.each(['I 5', 'O 5'])('becomes one of somebody by "%s"', async (line) => {
    await using rig = await startRig()
    await openAs(rig, line)
    await rig.clock.advance(10 * MINUTE)
    expect(rig.connections()).toBe(1)
  })
})
