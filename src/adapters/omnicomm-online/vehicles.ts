import { oneLine } from '../../core/one-line.ts'
import { decodeActivity } from '../../core/online/activity.ts'
import { decodeTree, type VehicleTree } from '../../core/online/tree.ts'
import { decodeVehicleState } from '../../core/online/vehicle-state.ts'
import { MINUTE } from '../../core/time.ts'
import type { VehicleAnswer, VehicleService } from '../../ports.ts'
import type { OnlineAnswer, OnlineClient } from './client.ts'
import { ACTIVITY_PATH, FLEET_BYTES, STATE_BYTES, statePath, TREE_PATH } from './paths.ts'

/** The tree was seen to need so long where everything else still answered at once. */
const TREE_TIMEOUT_MS = 2 * MINUTE

/** The vehicles of an account. `timeoutMs`: longest time of every call but that for the tree. */
export function createVehicleService(
  client: Pick<OnlineClient, 'get'>,
  { timeoutMs }: { readonly timeoutMs: number },
): VehicleService {
  let reading: Promise<VehicleAnswer<VehicleTree>> | null = null

  async function readTree(): Promise<VehicleAnswer<VehicleTree>> {
    const answer = await client.get(TREE_PATH, { timeoutMs: TREE_TIMEOUT_MS, maxBytes: FLEET_BYTES })
    return take(answer, decodeTree, 'the answer is no tree of vehicles')
  }

  return {
    async activity() {
      const answer = await client.get(ACTIVITY_PATH, { timeoutMs, maxBytes: FLEET_BYTES })
      return take(answer, decodeActivity, 'the answer is no list of terminals')
    },
    tree() {
      reading ??= readTree().finally(() => {
        reading = null
      })
      return reading
    },
    async state(id) {
      const answer = await client.get(statePath(id), { timeoutMs, maxBytes: STATE_BYTES })
      // A vehicle that does not exist may be told as a path that does not.
      if (answer.kind === 'unusable' && answer.cause === 'request') return { ...answer, cause: 'vehicle' }
      return take(answer, decodeVehicleState, 'the answer is no state of a vehicle')
    },
  }
}

/** `fault`: what is wrong when the body is not what was asked for. */
function take<Value>(
  answer: OnlineAnswer,
  decode: (value: unknown) => Value | undefined,
  fault: string,
): VehicleAnswer<Value> {
  if (answer.kind !== 'answered') return answer
  const value = decode(answer.value)
  if (value !== undefined) return { kind: 'answered', value }
  return { kind: 'failed', phase: 'assert', evidence: oneLine(fault) }
}
