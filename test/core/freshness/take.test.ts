import { expect, test } from 'vitest'
import { addSource } from '../../../src/core/fleet/fleet.ts'
import { createSourceWatch } from '../../../src/core/freshness/source-watch.ts'
import { takeObservation } from '../../../src/core/freshness/take.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { createDiagnosisStage } from '../../support/diagnosis-stage.ts'
import { T0 } from '../../support/fleet-scenario.ts'

test('the records of one message are counted once, as they are one contact', () => {
  const stage = createDiagnosisStage()
  const { liveCounts } = stage.fleet.table
  for (let record = 0; record < 10; record++) stage.say('1', { eventAt: stage.now() - record * SECOND })
  expect(liveCounts[1]).toBe(1)
  stage.wait(30 * SECOND)
  stage.say('1')
  expect(liveCounts[1]).toBe(2)
})

test('two sources that bring the same messages each count them', () => {
  const stage = createDiagnosisStage()
  const settings = { id: 'relay', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
  addSource(stage.fleet, createSourceWatch(settings, T0, T0, []))
  for (let minute = 0; minute < 5; minute++) {
    stage.say('1')
    const copy = { terminalId: '1', source: 'relay', receivedAt: stage.now() + 20, kind: 'live' } as const
    takeObservation(stage.fleet, stage.rowOf('1'), copy, 2)
    stage.wait(MINUTE)
  }
  expect([...stage.fleet.table.liveCounts.subarray(1, 3)]).toEqual([5, 5])
})
