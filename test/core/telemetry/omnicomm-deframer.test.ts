import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createDeframer,
  type Deframed,
  deframe,
  deframeWhole,
  endDeframing,
} from '../../../src/core/telemetry/omnicomm-deframer.ts'
import { encodeFrame } from '../../../src/core/telemetry/omnicomm-frame.ts'
import { hexBytes, joinBytes, OMNICOMM_FRAMES, terminalFrame } from '../../support/omnicomm.ts'

/** What matters of an item, for comparison. */
function plain(item: Deframed): Record<string, unknown> {
  return item.kind === 'frame' ? { ...item, payload: [...item.payload] } : item
}

function found(hex: string): Record<string, unknown>[] {
  return deframeWhole(hexBytes(hex)).items.map(plain)
}

/** Deframes chunk by chunk; with the most that was held. */
function inChunks(chunks: readonly Uint8Array[], longestPayload: number) {
  const deframer = createDeframer(longestPayload)
  const items: Record<string, unknown>[] = []
  let mostHeld = 0
  for (const chunk of chunks) {
    const copy = chunk.slice()
    items.push(...deframe(deframer, copy).map(plain))
    // The deframer may not rely on the chunk afterwards.
    copy.fill(0xc0)
    mostHeld = Math.max(mostHeld, deframer.held?.length ?? 0)
  }
  const rest = endDeframing(deframer)
  if (rest !== undefined) items.push(plain(rest))
  return { items, mostHeld, skippedBytes: deframer.skippedBytes, strayEscapes: deframer.strayEscapes }
}

/** Bytes in which markers, escapes and short frames are frequent. */
const wireBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Object.values(OMNICOMM_FRAMES)).map((hex) => [...hexBytes(hex)]),
      fc.array(fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd, 0x00, 0x01, 0x02, 0x86), { maxLength: 12 }),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => [...bytes]),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => [...terminalFrame(0x86, bytes)]),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Uint8Array.from(parts.flat()))

describe('the frames of a connection', () => {
  test.each([
    ['ident', 0x80, 8],
    ['drained', 0x86, 0],
    ['archive', 0x86, 99],
    ['live', 0x95, 99],
    ['identEscapedChecksum', 0x80, 8],
    ['identEscapedNumber', 0x80, 8],
    ['requestFrom0', 0x85, 4],
    ['requestFrom5326', 0x85, 4],
    ['requestFrom62311', 0x85, 4],
    ['acknowledge5325', 0x87, 4],
    ['acknowledge8', 0x87, 4],
    ['acknowledged5325', 0x88, 4],
    ['clockRequest', 0x93, 0],
    ['clock', 0x94, 4],
  ] as const)('%s is one good frame of command %i with %i bytes', (name, command, payloadBytes) => {
    const [item, ...others] = found(OMNICOMM_FRAMES[name])
    expect(item).toMatchObject({ kind: 'frame', command, crc: 'ok', skippedBytes: 0 })
    expect(item?.['payload']).toHaveLength(payloadBytes)
    expect(others).toEqual([])
  })

  test('have their escape pairs undone', () => {
    expect(found(OMNICOMM_FRAMES.identEscapedNumber)[0]?.['payload']).toEqual([
      0xaa, 0xc0, 0xdb, 0x0c, 0x34, 0x01, 0, 0,
    ])
  })

  test('may have an escaped LEN', () => {
    const payload = new Uint8Array(0xdbc0).fill(7)
    const wire = encodeFrame(0x86, payload, 'big')
    expect([...wire.subarray(0, 6)]).toEqual([0xc0, 0x86, 0xdb, 0xdc, 0xdb, 0xdd])
    expect(deframeWhole(wire).items.map(plain)).toEqual([
      { kind: 'frame', command: 0x86, payload: [...payload], crc: 'ok', skippedBytes: 0 },
    ])
  })

  test('follow each other without a gap', () => {
    const items = found(OMNICOMM_FRAMES.ident + OMNICOMM_FRAMES.archive + OMNICOMM_FRAMES.drained)
    expect(items.map((item) => [item['command'], item['crc']])).toEqual([
      [0x80, 'ok'],
      [0x86, 'ok'],
      [0x86, 'ok'],
    ])
  })
})

