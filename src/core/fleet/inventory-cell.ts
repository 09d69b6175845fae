import { fitsAddress, isPrintable } from '../telemetry/value.ts'
import { LONGEST_ID, MOST_ALIASES } from './alias.ts'
import type { ImportWords } from './import-words.ts'
import type { Lifecycle } from './inventory.ts'

/** Columns whose cells are taken as they are. */
export const TEXT_COLUMNS = [
  'name',
  'client',
  'dealer',
  'group',
  'operator',
  'region',
  'model',
  'firmware',
  'imei',
  'sim',
  'profile',
  'uuid',
] as const

export type Column = (typeof TEXT_COLUMNS)[number] | 'terminal_id' | 'aliases' | 'lifecycle'

const LONGEST_CELL = 200
const LONGEST_ALIASES = MOST_ALIASES * (LONGEST_ID + 1)
/** A cell that says that there is nothing. */
const NOTHING = '-'

/**
 * What a cell of a file says, without what programs put around it. Null: the field is to be cleared. The empty text
 * says nothing.
 */
export function readCell(column: Column, cell: string): string | null {
  const text = cell.trim()
  if (text === NOTHING && column === 'terminal_id') return ''
  if (text === NOTHING && column !== 'lifecycle') return null
  const value = meant(text)
  switch (column) {
    case 'imei':
      return visible(value).replaceAll(/[\s-]/g, '')
    case 'terminal_id':
    case 'sim':
    case 'uuid':
    case 'aliases':
      return visible(value)
    default:
      return value
  }
}

/** What is wrong with a filled cell, in words; undefined when nothing is. */
export function cellFault(column: Column, value: string, words: ImportWords): string | undefined {
  const longest =
    column === 'terminal_id' ? LONGEST_ID : column === 'aliases' ? LONGEST_ALIASES : LONGEST_CELL
  if (value.length > longest) return words.longer(longest)
  if (!isPrintable(value)) return words.unprintable
  switch (column) {
    case 'terminal_id':
      return idCellFault(value, words)
    case 'sim':
      return numberFault(value, words)
    case 'imei':
      return numberFault(value, words) ?? (/^\d{14,16}$/.test(value) ? undefined : words.imei)
    case 'aliases':
      return aliasFault(value, words)
    case 'lifecycle':
      return lifecycleOf(value) === undefined ? words.lifecycle : undefined
    case 'name':
    case 'client':
    case 'dealer':
    case 'group':
    case 'operator':
    case 'region':
    case 'model':
    case 'firmware':
    case 'profile':
    case 'uuid':
      return undefined
  }
}

export function lifecycleOf(value: string): Lifecycle | undefined {
  const word = value.toLowerCase()
  return word === 'active' || word === 'suspended' || word === 'decommissioned' ? word : undefined
}

/** Without characters that nobody sees: soft hyphens, marks of direction, blanks of no width. */
export function visible(text: string): string {
  return INVISIBLE.test(text) ? text.replaceAll(EVERY_INVISIBLE, '').trim() : text
}

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/
const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'g')

/**
 * What the program gives out has an apostrophe before what a spreadsheet would take for a formula; `="123"` is how
 * spreadsheets are made to show digits as they are.
 */
function meant(text: string): string {
  if (text.startsWith("'")) return /^'+[=+\-@]/.test(text) ? text.slice(1) : text
  const forced = text.startsWith('="') ? /^="((?:[^"]|"")*)"$/.exec(text)?.[1] : undefined
  return forced === undefined ? text : forced.replaceAll('""', '"').trim()
}

function idCellFault(id: string, words: ImportWords): string | undefined {
  if (!fitsAddress(id)) return words.noAddress(id)
  if (/^\d+(\s+\d+)+$/.test(id) || /^\d{1,3}(,\d{3})+$/.test(id)) return words.grouped(id)
  if (/^'\d+$/.test(id)) return words.apostrophe(id)
  return numberFault(id, words)
}

/** `3,54003E+08` and `354002531,00`: what spreadsheets make of long numbers. */
function numberFault(value: string, words: ImportWords): string | undefined {
  if (/^\d([.,]\d+)?E\+\d+$/i.test(value)) return words.rounded(value)
  return /^\d+[.,]0+$/.test(value) ? words.places(value) : undefined
}

function aliasFault(cell: string, words: ImportWords): string | undefined {
  // Blanks separate names, and they are also what spreadsheets put between groups of digits.
  if (/^\d{1,3}(\s\d{3})+$/.test(cell)) return words.groupedNames(cell)
  const aliases = cell.split(/\s+/)
  if (aliases.length > MOST_ALIASES) return words.manyNames(MOST_ALIASES)
  if (aliases.some((alias) => alias.length > LONGEST_ID)) return words.longName(LONGEST_ID)
  for (const alias of aliases) {
    const fault = numberFault(alias, words)
    if (fault !== undefined) return fault
  }
  return undefined
}
