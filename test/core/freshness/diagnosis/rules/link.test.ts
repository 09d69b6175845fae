import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts'
import { createDiagnosisStage } from '../../../../support/diagnosis-stage.ts'

type Stage = ReturnType<typeof createDiagnosisStage>

const ident = { kind: 'presence', readings: { firmware: '120' } } as const

describe('the server address', () => {
  test('is suspected when a terminal connects but has never sent data', () => {
    const stage = createDiagnosisStage()
    stage.say('1', ident)
    stage.wait(DAY)
    expect(stage.state('1')).toBe('never')
    expect(stage.cause('1')).toBe('server-address/low')
    stage.wait(SECOND)
    expect(stage.cause('1')).toBe('unknown/low')
  })

  test('is not suspected once it has sent any', () => {
    const stage = createDiagnosisStage()
    stage.say('1', { readings: { ignition: true } })
    stage.wait(HOUR)
    stage.say('1', ident)
    stage.wait(MINUTE)
    expect(stage.cause('1')).toBe('link-without-data/medium')
  })
})

describe('a loop of restarts', () => {
  function connects(stage: Stage, count: number, everyMs: number, isIdent = true, withData = 0): void {
    for (let i = 0; i < count; i++) {
      if (i > 0) stage.wait(everyMs)
      stage.say('1', isIdent ? ident : { kind: 'presence' })
      if (i < withData) stage.say('1', { receivedAt: stage.now() + SECOND })
    }
  }

  function causeOf(count: number, everyMs: number, isIdent = true, withData = 0): string | null {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true, firmware: '120' })
    stage.wait(MINUTE)
    connects(stage, count, everyMs, isIdent, withData)
    stage.wait(HOUR)
    return stage.cause('1')
  }

  test('is six idents within an hour without data', () => {
    expect(causeOf(6, 12 * MINUTE)).toBe('reboot-loop/medium')
    expect(causeOf(5, 12 * MINUTE)).toBe('link-without-data/medium')
    expect(causeOf(6, 12 * MINUTE + SECOND)).toBe('link-without-data/medium')
  })

  test('is not connects of which more than half brought data', () => {
    expect(causeOf(6, MINUTE, true, 3)).toBe('reboot-loop/medium')
    expect(causeOf(6, MINUTE, true, 4)).toBe('unknown/low')
  })

  test('is connects of any kind only when ten come within ten minutes', () => {
    expect(causeOf(10, MINUTE, false)).toBe('reboot-loop/low')
    expect(causeOf(10, 70 * SECOND, false)).not.toMatch('reboot-loop')
  })

  test('that ended long before the last data explains nothing', () => {
    const stage = createDiagnosisStage()
    connects(stage, 6, MINUTE)
    stage.wait(HOUR + SECOND)
    stage.read('1', { ignition: true })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })
})

describe('archive only', () => {
  test('is a terminal that hands over its archive', () => {
    const stage = createDiagnosisStage()
    stage.say('1', { kind: 'archive', eventAt: stage.now() - 3 * HOUR, readings: { ignition: true } })
    stage.wait(MINUTE)
    expect(stage.state('1')).toBe('backlog')
    expect(stage.cause('1')).toBe('archive-only/high')
    expect(stage.finding('1')?.evidence[0]).toEqual({ kind: 'lag', ms: 3 * HOUR + MINUTE })
  })

  test.each([
    [30 * MINUTE, 'archive-only/medium'],
    [30 * MINUTE - SECOND, 'unknown/low'],
  ])('is one that fell silent after %i ms of it: %s', (forMs, expected) => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    stage.wait(forMs)
    stage.say('1', { kind: 'archive', eventAt: stage.now() - 5 * MINUTE })
    stage.wait(31 * MINUTE)
    expect(stage.state('1')).toBe('stale')
    expect(stage.cause('1')).toBe(expected)
  })

  test('is not a stored value that brought no message', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    stage.wait(HOUR)
    stage.say('1', { kind: 'snapshot', eventAt: stage.now() })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
  })
})

describe('a link without data', () => {
  test.each([
    [15 * MINUTE, 'unknown/low'],
    [15 * MINUTE + SECOND, 'link-without-data/medium'],
  ])('that was seen %i ms after the last data: %s', (afterMs, expected) => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    stage.wait(afterMs)
    stage.say('1', { kind: 'presence' })
    stage.wait(31 * MINUTE)
    expect(stage.cause('1')).toBe(expected)
  })

  test('is a weak hint when it is gone as well', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    stage.wait(20 * MINUTE)
    stage.say('1', { kind: 'presence' })
    stage.wait(HOUR + SECOND)
    expect(stage.cause('1')).toBe('link-without-data/low')
  })

  test('is not what data proves that was delivered late, nor a connection that was', () => {
    const stage = createDiagnosisStage()
    stage.read('1', { ignition: true })
    stage.wait(40 * MINUTE)
    const heardAt = stage.now() - 35 * MINUTE
    stage.say('1', { kind: 'presence', heardAt })
    stage.wait(MINUTE)
    expect(stage.cause('1')).toBe('unknown/low')
    stage.say('1', { heardAt })
    stage.wait(2 * MINUTE)
    expect(stage.state('1')).toBe('stale')
    expect(stage.cause('1')).toBe('unknown/low')
    stage.wait(15 * MINUTE)
    stage.say('1', { kind: 'presence' })
    stage.wait(MINUTE)
    expect(stage.cause('1')).toBe('link-without-data/medium')
  })
})
