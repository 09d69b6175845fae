import type { InventoryRow } from '../fleet/inventory.ts'
import type { ThresholdSettings } from './threshold-settings.ts'

export type ThresholdKey = 'moving' | 'parked' | 'lost' | 'neverAfter'

export type FreshnessSettings = {
  readonly default: ThresholdSettings & Readonly<Record<ThresholdKey, number>>
  readonly profiles: Readonly<Record<string, ThresholdSettings>>
  /** By path, such as `Dealer/Client/Group`; the nearest ancestor counts. */
  readonly groups: Readonly<Record<string, ThresholdSettings>>
  readonly terminals: Readonly<Record<string, ThresholdSettings>>
}

export type ThresholdOrigin = 'terminal' | 'group' | 'profile' | 'learnt' | 'default'

export type Threshold = { readonly ms: number; readonly from: ThresholdOrigin }

/** Bounds of what a terminal's own gaps teach, ms. */
export type Learning = { readonly floorMs: number; readonly capMs: number }

export type Thresholds = Readonly<Record<ThresholdKey, Threshold>> & {
  /** Undefined: none of its own. ms. */
  readonly liveLagMs: number | undefined
  /** Where `moving` and `parked` come from the default, its own gaps come before that; null: it does not learn. */
  readonly learning: Learning | null
}

/** For each key the first place that sets it: terminal, group (nearest ancestor), profile, default. */
export function thresholdsOf(
  terminal: Pick<InventoryRow, 'id' | 'dealer' | 'client' | 'group' | 'profile' | 'thresholds'>,
  settings: FreshnessSettings,
): Thresholds {
  const places: (readonly [ThresholdOrigin, ThresholdSettings | undefined])[] = [
    ['terminal', terminal.thresholds ?? undefined],
    ['terminal', own(settings.terminals, terminal.id)],
    ...groupPaths(terminal).map((path) => ['group', own(settings.groups, path)] as const),
    ['profile', own(settings.profiles, terminal.profile)],
  ]
  const first = <Key extends keyof ThresholdSettings>(key: Key): ThresholdSettings[Key] =>
    places.find(([, place]) => place?.[key] !== undefined)?.[1]?.[key] ?? settings.default[key]
  const pick = (key: ThresholdKey): Threshold => {
    for (const [from, place] of places) {
      const ms = place?.[key]
      if (ms !== undefined) return { ms, from }
    }
    return { ms: settings.default[key], from: 'default' }
  }
  return {
    moving: pick('moving'),
    parked: pick('parked'),
    lost: pick('lost'),
    neverAfter: pick('neverAfter'),
    liveLagMs: first('liveLag'),
    learning: first('learn') ? bounds(first('floor'), first('cap')) : null,
  }
}

/** One object for the many that have no bounds. */
const UNBOUNDED: Learning = { floorMs: 0, capMs: Infinity }

function bounds(floor: number | undefined, cap: number | undefined): Learning {
  if (floor === undefined && cap === undefined) return UNBOUNDED
  return { floorMs: floor ?? 0, capMs: cap ?? Infinity }
}

/**
 * Paths of a terminal's groups, nearest first: its group inside dealer and client, then the group's own path (for
 * inventories that keep the whole path there), then the ancestors of both.
 */
function groupPaths(terminal: Pick<InventoryRow, 'dealer' | 'client' | 'group'>): string[] {
  const group = terminal.group.split('/').filter((part) => part !== '')
  const above = [terminal.dealer, terminal.client].filter((part) => part !== '')
  const paths: string[] = []
  for (let length = group.length; length > 0; length--) {
    const inner = group.slice(0, length)
    paths.push([...above, ...inner].join('/'), inner.join('/'))
  }
  for (let length = above.length; length > 0; length--) paths.push(above.slice(0, length).join('/'))
  return [...new Set(paths)]
}

function own(
  record: Readonly<Record<string, ThresholdSettings>>,
  key: string,
): ThresholdSettings | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
