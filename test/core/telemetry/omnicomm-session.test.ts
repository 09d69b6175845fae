import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from '../../../src/core/telemetry/hex.ts'
import { createOmnicommSession } from '../../../src/core/telemetry/omnicomm-session.ts'
import type { ArchiveCounter, Session, SessionStep } from '../../../src/core/telemetry/session.ts'
import { type Instant, toIso } from '../../../src/core/time.ts'
import {
  archivePayload,
  hexBytes,
  identFrame,
  joinBytes,
  OMNICOMM_EPOCH,
  OMNICOMM_FRAMES,
  terminalFrame,
  timedRecord,
} from '../../support/omnicomm.ts'

type Given = {
  readonly acknowledge?: boolean
  readonly counter?: Pick<ArchiveCounter, 'recordId' | 'firmware'>
  readonly clock?: Instant | null
}

const ID = 354_002_529
const RECEIVED_AT = OMNICOMM_EPOCH + 500_000_000_000

function session({ acknowledge = false, counter, clock = RECEIVED_AT }: Given = {}): Session {
  return createOmnicommSession({
    source: 'direct',
    acknowledge,
    counterOf: (terminalId) =>
      counter !== undefined && terminalId === String(ID) ? { terminalId, ...counter } : undefined,
    clock: () => clock,
  })
}

const ident = identFrame(ID, 308)
const drained = terminalFrame(0x86)
/** A frame with one record; its time is its number. */
const data = (command: number, recordId: number): Uint8Array =>
  terminalFrame(command, archivePayload(recordId, recordId, [timedRecord(recordId)]))
const archive = (recordId: number): Uint8Array => data(0x86, recordId)
const live = (recordId: number): Uint8Array => data(0x95, recordId)

/** A reply by command and number, `!` if it waits for the store, `now` if it waits for nothing; other steps in short. */
function told(step: SessionStep): string {
  switch (step.kind) {
    case 'identified':
      return `identified ${step.terminalId}`
    case 'observed': {
      const { kind, terminalId, eventAt, readings } = step.observation
      const firmware = readings?.firmware === undefined ? '' : ` firmware ${readings.firmware}`
      const time = eventAt === undefined ? '' : ` ${(eventAt - OMNICOMM_EPOCH) / 1000}`
      return `${kind}${terminalId === String(ID) ? '' : ` of ${terminalId}`}${time}${firmware}`
    }
    case 'counter':
      return `counter ${step.counter.recordId}`
    case 'reply':
      return `${replyText(step.bytes)}${step.durable === true ? '!' : ''}${step.urgent === true ? ' now' : ''}`
    case 'rejected':
      return `rejected ${step.reason}`
    case 'close':
      return `close ${step.end}`
  }
}

/** Only of replies without an escape; `85(0)`. */
function replyText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return `${toHex(bytes.subarray(1, 2))}(${view.getUint32(4, true)})`
}

function tell(open: Session, ...frames: readonly Uint8Array[]): string[] {
  return frames.flatMap((frame) => open.receive(frame, RECEIVED_AT).map(told))
}

