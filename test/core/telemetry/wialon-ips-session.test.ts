import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/core/telemetry/judge.ts'
import type { Session, SessionStep } from '../../../src/core/telemetry/session.ts'
import { LONGEST_LINE_BYTES } from '../../../src/core/telemetry/wialon-ips-lines.ts'
import { createWialonIpsSession } from '../../../src/core/telemetry/wialon-ips-session.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'
import { cuts, feed, mutations, observedIn, remarksIn, repliesIn } from '../../support/session-steps.ts'
import {
  SHORT_RECORD,
  WIALON_BLACK_BOX,
  WIALON_DATA,
  WIALON_LOGIN,
  WIALON_LOGIN_1,
  wialonBytes,
} from '../../support/wialon-lines.ts'

const BASE = { terminalId: '200000123', source: 'gate', receivedAt: SAMPLE_AT }
const PRESENT: SessionStep = { kind: 'observed', observation: { ...BASE, kind: 'presence' } }

function open(): Session {
  return createWialonIpsSession({ source: 'gate' })
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function answers(steps: readonly SessionStep[]): readonly string[] {
  return repliesIn(steps).map((reply) => new TextDecoder().decode(reply))
}

describe('the examples of the reference', () => {
  test('the login names the terminal, makes it present and is answered', () => {
    expect(feed(open(), wialonBytes(WIALON_LOGIN))).toEqual([
      { kind: 'identified', terminalId: '200000123' },
      PRESENT,
      { kind: 'reply', bytes: bytes('#AL#1\r\n') },
    ])
  })

  test('the data is live and is acknowledged when it has been stored', () => {
    const session = open()
    feed(session, wialonBytes(WIALON_LOGIN))
    expect(feed(session, wialonBytes(WIALON_DATA))).toEqual([
      {
        kind: 'observed',
        observation: {
          ...BASE,
          kind: 'live',
          eventAt: SAMPLE_AT,
          fix: {
            latitude: 56.25,
            longitude: 43.5,
            speedKmh: 42,
            course: 118,
            satellites: 11,
            altitudeM: 150,
          },
          readings: { speedKmh: 42, satellites: 11, voltage: 24.3, ignition: true },
        },
      },
      { kind: 'reply', bytes: bytes('#AD#1\r\n'), durable: true },
    ])
  })

  test('the records of the black box are archive and are acknowledged when they have been stored', () => {
    const session = open()
    feed(session, wialonBytes(WIALON_LOGIN))
    const steps = feed(session, wialonBytes(WIALON_BLACK_BOX))
    expect(observedIn(steps).map(({ kind, eventAt }) => [kind, eventAt])).toEqual([
      ['archive', Date.UTC(2026, 0, 15, 10, 10)],
      ['archive', Date.UTC(2026, 0, 15, 10, 11)],
    ])
    expect(steps.at(-1)).toEqual({ kind: 'reply', bytes: bytes('#AB#2\r\n'), durable: true })
  })
})

describe('what is observed', () => {
  test('NA;NA is live data without an event time', () => {
    const steps = feed(open(), wialonBytes(WIALON_LOGIN_1, '#SD#NA;NA;NA;NA;NA;NA;NA;NA;NA;NA'))
    expect(observedIn(steps)[1]).toEqual({ ...BASE, kind: 'live' })
  })

  test('late data of #D# is live here, and archive once its times are judged', () => {
    const session = open()
    session.receive(wialonBytes(WIALON_LOGIN_1), SAMPLE_AT)
    const [data] = observedIn(session.receive(wialonBytes(`#SD#${SHORT_RECORD}`), SAMPLE_AT + 60 * MINUTE))
    expect(data?.kind).toBe('live')
    expect(data && judge(data, { liveLagMs: 2 * MINUTE }).observation.kind).toBe('archive')
  })

  test('numbers that cannot be true are left out', () => {
    const steps = feed(
      open(),
      wialonBytes(WIALON_LOGIN_1, '#SD#NA;NA;5615.0000;N;04330.0000;E;3000;361;200000;256'),
    )
    expect(observedIn(steps)[1]).toEqual({ ...BASE, kind: 'live', fix: { latitude: 56.25, longitude: 43.5 } })
  })

  test.each([
    ['a ping', '#P#', '#AP#'],
    ['a message of the driver', '#M#hello', '#AM#1'],
  ])('%s is presence', (_name, line, answer) => {
    const session = open()
    feed(session, wialonBytes(WIALON_LOGIN_1))
    expect(feed(session, wialonBytes(line))).toEqual([
      PRESENT,
      { kind: 'reply', bytes: bytes(`${answer}\r\n`) },
    ])
  })

  test('who has logged in may log in again, and nobody else', () => {
    const again = feed(open(), wialonBytes(WIALON_LOGIN_1, WIALON_LOGIN_1, `#SD#${SHORT_RECORD}`))
    expect(observedIn(again).at(-1)).toMatchObject({ terminalId: '200000123', kind: 'live' })
    const other = feed(open(), wialonBytes(WIALON_LOGIN_1, '#L#7;NA', `#SD#${SHORT_RECORD}`))
    expect(other.at(-1)).toEqual({
      kind: 'close',
      end: 'no-identity',
      detail: '200000123 logged in as 7 afterwards',
    })
    expect(observedIn(other).map(({ terminalId }) => terminalId)).not.toContain('7')
  })

  test('the version of the login decides whether data has a checksum', () => {
    const line = `#SD#${SHORT_RECORD}`
    expect(answers(feed(open(), wialonBytes(WIALON_LOGIN_1, line)))).toEqual(['#AL#1\r\n', '#ASD#1\r\n'])
    expect(answers(feed(open(), wialonBytes(WIALON_LOGIN, line)))).toEqual(['#AL#1\r\n', '#ASD#13\r\n'])
  })
})

describe('what is not observed', () => {
  test.each([
    ['data', `#SD#${SHORT_RECORD}`],
    ['a black box', `#B#${SHORT_RECORD}`],
    ['a message', '#M#hello'],
    ['a picture', '#I#3;0;1'],
    ['an unknown packet', '#X#'],
    ['broken data', '#D#'],
  ])('%s before a login closes the connection', (_name, line) => {
    const steps = feed(open(), wialonBytes(line, WIALON_LOGIN))
    expect(remarksIn(steps)).toEqual(['rejected no-terminal', 'close no-identity'])
    expect(steps).toHaveLength(2)
  })

  test('a ping before a login is answered and says nothing of a terminal', () => {
    expect(feed(open(), wialonBytes('#P#'))).toEqual([{ kind: 'reply', bytes: bytes('#AP#\r\n') }])
  })

  test.each([
    ['#L#;NA', '#AL#0\r\n', ['rejected no-terminal', 'close no-identity']],
    ['#L#2.0;200000123;NA;0000', '#AL#10\r\n', ['rejected bad-value', 'close bad-checksum']],
  ])('the login %s is answered, then the connection is closed', (line, answer, remarks) => {
    for (const before of [[], [WIALON_LOGIN_1]]) {
      const session = open()
      feed(session, wialonBytes(...before))
      const steps = feed(session, wialonBytes(line, '#P#'))
      expect(answers(steps)).toEqual([answer])
      expect(remarksIn(steps)).toEqual(remarks)
      expect(feed(session, wialonBytes(WIALON_LOGIN))).toEqual([])
    }
  })

  test('data that cannot be read is answered with its code, and the connection goes on', () => {
    const steps = feed(open(), wialonBytes(WIALON_LOGIN_1, '#SD#1', '#D#1', `#SD#${SHORT_RECORD}`))
    expect(answers(steps)).toEqual(['#AL#1\r\n', '#ASD#-1\r\n', '#AD#-1\r\n', '#ASD#1\r\n'])
    expect(remarksIn(steps)).toEqual(['rejected bad-value', 'rejected bad-value'])
    expect(observedIn(steps).map(({ kind }) => kind)).toEqual(['presence', 'live'])
  })

  test('good records of a black box are observed beside bad ones', () => {
    const steps = feed(open(), wialonBytes(WIALON_LOGIN_1, `#B#${SHORT_RECORD}|bad|${SHORT_RECORD}`))
    expect(answers(steps)).toEqual(['#AL#1\r\n', '#AB#2\r\n'])
    expect(observedIn(steps)).toHaveLength(3)
    expect(remarksIn(steps)).toEqual(['rejected bad-value'])
  })

  test('an unknown packet is rejected without an answer', () => {
    const steps = feed(open(), wialonBytes(WIALON_LOGIN_1, '#X#1'))
    expect(answers(steps)).toEqual(['#AL#1\r\n'])
    expect(remarksIn(steps)).toEqual(['rejected unknown-shape'])
  })
})

describe('lines', () => {
  test('a line may end in a line feed alone, and empty lines are nothing', () => {
    const steps = feed(open(), bytes(`\r\n\n${WIALON_LOGIN}\n\r\n\r\n${WIALON_DATA}\n`))
    expect(answers(steps)).toEqual(['#AL#1\r\n', '#AD#1\r\n'])
  })

  test('an unfinished line waits', () => {
    const session = open()
    expect(feed(session, bytes(WIALON_LOGIN))).toEqual([])
    expect(answers(feed(session, bytes('\r\n')))).toEqual(['#AL#1\r\n'])
  })

  test('the bytes of a picture are passed over, whatever they are', () => {
    const picture = bytes('\r\n#L#9;NA\r\n\n')
    const steps = feed(
      open(),
      wialonBytes(WIALON_LOGIN_1, `#I#${picture.length};0;1;150126;102030;a.jpg`),
      picture,
      wialonBytes('#P#'),
    )
    expect(answers(steps)).toEqual(['#AL#1\r\n', '#AI#0;1\r\n', '#AP#\r\n'])
    expect(observedIn(steps).map(({ terminalId, kind }) => `${terminalId} ${kind}`)).toEqual([
      '200000123 presence',
      '200000123 presence',
      '200000123 presence',
    ])
  })

  test.each([
    ['words', 'GET / HTTP/1.1\r\n'],
    ['a compressed packet', '\u00ff'],
    ['a file of unknown length', `${WIALON_LOGIN_1}\r\n#I#\r\n`],
    ['a file of unknown length without a login', '#US#x\r\n'],
  ])('%s close the connection', (_name, text) => {
    const session = open()
    const steps = feed(
      session,
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    )
    expect(remarksIn(steps)).toEqual(['close garbage'])
    expect(feed(session, wialonBytes(WIALON_LOGIN))).toEqual([])
  })

  test.each([
    ['64 KiB', LONGEST_LINE_BYTES, []],
    ['one byte more', LONGEST_LINE_BYTES + 1, ['close garbage']],
  ])('a line of %s', (_name, length, remarks) => {
    const line = bytes(`#M#${'x'.repeat(length - 4)}\r\n`)
    const logged = wialonBytes(WIALON_LOGIN_1)
    expect(line.indexOf(10)).toBe(length)
    expect(remarksIn(feed(open(), logged, line))).toEqual(remarks)
    const halves = [line.subarray(0, length - 5), line.subarray(length - 5)]
    expect(remarksIn(feed(open(), logged, ...halves))).toEqual(remarks)
    expect(remarksIn(feed(open(), logged, line.subarray(0, length)))).toEqual(remarks)
  })

  test('a black box of 64 KiB is read in a moment, also byte by byte', () => {
    const count = Math.floor((LONGEST_LINE_BYTES - 10) / (SHORT_RECORD.length + 1))
    const line = wialonBytes(`#B#${Array.from({ length: count }, () => SHORT_RECORD).join('|')}`)
    const session = open()
    feed(session, wialonBytes(WIALON_LOGIN_1))
    const steps = feed(session, ...Array.from(line, (byte) => Uint8Array.of(byte)))
    expect(observedIn(steps)).toHaveLength(count)
    expect(answers(steps)).toEqual([`#AB#${count}\r\n`])
  })
})

describe('laws', () => {
  const conversation = wialonBytes(
    WIALON_LOGIN,
    WIALON_DATA,
    WIALON_BLACK_BOX,
    '#P#',
    '#D#bad;0000',
    WIALON_LOGIN_1,
    '#I#7;0;1',
    `\r\n#P#\r\n#SD#${SHORT_RECORD}`,
    '#X#',
  )

  test('any cut of the bytes gives the same steps', () => {
    const whole = feed(open(), conversation)
    expect(whole).toHaveLength(20)
    fc.assert(
      fc.property(cuts(conversation), (pieces) => {
        expect(feed(open(), ...pieces)).toEqual(whole)
      }),
    )
  })

  test('changed bytes never throw, and nothing follows a close, however they are cut', () => {
    fc.assert(
      fc.property(
        mutations([conversation, wialonBytes(WIALON_LOGIN_1, `#SD#${SHORT_RECORD}`, WIALON_DATA)]).chain(
          (changed) => fc.tuple(fc.constant(changed), cuts(changed)),
        ),
        ([changed, pieces]) => {
          const steps = feed(open(), changed)
          expect(feed(open(), ...pieces)).toEqual(steps)
          const closed = steps.findIndex(({ kind }) => kind === 'close')
          expect([-1, steps.length - 1]).toContain(closed)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('random bytes after a login never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 100 }), (noise, text) => {
        feed(open(), noise)
        feed(open(), wialonBytes(WIALON_LOGIN_1), wialonBytes(`#D#${text}`, `#B#${text}|${text}`), noise)
      }),
      { numRuns: 500 },
    )
  })
})
