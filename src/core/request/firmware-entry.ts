import type { FirmwareModel } from './firmware-model.ts'
import { FIRMWARE_WORDS, type FirmwareWords } from './firmware-words.ts'

/** What is wrong with an entry of the catalogue, and where. */
export type FirmwareFault = { readonly path: string; readonly message: string }

export type FirmwareEntry =
  | { readonly ok: true; readonly model: FirmwareModel }
  | { readonly ok: false; readonly faults: readonly FirmwareFault[] }

/** Names of an entry as files and the API write them. */
export const ENTRY_KEYS = ['model', 'latest', 'critical_min', 'broken', 'released', 'note'] as const

const LONGEST_MODEL = 100
const LONGEST_NOTE = 500
const MOST_BROKEN = 100
const HIGHEST = 999_999_999

/**
 * An entry of the catalogue out of what a file, a form or a request says: numbers may be texts, as CSV and forms write
 * them, `broken` a list or a text with blanks or commas. Every fault is told in these words.
 */
export function firmwareEntry(raw: unknown, words: FirmwareWords = FIRMWARE_WORDS.en): FirmwareEntry {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { ok: false, faults: [{ path: '', message: words.noEntry }] }
  }
  const entry = raw as Readonly<Record<string, unknown>>
  const faults: FirmwareFault[] = []
  const fault = (path: string, message: string): void => {
    faults.push({ path, message })
  }
  for (const key of Object.keys(entry)) {
    if (!(ENTRY_KEYS as readonly string[]).includes(key)) fault(key, words.unknownKey)
  }
  const model = {
    id: lineOf(entry['model']),
    latest: versionOf(entry['latest']),
    criticalMin:
      entry['critical_min'] === undefined || entry['critical_min'] === ''
        ? 0
        : versionOf(entry['critical_min']),
    broken: listOf(entry['broken']).map(versionOf),
    released: lineOf(entry['released'] ?? ''),
    note: lineOf(entry['note'] ?? ''),
  }
  const { id, latest, criticalMin, broken, released, note } = model
  if (id === undefined || id === '' || id.length > LONGEST_MODEL) fault('model', words.text(LONGEST_MODEL))
  if (latest === undefined) fault('latest', words.version(HIGHEST))
  if (criticalMin === undefined) fault('critical_min', words.version(HIGHEST))
  if (broken.length > MOST_BROKEN) fault('broken', words.manyVersions(MOST_BROKEN))
  else if (broken.includes(undefined)) fault('broken', words.versions(HIGHEST))
  if (released === undefined || !isDay(released)) fault('released', words.day)
  if (note === undefined || note.length > LONGEST_NOTE) fault('note', words.shortText(LONGEST_NOTE))
  if (latest !== undefined && criticalMin !== undefined && criticalMin > latest)
    fault('critical_min', words.aboveLatest)
  if (latest !== undefined && broken.includes(latest)) fault('broken', words.holdsLatest)
  return faults.length > 0 ? { ok: false, faults } : { ok: true, model: model as FirmwareModel }
}

/** Undefined: it is no text of one line. */
function lineOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim().toWellFormed()
  return /[\p{Cc}\u2028\u2029]/u.test(text) ? undefined : text
}

function versionOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= HIGHEST
    ? number
    : undefined
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value.split(/[\s,;|]+/).filter((part) => part !== '')
  return value === undefined || value === null ? [] : [value]
}

function isDay(text: string): boolean {
  if (text === '') return true
  const [, month = '', day = ''] = /^20\d\d-(\d\d)-(\d\d)$/.exec(text) ?? []
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
}
