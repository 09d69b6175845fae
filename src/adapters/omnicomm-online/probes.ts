import { oneLine } from '../../core/one-line.ts'
import { decodeActivity } from '../../core/online/activity.ts'
import { lookAtData, UNSEEN } from '../../core/online/data-plane.ts'
import { decodeTree } from '../../core/online/tree.ts'
import { decodeVehicleState } from '../../core/online/vehicle-state.ts'
import type { UnusableCause } from '../../core/outage/verdict.ts'
import type { Clock } from '../../ports.ts'
import type { OnlineAnswer, OnlineClient } from './client.ts'
import type { OnlineProbe, OnlineResult } from './pace.ts'
import { ACTIVITY_PATH, FLEET_BYTES, STATE_BYTES, statePath, TREE_PATH } from './paths.ts'

type Common = { readonly client: OnlineClient; readonly slowAfterMs?: number | undefined }

/** What is missing in an answer; null: nothing. */
type Fault = string | null

/** A real login in each turn. */
export function createLoginProbe({ client, slowAfterMs }: Common): OnlineProbe {
  return async (timeoutMs) => judge(await client.login(timeoutMs), slowAfterMs, () => null)
}

/** The state of one terminal, the canary. */
export function createStateProbe({
  client,
  slowAfterMs,
  terminal,
}: Common & { readonly terminal: string }): OnlineProbe {
  const path = statePath(terminal)
  return async (timeoutMs) => {
    const answer = await client.get(path, { timeoutMs, maxBytes: STATE_BYTES })
    if (answer.kind === 'unusable' && answer.cause === 'vehicle') {
      return unusable('vehicle', `set terminal of the component to another one: ${answer.reason}`)
    }
    // A terminal that does not exist may be told as a path that does not.
    if (answer.kind === 'unusable' && answer.cause === 'request') {
      return unusable('vehicle', `see whether terminal of the component is right, else ${answer.reason}`)
    }
    return judge(answer, slowAfterMs, (value) =>
      decodeVehicleState(value) === undefined ? 'the answer is no state of a vehicle' : null,
    )
  }
}

/** The tree of vehicles, each counted once; none at all is a fault whatever `minVehicles` says. */
export function createTreeProbe({
  client,
  slowAfterMs,
  minVehicles,
}: Common & { readonly minVehicles: number }): OnlineProbe {
  const least = Math.max(1, minVehicles)
  return async (timeoutMs) => {
    const answer = await client.get(TREE_PATH, { timeoutMs, maxBytes: FLEET_BYTES })
    return judge(answer, slowAfterMs, (value) => {
      const tree = decodeTree(value)
      if (tree === undefined) return 'the answer is no tree of vehicles'
      const found = tree.vehicles.length
      return found >= least ? null : `expected ${least} vehicles or more in the tree, got ${found}`
    })
  }
}

/** When terminals were last active; an empty list is a fault. */
export function createActivityProbe({ client, slowAfterMs }: Common): OnlineProbe {
  return async (timeoutMs) =>
    judge(await askActivity(client, timeoutMs), slowAfterMs, (value) => readActivity(value).fault)
}

/** New data must keep coming: the newest of the fleet must not be older than `stalledAfterMs`. */
export function createDataPlaneProbe({
  client,
  slowAfterMs,
  stalledAfterMs,
  clock,
}: Common & {
  readonly stalledAfterMs: number
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}): OnlineProbe {
  let plane = UNSEEN
  return async (timeoutMs) => {
    const answer = await askActivity(client, timeoutMs)
    if (answer.kind !== 'answered') return judge(answer, slowAfterMs, () => null)
    const { rows, fault } = readActivity(answer.value)
    if (fault !== null) return judge(answer, slowAfterMs, () => fault)
    const moment = { now: clock.now(), monotonicMs: clock.monotonic() }
    const look = lookAtData(plane, rows, moment, stalledAfterMs)
    plane = look.plane
    const { state } = look
    if (state.kind === 'own-clock') return { kind: 'own-fault', reason: OWN_CLOCK }
    if (state.kind === 'stalled') return { ...faulty(answer, state.evidence), stalled: true }
    return judge(answer, slowAfterMs, () => null)
  }
}

const OWN_CLOCK = 'set the clock of this machine: most data of the fleet seems to come from the future'

function askActivity(client: OnlineClient, timeoutMs: number): Promise<OnlineAnswer> {
  return client.get(ACTIVITY_PATH, { timeoutMs, maxBytes: FLEET_BYTES })
}

function readActivity(value: unknown) {
  const activity = decodeActivity(value)
  if (activity === undefined) return { rows: [], fault: 'the answer is no list of terminals' }
  const { rows } = activity
  return { rows, fault: rows.length === 0 ? 'the list of terminals is empty' : null }
}

function judge(
  answer: OnlineAnswer,
  slowAfterMs = Number.POSITIVE_INFINITY,
  faultOf: (value: unknown) => Fault,
): OnlineResult {
  switch (answer.kind) {
    case 'answered': {
      const { latencyMs, status } = answer
      const fault = faultOf(answer.value)
      if (fault === null) return { kind: 'ok', latencyMs, slow: latencyMs > slowAfterMs, status }
      return faulty(answer, fault)
    }
    case 'failed':
    case 'own-fault':
      return answer
    case 'unusable':
      if (answer.cause === 'budget') return { ...unusable('budget', answer.reason), ownLimit: true }
      if (answer.cause !== 'vehicle') return unusable(answer.cause, answer.reason)
      return unusable('rights', `ask Omnicomm support for the rights of the account: ${answer.reason}`)
  }
}

function faulty(
  { latencyMs, status }: Extract<OnlineAnswer, { kind: 'answered' }>,
  fault: string,
): Extract<OnlineResult, { kind: 'failed' }> {
  return { kind: 'failed', phase: 'assert', latencyMs, status, evidence: oneLine(fault) }
}

function unusable(cause: UnusableCause, reason: string): Extract<OnlineResult, { kind: 'unusable' }> {
  return { kind: 'unusable', cause, reason: oneLine(reason) }
}
