import { createEgtsSession } from '../../src/core/telemetry/egts-session.ts'
import { parseHex } from '../../src/core/telemetry/hex.ts'
import type { Session, SessionStep } from '../../src/core/telemetry/session.ts'
import { createWialonIpsSession } from '../../src/core/telemetry/wialon-ips-session.ts'
import {
  EGTS_SAMPLE,
  egtsPacket,
  egtsRecord,
  identityData,
  positionData,
  SAMPLE_NTM,
  subrecord,
} from '../support/egts-bytes.ts'
import { SAMPLE_AT } from '../support/payloads.ts'
import {
  SHORT_RECORD,
  WIALON_BLACK_BOX,
  WIALON_DATA,
  WIALON_LOGIN,
  WIALON_LOGIN_1,
  wialonBytes,
} from '../support/wialon-lines.ts'

// The raw targets are mostly stopped by a checksum; the others put the bytes behind the checks: lines of version 1
// after a login, and data of a packet whose checksums are right. Each is cut in two as well, which must change nothing.

const LONGEST_BODY = 65_535

export const wialonEgtsTargets: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  'wialon-ips': (bytes) => checked(() => createWialonIpsSession({ source: 's' }), bytes),
  'wialon-ips-lines': (bytes) => checked(loggedIn, bytes),
  egts: (bytes) => checked(() => createEgtsSession({ source: 's' }), bytes),
  'egts-data': (bytes) => {
    checked(introduced, egtsPacket({ body: bytes.subarray(0, LONGEST_BODY) }))
  },
}

export const wialonEgtsSeeds: Readonly<Record<string, readonly Uint8Array[]>> = {
  'wialon-ips': [
    wialonBytes(WIALON_LOGIN, WIALON_DATA, WIALON_BLACK_BOX, '#P#'),
    wialonBytes(WIALON_LOGIN_1, `#SD#${SHORT_RECORD}`, '#I#4;0;1;150126;102030;a.jpg', 'abcd#M#hello'),
  ],
  'wialon-ips-lines': [
    wialonBytes(`#SD#${SHORT_RECORD}`, `#B#${SHORT_RECORD}|${SHORT_RECORD};NA;NA;NA;;NA;a:1:1`),
    wialonBytes(
      `#D#${SHORT_RECORD};0.9;1;0;14.77,NA;NA;pwr_ext:2:24.3,ign:1:1,name:3:text`,
      '#P#',
      '#US#2;',
      'ab',
    ),
    wialonBytes('#SD#NA;NA;NA;NA;NA;NA;NA;NA;NA;NA', '#M#text', '#IT#', '#T#1;3;', 'abc'),
  ],
  egts: [
    parseHex(EGTS_SAMPLE) ?? new Uint8Array(),
    identityPacket(),
    egtsPacket({ type: 0, flags: 0x23, headerBytes: 16 }),
  ],
  'egts-data': [
    egtsRecord(
      { objectId: 7, eventId: 1, time: SAMPLE_NTM },
      positionData({ altitude: 150 }),
      subrecord(17, [8, 11]),
    ),
    egtsRecord(
      { number: 2 },
      positionData({ flags: 0x68, motion: 0xffff }),
      subrecord(27, [0x21, 1, 0, 1, 2, 3, 0]),
    ),
    egtsRecord({ service: 1 }, identityData(9, '123456789012345'), subrecord(0, [1, 0, 0])),
  ],
}

function loggedIn(): Session {
  const session = createWialonIpsSession({ source: 's' })
  session.receive(wialonBytes(WIALON_LOGIN_1), SAMPLE_AT)
  return session
}

function introduced(): Session {
  const session = createEgtsSession({ source: 's' })
  session.receive(identityPacket(), SAMPLE_AT)
  return session
}

function identityPacket(): Uint8Array {
  return egtsPacket({ body: egtsRecord({ service: 1 }, identityData(77, '123456789012345')) })
}

function checked(open: () => Session, bytes: Uint8Array): void {
  const whole = open().receive(bytes, SAMPLE_AT)
  const cut = open()
  const middle = bytes.length >>> 1
  const parts = [bytes.subarray(0, middle), bytes.subarray(middle)].flatMap((part) =>
    cut.receive(part, SAMPLE_AT),
  )
  if (outline(whole) !== outline(parts)) throw new Error('the steps depend on how the bytes were cut')
  const closed = whole.findIndex((step) => step.kind === 'close')
  if (closed !== -1 && closed !== whole.length - 1) throw new Error('something follows a close')
}

function outline(steps: readonly SessionStep[]): string {
  return steps.map((step) => (step.kind === 'reply' ? `reply ${step.bytes.length}` : step.kind)).join()
}