describe('a terminal that identifies itself', () => {
  test('is named before anything else, is present with its firmware, and is asked for everything', () => {
    expect(session().receive(hexBytes(OMNICOMM_FRAMES.ident), RECEIVED_AT)).toEqual([
      { kind: 'identified', terminalId: '354002529' },
      {
        kind: 'observed',
        observation: {
          terminalId: '354002529',
          source: 'direct',
          receivedAt: RECEIVED_AT,
          kind: 'presence',
          readings: { firmware: '308' },
        },
      },
      { kind: 'reply', bytes: hexBytes(OMNICOMM_FRAMES.requestFrom0) },
    ])
  })

  test.each([
    ['nothing', undefined, false, ['85(0)']],
    ['a counter', { recordId: 5325, firmware: 308 }, false, ['85(5326)']],
    ['a counter without a firmware', { recordId: 5325, firmware: null }, false, ['85(5326)']],
    ['a counter of another firmware', { recordId: 5325, firmware: 307 }, false, ['85(0)']],
    ['the last counter that there is', { recordId: 0xffff_ffff, firmware: 308 }, false, ['85(0)']],
    ['a counter over 2^31', { recordId: 0x8000_0000, firmware: 308 }, false, ['85(2147483649)']],
    ['nothing, and may overwrite', undefined, true, ['85(0)']],
    ['a counter, and may overwrite', { recordId: 5325, firmware: 308 }, true, ['87(5325)!', '85(5326)!']],
    ['a counter of another firmware, and may overwrite', { recordId: 5325, firmware: 307 }, true, ['85(0)']],
  ])('with %s stored of it is asked accordingly', (_, counter, acknowledge, replies) => {
    const open = session({ acknowledge, ...(counter === undefined ? {} : { counter }) })
    expect(tell(open, ident)).toEqual([`identified ${ID}`, 'presence firmware 308', ...replies])
  })

  test('as another one on the same connection is believed no longer: one connection is one terminal', () => {
    const open = session({ counter: { recordId: 5, firmware: 308 } })
    expect(tell(open, ident, archive(6), identFrame(7, 1), archive(7))).toEqual([
      `identified ${ID}`,
      'presence firmware 308',
      '85(6)',
      'archive 6',
      'counter 6',
      'close no-identity',
    ])
    const again = session()
    tell(again, ident, ident)
    expect(again.receive(identFrame(7, 1), RECEIVED_AT)).toEqual([
      { kind: 'close', end: 'no-identity', detail: `terminal ${ID} named itself 7 afterwards` },
    ])
  })

  test('once more is asked for what is missing now', () => {
    const open = session({ counter: { recordId: 5, firmware: 308 } })
    tell(open, ident, archive(9))
    expect(tell(open, ident)).toEqual(['presence firmware 308', '85(10)'])
  })

  test.each([
    ['in too few bytes', terminalFrame(0x80, [1, 2, 3, 4])],
    ['as number 0', identFrame(0, 308)],
  ])('%s names nobody', (_, frame) => {
    expect(tell(session(), frame, ident)).toEqual(['close no-identity'])
  })

  test.each([
    ['archive', archive(1)],
    ['the end of an archive', drained],
    ['current data', live(1)],
    ['a confirmation', hexBytes(OMNICOMM_FRAMES.acknowledged5325)],
  ])('must do so before it sends %s', (_, frame) => {
    expect(tell(session(), frame, ident)).toEqual(['close no-identity'])
  })
})

