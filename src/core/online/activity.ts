import { isNobody } from '../telemetry/value.ts'
import { type Instant, SECOND } from '../time.ts'
import { isGroup } from './reply.ts'

/** When a terminal last sent data; null: it never did. */
export type ActivityRow = {
  readonly terminalId: string
  readonly uuid: string | null
  readonly lastDataAt: Instant | null
}

/** `skipped`: rows that name no terminal. */
export type Activity = { readonly rows: readonly ActivityRow[]; readonly skipped: number }

const LAST_INSTANT = 8_640_000_000_000_000

/** Seconds beyond this are milliseconds (reference/omnicomm-online-api.md 5.2): as those they are of the year 2286. */
const LARGEST_SECONDS = 1e10

/** `GET /ls/api/v1/activity/vehicles`: one row per terminal, `dateID` in ms. Undefined: it is no list. */
export function decodeActivity(value: unknown): Activity | undefined {
  if (!Array.isArray(value)) return undefined
  const rows = value.map(rowOf).filter((row) => row !== undefined)
  return { rows, skipped: value.length - rows.length }
}

/** An id as text: numbers are what the API gives, texts what it may. */
export function idOf(value: unknown): string | undefined {
  if (isNobody(value)) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined
}

/** A time in seconds or in ms, told apart by its size; undefined for 0 and below, which stand for "never". */
export function timeOf(value: unknown): Instant | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !(number > 0)) return undefined
  const ms = number < LARGEST_SECONDS ? number * SECOND : number
  return ms <= LAST_INSTANT ? Math.floor(ms) : undefined
}

function rowOf(row: unknown): ActivityRow | undefined {
  if (!isGroup(row)) return undefined
  const terminalId = idOf(row['id'])
  if (terminalId === undefined) return undefined
  return { terminalId, uuid: idOf(row['uuid']) ?? null, lastDataAt: timeOf(row['dateID']) ?? null }
}
