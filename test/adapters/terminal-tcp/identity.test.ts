import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { until } from '../../support/until.ts'
import { type Peer, type Rig, startRig } from './rig.ts'

const [HERE, THERE] = ['127.0.0.1', '127.0.0.2']

async function openAs(rig: Rig, terminalId: string, from = HERE): Promise<Peer> {
  const peer = await rig.open(from)
  peer.send(`I ${terminalId}\nP hello\n`)
  await until(() => peer.text() === 'hello\n')
  return peer
}

/** The terminal comes from one address and the other in turn, so many times. */
async function quarrel(rig: Rig, terminalId: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await openAs(rig, terminalId, n % 2 === 0 ? HERE : THERE)
}

const changingHands = (rig: Rig) =>
  rig.warnings().filter(({ message }) => message.startsWith('A terminal keeps changing hands'))

describe('one terminal on two connections', () => {
  test('speaks on the newer one; the older one is closed', async () => {
    await using rig = await startRig()
    const older = await openAs(rig, '5')
    const newer = await openAs(rig, '5')
    await until(() => older.isClosed())
    newer.send('O 5\n')
    await until(() => rig.observations.length === 1)
    expect(rig.ended('replaced')).toBe(1)
    expect(rig.detail('identified')).toBe(1)
    expect(rig.connections()).toBe(1)
  })

  test('is nothing to report when it came back from the same address, however often', async () => {
    await using rig = await startRig()
    for (let n = 0; n < 10; n++) await openAs(rig, '5')
    expect(rig.ended('replaced')).toBe(9)
    expect(rig.warnings()).toEqual([])
    expect(rig.detail('contested')).toEqual([])
  })

  test('may name itself twice on the same one', async () => {
    await using rig = await startRig()
    const peer = await openAs(rig, '5')
    peer.send('I 5\nP again\n')
    await until(() => peer.text() === 'hello\nagain\n')
    expect(rig.ended('replaced')).toBe(0)
  })

  test('that becomes another one there, where its protocol allows it, gives its first number back', async () => {
    await using rig = await startRig()
    const changed = await openAs(rig, '5')
    changed.send('I 6\nP other\n')
    await until(() => changed.text() === 'hello\nother\n')
    await openAs(rig, '5')
    expect(rig.ended('replaced')).toBe(0)
    expect(rig.detail('identified')).toBe(2)
  })
})

describe('a terminal that changes hands between addresses', () => {
  test('three times in ten minutes is in a mobile network', async () => {
    await using rig = await startRig()
    await quarrel(rig, '5', 4)
    expect(rig.ended('replaced')).toBe(3)
    expect(rig.contested()).toBe(0)
    expect(changingHands(rig)).toEqual([])
  })

  test('more than that is contested: it is counted, logged and shown', async () => {
    await using rig = await startRig()
    await quarrel(rig, '5', 5)
    expect(rig.contested()).toBe(1)
    expect(rig.detail('contested')).toEqual(['5'])
    expect(rig.detail('contestedCount')).toBe(1)
    expect(changingHands(rig)).toEqual([
      expect.objectContaining({ fields: { source: 'gate', terminal: '5', remote: HERE, before: THERE } }),
    ])
  })

  test('now and then is not', async () => {
    await using rig = await startRig({ idleTimeoutMs: HOUR })
    for (let n = 0; n < 8; n++) {
      await openAs(rig, '5', n % 2 === 0 ? HERE : THERE)
      await rig.clock.advance(4 * MINUTE)
    }
    expect(rig.ended('replaced')).toBe(7)
    expect(rig.contested()).toBe(0)
  })

  test('is contested no longer after ten quiet minutes', async () => {
    await using rig = await startRig()
    await quarrel(rig, '5', 5)
    await rig.clock.advance(10 * MINUTE)
    expect(rig.detail('contested')).toEqual([])
  })
})
