import type { ComponentReading, ControlAnswer, ProbeResult } from '../core/outage/verdict.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, ControlCheck, Log, Metrics, Notices, Probe } from '../ports.ts'
import { withinLimit } from './time-limit.ts'

/** A component as configured. */
export type ProbedComponent = Pick<ComponentReading, 'id' | 'kind' | 'counts'> & {
  /** Its own pace, ms; without one it is probed in every round. */
  readonly everyMs?: number
}

/** What a round saw, before it is judged. */
export type Measurement = {
  readonly at: Instant
  readonly completedAt: Instant
  readonly components: readonly ComponentReading[]
  /** Asked after the failures; empty when nothing that counts failed. */
  readonly controls: readonly ControlAnswer[]
  readonly faults: readonly string[]
}

export type RoundsDeps = {
  readonly clock: Clock
  readonly probes: ReadonlyMap<string, Probe>
  readonly controls: ControlCheck
  /** What operators have to look at. */
  readonly notices: Notices
  readonly log: Log
  readonly metrics: Metrics
}

export type RoundsOptions = {
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly components: readonly ProbedComponent[]
}

type Kept = {
  readonly reading: ComponentReading
  readonly monotonicMs: number
  /** It failed, and has not answered since. */
  readonly isFailing: boolean
}

/** Makes rounds: every component at once, a second try for those that fail, then the control hosts. */
export function createRounds(deps: RoundsDeps, options: RoundsOptions) {
  const { clock, log, metrics, notices } = deps
  const attemptMs = Math.min(options.timeoutMs, options.intervalMs / 2)
  const controlMs = Math.min(5 * SECOND, options.intervalMs / 2)
  const kept = new Map<string, Kept>()

  async function attempt(id: string, probe: Probe): Promise<ProbeResult> {
    const late: ProbeResult = {
      kind: 'failed',
      phase: 'timeout',
      latencyMs: attemptMs,
      evidence: 'the probe did not end within its time',
    }
    const result = await withinLimit(clock, attemptMs + SECOND, probe(attemptMs), late)
    if (result.kind === 'ok' || result.kind === 'failed') {
      metrics.observe('watch_probe_duration_seconds', result.latencyMs / SECOND, { component: id })
    }
    return result
  }

  async function tryTwice({ id, kind }: ProbedComponent): Promise<ProbeResult> {
    const probe = deps.probes.get(id)
    if (probe === undefined)
      return { kind: 'unusable', cause: 'setup', reason: `components of kind ${kind} are not probed` }
    const first = await attempt(id, probe)
    return first.kind === 'failed' ? attempt(id, probe) : first
  }

  /** Half an interval of slack keeps a turn on its grid point. */
  function isDue({ id, everyMs }: ProbedComponent, monotonicMs: number): boolean {
    const last = kept.get(id)
    if (everyMs === undefined || last === undefined) return true
    if (last.isFailing || isUrgent(last.reading.result)) return true
    return monotonicMs - last.monotonicMs + options.intervalMs / 2 >= everyMs
  }

  async function read(component: ProbedComponent, at: Instant): Promise<ComponentReading> {
    const monotonicMs = clock.monotonic()
    const last = kept.get(component.id)
    if (last !== undefined && !isDue(component, monotonicMs)) return last.reading
    const { id, kind, counts } = component
    const reading: ComponentReading = { id, kind, counts, checkedAt: at, result: await tryTwice(component) }
    const newest = kept.get(id)
    noteUsable(id, newest?.reading.result, reading.result)
    noteOwnFault(id, newest?.reading.result, reading.result)
    // A deadline probe may overtake an older round; what was issued later is the news.
    if (newest === undefined || newest.monotonicMs <= monotonicMs)
      kept.set(id, { reading, monotonicMs, isFailing: isFailing(reading.result, newest) })
    return reading
  }

  function noteUsable(component: string, before: ProbeResult | undefined, after: ProbeResult): void {
    if (after.kind === 'unusable') {
      const { kind: _, ...why } = after
      const isTold = before?.kind === 'unusable' && before.reason === after.reason
      // That it is not set up may be meant so. All else is told each time anew: operators hear of it once a day.
      if (isTold && after.cause === 'setup') return
      notices.raise({ topic: 'component-unusable', key: component, ...why })
    } else if (before?.kind === 'unusable') log.info('a component is watched again', { component })
  }

  function noteOwnFault(component: string, before: ProbeResult | undefined, after: ProbeResult): void {
    if (after.kind !== 'own-fault' || before?.kind === 'own-fault') return
    log.error('this machine cannot probe a component', { component, reason: after.reason })
  }

  async function askControls(): Promise<readonly ControlAnswer[]> {
    const answers = await withinLimit(clock, controlMs + SECOND, deps.controls(controlMs), [])
    const anyAnswered = answers.some(({ kind }) => kind === 'answered')
    for (const answer of answers) {
      if (answer.kind === 'silent' && anyAnswered)
        notices.raise({ topic: 'control-silent', key: answer.url, reason: answer.reason })
    }
    return answers
  }

  async function observe(at: Instant): Promise<Pick<Measurement, 'components' | 'controls' | 'faults'>> {
    try {
      const components = await Promise.all(options.components.map((component) => read(component, at)))
      const failed = components.some(({ counts, result }) => counts === 'outage' && result.kind === 'failed')
      return { components, controls: failed ? await askControls() : [], faults: [] }
    } catch (error) {
      log.error('a probe round broke off', { error })
      return { components: [], controls: [], faults: ['a fault in this program broke the round off'] }
    }
  }

  return {
    /** Starts a round at once. It never rejects. */
    async measure(at: Instant): Promise<Measurement> {
      return { at, ...(await observe(at)), completedAt: clock.now() }
    },
  }
}

/** A failure lasts until an answer says otherwise; that it could not be asked meanwhile says nothing. */
function isFailing({ kind }: ProbeResult, before: Kept | undefined): boolean {
  return kind === 'failed' || (kind !== 'ok' && before?.isFailing === true)
}

/**
 * What is looked at again in every round, whatever the component's own pace: a failure, and what only our own side kept
 * from being asked. That it was told to ask less often, or has no rights, is no reason to ask more often.
 */
function isUrgent(result: ProbeResult): boolean {
  switch (result.kind) {
    case 'ok':
      return false
    case 'failed':
    case 'own-fault':
      return true
    case 'unusable':
      return result.cause === 'budget'
  }
}