describe('data without acknowledgement', () => {
  const identified = (given: Given = {}): Session => {
    const open = session(given)
    tell(open, ident)
    return open
  }

  test('are observed, counted and never answered', () => {
    const sent = [archive(5325), archive(5326), drained, live(5327), data(0x9f, 5328), live(5329)]
    expect(tell(identified(), ...sent)).toEqual([
      'archive 5325',
      'counter 5325',
      'archive 5326',
      'counter 5326',
      'presence',
      'live 5327',
      'counter 5327',
      'archive 5328',
      'live 5329',
      'counter 5329',
    ])
  })

  test('carry the firmware of the terminal with the counter', () => {
    expect(identified().receive(archive(5), RECEIVED_AT)).toContainEqual({
      kind: 'counter',
      counter: { terminalId: String(ID), recordId: 5, firmware: 308 },
    })
  })

  test('that are sent again do not move the counter back', () => {
    const open = identified({ counter: { recordId: 10, firmware: 308 } })
    expect(tell(open, archive(8), archive(10), live(9), archive(11), archive(5))).toEqual([
      'archive 8',
      'archive 10',
      'live 9',
      'archive 11',
      'counter 11',
      'archive 5',
    ])
  })

  test('move the counter over the end of 32 bits', () => {
    const open = identified({ counter: { recordId: 0xffff_fffe, firmware: 308 } })
    expect(tell(open, archive(0xffff_ffff), archive(2), archive(0xffff_fff0))).toEqual([
      'archive 4294967295',
      'counter 4294967295',
      'archive 2',
      'counter 2',
      'archive 4294967280',
    ])
  })

  test('after a change of firmware begin a new count, however small', () => {
    const open = identified({ counter: { recordId: 5000, firmware: 307 } })
    expect(tell(open, archive(3), archive(2))).toEqual(['archive 3', 'counter 3', 'archive 2'])
  })

  test('with a bad record are rejected in part, and counted: they would come again for ever', () => {
    const frame = terminalFrame(0x86, archivePayload(7, 1, [timedRecord(1), [0x88], timedRecord(3)]))
    expect(tell(identified(), frame)).toEqual(['archive 1', 'rejected bad-value', 'archive 3', 'counter 7'])
  })

  test.each([
    ['only bad records', archivePayload(7, 1, [[0x88]]), ['rejected bad-value', 'presence', 'counter 7']],
    [
      'a list that is cut',
      archivePayload(7, 1, [timedRecord(1)]).slice(0, -1),
      ['rejected bad-value', 'presence', 'counter 7'],
    ],
    ['no records', archivePayload(7, 1, []), ['presence', 'counter 7']],
    ['too few bytes', [1, 2, 3], ['rejected bad-value', 'presence']],
  ])('with %s still prove the link', (_, payload, expected) => {
    expect(tell(identified(), terminalFrame(0x86, payload), archive(8))).toEqual([
      ...expected,
      'archive 8',
      'counter 8',
    ])
  })

  test('by Wi-Fi may end without saying that the archive is through', () => {
    expect(tell(identified({ acknowledge: true }), terminalFrame(0x9f))).toEqual(['presence'])
  })

  test('stand among unknown commands and those of servers, which are ignored', () => {
    const unknown = [0x00, 0x89, 0x90, 0x9e, 0xff].map((command) => terminalFrame(command, [1, 2, 3, 4]))
    const { requestFrom0, acknowledge8, clock } = OMNICOMM_FRAMES
    const ofServers = [requestFrom0, acknowledge8, clock].map(hexBytes)
    expect(tell(identified(), ...unknown, ...ofServers, archive(1))).toEqual(['archive 1', 'counter 1'])
    expect(tell(session(), ...unknown, ...ofServers, ident)).toHaveLength(3)
  })
})

describe('data with acknowledgement', () => {
  const identified = (given: Given = {}): Session => {
    const open = session({ ...given, acknowledge: true })
    tell(open, ident)
    return open
  }

  test('are acknowledged after the store has them, and so is the end of the archive', () => {
    expect(
      tell(
        identified(),
        archive(5),
        drained,
        hexBytes(OMNICOMM_FRAMES.acknowledged5325),
        live(6),
        data(0x9f, 7),
      ),
    ).toEqual([
      'archive 5',
      'counter 5',
      '87(5)!',
      'presence',
      '87(5)!',
      'presence',
      'live 6',
      'counter 6',
      '87(6)!',
      'archive 7',
      'a0(7)!',
    ])
  })

  test('are acknowledged when they are sent again', () => {
    const open = identified({ counter: { recordId: 10, firmware: 308 } })
    expect(tell(open, archive(8), drained, live(10))).toEqual([
      'archive 8',
      '87(8)!',
      'presence',
      '87(10)!',
      'live 10',
      '87(10)!',
    ])
  })

  test('that end before they begin are not acknowledged', () => {
    expect(tell(identified(), drained)).toEqual(['presence'])
  })

  test('have the bytes of the reference', () => {
    const replies = identified()
      .receive(archive(5325), RECEIVED_AT)
      .flatMap((step) => (step.kind === 'reply' ? [toHex(step.bytes)] : []))
    expect(replies).toEqual([OMNICOMM_FRAMES.acknowledge5325])
    const escaped = identified()
      .receive(archive(8), RECEIVED_AT)
      .flatMap((step) => (step.kind === 'reply' ? [toHex(step.bytes)] : []))
    expect(escaped).toEqual([OMNICOMM_FRAMES.acknowledge8])
  })
})

