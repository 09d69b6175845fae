/** Bytes of a line of JSON. */
export const NEWLINE = 0x0a
export const RETURN = 0x0d
export const SPACE = 0x20
export const QUOTE = 0x22
export const COMMA = 0x2c
export const MINUS = 0x2d
export const POINT = 0x2e
export const DIGIT_0 = 0x30
export const DIGIT_9 = 0x39
export const COLON = 0x3a
export const LETTER_UPPER_E = 0x45
export const LETTER_Z = 0x5a
export const BACKSLASH = 0x5c
export const LETTER_E = 0x65
export const OPEN = 0x7b
export const CLOSE = 0x7d
export const DELETE = 0x7f
