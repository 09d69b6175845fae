import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { fillUp, REPLY_BYTES, START, startRig } from './rig.ts'

describe('what a session wants', () => {
  test('is done in its order, with the time at which the bytes came', async () => {
    await using rig = await startRig()
    await rig.clock.advance(1234)
    const peer = await rig.open()
    peer.send('I 7\nO 7\nC 3\nnonsense\nO 8\nP pong\n')
    await until(() => peer.text() === 'pong\n')
    expect(rig.happenings.slice(1)).toEqual([
      'observed 7',
      'counted 7 3',
      'rejected unknown-shape nonsense',
      'observed 8',
    ])
    expect(rig.observations[0]?.receivedAt).toBe(START + 1234)
  })

  test('is the same however the bytes were cut', async () => {
    await using rig = await startRig()
    const [slow, merged] = [await rig.open(), await rig.open()]
    for (const byte of Buffer.from('I 1\nO 1\nP one\n')) {
      slow.send(Uint8Array.of(byte))
      await until(() => slow.socket.bytesWritten > 0 && slow.socket.writableLength === 0)
    }
    merged.send('I 2\nO 2\nP two\nO 3\nO')
    await until(() => slow.text() === 'one\n' && merged.text() === 'two\n')
    expect(rig.observations.map(({ terminalId }) => terminalId).sort()).toEqual(['1', '2', '3'])
  })

  test('keeps the connection where something was rejected', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    peer.send('what\nis\nthat\nP still here\n')
    await until(() => peer.text() === 'still\n')
    expect(rig.connections()).toBe(1)
  })
})

describe('a session that closes', () => {
  test.each(['bad-checksum', 'garbage', 'no-identity'])('for %s has sent its replies before', async (end) => {
    await using rig = await startRig()
    const peer = await rig.open()
    peer.send(`P first\nX ${end}\nO 9\n`)
    await until(() => peer.isClosed())
    expect(peer.text()).toBe('first\n')
    expect(rig.observations).toEqual([])
    expect(rig.ended(end)).toBe(1)
    expect(rig.warnings()).toEqual([
      expect.objectContaining({ fields: expect.objectContaining({ detail: 'asked for', times: 1 }) }),
    ])
  })

  test('loses no reply though the peer goes on sending', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    const endless = setInterval(() => peer.send(Buffer.alloc(50_000, 'O 9\n')), 1)
    peer.send('B 50000\nX bad-checksum\n')
    await until(() => peer.bytes().length === 50_000)
    clearInterval(endless)
    expect(rig.observations).toEqual([])
  })

  test('reads nothing of what still comes, and ends though the peer does not close its side', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    peer.socket.allowHalfOpen = true
    peer.send('X bad-checksum\n')
    await until(() => peer.socket.readableEnded)
    peer.send('O 9\n')
    expect(rig.connections()).toBe(1)
    await rig.clock.advance(10_000)
    await until(() => rig.connections() === 0)
    expect(rig.observations).toEqual([])
    expect(rig.ended('bad-checksum')).toBe(1)
    expect(rig.ended('peer')).toBe(0)
  })

  test('is told of once a minute, with the number of times', async () => {
    await using rig = await startRig()
    const closeOne = async (): Promise<void> => {
      const peer = await rig.open()
      peer.send('X garbage\n')
      await until(() => peer.isClosed())
    }
    for (let n = 0; n < 3; n++) await closeOne()
    expect(rig.warnings()).toHaveLength(1)
    await rig.clock.advance(60_000)
    await closeOne()
    expect(rig.warnings().map(({ fields }) => fields['times'])).toEqual([1, 3])
  })

  test('with a bug closes its connection and no other', async () => {
    await using rig = await startRig()
    const [bad, good] = [await rig.open(), await rig.open()]
    bad.send('!\n')
    await until(() => bad.isClosed())
    good.send('P fine\n')
    await until(() => good.text() === 'fine\n')
    expect(rig.ended('error')).toBe(1)
    expect(rig.warnings()).toEqual([
      expect.objectContaining({ message: expect.stringContaining('bug of this program') }),
    ])
  })
})

describe('the other end', () => {
  test('that closes its side still gets its replies', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    peer.socket.end('O 5\nP pong\n')
    await until(() => peer.isClosed())
    expect(peer.text()).toBe('pong\n')
    await until(() => rig.connections() === 0)
    expect(rig.ended('peer')).toBe(1)
  })

  test('that breaks off is counted and harms nobody', async () => {
    await using rig = await startRig()
    const [broken, good] = [await rig.open(), await rig.open()]
    broken.send('I 5\n')
    await until(() => rig.detail('identified') === 1)
    broken.socket.resetAndDestroy()
    await until(() => rig.connections() === 1)
    expect(rig.ended('error')).toBe(1)
    expect(rig.detail('identified')).toBe(0)
    good.send('P fine\n')
    await until(() => good.text() === 'fine\n')
  })

  test('that takes none of our replies is closed', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    peer.socket.pause()
    const asking = setInterval(() => peer.send('B 60000\n'.repeat(50)), 1)
    await until(() => rig.ended('slow-reader') === 1)
    clearInterval(asking)
    await until(() => rig.connections() === 0)
  })

  test('that lets replies pile up is not read from; it is closed after half a minute', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    await fillUp(rig, peer)
    const seen = rig.observations.length
    peer.send('O 1\n')
    await rig.clock.advance(25_000)
    expect(rig.ended('slow-reader')).toBe(0)
    await rig.clock.advance(10_000)
    expect(rig.ended('slow-reader')).toBe(1)
    expect(rig.observations).toHaveLength(seen)
  })

  test('that takes them late is read from again', async () => {
    await using rig = await startRig()
    const peer = await rig.open()
    const sent = await fillUp(rig, peer)
    await rig.clock.advance(25_000)
    peer.socket.resume()
    await until(() => peer.bytes().length >= sent * REPLY_BYTES)
    await rig.clock.advance(25_000)
    peer.send('P pong\n')
    await until(() => peer.text().endsWith('pong\n'))
    expect(rig.ended('slow-reader')).toBe(0)
  })
})