describe('the checksum', () => {
  const payload = Uint8Array.of(1, 2, 3)

  test.each([
    [0x81, 'ok', 'bad'],
    [0x85, 'ok', 'bad'],
    [0x87, 'ok', 'bad'],
    [0xa0, 'ok', 'bad'],
    [0x93, 'ok', 'ok'],
    [0x94, 'ok', 'ok'],
    [0x80, 'bad', 'ok'],
    [0x86, 'bad', 'ok'],
    [0x88, 'bad', 'ok'],
    [0x95, 'bad', 'ok'],
    [0x9f, 'bad', 'ok'],
    [0x90, 'bad', 'ok'],
  ])(
    'of command %i is %s with the low byte first and %s with the high byte first',
    (command, little, big) => {
      const crcOf = (order: 'little' | 'big') =>
        deframeWhole(encodeFrame(command, payload, order)).items.map((item) => plain(item)['crc'])
      expect(crcOf('little')).toEqual([little])
      expect(crcOf('big')).toEqual([big])
    },
  )

  test('covers command, LEN and payload: any changed byte after the marker shows', () => {
    const wire = encodeFrame(0x86, payload, 'big')
    for (let at = 1; at < wire.length; at += 1) {
      const changed = wire.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x10
      const crcs = deframeWhole(changed).items.map((item) => plain(item)['crc'])
      expect(crcs, `byte ${at}`).not.toContain('ok')
    }
  })
})

describe('bytes that are no frame', () => {
  const good = OMNICOMM_FRAMES.drained

  test('are counted before, between and behind frames', () => {
    const { items, skippedBytes } = deframeWhole(hexBytes(`0102${good}0a${good}dbdbdb`))
    expect(items.map((item) => item.skippedBytes)).toEqual([2, 1])
    expect(skippedBytes).toBe(6)
  })

  test('a frame that another one begins in is truncated', () => {
    expect(found(`c0860500aa${good}`)).toMatchObject([
      { kind: 'truncated', command: 0x86, byteCount: 5 },
      { kind: 'frame', crc: 'ok', skippedBytes: 0 },
    ])
  })

  test('a frame that the bytes end in is truncated', () => {
    expect(found('c0860500aa')).toEqual([{ kind: 'truncated', command: 0x86, byteCount: 5, skippedBytes: 0 }])
  })

  test('a marker at the very end is a frame of which nothing more is known', () => {
    expect(found('c0')).toEqual([{ kind: 'truncated', command: undefined, byteCount: 1, skippedBytes: 0 }])
  })

  test('a marker behind a marker is one byte too many', () => {
    const { items, skippedBytes } = deframeWhole(hexBytes(`c0c0${good}`))
    expect(items).toHaveLength(1)
    expect(skippedBytes).toBe(2)
  })

  test('a frame may be cut off in the escape pair of its command', () => {
    const cut = { kind: 'truncated', command: undefined, byteCount: 2, skippedBytes: 0 }
    expect(found(`c0db${good}`)).toMatchObject([cut, { kind: 'frame', crc: 'ok' }])
    expect(found('c0db')).toEqual([cut])
  })

  test('a frame that ends in half an escape pair is truncated', () => {
    expect(found('c08704000800000011db')).toMatchObject([{ kind: 'truncated', command: 0x87, byteCount: 10 }])
  })
})

describe('a DB that begins no escape pair', () => {
  // Traccar does not escape what it sends.
  const unescaped = (payload: readonly number[]): Uint8Array => {
    const wire = [...encodeFrame(0x85, Uint8Array.from(payload), 'little')]
    const at = wire.findIndex((byte, index) => byte === 0xdb && wire[index + 1] === 0xdd)
    wire.splice(at + 1, 1)
    return Uint8Array.from(wire)
  }

  test('is kept together with the byte after it, and counted', () => {
    const wire = unescaped([0xdb, 1, 2, 3])
    expect(inChunks([wire], 100)).toMatchObject({
      items: [{ kind: 'frame', payload: [0xdb, 1, 2, 3], crc: 'ok' }],
      strayEscapes: 1,
    })
  })

  test('may be followed by one that does', () => {
    const wire = joinBytes([0xc0, 0x86, 0x03, 0x00, 0xdb, 0xdb, 0xdc, 0x05])
    const { items, strayEscapes } = inChunks([wire, Uint8Array.of(0, 0)], 100)
    expect(items).toMatchObject([{ kind: 'frame', payload: [0xdb, 0xc0, 0x05], crc: 'bad' }])
    expect(strayEscapes).toBe(1)
  })

  // A frame whose checksum ends in DB, as a sender that does not escape would write it.
  const endsInEscape = Array.from({ length: 70_000 }, (_, id) => id)
    .map((id) => encodeFrame(0x85, Uint8Array.of(id & 0xff, id >>> 8, 0, 0), 'little'))
    .find((wire) => wire.at(-2) === 0xdb && wire.at(-1) === 0xdd && wire.length === 11)
  const cut = endsInEscape?.subarray(0, -1) ?? new Uint8Array()

  test('at the end of a frame is its last byte where the checksum says so', () => {
    expect(cut).toHaveLength(10)
    const frame = { kind: 'frame', command: 0x85, crc: 'ok' }
    expect(inChunks([cut], 100)).toMatchObject({ items: [frame], strayEscapes: 1 })
    expect(inChunks([cut, cut], 100)).toMatchObject({ items: [frame, frame], strayEscapes: 2 })
    expect(inChunks([cut, Uint8Array.of(9)], 100)).toMatchObject({
      items: [frame],
      strayEscapes: 1,
      skippedBytes: 1,
    })
  })

  test('at the end of a frame with a wrong checksum was cut off its pair', () => {
    const wrong = cut.slice()
    wrong[4] = (wrong[4] ?? 0) ^ 1
    expect(inChunks([wrong, hexBytes(OMNICOMM_FRAMES.drained)], 100).items).toMatchObject([
      { kind: 'truncated', command: 0x85, byteCount: 10 },
      { kind: 'frame', crc: 'ok' },
    ])
  })
})

