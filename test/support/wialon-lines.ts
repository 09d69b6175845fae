import { crc16Arc } from '../../src/core/telemetry/crc16-arc.ts'

/** The examples of reference/payloads.md 3, to the letter. */
export const WIALON_LOGIN = '#L#2.0;200000123;NA;41B0'
export const WIALON_DATA =
  '#D#150126;102030;5615.0000;N;04330.0000;E;42;118;150;11;0.9;0;0;;NA;pwr_ext:2:24.3,ign:1:1;CC32'
export const WIALON_BLACK_BOX =
  '#B#150126;101000;5614.0000;N;04329.0000;E;40;118;150;11|150126;101100;5614.5000;N;04329.5000;E;41;118;150;11|4FB3'

export const WIALON_LOGIN_1 = '#L#200000123;secret'

/** The fields of a short record. */
export const SHORT_RECORD = '150126;102030;5615.0000;N;04330.0000;E;42;118;150;11'

export function wialonBytes(...lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''))
}

/** `#D#content;` with the checksum behind it. */
export function signed(type: string, content: string): string {
  const bytes = new TextEncoder().encode(content)
  return `#${type}#${content}${crc16Arc(bytes, 0, bytes.length).toString(16).toUpperCase()}`
}
