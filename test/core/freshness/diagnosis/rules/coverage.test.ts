import { describe, expect, test } from 'vitest'
import type { Readings } from '../../../../../src/core/telemetry/observation.ts'
import { HOUR, MINUTE } from '../../../../../src/core/time.ts'
import { createDiagnosisStage, fixAt } from '../../../../support/diagnosis-stage.ts'

type Stage = ReturnType<typeof createDiagnosisStage>

const driving: Readings = { ignition: true, speedKmh: 60 }

function loseAndFind(stage: Stage, id: string, latitude: number, readings: Readings = driving): void {
  stage.say(id, { fix: fixAt(latitude), readings })
  stage.wait(31 * MINUTE)
  stage.say(id, { fix: fixAt(latitude + 1), readings })
  stage.wait(2 * MINUTE)
}

function lose(stage: Stage, latitude: number, readings: Readings = driving): string | null {
  stage.say('me', { fix: fixAt(latitude), readings })
  stage.wait(31 * MINUTE)
  return stage.cause('me')
}

describe('coverage', () => {
  test.each([
    [{ ...driving, gsmPercent: 20 }, 'coverage/medium'],
    [{ ...driving, gsmPercent: 21 }, 'unknown/low'],
    [{ gsmPercent: 0 }, 'unknown/low'],
    [driving, 'unknown/low'],
  ] as const)('%j at the last contact: %s', (readings, expected) => {
    const stage = createDiagnosisStage()
    stage.read('1', readings)
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe(expected)
  })

  test('does not count a signal that was read long before the last data', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ...driving, gsmPercent: 5 })
    stage.wait(11 * MINUTE)
    stage.read('1', driving)
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })

  test('is missing where three others fell silent on the move and came back', () => {
    const stage = createDiagnosisStage()
    loseAndFind(stage, 'a', 55.751)
    loseAndFind(stage, 'b', 55.752)
    expect(lose(stage, 55.7515)).toBe('unknown/low')
    loseAndFind(stage, 'c', 55.753)
    expect(stage.cause('me')).toBe('coverage/medium')
    expect(stage.finding('me')?.evidence[0]).toEqual({ kind: 'neighbours', terminals: 3 })
  })

  test('counts one neighbour once, and not itself', () => {
    const stage = createDiagnosisStage()
    for (const id of ['a', 'a', 'b', 'me', 'me']) loseAndFind(stage, id, 55.751)
    expect(lose(stage, 55.751)).toBe('unknown/low')
  })

  test('counts no neighbours that are far away, were parked or did not come back', () => {
    const stage = createDiagnosisStage()
    loseAndFind(stage, 'far', 55.8)
    loseAndFind(stage, 'a', 55.751)
    loseAndFind(stage, 'b', 55.751)
    stage.say('gone', { fix: fixAt(55.751), readings: driving })
    stage.say('parked', { fix: fixAt(55.751), readings: { ignition: false } })
    stage.wait(7 * HOUR)
    stage.say('parked', { fix: fixAt(55.751), readings: { ignition: false } })
    stage.wait(2 * MINUTE)
    expect(lose(stage, 55.751)).toBe('unknown/low')
  })

  test('says nothing of a place from what an incident explains', () => {
    const stage = createDiagnosisStage()
    for (const id of ['a', 'b', 'c']) {
      stage.fleet.table.incident[stage.rowOf(id)] = 1
      loseAndFind(stage, id, 55.751)
      stage.fleet.table.incident[stage.rowOf(id)] = 0
    }
    expect(lose(stage, 55.751)).toBe('unknown/low')
  })

  test('is sure with a weak signal where others were lost', () => {
    const stage = createDiagnosisStage()
    for (const id of ['a', 'b', 'c']) loseAndFind(stage, id, 55.751)
    expect(lose(stage, 55.751, { ...driving, gsmPercent: 10 })).toBe('coverage/high')
  })
})
