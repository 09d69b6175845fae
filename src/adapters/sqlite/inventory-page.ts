import type {
  FormerUnit,
  Intake,
  InventoryRow,
  LearntName,
  Lifecycle,
  TreeField,
} from '../../core/fleet/inventory.ts'
import type { ThresholdSettings } from '../../core/freshness/threshold-settings.ts'

/** A terminal as it is stored, in the order of the table's columns (inventory-table.ts). */
export type StoredTerminal = readonly [
  row: number,
  id: string,
  name: string,
  client: string,
  dealer: string,
  group: string,
  operator: string,
  region: string,
  model: string,
  firmware: string,
  imei: string,
  sim: string,
  profile: string,
  uuid: string,
  lifecycle: Lifecycle,
  discovered: number,
  firstSeenAt: number,
  maintenanceFrom: number | null,
  maintenanceTo: number | null,
  maintenanceReason: string | null,
  aliases: string,
  fromTree: string,
  intake: Intake,
  mergedInto: string,
  learnt: string,
  thresholds: string | null,
  acknowledged: string | null,
  handedOver: string | null,
  formerUnits: string | null,
]

type ListsOf<Row> = { readonly [Index in keyof Row]: readonly Row[Index][] }

/**
 * Reads the rows of one inventory, which come as UTF-8 JSON with one list per column. Texts that many terminals share,
 * such as their client, are kept once: a million copies of them would take more memory than all the rest.
 */
export function createRowParser(): (json: Uint8Array) => InventoryRow[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const texts = new Map<string, string>()

  function shared(text: string): string {
    const known = texts.get(text)
    if (known !== undefined) return known
    if (texts.size < MOST_SHARED) texts.set(text, text)
    return text
  }

  return (json) => {
    const [
      rows,
      ids,
      names,
      clients,
      dealers,
      groups,
      operators,
      regions,
      models,
      firmwares,
      imeis,
      sims,
      profiles,
      ...rest
    ] = JSON.parse(decoder.decode(json)) as ListsOf<StoredTerminal>
    const [uuids, lifecycles, discovered, firstSeen, froms, tos, reasons, ...more] = rest
    const [
      aliases,
      fromTree,
      intakes,
      mergedInto,
      learnt,
      thresholds,
      acknowledged,
      handedOver,
      formerUnits,
    ] = more
    return rows.map((row, n) => ({
      row,
      id: ids[n] ?? '',
      name: names[n] ?? '',
      client: shared(clients[n] ?? ''),
      dealer: shared(dealers[n] ?? ''),
      group: shared(groups[n] ?? ''),
      operator: shared(operators[n] ?? ''),
      region: shared(regions[n] ?? ''),
      model: shared(models[n] ?? ''),
      firmware: shared(firmwares[n] ?? ''),
      imei: imeis[n] ?? '',
      sim: sims[n] ?? '',
      profile: shared(profiles[n] ?? ''),
      uuid: uuids[n] ?? '',
      aliases: listOf<string>(aliases[n]),
      learnt: listOf<LearntName>(learnt[n]),
      lifecycle: lifecycles[n] ?? 'active',
      intake: intakes[n] ?? 'unknown',
      fromTree: listOf<TreeField>(fromTree[n]),
      mergedInto: mergedInto[n] ?? '',
      discovered: discovered[n] === 1,
      firstSeenAt: firstSeen[n] ?? 0,
      maintenance: workOf(froms[n], tos[n], reasons[n]),
      thresholds: thresholdsOf(thresholds[n]),
      acknowledged: acknowledgedOf(acknowledged[n]),
      handedOver: handedOverOf(handedOver[n]),
      formerUnits: listOf<FormerUnit>(formerUnits[n] ?? undefined),
    }))
  }
}

/** Texts beyond it are kept as often as they come. */
const MOST_SHARED = 200_000

/** Most terminals have none: a million parsed texts would take seconds at start. */
function listOf<Item>(json = '[]'): readonly Item[] {
  return json === '[]' ? NONE : (JSON.parse(json) as Item[])
}

const NONE: readonly never[] = []

function workOf(
  from: number | null = null,
  to: number | null = null,
  reason: string | null = null,
): InventoryRow['maintenance'] {
  return from === null || to === null ? null : { from, to, reason: reason ?? '' }
}

function thresholdsOf(json: string | null = null): ThresholdSettings | null {
  if (json === null) return null
  return JSON.parse(json, (_key, value: unknown) => (value === null ? Infinity : value)) as ThresholdSettings
}

function acknowledgedOf(json: string | null = null): InventoryRow['acknowledged'] {
  return json === null ? null : (JSON.parse(json) as InventoryRow['acknowledged'])
}

function handedOverOf(json: string | null = null): InventoryRow['handedOver'] {
  return json === null ? null : (JSON.parse(json) as InventoryRow['handedOver'])
}
