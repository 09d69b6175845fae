import { expect, test } from 'vitest'
import { retentionFaults } from '../../src/compose/retention.ts'
import { parseConfig } from '../../src/config/load.ts'
import { DAY } from '../../src/core/time.ts'

function faultsOf(text: string): readonly string[] {
  const loaded = parseConfig(`retention: ${text}`, {})
  return loaded.ok ? [] : loaded.faults.map(({ path, message }) => `${path} ${message}`)
}

test('what is kept for a time that people rely on cannot be kept for less, but for ever', () => {
  expect(faultsOf('{ letters: 1d, verdicts: 47h, operatorLetters: 62d }')).toEqual([
    expect.stringContaining('retention.verdicts must be 2d or more, or off to keep it for ever'),
    expect.stringContaining('retention.letters must be 32d or more, or off to keep it for ever'),
    expect.stringContaining('retention.operatorLetters must be 63d or more, or off to keep it for ever'),
  ])
  const loaded = parseConfig('retention: { letters: off, audit: 32d }', {})
  expect(loaded).toMatchObject({
    ok: true,
    config: { retention: { letters: Number.POSITIVE_INFINITY, audit: 32 * DAY, verdicts: 30 * DAY } },
  })
})

test('a time that is none is a fault of the configuration', () => {
  expect(retentionFaults({ retention: { at: '20 3 * *' } })).toEqual([
    { path: 'retention.at', message: expect.stringContaining('must have the five fields') },
  ])
  expect(retentionFaults({ retention: { at: '20 3 * * *' } })).toEqual([])
  expect(retentionFaults({})).toEqual([])
})
