import { csvRecords, delimiterOf } from '../core/fleet/csv-text.ts'
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

/** A firmware catalogue as a file: a list in YAML or JSON, or CSV whose first line names the columns. */
export function readFirmwareFile(text: string): FirmwareFile {
  const entries = isCsv(text) ? csvEntries(text) : yamlEntries(text)
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
  const [header, ...records] = csvRecords(plain, delimiterOf(plain, isColumn))
  const columns = (header?.cells ?? []).map((name) => name.trim().toLowerCase())
  const broken = records.find(({ fault }) => fault !== undefined)
  if (broken) return { faults: [{ path: `line ${broken.line}`, message: broken.fault ?? '' }] }
  return {
    list: records.map(({ line, cells }) => ({
      place: `line ${line}`,
      raw: Object.fromEntries(columns.flatMap((name, n) => (name === '' ? [] : [[name, cells[n] ?? '']]))),
    })),
  }
}

function yamlEntries(text: string): Entries {
  const { tree, faults } = readYaml(text)
  if (faults.length > 0) return { faults }
  if (!Array.isArray(tree)) {
    return {
      faults: [{ path: '', message: 'must be a list of entries, or CSV with a line of column names' }],
    }
  }
  return { list: tree.map((raw, n) => ({ place: `entry ${n + 1}`, raw })) }
}

function failed(message: string): FirmwareFile {
  return { models: [], faults: [{ path: '', message }] }
}
