import type { Attention } from '../core/fleet/attention.ts'
import type { LiveListener, LiveState } from '../core/fleet/live-state.ts'
import type { Scope } from '../core/fleet/scope.ts'
import type { ServiceStatus } from '../core/outage/status.ts'
import { type Instant, MINUTE, SECOND } from '../core/time.ts'
import type { Clock, Log, Stop } from '../ports.ts'

export type LiveDeskDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly seenBy: (scope: Scope) => { attention(after: number): Promise<Attention> }
  readonly service: { status(): ServiceStatus }
}

const LOOK_MS = 5 * SECOND
/** A page that was hidden comes back: its numbers go on until then. */
const KEPT_MS = 10 * MINUTE
/** Pages that may listen at the same time. */
const MOST = 200
const MOST_OF_ONE = 5

type Watched = {
  readonly scope: Scope
  readonly epoch: Instant
  readonly listeners: Set<LiveListener>
  changes: number
  /** Number of the newest change that was counted; null: none yet, those before do not count. */
  counted: number | null
  heardAt: Instant
  state: LiveState | null
}

/** Tells open pages how the fleet is. However many listen, each scope is looked at once every few seconds. */
export function createLiveDesk({ clock, log, seenBy, service }: LiveDeskDeps) {
  const scopes = new Map<string, Watched>()
  const names = new Map<string, number>()
  let timer: Stop | null = null
  let isOver = false

  async function look(watched: Watched): Promise<LiveState> {
    const { states, needs, newest, changed } = await seenBy(watched.scope).attention(
      watched.counted ?? Infinity,
    )
    watched.changes += changed
    watched.counted = newest
    const { state, outage } = service.status()
    const { changes, epoch } = watched
    return { states, needs, service: state, outage: outage?.id ?? null, changes, epoch }
  }

  async function tell(watched: Watched): Promise<void> {
    try {
      const state = await look(watched)
      watched.state = state
      await Promise.all(Array.from(watched.listeners, (listener) => listener(state)))
    } catch (error) {
      log.error('open pages could not be told how the fleet is', { error: String(error) })
    }
  }

  async function tick(): Promise<void> {
    const now = clock.now()
    for (const [key, watched] of scopes) {
      if (watched.listeners.size > 0) watched.heardAt = now
      if (watched.listeners.size > 0) await tell(watched)
      else if (now - watched.heardAt > KEPT_MS) scopes.delete(key)
      else watched.state = null
    }
    if (scopes.size === 0) rest()
  }

  function rest(): void {
    timer?.()
    timer = null
  }

  function watchedBy(scope: Scope): Watched {
    const key = JSON.stringify(scope)
    const known = scopes.get(key)
    if (known) return known
    const now = clock.now()
    const fresh = { changes: 0, counted: null, heardAt: now, state: null }
    const watched: Watched = { scope, epoch: now, listeners: new Set(), ...fresh }
    scopes.set(key, watched)
    return watched
  }

  function leave(watched: Watched, name: string, listener: LiveListener): void {
    if (!watched.listeners.delete(listener)) return
    const left = (names.get(name) ?? 1) - 1
    if (left > 0) names.set(name, left)
    else names.delete(name)
  }

  return {
    /** `full`: as many listen as may; `many`: as many of this account. The newest state is told soon. */
    listen(
      { name, scope }: { readonly name: string; readonly scope: Scope },
      listener: LiveListener,
    ): Stop | 'full' | 'many' {
      const own = names.get(name) ?? 0
      if (own >= MOST_OF_ONE) return 'many'
      if (isOver || sum(names.values()) >= MOST) return 'full'
      const watched = watchedBy(scope)
      watched.listeners.add(listener)
      names.set(name, own + 1)
      timer ??= clock.every(LOOK_MS, tick)
      if (watched.state === null) void tell(watched)
      else void listener(watched.state)
      return () => leave(watched, name, listener)
    },
    /** Ends every stream, so that nobody waits for one. */
    stop(): void {
      isOver = true
      rest()
      for (const { listeners } of scopes.values()) for (const listener of [...listeners]) void listener(null)
    },
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
