/** One line of CSV (RFC 4180), with its line end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => csvCell(cell)).join(',')}\r\n`
}

/**
 * A cell, quoted where it has to be. Spreadsheets run cells that begin like a formula, and names come from
 * outside, so that these get an apostrophe in front (OWASP, CSV injection).
 */
function csvCell(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",;\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
