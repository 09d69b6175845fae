import { describe, expect, test } from 'vitest'
import { type LinkFacts, linkEnd, NO_CONNACK } from '../../../src/adapters/mqtt/link-end.ts'

const nothing: LinkFacts = {
  upMs: null,
  connackCode: null,
  disconnectCode: null,
  socketError: null,
  ownReason: null,
}
const error = (code: string | undefined) => ({ code, message: `socket ${code}` })

describe('end of a connection', () => {
  test.each([
    ['a refused socket', { socketError: error('ECONNREFUSED') }, { kind: 'unreachable' }],
    [
      'a certificate that is not trusted',
      { socketError: error('SELF_SIGNED_CERT') },
      { kind: 'unreachable' },
    ],
    ['a web socket answered by a web page', { socketError: error(undefined) }, { kind: 'unreachable' }],
    ['a connection without any CONNACK', { ownReason: NO_CONNACK }, { kind: 'unreachable' }],
    ['a close at CONNECT', {}, { kind: 'silent' }],
    ['a reset at CONNECT', { socketError: error('ECONNRESET') }, { kind: 'silent' }],
    ['an answer that is no MQTT', { ownReason: 'Malformed' }, { kind: 'silent', detail: 'Malformed' }],
    ['CONNACK 1 of an old broker', { connackCode: 1 }, { kind: 'refused', cause: 'version' }],
    ['CONNACK 0x84', { connackCode: 0x84 }, { kind: 'refused', cause: 'version' }],
    ['CONNACK 4', { connackCode: 4 }, { kind: 'refused', cause: 'credentials' }],
    ['CONNACK 5', { connackCode: 5 }, { kind: 'refused', cause: 'credentials', detail: 'CONNACK 0x05' }],
    ['CONNACK 0x86', { connackCode: 0x86 }, { kind: 'refused', cause: 'credentials' }],
    ['CONNACK 0x87', { connackCode: 0x87 }, { kind: 'refused', cause: 'credentials' }],
    ['CONNACK 0x88, server unavailable', { connackCode: 0x88 }, { kind: 'refused', cause: 'other' }],
    [
      'a takeover',
      { upMs: 9, connackCode: 0, disconnectCode: 0x8e },
      { kind: 'lost', kicked: true, upMs: 9 },
    ],
    [
      'a shutdown of the broker',
      { upMs: 9, connackCode: 0, disconnectCode: 0x8b },
      { kind: 'lost', kicked: false },
    ],
    ['a quick close without a word', { upMs: 9_999, connackCode: 0 }, { kind: 'lost', kicked: true }],
    ['a late close without a word', { upMs: 10_000, connackCode: 0 }, { kind: 'lost', kicked: false }],
    [
      'a keepalive that got no answer',
      { upMs: 9, connackCode: 0, ownReason: 'Keepalive timeout' },
      { kind: 'lost', kicked: false, detail: 'Keepalive timeout' },
    ],
  ] as const)('%s is told', (_name, facts, expected) => {
    expect(linkEnd({ ...nothing, ...facts })).toMatchObject(expected)
  })
})
