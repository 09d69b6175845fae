import type { Observation } from '../../telemetry/observation.ts'
import { HOUR, type Instant, MINUTE } from '../../time.ts'

/** A connect, ident or ping, with the last contact that was known then. */
type Connect = { readonly at: Instant; readonly contactAt: Instant; readonly isIdent: boolean }

/** The newest connects of terminals, by row; who connected longest ago goes first. */
export type Connects = Map<number, Connect[]>

const MOST_TERMINALS = 20_000
const MOST_CONNECTS = 10

/** So many idents within so long are many. An ident is sent at the opening of a session, and names the firmware. */
const IDENTS = 6
const IDENTS_WITHIN = HOUR

/** So many connects of any kind are many; pings come seldom more than once a minute. */
const CONNECTS_WITHIN = 10 * MINUTE

/** What comes this long after the last data is no farewell of the connection that brought it. */
export const FAREWELL = 15 * MINUTE

export function createConnects(): Connects {
  return new Map()
}

/** Notes an observation of a link. `contactAt`: the terminal's last contact so far. */
export function noteConnect(
  all: Connects,
  row: number,
  { receivedAt, readings }: Observation,
  contactAt: Instant,
): void {
  const known = all.get(row)
  // What was told last stands last, so the first is the one to forget.
  if (known) all.delete(row)
  else if (all.size >= MOST_TERMINALS) forgetFirst(all)
  const list = known ?? []
  list.push({ at: receivedAt, contactAt, isIdent: readings?.firmware !== undefined })
  if (list.length > MOST_CONNECTS) list.shift()
  all.set(row, list)
}

/** Many connects in a short time, at most half of which brought data. */
export type ConnectLoop = {
  readonly count: number
  readonly withData: number
  readonly ms: number
  /** The newest of them. */
  readonly at: Instant
  /** They were idents, not only some sign of a link. */
  readonly areIdents: boolean
}

/** The loop in which a terminal is that was last heard at `contactAt`; null: in none. */
export function connectLoop(all: Connects, row: number, contactAt: Instant): ConnectLoop | null {
  const list = all.get(row) ?? []
  const idents = list.filter((connect) => connect.isIdent).slice(-IDENTS)
  return (
    loopOf(idents, IDENTS, IDENTS_WITHIN, contactAt, true) ??
    loopOf(list, MOST_CONNECTS, CONNECTS_WITHIN, contactAt, false)
  )
}

function loopOf(
  list: readonly Connect[],
  many: number,
  within: number,
  contactAt: Instant,
  areIdents: boolean,
): ConnectLoop | null {
  const first = list[0]
  const last = list.at(-1)
  if (!first || !last || list.length < many || last.at - first.at > within) return null
  const withData = list.filter((one, i) => (list[i + 1]?.contactAt ?? contactAt) > one.contactAt).length
  if (withData * 2 > list.length) return null
  return { count: list.length, withData, ms: last.at - first.at, at: last.at, areIdents }
}

function forgetFirst(all: Connects): void {
  for (const row of all.keys()) {
    all.delete(row)
    return
  }
}
