import { addSource, createFleet, EMPTY, type Fleet } from '../../src/core/fleet/fleet.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { takeDirty } from '../../src/core/fleet/terminal-table.ts'
import type { StoredIncident } from '../../src/core/freshness/mass/incident.ts'
import { createMass, evaluateMass } from '../../src/core/freshness/mass/mass.ts'
import {
  beginBlind,
  beginDraining,
  createSourceWatch,
  endCause,
} from '../../src/core/freshness/source-watch.ts'
import type { Transition } from '../../src/core/freshness/state.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { seededRandom } from '../support/seeded-random.ts'
import type { Character } from './cast.ts'
import { type Events, muteBy } from './events.ts'
import { createLives, type Message } from './life.ts'

/** `drained`: its broker kept it while the source was blind. */
export type Delivery = 'direct' | 'drained'

export type RunOptions = {
  readonly seed: number
  readonly start: Instant
  readonly days: number
  readonly settings: FreshnessSettings
  readonly resumeGraceMs: number
  /** Declared interval of all sources, ms. */
  readonly intervalMs: number
  /** How often the fleet is judged, ms. */
  readonly sweepEveryMs: number
  readonly massEveryMs: number
  readonly heard?: (message: Message, source: number, how: Delivery) => void
  readonly transition: (transition: Transition) => void
  /** The rows of its members are numbers of the cast. */
  readonly incident: (stored: StoredIncident, action: 'open' | 'close', at: Instant) => void
  readonly dayOver?: (day: number, fleet: Fleet) => void
}

/** By number, from 1 on. */
export const SOURCES = ['gate', 'push'] as const

/** Simulated terminals before the real rules, on virtual time. */
export function run(cast: readonly Character[], events: Events, options: RunOptions) {
  const { start, settings, resumeGraceMs, intervalMs } = options
  const fleet = createFleet(settings, resumeGraceMs)
  for (const id of SOURCES) {
    const liveLagMs = Math.max(2 * intervalMs, 2 * MINUTE)
    addSource(fleet, createSourceWatch({ id, intervalMs, liveLagMs }, start, start, []))
  }
  for (const { number, id, groups } of cast) {
    changeTerminal(fleet, {
      ...EMPTY,
      ...groups,
      row: number,
      id,
      name: `Vehicle ${number}`,
      firstSeenAt: start,
    })
  }
  const mass = createMass()
  const lives = createLives(cast, options.seed, start, muteBy(cast, events.outages))
  const random = seededRandom(options.seed)
  const end = start + options.days * DAY
  let observations = 0
  let previousSweep = start

  /** What the broker of the first source keeps while that is blind; the second one has none. */
  const kept: Message[] = []

  function send(message: Message): void {
    const character = cast[message.terminal]
    if (!character) return
    const source = character.source
    if (fleet.sources[source - 1]?.causes.has('link')) {
      if (source === 1) kept.push(message)
      return
    }
    const collapse = events.collapses.find(
      (one) => one.source === source && one.from <= message.receivedAt && message.receivedAt < one.to,
    )
    if (collapse && random() < collapse.share) return
    take(character, message, 'direct')
  }

  function take(character: Character, message: Message, how: Delivery): void {
    const { source } = character
    observations++
    const { kind, receivedAt, eventAt, isMoving, voltage, fix } = message
    takeObservation(
      fleet,
      message.terminal,
      {
        terminalId: character.id,
        source: SOURCES[source - 1] ?? '',
        receivedAt,
        eventAt,
        kind,
        ...(fix ? { fix } : {}),
        readings: { ignition: isMoving, speedKmh: isMoving ? 40 : 0, voltage },
      },
      source,
    )
    options.heard?.(message, source, how)
  }

  function judge(now: Instant): void {
    for (const transition of sweep(fleet, now, previousSweep)) options.transition(transition)
    previousSweep = now
  }

  function beginAndEndBlindness(now: Instant): void {
    for (const { source, from, to } of events.blindness) {
      const watch = fleet.sources[source - 1]
      if (!watch || (from !== now && to !== now)) continue
      judge(now)
      if (from === now) beginBlind(watch, 'link', now)
      else {
        endCause(watch, 'link', now)
        beginDraining(watch, now)
        for (const message of kept.splice(0)) {
          const character = cast[message.terminal]
          if (character) take(character, { ...message, receivedAt: now }, 'drained')
        }
      }
    }
  }

  for (let now = start; now < end; now += SECOND) {
    beginAndEndBlindness(now)
    lives.second(now, send)
    const since = now - start
    if (since % options.sweepEveryMs === 0) judge(now)
    if (since % options.massEveryMs === 0) {
      const { opened, closed, released } = evaluateMass(fleet, mass, now)
      for (const stored of opened) options.incident(stored, 'open', now)
      for (const stored of closed) options.incident(stored, 'close', now)
      for (const transition of released) options.transition(transition)
      fleet.changedIncidents = []
      fleet.changedBaselines = []
      takeDirty(fleet.table)
    }
    if (since % DAY === 0 && since > 0) options.dayOver?.(since / DAY, fleet)
  }
  return { fleet, mass, observations, end }
}
