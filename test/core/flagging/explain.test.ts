import { expect, test } from 'vitest'
import { explainSilence } from '../../../src/core/flagging/explain.ts'
import { HOUR } from '../../../src/core/time.ts'
import { addTerminal, EIGHT, emptyFleet, put } from '../../support/flagged-fleet.ts'

test('a silence is explained by the diagnosis of the terminal, in both languages', () => {
  const fleet = emptyFleet()
  const row = addTerminal(fleet, '1')
  put(fleet, '1', 'stale', EIGHT - HOUR)
  const why = explainSilence(fleet)(row, EIGHT)
  expect(why?.ru.cause).toMatch(/^[А-Я].*\.$/)
  expect(why?.en.cause).toMatch(/^[A-Z].*\.$/)
  expect(why?.ru.step).not.toBe('')
  expect(why?.en.tools[0]).toContain('The SMS commands are those of Smart 3.0')
})

test('nothing is said of a terminal that talks', () => {
  const fleet = emptyFleet()
  expect(explainSilence(fleet)(addTerminal(fleet, '1'), EIGHT)).toBeNull()
})
