import { describe, expect, test } from 'vitest'
import { configurator, smsSyntax } from '../../../../src/core/freshness/diagnosis/model.ts'

describe('a model', () => {
  test.each([
    ['Omnicomm Smart 3.0', 'documented'],
    ['Omnicomm OBD II', 'obd'],
    ['Omnicomm Profi 3.0', 'similar'],
    ['OKO Light', 'similar'],
    [' ', 'unknown'],
  ])('%j takes SMS commands: %s', (model, expected) => {
    expect(smsSyntax(model)).toBe(expected)
  })

  test.each([
    ['Omnicomm Optim 3.2', '6'],
    ['Profi 2.x', '6'],
    ['Smart', '6'],
    ['OBD II', '6'],
    ['ОКО', '6'],
    ['Profi 1.0', '5'],
    ['терминал первой серии', '5'],
    ['Omnicomm Light', 'both'],
    ['Profi v11.2', 'both'],
    ['', 'both'],
  ])('%j is set up with Configurator %s', (model, expected) => {
    expect(configurator(model)).toBe(expected)
  })
})
