/** What an error code in a body means (reference/omnicomm-online-api.md 8.2). */
export function meaningOf(code: number): string {
  return MEANINGS[code] ?? 'not documented'
}

/** Whether it is a code of that list. */
export function isDocumented(code: number): boolean {
  return Object.hasOwn(MEANINGS, code)
}

const MEANINGS: Readonly<Record<number, string>> = {
  1: 'signing in failed',
  2: 'authorisation required',
  3: 'dead session',
  4: 'bad interval',
  5: 'bad object',
  6: 'admin login',
  7: 'unusable object',
  8: 'bad event type',
  9: 'access denied',
  10: 'data not found',
  11: 'blocked interval',
  12: 'bad object type',
  13: 'invalid format',
  14: 'undefined error',
  15: 'not found',
}
