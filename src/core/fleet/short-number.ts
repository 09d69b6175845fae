/**
 * The shortest decimal that is stored as the same 32-bit number: 12.6 and not 12.600000381469727. A number of up to six
 * digits comes back as it was sent.
 */
export function shortNumber(stored: number): number {
  for (let digits = FEWEST; digits <= MOST; digits++) {
    const short = Number(stored.toPrecision(digits))
    if (Math.fround(short) === stored) return short
  }
  return stored
}

/** Significant digits that a 32-bit number always keeps, and that it never needs more than. */
const FEWEST = 6
const MOST = 9
