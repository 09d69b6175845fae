import type { SimulatedTerminal } from './cast.ts'

const COLUMNS =
  'terminal_id,name,client,dealer,group,operator,region,model,firmware,imei,sim,profile,lifecycle'

/** The inventory of the registered ones, as `import-terminals` takes it. */
export function inventoryCsv(cast: readonly SimulatedTerminal[]): string {
  const rows = cast.filter(({ registered }) => registered).map(inventoryRow)
  return `${[COLUMNS, ...rows].join('\n')}\n`
}

function inventoryRow({ customer, ...terminal }: SimulatedTerminal): string {
  return [
    terminal.id,
    terminal.name,
    customer.client,
    customer.dealer,
    terminal.group,
    customer.operator,
    customer.region,
    terminal.model,
    terminal.firmware,
    terminal.imei,
    terminal.sim,
    terminal.profile,
    terminal.lifecycle,
  ]
    .map(quoted)
    .join(',')
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
