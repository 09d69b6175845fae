import { describe, expect, test } from 'vitest'
import { crc16CcittFalse } from '../../../src/core/telemetry/crc16.ts'

const check = Uint8Array.from(Buffer.from('123456789'))

describe('CRC-16/CCITT-FALSE', () => {
  test('of its check text is 0x29B1', () => {
    expect(crc16CcittFalse(check)).toBe(0x29b1)
  })

  test('of no bytes is what it starts with', () => {
    expect(crc16CcittFalse(new Uint8Array())).toBe(0xffff)
  })

  test('looks at the given range only', () => {
    const framed = Uint8Array.from([1, 2, ...check, 3])
    expect(crc16CcittFalse(framed, 2, 11)).toBe(0x29b1)
  })

  test('over a message and its own two bytes, high byte first, is zero', () => {
    expect(crc16CcittFalse(Uint8Array.from([...check, 0x29, 0xb1]))).toBe(0)
  })
})
