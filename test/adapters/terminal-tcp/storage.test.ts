import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { startRig } from './rig.ts'

describe('a durable reply', () => {
  test('is sent only when what came before it is stored', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('I 5\nO 5\nC 1\nS done\nP after\n')
    await until(() => rig.store.waiting() === 1)
    expect(rig.happenings.slice(1)).toEqual(['observed 5', 'counted 5 1', 'stored?'])
    const other = await rig.open()
    other.send('P pong\n')
    await until(() => other.text() === 'pong\n')
    expect(peer.text()).toBe('')
    rig.store.answer(true)
    await until(() => peer.text() === 'done\nafter\n')
  })

  test('is not sent where that could not be stored: the connection is closed, so that the terminal repeats', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('I 5\nP hello\nO 5\nS done\nP after\n')
    await until(() => rig.store.waiting() === 1)
    rig.store.answer(false)
    await until(() => peer.isClosed())
    expect(peer.text()).toBe('hello\n')
    expect(rig.ended('not-stored')).toBe(1)
    expect(rig.connections()).toBe(0)
  })

  test('waits behind those before it, whichever is stored first', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    for (const [n, text] of ['one', 'two', 'three'].entries()) {
      peer.send(`S ${text}\n`)
      await until(() => rig.store.waiting() === n + 1)
    }
    rig.store.answerNewest(true)
    rig.store.answer(true, 1)
    await until(() => peer.text() !== '')
    expect(peer.text()).toBe('one\n')
    rig.store.answer(true)
    await until(() => peer.text() === 'one\ntwo\nthree\n')
  })

  test('of many frames in one chunk costs one question', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('O 1\nS a\nO 1\nS b\nO 1\nS c\n')
    await until(() => rig.store.waiting() === 1)
    expect(rig.happenings.at(-1)).toBe('stored?')
    rig.store.answer(true)
    await until(() => peer.text() === 'a\nb\nc\n')
  })

  test('is still sent to a peer that has closed its side', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.socket.allowHalfOpen = true
    peer.socket.end('O 5\nS done\n')
    await until(() => rig.ended('peer') === 1)
    rig.store.answer(true)
    await until(() => peer.isClosed())
    expect(peer.text()).toBe('done\n')
  })

  test('is still sent after a later frame has closed the session', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('O 5\nS done\nX bad-checksum\n')
    await until(() => rig.store.waiting() === 1)
    expect(peer.isClosed()).toBe(false)
    rig.store.answer(true)
    await until(() => peer.isClosed())
    expect(peer.text()).toBe('done\n')
  })

  test('harms nothing when its connection is gone', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('O 5\nS done\n')
    await until(() => rig.store.waiting() === 1)
    peer.socket.resetAndDestroy()
    await until(() => rig.connections() === 0)
    rig.store.answer(false)
    await until(() => rig.ended('error') === 1)
    expect(rig.ended('not-stored')).toBe(0)
  })
})

describe('a slow disk', () => {
  test('stops the reading of a connection that waits for it, until it has caught up', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    for (let n = 1; n <= 4; n++) {
      peer.send(`S ${n}\n`)
      await until(() => rig.store.waiting() === n)
    }
    peer.send('O 5\n')
    const other = await rig.open()
    other.send('P pong\n')
    await until(() => other.text() === 'pong\n')
    expect(rig.observations).toEqual([])
    rig.store.answer(true, 1)
    await until(() => rig.observations.length === 1)
    rig.store.answer(true)
    await until(() => peer.text() === '1\n2\n3\n4\n')
  })

  test('makes no pile of replies out of endless frames', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('O 1\nS done\nP pong\n'.repeat(50_000))
    await until(() => rig.store.waiting() > 0)
    const other = await rig.open()
    for (let n = 1; n <= 20; n++) {
      other.send('P pong\n')
      await until(() => other.text() === 'pong\n'.repeat(n))
    }
    // A chunk is 64 KiB at most, and one such chunk brings more replies than may wait.
    expect(rig.observations.length).toBeLessThan(6000)
    expect(rig.store.waiting()).toBeLessThanOrEqual(4)
    const answering = setInterval(() => rig.store.answer(true), 1)
    await until(() => peer.bytes().length === 50_000 * 'done\npong\n'.length, 20_000)
    clearInterval(answering)
  })
})
