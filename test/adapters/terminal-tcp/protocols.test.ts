import { describe, expect, test } from 'vitest'
import { createEgtsSession } from '../../../src/core/telemetry/egts-session.ts'
import { createOmnicommSession } from '../../../src/core/telemetry/omnicomm-session.ts'
import { createWialonIpsSession } from '../../../src/core/telemetry/wialon-ips-session.ts'
import { EGTS_SAMPLE } from '../../support/egts-bytes.ts'
import { hexBytes, joinBytes, OMNICOMM_FRAMES, terminalFrame } from '../../support/omnicomm.ts'
import { until } from '../../support/until.ts'
import { WIALON_BLACK_BOX, WIALON_DATA, WIALON_LOGIN, wialonBytes } from '../../support/wialon-lines.ts'
import { type Peer, type Rig, START, startRig } from './rig.ts'

const { ident, archive, live, drained, requestFrom0, acknowledge5325 } = OMNICOMM_FRAMES

const omnicomm = (acknowledge: boolean) => () =>
  createOmnicommSession({ source: 'gate', acknowledge, counterOf: () => undefined, clock: () => CLOCK_AT })
/** 2023-09-25T15:59:00Z, the time in the captured answer. */
const CLOCK_AT = Date.UTC(2023, 8, 25, 15, 59)

async function sendSlowly(peer: Peer, bytes: Uint8Array): Promise<void> {
  for (const byte of bytes) {
    await new Promise((resolve) => peer.socket.write(Uint8Array.of(byte), resolve))
  }
}

const kinds = (rig: Rig): readonly string[] =>
  rig.observations.map(({ terminalId, kind }) => `${kind} ${terminalId}`)

describe('an Omnicomm terminal', () => {
  test.each([
    ['in one piece', async (peer: Peer, bytes: Uint8Array) => peer.send(bytes)],
    ['byte by byte', sendSlowly],
    [
      'cut in the middle of a frame',
      async (peer: Peer, bytes: Uint8Array) => {
        await sendSlowly(peer, bytes.subarray(0, 5))
        peer.send(bytes.subarray(5))
      },
    ],
  ])('that sends its frames %s is taken in, and asked for its archive', async (_, send) => {
    await using rig = await startRig({ session: omnicomm(false) })
    const peer = await rig.open()
    await send(peer, hexBytes(ident + archive + live + drained))
    await until(() => rig.observations.length === 4)
    expect(kinds(rig)).toEqual(['presence', 'archive', 'live', 'presence'].map((kind) => `${kind} 354002529`))
    expect(rig.counters).toEqual([{ terminalId: '354002529', recordId: 5325, firmware: 308 }])
    expect(rig.observations[0]?.receivedAt).toBe(START)
    await until(() => peer.bytes().toString('hex') === requestFrom0)
    expect(rig.happenings).not.toContain('stored?')
  })

  test('may overwrite its archive only when that is stored', async () => {
    await using rig = await startRig({ session: omnicomm(true), holdStore: true })
    const peer = await rig.open()
    peer.send(hexBytes(ident + archive))
    await until(() => rig.store.waiting() === 1 && peer.bytes().length > 0)
    expect(peer.bytes().toString('hex')).toBe(requestFrom0)
    expect(rig.happenings.slice(-3)).toEqual(['observed 354002529', 'counted 354002529 5325', 'stored?'])
    rig.store.answer(true)
    await until(() => peer.bytes().toString('hex') === requestFrom0 + acknowledge5325)
  })

  test('is not told that its archive was received where it could not be stored', async () => {
    await using rig = await startRig({ session: omnicomm(true), holdStore: true })
    const peer = await rig.open()
    peer.send(hexBytes(ident + archive))
    await until(() => rig.store.waiting() === 1)
    rig.store.answer(false)
    await until(() => peer.isClosed())
    expect(peer.bytes().toString('hex')).toBe(requestFrom0)
    expect(rig.ended('not-stored')).toBe(1)
  })

  test('that asks for the time is answered', async () => {
    await using rig = await startRig({ session: omnicomm(false) })
    const peer = await rig.open()
    peer.send(hexBytes(ident + OMNICOMM_FRAMES.clockRequest))
    await until(() => peer.bytes().length === hexBytes(requestFrom0 + OMNICOMM_FRAMES.clock).length)
    expect(peer.bytes().toString('hex').slice(requestFrom0.length, -4)).toBe(
      OMNICOMM_FRAMES.clock.slice(0, -4),
    )
  })

  test('with a wrong checksum is closed, after what was right before', async () => {
    await using rig = await startRig({ session: omnicomm(false) })
    const peer = await rig.open()
    const wrong = hexBytes(archive)
    wrong.set([0x01], 20)
    peer.send(joinBytes(hexBytes(ident), wrong, hexBytes(live)))
    await until(() => peer.isClosed())
    expect(peer.bytes().toString('hex')).toBe(requestFrom0)
    expect(kinds(rig)).toEqual(['presence 354002529'])
    expect(rig.ended('bad-checksum')).toBe(1)
  })

  test('with a command that nobody knows stays', async () => {
    await using rig = await startRig({ session: omnicomm(false) })
    const peer = await rig.open()
    peer.send(joinBytes(hexBytes(ident), terminalFrame(0x55, [1, 2, 3]), hexBytes(live)))
    await until(() => rig.observations.length === 2)
    expect(rig.connections()).toBe(1)
  })

  test('that sends data before it says who it is, is closed', async () => {
    await using rig = await startRig({ session: omnicomm(false) })
    const peer = await rig.open()
    peer.send(hexBytes(archive))
    await until(() => peer.isClosed())
    expect(rig.ended('no-identity')).toBe(1)
    expect(rig.observations).toEqual([])
  })
})

describe('a Wialon IPS terminal', () => {
  const session = () => createWialonIpsSession({ source: 'gate' })

  test('is answered at its login at once, for its data when they are stored, and in order', async () => {
    await using rig = await startRig({ session, holdStore: true })
    const peer = await rig.open()
    peer.send(wialonBytes(WIALON_LOGIN, WIALON_DATA, WIALON_BLACK_BOX))
    await until(() => rig.store.waiting() === 1 && peer.text() !== '')
    expect(peer.text()).toBe('#AL#1\r\n')
    rig.store.answer(true)
    await until(() => peer.text() === '#AL#1\r\n#AD#1\r\n#AB#2\r\n')
    expect(kinds(rig)).toEqual(['presence', 'live', 'archive', 'archive'].map((kind) => `${kind} 200000123`))
    expect(rig.detail('identified')).toBe(1)
  })
})

describe('an EGTS relay', () => {
  const session = () => createEgtsSession({ source: 'gate' })

  test('speaks for many, is nobody itself, and is answered when what it sent is stored', async () => {
    await using rig = await startRig({ session, holdStore: true })
    const peer = await rig.open()
    await sendSlowly(peer, hexBytes(EGTS_SAMPLE))
    await until(() => rig.store.waiting() === 1)
    expect(kinds(rig)).toEqual(['archive 200000123'])
    expect(peer.bytes()).toHaveLength(0)
    rig.store.answer(true)
    await until(() => peer.bytes().length > 0)
    await rig.clock.advance(60_000)
    expect(rig.detail('identified')).toBe(0)
    expect(rig.connections()).toBe(1)
  })

  test('with bytes that are no packet is closed', async () => {
    await using rig = await startRig({ session })
    const peer = await rig.open()
    peer.send(Buffer.alloc(64 * 1024, 0xee))
    await until(() => peer.isClosed())
    expect(rig.ended('garbage')).toBe(1)
  })
})
