import { expect, test } from 'vitest'
import { explainSilence } from '../../../src/core/flagging/explain.ts'
import { type FlaggedList, listFlagged } from '../../../src/core/flagging/flagged.ts'
import { stepLines } from '../../../src/core/flagging/step-lines.ts'
import { HOUR } from '../../../src/core/time.ts'
import { addTerminal, EIGHT, emptyFleet, put } from '../../support/flagged-fleet.ts'

const STEP = 'What is known does not tell the cause. Ask for firmware and size of the archive (SMS *GETINFO#)'
const VISIT = 'For a visit take Configurator'

/** Silent terminals of these models, each alone in its fleet, so that nothing tells the cause. */
function silent(...models: readonly string[]): FlaggedList {
  const items = models.flatMap((model) => {
    const fleet = emptyFleet()
    const row = addTerminal(fleet, '1', { model })
    put(fleet, '1', 'stale', EIGHT - HOUR)
    return listFlagged(fleet, [{ row, since: EIGHT - HOUR }], EIGHT, explainSilence(fleet)).items
  })
  return { items, total: items.length }
}

test('what to do is said once of all terminals with the same cause, whatever their models', () => {
  const lines = stepLines(silent('Smart 3.0', 'OBD 2.0', 'Optim 2.0', 'FAS 1.4', ''), 'en')
  expect(lines).toHaveLength(1)
  const [line = ''] = lines
  expect(line).toMatch(`• ${STEP}`)
  expect(line.split(STEP)).toHaveLength(2)
  expect(line).toContain(` Smart 3.0, OBD 2.0, Optim 2.0: ${VISIT} 6`)
  expect(line).toContain(` FAS 1.4: ${VISIT} 5.`)
  expect(line).toContain(' OBD 2.0: OBD models have SMS commands of their own')
  expect(line).toContain(' Optim 2.0, FAS 1.4: The SMS commands are those of Smart 3.0; other models')
  expect(line).toContain(' The model is not known: the SMS commands are those of Smart 3.0')
})

test('models whose tools are the same are named together, no more than five of them', () => {
  const models = ['A 2.1', 'B 2.1', 'C 2.1', 'D 2.1', 'E 2.1', 'F 2.1', 'A 2.1', 'Smart 3.0']
  expect(stepLines(silent(...models), 'en')[0]).toContain(
    ' A 2.1, B 2.1, C 2.1, D 2.1, E 2.1 …: The SMS commands',
  )
})

test('what is said of all models is said without their names', () => {
  const [line = ''] = stepLines(silent('A 2.1', 'Smart 3.0'), 'en')
  expect(line).toContain(' A 2.1: The SMS commands')
  expect(line).toContain(` documentation of the model. ${VISIT} 6`)
})

test('no model is named where the tools are the same for all', () => {
  const [line = ''] = stepLines(silent('A 2.1', 'B 2.1'), 'ru')
  expect(line).toContain('SMS-команды даны для Smart 3.0')
  expect(line).not.toContain('2.1')
})

test('nothing is said where nothing is known', () => {
  const { items } = silent('')
  expect(stepLines({ items: items.map((item) => ({ ...item, why: null })), total: 1 }, 'en')).toEqual([])
})
