/** One row per terminal of the account. */
export const ACTIVITY_PATH = '/ls/api/v1/activity/vehicles'
export const TREE_PATH = '/ls/api/v2/tree/vehicle'

/** State of one vehicle, by the id of its terminal or its own. */
export function statePath(id: string): string {
  return `/ls/api/v1/vehicles/${encodeURIComponent(id)}/state`
}

export const STATE_BYTES = 1024 * 1024
/** A tree or list of some hundred thousand vehicles. */
export const FLEET_BYTES = 64 * 1024 * 1024
