import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc8 } from '../../../src/core/telemetry/crc8.ts'
import { crc16Arc } from '../../../src/core/telemetry/crc16-arc.ts'

// The catalogue of checksum parameters gives the result for the text "123456789" as the check of an algorithm.
const CHECK = new TextEncoder().encode('123456789')

test('CRC-16/ARC of the check text is 0xBB3D', () => {
  expect(crc16Arc(CHECK, 0, CHECK.length)).toBe(0xbb3d)
})

test('CRC-8 with polynomial 0x31 and start 0xFF of the check text is 0xF7', () => {
  expect(crc8(CHECK, 0, CHECK.length)).toBe(0xf7)
})

test('no bytes leave the start value', () => {
  expect([crc16Arc(CHECK, 3, 3), crc8(CHECK, 3, 3)]).toEqual([0, 0xff])
})

test('only the bytes of the range count', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (before, bytes, after) => {
      const all = Uint8Array.from([...before, ...bytes, ...after])
      const end = before.length + bytes.length
      expect(crc16Arc(all, before.length, end)).toBe(crc16Arc(bytes, 0, bytes.length))
      expect(crc8(all, before.length, end)).toBe(crc8(bytes, 0, bytes.length))
    }),
  )
})
