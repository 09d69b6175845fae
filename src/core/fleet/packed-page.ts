import type { Instant } from '../time.ts'
import type { Intake, InventoryRow, Lifecycle, TreeField } from './inventory.ts'
import { type OwnColumn, ownText, packOwn, packShared, type SharedColumn, sharedText } from './packed-text.ts'

/** Rows of one page. */
export const PAGE_ROWS = 4096

export const OWN_FIELDS = ['id', 'name', 'imei', 'sim', 'uuid'] as const
export type OwnField = (typeof OWN_FIELDS)[number]

const SHARED_TEXTS = [
  'client',
  'dealer',
  'group',
  'operator',
  'region',
  'model',
  'firmware',
  'profile',
  'lifecycle',
  'intake',
  'mergedInto',
] as const satisfies readonly (keyof InventoryRow)[]

/** `fromTree`: its fields with blanks between; `discovered`: empty for no. */
export const SHARED_FIELDS = [...SHARED_TEXTS, 'fromTree', 'discovered'] as const
export type SharedField = (typeof SHARED_FIELDS)[number]

/** What few terminals have. */
export type Rare = Pick<
  InventoryRow,
  'aliases' | 'learnt' | 'maintenance' | 'thresholds' | 'acknowledged' | 'handedOver' | 'formerUnits'
>

/**
 * The inventory of neighbouring rows as columns: as objects a million terminals take more than twice the memory, and
 * seconds to be made at start. It never changes. A row without id is none.
 */
export type PackedPage = {
  /** Row of its first terminal, a multiple of PAGE_ROWS. */
  readonly first: number
  readonly rows: number
  readonly own: Readonly<Record<OwnField, OwnColumn>>
  readonly shared: Readonly<Record<SharedField, SharedColumn>>
  /** By row. */
  readonly firstSeenAt: Float64Array
  /** By row less `first`; those that are not here have nothing of it. */
  readonly rare: ReadonlyMap<number, Rare>
}

export const NOTHING_RARE: Rare = {
  aliases: [],
  learnt: [],
  maintenance: null,
  thresholds: null,
  acknowledged: null,
  handedOver: null,
  formerUnits: [],
}

/** Gives the one copy of a text that many terminals have. */
export type Share = (text: string) => string

/** Packs rows of one page; their places in it are those of their numbers. */
export function packPage(terminals: Iterable<InventoryRow>, share: Share = (text) => text): PackedPage {
  const rows: (InventoryRow | undefined)[] = []
  let first = 0
  for (const terminal of terminals) {
    first = firstOf(terminal.row)
    rows[terminal.row - first] = terminal
  }
  const list = Array.from(rows)
  const own = OWN_FIELDS.map((name) => [name, packOwn(list.map((row) => row?.[name] ?? ''))])
  const shared = SHARED_TEXTS.map((name) => [
    name,
    packShared(
      list.map((row) => row?.[name] ?? ''),
      share,
    ),
  ])
  const fromTree = packShared(
    list.map((row) => row?.fromTree.join(' ') ?? ''),
    share,
  )
  const discovered = packShared(
    list.map((row) => (row?.discovered ? 'yes' : '')),
    share,
  )
  return {
    first,
    rows: list.length,
    own: Object.fromEntries(own) as PackedPage['own'],
    shared: { ...(Object.fromEntries(shared) as PackedPage['shared']), fromTree, discovered },
    firstSeenAt: Float64Array.from(list, (row) => row?.firstSeenAt ?? 0),
    rare: rareOf(list),
  }
}

/** Packs any rows, each page by itself, in the order of the pages. */
export function packPages(terminals: Iterable<InventoryRow>): PackedPage[] {
  const pages = new Map<number, InventoryRow[]>()
  for (const terminal of terminals) {
    const first = firstOf(terminal.row)
    const page = pages.get(first)
    if (page) page.push(terminal)
    else pages.set(first, [terminal])
  }
  const ordered = [...pages].sort(([a], [b]) => a - b)
  return ordered.map(([, rows]) => packPage(rows))
}

/** Row of the first terminal of the page that has the row. */
function firstOf(row: number): number {
  return row - (row % PAGE_ROWS)
}

/** Place in a page to the terminal there; undefined: there is none. */
export function rowAt(page: PackedPage, n: number): InventoryRow | undefined {
  if (n >= page.rows) return undefined
  const { own, shared } = page
  const id = ownText(own.id, n)
  if (id === '') return undefined
  const rare = page.rare.get(n) ?? NOTHING_RARE
  const { aliases, learnt, maintenance, thresholds, acknowledged, handedOver, formerUnits } = rare
  return {
    row: page.first + n,
    id,
    name: ownText(own.name, n),
    client: sharedText(shared.client, n),
    dealer: sharedText(shared.dealer, n),
    group: sharedText(shared.group, n),
    operator: sharedText(shared.operator, n),
    region: sharedText(shared.region, n),
    model: sharedText(shared.model, n),
    firmware: sharedText(shared.firmware, n),
    imei: ownText(own.imei, n),
    sim: ownText(own.sim, n),
    profile: sharedText(shared.profile, n),
    uuid: ownText(own.uuid, n),
    aliases,
    learnt,
    lifecycle: sharedText(shared.lifecycle, n) as Lifecycle,
    intake: sharedText(shared.intake, n) as Intake,
    fromTree: fieldsOf(sharedText(shared.fromTree, n)),
    mergedInto: sharedText(shared.mergedInto, n),
    discovered: sharedText(shared.discovered, n) !== '',
    firstSeenAt: firstSeenIn(page, n),
    maintenance,
    thresholds,
    acknowledged,
    handedOver,
    formerUnits,
  }
}

export function firstSeenIn({ firstSeenAt }: PackedPage, n: number): Instant {
  return firstSeenAt[n] ?? 0
}

/** The terminals of a page, by row. */
export function* rowsIn(page: PackedPage): Generator<InventoryRow> {
  for (let n = 0; n < page.rows; n++) {
    const terminal = rowAt(page, n)
    if (terminal) yield terminal
  }
}

function rareOf(rows: readonly (InventoryRow | undefined)[]): Map<number, Rare> {
  const rare = new Map<number, Rare>()
  rows.forEach((row, n) => {
    if (!row) return
    const { aliases, learnt, maintenance, thresholds, acknowledged, handedOver, formerUnits } = row
    const isPlain = aliases.length === 0 && learnt.length === 0 && maintenance === null
    const isUnset = thresholds === null && acknowledged === null && handedOver === null
    if (isPlain && isUnset && formerUnits.length === 0) return
    rare.set(n, { aliases, learnt, maintenance, thresholds, acknowledged, handedOver, formerUnits })
  })
  return rare
}

const NO_FIELDS: readonly TreeField[] = []

function fieldsOf(text: string): readonly TreeField[] {
  return text === '' ? NO_FIELDS : (text.split(' ') as TreeField[])
}
