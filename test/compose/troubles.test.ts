import { expect, test } from 'vitest'
import { distinctTroubles } from '../../src/compose/troubles.ts'

test('a full disk is one reason, told with what comes of it', () => {
  const full = 'The database cannot be written, because the disk is full.'
  expect(distinctTroubles([full, `store: ${full}`])).toEqual([`store: ${full}`])
  expect(distinctTroubles([full])).toEqual([full])
  const round = `a probe round cannot be stored: ${full}`
  expect(distinctTroubles([full, `store: ${full}`, round, round])).toEqual([`store: ${full}`, round])
})

test('reasons that differ are all told', () => {
  expect(distinctTroubles(['a', 'store: b', 'letters: c'])).toEqual(['a', 'store: b', 'letters: c'])
  expect(distinctTroubles([])).toEqual([])
})
