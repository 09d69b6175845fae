import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHex, toHex } from '../../../src/core/telemetry/hex.ts'

describe('hexadecimal text', () => {
  test.each([
    ['', []],
    ['c0', [0xc0]],
    ['C0dBff00', [0xc0, 0xdb, 0xff, 0x00]],
    [' c0 80\t08\r\n', [0xc0, 0x80, 0x08]],
    ['  ', []],
  ])('%j is the bytes %j', (text, bytes) => {
    expect([...(parseHex(text) ?? [-1])]).toEqual(bytes)
  })

  test.each(['c', 'c08', 'c 0', 'c0 8 0', '0xc0', 'g0', '0g', 'c0,80', '@0', '0`', 'с0'])(
    '%j is none',
    (text) => {
      expect(parseHex(text)).toBeUndefined()
    },
  )

  test('is what bytes are written as, in either case', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toHex(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('hex'))
        expect(parseHex(text)).toEqual(bytes)
        expect(parseHex(text.toUpperCase())).toEqual(bytes)
      }),
    )
  })

  test('of any kind never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = parseHex(text)
        if (bytes !== undefined) expect(toHex(bytes)).toBe(text.replaceAll(/\s/g, '').toLowerCase())
      }),
    )
  })
})
