import { type CsvRecord, csvRecords, delimiterOf } from '../core/fleet/csv-text.ts'
import { ENTRY_KEYS, type FirmwareFault, firmwareEntry } from '../core/request/firmware-entry.ts'
import type { FirmwareModel } from '../core/request/firmware-model.ts'
import { readYaml } from './yaml-tree.ts'

export type FirmwareFile = {
  readonly models: readonly FirmwareModel[]
  /** With any of them nothing of the file may be taken. */
  readonly faults: readonly FirmwareFault[]
}

/** Entries of one file; a longer list is none that people made. */
const MOST_ENTRIES = 1000
const LONGEST_YAML = 64 * 1024

/** A firmware catalogue as a file: a list in YAML or JSON, or CSV whose first line names the columns. */
export function readFirmwareFile(text: string): FirmwareFile {
  const entries = isCsv(text) ? csvEntries(text) : listEntries(text)
  if ('faults' in entries) return { models: [], faults: entries.faults }
  if (entries.list.length === 0) return failed('there is no entry in it')
  if (entries.list.length > MOST_ENTRIES) return failed(`more than ${MOST_ENTRIES} entries`)
  const models: FirmwareModel[] = []
  const faults: FirmwareFault[] = []
  for (const { place, raw } of entries.list) {
    const entry = firmwareEntry(raw)
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

function csvEntries(text: string): Entries {
  const plain = text.replace(/^\ufeff/, '')
  const reading = csvRecords(plain, delimiterOf(plain, isColumn))
  const header = reading.next()
  const columns = header.done === true ? [] : header.value.cells.map((name) => name.trim().toLowerCase())
  const records: CsvRecord[] = []
  for (const record of reading) {
    const { line, fault } = record
    if (fault !== undefined) return { faults: [{ path: `line ${line}`, message: fault }] }
    records.push(record)
    if (records.length > MOST_ENTRIES) break
  }
  return {
    list: records.map(({ line, cells }) => ({
      place: `line ${line}`,
      raw: Object.fromEntries(columns.flatMap((name, n) => (name === '' ? [] : [[name, cells[n] ?? '']]))),
    })),
  }
}

function listEntries(text: string): Entries {
  const { tree, faults } = text.length <= LONGEST_YAML ? readYaml(text) : readLong(text)
  if (faults.length > 0) return { faults }
  if (!Array.isArray(tree)) {
    return {
      faults: [{ path: '', message: 'must be a list of entries, or CSV with a line of column names' }],
    }
  }
  return { list: tree.map((raw, n) => ({ place: `entry ${n + 1}`, raw })) }
}

/** As JSON: the time that YAML takes grows with the square of what is in one map. */
function readLong(text: string): ReturnType<typeof readYaml> {
  try {
    return { tree: JSON.parse(text), faults: [] }
  } catch {
    const message = `is longer than ${LONGEST_YAML / 1024} KiB, which only JSON and CSV may be`
    return { faults: [{ path: '', message }] }
  }
}

function failed(message: string): FirmwareFile {
  return { models: [], faults: [{ path: '', message }] }
}
