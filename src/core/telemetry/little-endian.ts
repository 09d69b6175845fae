/** An unsigned whole number of two bytes, the lowest first; bytes behind the end count as zero. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100
}

/** The same of three bytes. */
export function u24(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) + (bytes[at + 2] ?? 0) * 0x1_0000
}

/** The same of four bytes. */
export function u32(bytes: Uint8Array, at: number): number {
  return u24(bytes, at) + (bytes[at + 3] ?? 0) * 0x100_0000
}

/** The two bytes of the lower 16 bits of a number, the lowest first. */
export function bytesOfU16(value: number): readonly [number, number] {
  return [value & 0xff, (value >>> 8) & 0xff]
}
