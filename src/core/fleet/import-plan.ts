import { saidNames } from './alias.ts'
import { EMPTY, type Fleet } from './fleet.ts'
import { IMPORT_WORDS, type ImportWords } from './import-words.ts'
import type { ImportReport, InventoryRow } from './inventory.ts'
import type { InventoryLine } from './inventory-csv.ts'
import { terminalSaid, terminalTaught } from './spoken-names.ts'

/** A row that may be imported. */
export type PlannedRow = InventoryLine & {
  /** The terminal whose vehicle has this one from now on; null: nothing is replaced. */
  readonly replaces: string | null
}

export type ImportPlan = Pick<ImportReport, 'rejected' | 'warnings'> & {
  readonly rows: readonly PlannedRow[]
}

/** `left-out`: rows that say that a vehicle has another terminal are not followed but told of. */
export type PlanOptions = {
  readonly replacements: 'followed' | 'left-out'
  /** What people are told with; absent: English. */
  readonly words?: ImportWords
}

/** Rows between two pauses. */
const SLICE = 500

/**
 * Checks the rows of a file against the fleet and against each other, and changes nothing. What it found stays true as
 * long as only data comes in and no names are learnt. Names that were only learnt are no reason to refuse a row: people
 * may give them to another terminal, and a warning tells of it. Now and then it yields the number of rows so far.
 */
export function* planImport(
  fleet: Fleet,
  lines: readonly InventoryLine[],
  { replacements, words = IMPORT_WORDS.en }: PlanOptions,
): Generator<number, ImportPlan> {
  const file = {
    lineOf: new Map<string, number>(),
    ownerOf: new Map<string, string>(),
    uuids: new Map<string, number>(),
  }
  for (const [index, { id, line }] of lines.entries()) {
    file.lineOf.set(id, line)
    if (index % SLICE === SLICE - 1) yield 0
  }
  const rows: PlannedRow[] = []
  const rejected: ImportPlan['rejected'][number][] = []
  const warnings: string[] = []
  for (const [index, row] of lines.entries()) {
    const vehicle = vehicleOf(fleet, row, file, words)
    const reason = nameFault(fleet, row, file, words) ?? vehicle.fault
    noteNames(row, file)
    if (reason !== undefined) rejected.push({ line: row.line, reason })
    else if (vehicle.replaces === null || replacements === 'followed') {
      rows.push({ ...row, replaces: vehicle.replaces })
      warnings.push(...takenNames(fleet, row, words))
    } else {
      warnings.push(words.leftOut(row.line, row.cells.uuid ?? '', vehicle.replaces, row.id))
    }
    if (index % SLICE === SLICE - 1) yield index + 1
  }
  return { rows, rejected, warnings }
}

/** What was read of the file so far; `lineOf` knows all of it. */
type FileNames = {
  /** Lines by terminal id. */
  readonly lineOf: ReadonlyMap<string, number>
  /** Ids of the file that a row further up gives to its terminal as another name. */
  readonly ownerOf: Map<string, string>
  /** Lines by uuid. */
  readonly uuids: Map<string, number>
}

function noteNames({ id, line, cells }: InventoryLine, { lineOf, ownerOf, uuids }: FileNames): void {
  for (const alias of namesIn({ id, cells })) if (lineOf.has(alias)) ownerOf.set(alias, id)
  if (cells.uuid !== undefined && !uuids.has(cells.uuid)) uuids.set(cells.uuid, line)
}

/** What a row says of other names of its terminal. */
function namesIn({ id, cells }: Pick<InventoryLine, 'id' | 'cells'>): readonly string[] {
  return saidNames({ ...NOBODY, ...cells, id })
}

const NOBODY: InventoryRow = { ...EMPTY, row: 0, id: '', firstSeenAt: 0 }

/** Names that a row takes from terminals of the inventory that had only learnt them. */
function takenNames(fleet: Fleet, { id, line, cells }: InventoryLine, words: ImportWords): string[] {
  return [id, ...namesIn({ id, cells })].flatMap((name) => {
    const holder = terminalTaught(fleet, name)
    if (!holder || holder.id === id) return []
    if (name === id) return words.becameTerminal(line, name, holder.id)
    return words.becameName(line, name, holder.id, id)
  })
}

/** The id of a terminal of the inventory is its own, whatever others claim; else it may be nobody's other name. */
function nameFault(
  fleet: Fleet,
  { id }: InventoryLine,
  { ownerOf }: FileNames,
  words: ImportWords,
): string | undefined {
  const led = terminalSaid(fleet, id)
  if (led?.id === id && !led.discovered) return undefined
  const above = ownerOf.get(id)
  if (above !== undefined) return words.otherName(id, above)
  if (!led || led.discovered) return undefined
  return words.takeNameFirst(id, led.id)
}

/**
 * The uuid is the key of the vehicle: with another terminal than before, its terminal was replaced. The new one is not
 * in another vehicle and the old one is not in the file: who goes where would be guessed from the order of the lines.
 */
function vehicleOf(
  fleet: Fleet,
  { id, cells }: InventoryLine,
  { lineOf, uuids }: FileNames,
  words: ImportWords,
): { readonly fault?: string; readonly replaces: string | null } {
  const { uuid } = cells
  const led = fleet.inventory.at(fleet.rows.get(id) ?? -1)
  const own = led?.id === id && !led.discovered ? led : undefined
  if (uuid === undefined || uuid === '' || own?.uuid === uuid) return NOTHING_NEW
  const earlier = uuids.get(uuid)
  if (earlier !== undefined) return { fault: words.uuidTwice(uuid, earlier), replaces: null }
  const vehicle = fleet.inventory.at(fleet.rows.get(uuid) ?? -1)
  if (!vehicle || vehicle.uuid !== uuid || vehicle.id === id) return NOTHING_NEW
  const otherLine = lineOf.get(vehicle.id)
  const place = own === undefined || own.uuid === '' ? undefined : own.uuid
  if (otherLine !== undefined) {
    const other = place === undefined ? null : id
    return { fault: words.uuidOnLine(uuid, vehicle.id, otherLine, other), replaces: null }
  }
  if (place !== undefined) return { fault: words.uuidTaken(uuid, vehicle.id, id, place), replaces: null }
  return { replaces: vehicle.id }
}

const NOTHING_NEW = { replaces: null }
