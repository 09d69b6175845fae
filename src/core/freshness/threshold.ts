import type { InventoryRow } from '../fleet/inventory.ts'

/** Thresholds as they are configured at one place; what is absent is taken from further out. ms. */
export type ThresholdSettings = {
  readonly moving?: number
  /** Infinity: not judged while parked (`off`). */
  readonly parked?: number
  readonly lost?: number
  readonly neverAfter?: number
  /** Data that lags further behind is archive; absent everywhere: what the source says. */
  readonly liveLag?: number
}

export type FreshnessSettings = {
  readonly default: Required<Omit<ThresholdSettings, 'liveLag'>>
  readonly profiles: Readonly<Record<string, ThresholdSettings>>
  /** By path, such as `Dealer/Client/Group`; the nearest ancestor counts. */
  readonly groups: Readonly<Record<string, ThresholdSettings>>
  readonly terminals: Readonly<Record<string, ThresholdSettings>>
}

export type ThresholdOrigin = 'terminal' | 'group' | 'profile' | 'default'

export type Threshold = { readonly ms: number; readonly from: ThresholdOrigin }

export type Thresholds = { readonly [key in keyof FreshnessSettings['default']]: Threshold } & {
  /** Undefined: none of its own. ms. */
  readonly liveLagMs: number | undefined
}

/** For each key the first place that sets it: terminal, group (nearest ancestor), profile, default. */
export function thresholdsOf(
  terminal: Pick<InventoryRow, 'id' | 'dealer' | 'client' | 'group' | 'profile'>,
  settings: FreshnessSettings,
): Thresholds {
  const places: (readonly [ThresholdOrigin, ThresholdSettings | undefined])[] = [
    ['terminal', own(settings.terminals, terminal.id)],
    ...groupPaths(terminal).map((path) => ['group', own(settings.groups, path)] as const),
    ['profile', own(settings.profiles, terminal.profile)],
  ]
  const pick = (key: keyof FreshnessSettings['default']): Threshold => {
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
    liveLagMs: places.find(([, place]) => place?.liveLag !== undefined)?.[1]?.liveLag,
  }
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
