import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

/** A range of SIM cards in which so many are silent; the first of them is asked about. */
function causeInRange(silent: number, members: number): string | null {
  const stage = createDiagnosisStage()
  const ids = Array.from({ length: members }, (_, i) => `${100 + i}`)
  ids.forEach((id, i) => {
    stage.read(id, { ignition: true })
    stage.change(id, { sim: `+7 900 123-40-${String(i).padStart(2, '0')}` })
  })
  stage.wait(20 * MINUTE)
  for (const id of ids.slice(silent)) stage.read(id, { ignition: true })
  stage.wait(11 * MINUTE)
  return stage.cause(ids[0] ?? '')
}

describe('the SIM card', () => {
  test.each([
    [4, 4, 'unknown/low'],
    [4, 5, 'sim/medium'],
    [3, 5, 'unknown/low'],
    [7, 9, 'unknown/low'],
    [8, 10, 'sim/high'],
  ])('%i silent terminals of %i in its range of numbers: %s', (silent, members, expected) => {
    expect(causeInRange(silent, members)).toBe(expected)
  })

  test('is the cause of all that fell silent within some minutes, from the first that is stale', () => {
    const stage = createDiagnosisStage()
    const ids = Array.from({ length: 10 }, (_, i) => `${100 + i}`)
    ids.forEach((id, i) => {
      stage.change(id, { sim: `+7 900 123-40-${String(i).padStart(2, '0')}` })
    })
    for (let minute = 0; minute < 45; minute++) {
      const talking = ids.filter((_, i) => i >= 8 || minute <= 3 + (i % 4))
      for (const id of talking) stage.read(id, { ignition: true })
      stage.wait(MINUTE)
    }
    const causes = stage.transitions.filter(({ to }) => to === 'stale').map(({ cause }) => cause)
    expect(causes).toEqual(Array.from({ length: 8 }, () => 'sim'))
  })

  test.each([
    [HOUR, 'sim/medium'],
    [HOUR + SECOND, 'unknown/low'],
  ])('a change of roaming %i ms before the last data: %s', (beforeMs, expected) => {
    const stage = createDiagnosisStage()
    stage.read('1', { roaming: false, ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { roaming: true })
    stage.wait(beforeMs)
    stage.read('1', { roaming: true })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe(expected)
  })

  test('is not suspected of a terminal that always roams', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { roaming: true, ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { roaming: true })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })

  test.each([true, false])('tells whether it went into roaming (%j), however long ago', (roaming) => {
    const stage = createDiagnosisStage()
    stage.read('1', { roaming: !roaming, ignition: true })
    stage.wait(MINUTE)
    stage.read('1', { roaming })
    stage.wait(30 * MINUTE)
    stage.read('1', { ignition: true })
    stage.wait(31 * MINUTE)
    const evidence = { kind: 'roaming', on: roaming, beforeMs: 30 * MINUTE }
    expect(stage.finding('1')).toMatchObject({ code: 'sim', evidence: [evidence, {}] })
  })

  test('is not suspected for a change that came in the silence', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { roaming: false, ignition: true })
    stage.wait(20 * MINUTE)
    stage.say('1', { kind: 'presence', readings: { roaming: true } })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('link-without-data/medium')
  })
})
