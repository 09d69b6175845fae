import type { InventoryRow } from './inventory.ts'
import { INVENTORY_COLUMNS } from './inventory-csv.ts'

/** Excel reads UTF-8 only when the file begins with a byte order mark. */
const BYTE_ORDER_MARK = '\uFEFF'
/** Terminals in one piece of text. */
const SLICE = 1000

/**
 * The inventory as CSV that the import takes back and that then changes nothing, in pieces. Terminals that only
 * appeared in data are not part of it.
 */
export function* inventoryCsv(terminals: Iterable<InventoryRow>): Generator<string> {
  let text = BYTE_ORDER_MARK + line(INVENTORY_COLUMNS)
  let done = 0
  for (const terminal of terminals) {
    if (!terminal.discovered && terminal.mergedInto === '') text += terminalLine(terminal)
    done += 1
    if (done % SLICE !== 0) continue
    yield text
    text = ''
  }
  yield text
}

function terminalLine(terminal: InventoryRow): string {
  return line(
    INVENTORY_COLUMNS.map((column) => {
      if (column === 'terminal_id') return terminal.id
      return column === 'aliases' ? terminal.aliases.join(' ') : terminal[column]
    }),
  )
}

function line(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/**
 * Spreadsheets run cells that begin like a formula, so that these get an apostrophe in front (OWASP, CSV injection).
 * One that begins like that already gets another one, since the import takes one away.
 */
function cellOf(text: string): string {
  const safe = /^'*[=+\-@]/.test(text) ? `'${text}` : text
  return /[",;\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