describe('current data before the archive is through', () => {
  const counter = { recordId: 2, firmware: 308 }

  test.each([false, true])(
    'hide nothing of it when the connection breaks off (acknowledge: %s)',
    (acknowledge) => {
      const open = session({ acknowledge, counter })
      const steps = tell(open, ident, archive(3), live(50), live(3))
      expect(steps.filter((text) => /^(counter|live|87\((?!2\)))/.test(text))).toEqual([
        'counter 3',
        ...(acknowledge ? ['87(3)!'] : []),
        'live 50',
        'live 3',
      ])
      expect(tell(open, ident).at(-1)).toBe(acknowledge ? '85(4)!' : '85(4)')
    },
  )

  test('do not become the first record of a terminal of which nothing is stored', () => {
    const open = session({ acknowledge: true })
    expect(tell(open, ident, live(50), archive(3), drained, live(51)).slice(2)).toEqual([
      '85(0)',
      'live 50',
      'archive 3',
      'counter 3',
      '87(3)!',
      'presence',
      '87(3)!',
      'live 51',
      'counter 51',
      '87(51)!',
    ])
  })

  test('count again no sooner than the archive is through once more where more of it was asked for', () => {
    const open = session({ acknowledge: true, counter })
    tell(open, ident, drained)
    expect(tell(open, live(4))).toEqual(['live 4', 'counter 4', '87(4)!'])
    expect(tell(open, ident, live(6), archive(5), live(7), drained, live(8)).slice(1)).toEqual([
      '87(4)!',
      '85(5)!',
      'live 6',
      'archive 5',
      'counter 5',
      '87(5)!',
      'live 7',
      'presence',
      '87(5)!',
      'live 8',
      'counter 8',
      '87(8)!',
    ])
  })

  test('whatever comes in whatever order, no number above the newest of the archive is stored or acknowledged', () => {
    const frames = fc.array(
      fc.oneof(
        fc.nat(20).map((recordId) => ({ recordId, frame: archive(recordId), isArchive: true })),
        fc.nat(60).map((recordId) => ({ recordId, frame: live(recordId), isArchive: false })),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(frames, fc.boolean(), (parts, acknowledge) => {
        const open = session({ acknowledge, counter })
        const steps = tell(open, ident, ...parts.map(({ frame }) => frame))
        const newest = Math.max(
          2,
          ...parts.flatMap(({ recordId, isArchive }) => (isArchive ? [recordId] : [])),
        )
        for (const text of steps) {
          const stored = /^(?:counter |87\()(\d+)/.exec(text)?.[1]
          if (stored !== undefined) expect(Number(stored)).toBeLessThanOrEqual(newest)
        }
        expect(steps.filter((text) => text.startsWith('live'))).toHaveLength(
          parts.filter(({ isArchive }) => !isArchive).length,
        )
      }),
    )
  })
})

describe('a terminal that counts from the start again', () => {
  const counter = { recordId: 5000, firmware: 308 }

  const begun = (given: Given = {}): Session => {
    const open = session({ counter, ...given })
    tell(open, ident)
    return open
  }

  test('is asked again, and after a second empty answer for everything', () => {
    const open = begun()
    expect(tell(open, drained, live(12), drained)).toEqual([
      'presence',
      'live 12',
      '85(5001)',
      'presence',
      '85(0)',
    ])
    expect(tell(open, live(13), archive(10), archive(13), live(14), drained, live(15))).toEqual([
      'live 13',
      'archive 10',
      'counter 10',
      'archive 13',
      'counter 13',
      'live 14',
      'presence',
      'live 15',
      'counter 15',
    ])
  })

  test('is found out in any order of empty answers and smaller numbers', () => {
    expect(tell(begun(), live(12), drained, live(13), drained)).toEqual([
      'live 12',
      'presence',
      '85(5001)',
      'live 13',
      'presence',
      '85(0)',
    ])
    expect(tell(begun(), drained, drained, live(12))).toEqual(['presence', 'presence', 'live 12', '85(0)'])
  })

  test('is not one with smaller numbers of its archive only', () => {
    expect(
      tell(begun(), archive(12), drained, archive(13), drained).filter((text) => text.startsWith('85')),
    ).toEqual([])
  })

  test('is not one with a greater number after the smaller one', () => {
    const open = begun()
    const steps = tell(open, drained, live(12), live(5001), drained)
    expect(steps).toEqual(['presence', 'live 12', '85(5001)', 'live 5001', 'presence'])
    expect(tell(open, live(5002))).toEqual(['live 5002', 'counter 5002'])
  })

  test('is not one that never had an empty archive', () => {
    expect(tell(begun(), live(12), live(13))).toEqual(['live 12', 'live 13'])
  })

  test('is not one that repeats its last current data', () => {
    expect(tell(begun(), drained, live(5000), drained)).toEqual(['presence', 'live 5000', 'presence'])
  })

  test('is not one whose archive went on after an empty answer', () => {
    expect(tell(begun(), drained, archive(5001), live(12))).toEqual([
      'presence',
      'archive 5001',
      'counter 5001',
      'live 12',
    ])
  })

  test('may not overwrite what was not sent yet', () => {
    const open = begun({ acknowledge: true })
    expect(
      tell(open, live(12), drained, live(13), drained, live(14), archive(10), drained, live(15)),
    ).toEqual([
      'live 12',
      'presence',
      '85(5001)',
      'live 13',
      'presence',
      '85(0)',
      'live 14',
      'archive 10',
      'counter 10',
      '87(10)!',
      'presence',
      '87(10)!',
      'live 15',
      'counter 15',
      '87(15)!',
    ])
  })

  test('is asked for everything once only', () => {
    const steps = tell(
      begun(),
      drained,
      live(12),
      drained,
      drained,
      live(3),
      drained,
      live(2),
      drained,
      live(1),
    )
    expect(steps.filter((text) => text === '85(0)')).toHaveLength(1)
  })
})

describe('a clock request', () => {
  const now = Date.UTC(2023, 8, 25, 15, 59) + 999

  test('is answered with the time, before the identification too', () => {
    const open = session({ clock: now })
    const reply = { kind: 'reply', bytes: hexBytes(OMNICOMM_FRAMES.clock), urgent: true }
    expect(open.receive(hexBytes(OMNICOMM_FRAMES.clockRequest), RECEIVED_AT)).toEqual([reply])
    tell(open, ident)
    expect(open.receive(hexBytes(OMNICOMM_FRAMES.clockRequest), RECEIVED_AT)).toEqual([
      expect.objectContaining({ kind: 'observed' }),
      reply,
    ])
  })

  test.each([
    ['is not synchronised', null],
    ['is before 2009', OMNICOMM_EPOCH - 1],
    ['is after 2145', OMNICOMM_EPOCH + 2 ** 32 * 1000],
  ])('is not answered while the clock %s', (_, clock) => {
    const open = session({ clock })
    tell(open, ident)
    expect(tell(open, hexBytes(OMNICOMM_FRAMES.clockRequest))).toEqual(['presence'])
  })

  test('is answered up to the last second of 2145', () => {
    const last = OMNICOMM_EPOCH + (2 ** 32 - 1) * 1000
    expect(tell(session({ clock: last }), hexBytes(OMNICOMM_FRAMES.clockRequest))).toEqual([
      '94(4294967295) now',
    ])
    expect(toIso(last)).toBe('2145-02-07T06:28:15.000Z')
  })
})

describe('bytes that are no frame', () => {
  const identified = (): Session => {
    const open = session()
    tell(open, ident)
    return open
  }

  test('end the connection where a checksum is wrong, and nothing after them is read', () => {
    const wrong = archive(5)
    wrong[5] = (wrong[5] ?? 0) ^ 1
    const open = identified()
    expect(tell(open, joinBytes(archive(4), wrong, archive(6)), archive(7))).toEqual([
      'archive 4',
      'counter 4',
      'close bad-checksum',
    ])
  })

  test('may be few', () => {
    expect(tell(identified(), joinBytes(new Uint8Array(4096), archive(4)))).toEqual([
      'rejected unknown-shape',
      'archive 4',
      'counter 4',
    ])
    expect(tell(identified(), joinBytes(archive(4).subarray(0, 12), archive(5)))).toEqual([
      'rejected bad-value',
      'archive 5',
      'counter 5',
    ])
  })

  test('are forgotten with each good frame', () => {
    const open = identified()
    for (let i = 1; i <= 5; i += 1) {
      expect(tell(open, new Uint8Array(3000), archive(i))).toEqual([
        'rejected unknown-shape',
        `archive ${i}`,
        `counter ${i}`,
      ])
    }
  })

  test.each([
    [
      'more than 4 KiB before a frame',
      [joinBytes(new Uint8Array(4097), ident)],
      ['rejected unknown-shape', 'close garbage'],
    ],
    ['more than 4 KiB without a frame', [new Uint8Array(4096), Uint8Array.of(0)], ['close garbage']],
    ['a payload over 16 KiB', [Uint8Array.of(0xc0, 0x86, 0x01, 0x40)], ['close garbage']],
  ])('end the connection: %s', (_, chunks, expected) => {
    const open = session()
    expect(tell(open, ...chunks, ident)).toEqual(expected)
  })

  test('end the connection when frames are begun and never ended', () => {
    const open = session()
    const steps = tell(open, ...Array.from({ length: 3000 }, () => Uint8Array.of(0xc0, 0x86)))
    expect(steps.at(-1)).toBe('close garbage')
    expect(steps).toHaveLength(4096 / 2 + 2)
  })

  test('are not those of a payload of exactly 16 KiB', () => {
    expect(tell(identified(), terminalFrame(0x90, new Uint8Array(16 * 1024)), archive(1))).toEqual([
      'archive 1',
      'counter 1',
    ])
  })
})

test('any cut of the bytes of a connection gives the same steps', () => {
  const frames = fc.array(
    fc.oneof(
      fc.nat(20).map(archive),
      fc.nat(20).map(live),
      fc.nat(20).map((recordId) => data(0x9f, recordId)),
      fc.constantFrom(drained, ident, identFrame(7, 1), hexBytes(OMNICOMM_FRAMES.clockRequest)),
      fc.uint8Array({ maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(frames, fc.array(fc.nat(500), { maxLength: 6 }), fc.boolean(), (parts, cuts, acknowledge) => {
      const wire = joinBytes(ident, ...parts)
      const given = { acknowledge, counter: { recordId: 10, firmware: 308 } }
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, wire.length)).toSorted((a, b) => a - b),
        wire.length,
      ]
      const chunks = places.slice(1).map((end, index) => wire.subarray(places[index], end))
      expect(tell(session(given), ...chunks)).toEqual(tell(session(given), wire))
    }),
    { numRuns: 300 },
  )
})

test('without acknowledgement no bytes make it allow a terminal to overwrite anything', () => {
  const frames = fc.array(
    fc.oneof(fc.nat(20).map(archive), fc.nat(20).map(live), fc.constantFrom(drained, ident)),
    {
      maxLength: 30,
    },
  )
  fc.assert(
    fc.property(frames, (parts) => {
      const steps = tell(session({ counter: { recordId: 10, firmware: 308 } }), ident, ...parts)
      expect(steps.filter((text) => text.startsWith('87(') || text.startsWith('a0('))).toEqual([])
    }),
  )
})