describe('a LEN over the limit', () => {
  const frame = terminalFrame(0x86, new Uint8Array(101))

  test('is told as soon as it is known, and the frame is skipped up to the next marker', () => {
    const { items, skippedBytes } = inChunks([frame, hexBytes(OMNICOMM_FRAMES.drained)], 100)
    expect(items).toMatchObject([
      { kind: 'oversize', command: 0x86, payloadBytes: 101 },
      { kind: 'frame', crc: 'ok', skippedBytes: frame.length - 4 },
    ])
    expect(skippedBytes).toBe(0)
    expect(inChunks([frame.subarray(0, 4)], 100).items).toMatchObject([{ kind: 'oversize' }])
  })

  test('is not over it by being equal', () => {
    expect(inChunks([frame], 101).items).toMatchObject([{ kind: 'frame', crc: 'ok' }])
  })
})

describe('laws of the deframer', () => {
  test('any cut of any bytes gives the same', () => {
    fc.assert(
      fc.property(wireBytes, fc.array(fc.nat(400), { maxLength: 12 }), (wire, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, wire.length)).toSorted((a, b) => a - b),
          wire.length,
        ]
        const chunks = places.slice(1).map((end, index) => wire.subarray(places[index], end))
        const { mostHeld: _, ...cut } = inChunks(chunks, 60)
        const { mostHeld: __, ...whole } = inChunks([wire], 60)
        const { mostHeld: ___, ...single } = inChunks(
          [...wire].map((byte) => Uint8Array.of(byte)),
          60,
        )
        expect(cut).toEqual(whole)
        expect(single).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  test('every byte belongs to an item or is skipped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        // Without escapes, wire bytes and unescaped bytes are as many.
        const wire = bytes.filter((byte) => byte !== 0xdb)
        const { items, skippedBytes } = deframeWhole(wire)
        const inItems = items.map((item) =>
          item.kind === 'frame' ? item.payload.length + 6 : item.kind === 'truncated' ? item.byteCount : 4,
        )
        expect(inItems.reduce((sum, count) => sum + count, skippedBytes)).toBe(wire.length)
      }),
    )
  })

  test('what was encoded is found again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 300 })), { maxLength: 5 }),
        (frames) => {
          const order = (command: number) => ([0x81, 0x85, 0x87, 0xa0].includes(command) ? 'little' : 'big')
          const wire = joinBytes(
            ...frames.map(([command, payload]) => encodeFrame(command, payload, order(command))),
          )
          expect(wire.filter((byte) => byte === 0xc0)).toHaveLength(frames.length)
          expect(deframeWhole(wire).items.map(plain)).toEqual(
            frames.map(([command, payload]) => ({
              kind: 'frame',
              command,
              payload: [...payload],
              crc: 'ok',
              skippedBytes: 0,
            })),
          )
        },
      ),
    )
  })

  test('no bytes make it hold more than one frame, nor more than came', () => {
    fc.assert(
      fc.property(fc.array(wireBytes, { maxLength: 6 }), (chunks) => {
        const { mostHeld } = inChunks(chunks, 60)
        expect(mostHeld).toBeLessThanOrEqual(65)
      }),
    )
    const promise = inChunks([Uint8Array.of(0xc0, 0x86, 0xff, 0xff, 1, 2, 3)], 65_535)
    expect(promise.mostHeld).toBeLessThan(20)
  })
})
