import { type CsvRecord, csvRecords, delimiterOf } from '../core/fleet/csv-text.ts'
import type { Language } from '../core/letters/letter.ts'
import { ENTRY_KEYS, type FirmwareFault, firmwareEntry } from '../core/request/firmware-entry.ts'
import type { FirmwareModel } from '../core/request/firmware-model.ts'
import { FIRMWARE_WORDS, type FirmwareWords } from '../core/request/firmware-words.ts'
import { readYaml } from './yaml-tree.ts'

export type FirmwareFile = {
  readonly models: readonly FirmwareModel[]
  /** With any of them nothing of the file may be taken. */
  readonly faults: readonly FirmwareFault[]
}

/** Entries of one file; a longer list is none that people made. */
const MOST_ENTRIES = 1000
const LONGEST_YAML = 64 * 1024

/**
 * A firmware catalogue as a file: a list in YAML or JSON, or CSV whose first line names the columns. Faults are told in
 * `language`, for programs in English.
 */
export function readFirmwareFile(text: string, language: Language = 'en'): FirmwareFile {
  const words = FIRMWARE_WORDS[language]
  const entries = isCsv(text) ? csvEntries(text, words) : listEntries(text, words)
  if ('faults' in entries) return { models: [], faults: entries.faults }
  if (entries.list.length === 0) return failed(words.noEntries)
  if (entries.list.length > MOST_ENTRIES) return failed(words.manyEntries(MOST_ENTRIES))
  const models: FirmwareModel[] = []
  const faults: FirmwareFault[] = []
  for (const { place, raw } of entries.list) {
    const entry = firmwareEntry(raw, words)
    if (entry.ok) models.push(entry.model)
    else
      faults.push(...entry.faults.map(({ path, message }) => ({ path: `${place} ${path}`.trim(), message })))
  }
  return faults.length > 0 ? { models: [], faults } : { models, faults: [] }
}

type Entries =
  | { readonly list: readonly { readonly place: string; readonly raw: unknown }[] }
  | { readonly faults: readonly FirmwareFault[] }

const isColumn = (name: string): boolean =>
  (ENTRY_KEYS as readonly string[]).includes(name.trim().toLowerCase())

function isCsv(text: string): boolean {
  const first =
    text
      .replace(/^\ufeff/, '')
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? ''
  return first.split(/[,;\t]/).filter((name) => isColumn(name.replaceAll('"', ''))).length > 1
}

function csvEntries(text: string, words: FirmwareWords): Entries {
  const plain = text.replace(/^\ufeff/, '')
  const reading = csvRecords(plain, delimiterOf(plain, isColumn))
  const header = reading.next()
  const columns = header.done === true ? [] : header.value.cells.map((name) => name.trim().toLowerCase())
  const records: CsvRecord[] = []
  for (const record of reading) {
    const { line, fault } = record
    if (fault !== undefined) return { faults: [{ path: words.line(line), message: words.csv[fault] }] }
    records.push(record)
    if (records.length > MOST_ENTRIES) break
  }
  return {
    list: records.map(({ line, cells }) => ({
      place: words.line(line),
      raw: Object.fromEntries(columns.flatMap((name, n) => (name === '' ? [] : [[name, cells[n] ?? '']]))),
    })),
  }
}

function listEntries(text: string, words: FirmwareWords): Entries {
  const { tree, faults } = treeOf(text, words)
  if (faults.length > 0) return { faults }
  if (!Array.isArray(tree)) return { faults: [{ path: '', message: words.noList }] }
  return { list: tree.map((raw, n) => ({ place: words.entry(n + 1), raw })) }
}

/** A long one as JSON: the time that YAML takes grows with the square of what is in one map. */
function treeOf(
  text: string,
  words: FirmwareWords,
): { readonly tree?: unknown; readonly faults: readonly FirmwareFault[] } {
  if (text.length <= LONGEST_YAML) {
    const { tree, faults } = readYaml(text)
    return { tree, faults: faults.map(({ path, message }) => words.yaml(path, message)) }
  }
  try {
    return { tree: JSON.parse(text), faults: [] }
  } catch {
    return { faults: [{ path: '', message: words.longYaml(LONGEST_YAML / 1024) }] }
  }
}

function failed(message: string): FirmwareFile {
  return { models: [], faults: [{ path: '', message }] }
}
