import { expect, test } from 'vitest'
import { beginBlind } from '../../../../src/core/freshness/source-watch.ts'
import { DAY, MINUTE, SECOND } from '../../../../src/core/time.ts'
import { createMassScenario } from '../../../support/mass-scenario.ts'

const SOURCES = ['gate', 'relay'].map((id) => ({ id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }))

/** All terminals of the source `relay` are silent; it has been learnt for so many days. */
function silentRelay(learntDays: number) {
  const scenario = createMassScenario({ sources: SOURCES, learntDays })
  scenario.add(100, (n) => ({ client: `C${n % 10}` }), 1)
  scenario.add(40, (n) => ({ client: `C${n % 10}` }), 2)
  scenario.run(10 * MINUTE)
  scenario.mute(({ source }) => source === 2)
  scenario.run(5 * MINUTE)
  return scenario
}

function retire({ fleet, now }: ReturnType<typeof silentRelay>): void {
  const watch = fleet.sources[1]
  if (!watch) throw new Error('there is no second source')
  watch.retired = true
  beginBlind(watch, 'link', now())
}

test.each([
  ['source/relay', 0],
  ['ingest/relay', 20 * DAY],
])('an incident of a source that is no longer configured ends: %s', (name, learnt) => {
  const scenario = silentRelay(learnt / DAY)
  expect(scenario.names()).toEqual([name])
  scenario.run(30 * MINUTE)
  expect(scenario.closed).toEqual([])
  retire(scenario)
  scenario.run(11 * MINUTE)
  expect(scenario.closed.map(({ group, silent }) => [group, silent])).toEqual([['relay', 0]])
  expect(scenario.fleet.table.incident.some((number) => number !== 0)).toBe(false)
})
