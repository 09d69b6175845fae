import { describe, expect, test } from 'vitest'
import { viewTerminal } from '../../../../../src/core/fleet/query.ts'
import type { Incident } from '../../../../../src/core/freshness/mass/incident.ts'
import { HOUR, MINUTE } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

type Stage = ReturnType<typeof createDiagnosisStage>

function openIncident(stage: Stage, id: string): void {
  const incident: Incident = {
    id: 'i1',
    dimension: 'operator',
    group: 'Beeline',
    also: [],
    openedAt: stage.now(),
    onsetAt: stage.now() - 40 * MINUTE,
    closedAt: null,
    expected: 300,
    members: 200,
    silent: 180,
    clearSince: null,
    timeline: [],
  }
  stage.fleet.incidents.set(7, incident)
  stage.fleet.table.incident[stage.rowOf(id)] = 7
}

describe('an incident', () => {
  test('explains a silent terminal before its own power cut does', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { voltage: 13.8 })
    stage.read('1', { voltage: 0.4, powerAlarm: true, ignition: true })
    stage.wait(31 * MINUTE)
    openIncident(stage, '1')
    expect(stage.finding('1')).toEqual({
      code: 'incident',
      confidence: 'high',
      evidence: [
        {
          kind: 'incident',
          dimension: 'operator',
          group: 'Beeline',
          silent: 180,
          expected: 300,
          agoMs: 40 * MINUTE,
        },
        { kind: 'contact', agoMs: 31 * MINUTE },
      ],
    })
  })

  test('explains nothing of a member that talks again, until it is missed again', () => {
    const stage = createDiagnosisStage()
    stage.say('1', { kind: 'archive', eventAt: stage.now() - 3 * HOUR, readings: { ignition: true } })
    stage.wait(MINUTE)
    openIncident(stage, '1')
    expect(stage.cause('1')).toBe('archive-only/high')
    expect(viewTerminal(stage.fleet, '1', stage.now())).not.toHaveProperty('incident')
    stage.fleet.table.missing[stage.rowOf('1')] = 1
    expect(stage.cause('1')).toBe('incident/high')
    expect(viewTerminal(stage.fleet, '1', stage.now())).toMatchObject({ incident: { id: 'i1' } })
  })

  test('explains nothing once it is no longer open', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    stage.wait(31 * MINUTE)
    openIncident(stage, '1')
    stage.fleet.incidents.delete(7)
    expect(stage.cause('1')).toBe('unknown/low')
  })
})

describe('a suspended terminal', () => {
  test('says who suspended it', () => {
    const stage = createDiagnosisStage()
    stage.say('1')
    stage.change('1', { intake: 'off' })
    stage.wait(MINUTE)
    expect(stage.finding('1')?.evidence).toContainEqual({ kind: 'intake-off' })
    stage.change('1', { intake: 'on', lifecycle: 'suspended' })
    stage.wait(MINUTE)
    expect(stage.cause('1')).toBe('suspended/high')
    expect(stage.finding('1')?.evidence[0]).toEqual({ kind: 'suspended-here' })
  })
})

describe('planned work', () => {
  test('is the cause while its window lasts', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    const from = stage.now()
    stage.change('1', { maintenance: { from, to: from + HOUR, reason: 'new sensor' } })
    stage.wait(59 * MINUTE)
    expect(stage.cause('1')).toBe('maintenance/high')
    expect(stage.finding('1')?.evidence[0]).toEqual({ kind: 'window', reason: 'new sensor', leftMs: MINUTE })
    stage.wait(MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })
})
