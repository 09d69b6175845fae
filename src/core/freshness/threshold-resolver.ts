import { type FreshnessSettings, type Thresholds, thresholdsOf } from './threshold.ts'

/** `thresholdsOf` under one configuration. */
export type ThresholdResolver = {
  (terminal: Parameters<typeof thresholdsOf>[0]): Thresholds
  /** Something is set for single terminals by their ids. */
  readonly namesTerminals: boolean
  /** Something is set for groups; else the profile alone decides for the others. */
  readonly namesGroups: boolean
  /** Names of the profiles that terminals may have. */
  readonly profiles: readonly string[]
}

/** Answers that are remembered; a fleet has fewer groups and profiles than that, or it is asked anew. */
const MOST_KNOWN = 10_000

/** Terminals for which nothing is set by themselves share the answer with all of their group and profile. */
export function createResolver(settings: FreshnessSettings): ThresholdResolver {
  const known = new Map<string, Thresholds>()
  const anyTerminal = Object.keys(settings.terminals).length > 0
  const anyGroup = Object.keys(settings.groups).length > 0
  const resolve = (terminal: Parameters<typeof thresholdsOf>[0]): Thresholds => {
    const { id, dealer, client, group, profile, thresholds } = terminal
    if (thresholds !== null || (anyTerminal && Object.hasOwn(settings.terminals, id))) {
      return thresholdsOf(terminal, settings)
    }
    const places = anyGroup ? [profile, dealer, client, group].join('\n') : profile
    const before = known.get(places)
    if (before) return before
    if (known.size >= MOST_KNOWN) known.clear()
    const resolved = thresholdsOf(terminal, settings)
    known.set(places, resolved)
    return resolved
  }
  return Object.assign(resolve, {
    namesTerminals: anyTerminal,
    namesGroups: anyGroup,
    profiles: Object.keys(settings.profiles),
  })
}
