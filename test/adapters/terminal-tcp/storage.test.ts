import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { type Rig, START, startRig } from './rig.ts'

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

describe('an urgent reply', () => {
  test('waits for nothing: the time in it is that of now', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('S first\nP second\nU 12:00\n')
    await until(() => peer.text() === '12:00\n')
    peer.send('S third\nU 12:01\n')
    await until(() => peer.text() === '12:00\n12:01\n')
    rig.store.answer(true)
    await until(() => peer.text() === '12:00\n12:01\nfirst\nsecond\nthird\n')
  })
})

describe('a store that fails', () => {
  const heard = (rig: Rig) => rig.happenings.filter((text) => /connected/.test(text))

  /** A terminal says who it is, and the store answers when so much time is over. */
  async function identify(rig: Rig, isStored: boolean, afterMs = 0): Promise<void> {
    const peer = await rig.open()
    peer.send('I 5\nS done\n')
    await until(() => rig.store.waiting() === 1)
    await rig.clock.advance(afterMs)
    rig.store.answer(isStored)
    await until(() => (isStored ? peer.text() === 'done\n' : peer.isClosed()))
  }

  test('makes its source not heard from the first question on, until it has stored something', async () => {
    await using rig = await startRig({ holdStore: true })
    await rig.clock.advance(5000)
    await identify(rig, true)
    expect(heard(rig)).toEqual(['connected 0 false'])
    await rig.clock.advance(1000)
    await identify(rig, false, 700)
    await identify(rig, false, 700)
    const lost = 'disconnected 6000 what came cannot be stored'
    expect(heard(rig)).toEqual(['connected 0 false', lost])
    expect(rig.source.health()).toMatchObject({
      connected: false,
      detail: { trouble: 'what came cannot be stored' },
    })
    expect(rig.warnings()).toHaveLength(1)
    await identify(rig, true, 600)
    await identify(rig, true)
    expect(heard(rig)).toEqual(['connected 0 false', lost, 'connected 8000 false'])
    expect(rig.source.health()).toMatchObject({ connected: true, detail: { trouble: null } })
    expect(rig.clock.now()).toBe(START + 8000)
  })

  test('is asked again though no terminal comes back', async () => {
    await using rig = await startRig({ holdStore: true })
    await identify(rig, false)
    expect(rig.source.health().connected).toBe(false)
    await rig.clock.advance(5000)
    expect(rig.store.waiting()).toBe(1)
    rig.store.answer(false)
    await rig.clock.advance(5000)
    rig.store.answer(true)
    await until(() => rig.source.health().connected)
    expect(heard(rig).at(-1)).toBe('connected 10000 false')
    await rig.clock.advance(5000)
    expect(rig.store.waiting()).toBe(0)
  })

  test('is known though the connection that asked is gone', async () => {
    await using rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('S done\n')
    await until(() => rig.store.waiting() === 1)
    peer.socket.resetAndDestroy()
    await until(() => rig.connections() === 0)
    rig.store.answer(false)
    await until(() => !rig.source.health().connected)
  })

  test('is nothing to report any more when the listener has stopped', async () => {
    const rig = await startRig({ holdStore: true })
    const peer = await rig.open()
    peer.send('S done\n')
    await until(() => rig.store.waiting() === 1)
    await rig.source.stop()
    rig.store.answer(false)
    await until(() => peer.isClosed())
    expect(heard(rig)).toEqual(['connected 0 false'])
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
