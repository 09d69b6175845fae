import { expect, test } from 'vitest'
import type { ProbeResult } from '../../src/core/outage/verdict.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { createRig, OK, OPTIONS } from './prober-rig.ts'

const STALLED: ProbeResult = { kind: 'failed', phase: 'assert', latencyMs: 1, stalled: true, evidence: 'old' }
const DATA = { kind: 'omnicomm-dataplane', counts: 'degraded' } as const

test('the data plane of each account is known by itself, and dated back by its own limit', async () => {
  const rig = createRig({
    components: [...OPTIONS.components, { ...DATA, id: 'first' }, { ...DATA, id: 'second' }],
    dataPlanes: [
      { id: 'first', account: 'main', stalledAfterMs: 30 * MINUTE },
      { id: 'second', account: 'shard', stalledAfterMs: 2 * HOUR },
    ],
  })
  rig.answers.set('second', STALLED)
  const prober = await rig.start()
  const startedAt = rig.clock.now()
  const shard = { from: startedAt - 2 * HOUR, to: null }
  const dataPlanes = () => Object.fromEntries(prober.blindness().dataPlanes)
  expect(dataPlanes()).toEqual({ main: null, shard })
  rig.answers.set('first', STALLED).set('second', OK)
  await rig.clock.advance(MINUTE)
  expect(dataPlanes()).toEqual({
    main: { from: startedAt - 29 * MINUTE, to: null },
    shard: { ...shard, to: startedAt + MINUTE },
  })
  await rig.kill()
})
