import { addSource, createFleet } from '../../src/core/fleet/fleet.ts'
import { identify } from '../../src/core/fleet/identify.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { addBlind } from '../../src/core/freshness/blindness.ts'
import { createMass, evaluateMass } from '../../src/core/freshness/mass/mass.ts'
import { lookAtPolls, noteJump, notePoll } from '../../src/core/freshness/polled-watch.ts'
import {
  beginBlind,
  createSourceWatch,
  endCause,
  type SourceWatch,
  type WatchSettings,
} from '../../src/core/freshness/source-watch.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takeObservation, takePolled } from '../../src/core/freshness/take.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import { type Finding, findingLine } from '../../src/core/replay/ordered-output.ts'
import type { ReplayLine } from '../../src/core/replay/replay-line.ts'
import { type Instant, SECOND } from '../../src/core/time.ts'

export type PlainOptions = {
  readonly settings: FreshnessSettings
  readonly sources: readonly WatchSettings[]
  readonly resumeGraceMs: number
}

/**
 * A recording with all times on whole seconds, judged as a service does it: everything twice a second, and before and
 * after the lines of each instant. Slow and simple: what a fast replay must find.
 */
export function plainReplay(lines: readonly ReplayLine[], options: PlainOptions): string[] {
  const fleet = createFleet(options.settings, options.resumeGraceMs)
  const mass = createMass()
  const found: Finding[] = []
  const ends: { watch: SourceWatch; to: Instant }[] = []
  const startedAt = timeOf(lines[0])
  for (const settings of options.sources)
    addSource(fleet, createSourceWatch(settings, startedAt, startedAt, []))
  let now = startedAt

  function judge(previously: Instant): void {
    for (const transition of sweep(fleet, now, previously)) {
      found.push({ kind: 'transition', at: transition.at, transition })
    }
  }

  function second(): void {
    // What must be exceeded is so a millisecond after a whole second.
    now += 1
    for (const watch of fleet.sources) lookAtPolls(watch, now)
    judge(now - 1)
    now += SECOND - 1
    judge(now)
    for (const { watch, to } of ends.filter((end) => end.to === now)) {
      if (!ends.some((end) => end.watch === watch && end.to > to)) endCause(watch, causeOf(watch), to)
    }
    judge(now)
    if ((now - startedAt) % (30 * SECOND) !== 0) return
    const { opened, closed } = evaluateMass(fleet, mass, now)
    for (const { incident } of opened) found.push({ kind: 'incident', at: now, action: 'open', incident })
    for (const { incident } of closed) found.push({ kind: 'incident', at: now, action: 'close', incident })
    judge(now)
  }

  function take(line: ReplayLine): void {
    if (line.kind === 'end' || line.kind === 'missing') return
    const id = line.kind === 'observation' ? line.observation.source : line.source
    const number = fleet.sourceNumbers.get(id) ?? 0
    const watch = fleet.sources[number - 1]
    if (!watch) throw new Error(`source ${id} is not configured`)
    if (line.kind === 'blind') goBlind(watch, line.from, line.to ?? Infinity)
    else if (line.kind === 'poll') notePoll(watch, { sentAt: line.sentAt, answeredAt: line.at })
    else if (watch.polls) {
      const row = rowFor(fleet, line.observation.terminalId, number, now)
      takePolled(fleet, row, line.observation, number, watch.polls)
    } else takeObservation(fleet, identify(fleet, line.observation, number), line.observation, number)
  }

  function goBlind(watch: SourceWatch, from: Instant, to: Instant): void {
    if (to > now) {
      beginBlind(watch, causeOf(watch), from)
      ends.push({ watch, to })
    } else if (watch.polls) noteJump(watch, from, to)
    else addBlind(watch.blindness, from, to)
  }

  for (const line of lines) {
    if (now < timeOf(line)) judge(now)
    while (now < timeOf(line)) second()
    take(line)
  }
  judge(now)
  const order = found.map((finding, index) => ({ finding, index, key: keyOf(finding) }))
  order.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index))
  return order.map(({ finding }) => findingLine(finding))
}

function causeOf(watch: SourceWatch): 'outage' | 'link' {
  return watch.polls ? 'outage' : 'link'
}

function timeOf(line: ReplayLine | undefined): Instant {
  if (line === undefined) return 0
  if (line.kind === 'observation') return line.observation.receivedAt
  return line.kind === 'blind' ? line.from : line.at
}

function keyOf(finding: Finding): string {
  const last = finding.kind === 'transition' ? `0 ${finding.transition.terminalId}` : '1'
  return `${finding.at} ${last}`
}
