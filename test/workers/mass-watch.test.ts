import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { addSource, createFleet, EMPTY, type Fleet } from '../../src/core/fleet/fleet.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { Stores } from '../../src/ports.ts'
import { createMassWatch } from '../../src/workers/mass-watch.ts'
import { createSweeper } from '../../src/workers/sweeper.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

const SETTINGS = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: 5 * MINUTE } }

/** A service over stores and a clock that may be older than it. */
async function service(stores: Stores, clock: FakeClock) {
  const fleet = createFleet(SETTINGS, 2 * MINUTE)
  const stored = await stores.fleet.load()
  restoreFleet(fleet, stored)
  const since = clock.now() - DAY
  addSource(
    fleet,
    createSourceWatch({ id: 'gate', intervalMs: 30 * SECOND, liveLagMs: MINUTE }, since, since, []),
  )
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const sweeper = createSweeper(
    {
      clock,
      fleet,
      store: stores.fleet,
      log,
      metrics,
      takeBlind: () => [],
      look: () => {},
      report: () => {},
    },
    { flushEveryMs: () => SECOND },
  )
  const watch = createMassWatch({ clock, fleet, log, release: sweeper.release })
  watch.restore(stored)
  sweeper.start()
  watch.start()
  return {
    fleet,
    log,
    /** Lets so much time pass in which all terminals talk, but those that `isMute` names. */
    async run(ms: number, isMute: (id: number) => boolean = () => false): Promise<void> {
      for (const end = clock.now() + ms; clock.now() < end; ) {
        for (const { row, id } of fleet.inventory) if (!isMute(Number(id))) hear(fleet, row, clock.now())
        await clock.advance(15 * SECOND)
      }
    },
    async stop(): Promise<void> {
      await watch.stop()
      await sweeper.stop()
    },
  }
}

function hear(fleet: Fleet, row: number, receivedAt: number): void {
  const readings = { ignition: true, speedKmh: 50 }
  takeObservation(fleet, row, { terminalId: '', source: 'gate', receivedAt, kind: 'live', readings }, 1)
}

function addTerminals(fleet: Fleet, firstSeenAt: number): void {
  for (let row = 0; row < 200; row++) {
    const operator = row < 50 ? 'MTS' : 'Tele2'
    changeTerminal(fleet, { ...EMPTY, row, id: String(row), operator, firstSeenAt })
  }
}

const ofMts = (id: number): boolean => id < 50

test('an incident is stored with its members and said once, and so is its end', async () => {
  const stores = createMemoryStores()
  const clock = createFakeClock()
  const { fleet, log, run, stop } = await service(stores, clock)
  addTerminals(fleet, clock.now() - DAY)
  await run(10 * MINUTE)
  await run(10 * MINUTE, ofMts)
  const [open] = (await stores.fleet.load()).incidents
  expect(open?.incident).toMatchObject({ dimension: 'operator', group: 'MTS', members: 50, closedAt: null })
  expect([...(open?.rows ?? [])]).toEqual([...Array(50).keys()])
  await run(15 * MINUTE)
  expect((await stores.fleet.load()).incidents).toEqual([])
  expect(await stores.flags.incident(open?.incident.id ?? '')).toMatchObject({ incident: { silent: 0 } })
  const said = log.lines.filter(({ fields }) => fields['incident'] === open?.incident.id)
  expect(said.map(({ level, fields }) => [level, fields['group'], fields['silent']])).toEqual([
    ['warn', 'operator/MTS', 50],
    ['info', 'operator/MTS', 0],
  ])
  await stop()
})

test('after a restart an open incident goes on, and who is silent at its end raises an alert, once', async () => {
  const stores = createMemoryStores()
  const clock = createFakeClock()
  const first = await service(stores, clock)
  addTerminals(first.fleet, clock.now() - DAY)
  await first.run(10 * MINUTE)
  await first.run(10 * MINUTE, ofMts)
  await first.stop()
  const second = await service(stores, clock)
  expect([...second.fleet.incidents.values()]).toMatchObject([{ group: 'MTS', members: 50 }])
  await second.run(15 * MINUTE, (id) => id < 5)
  await second.run(HOUR, (id) => id < 5)
  expect(second.fleet.incidents.size).toBe(0)
  for (const [id, alerts] of [
    ['3', 1],
    ['20', 0],
  ] as const) {
    const history = await stores.fleet.history(id, 0, clock.now(), 100)
    expect(history.filter(({ to }) => to === 'stale')).toHaveLength(1 + alerts)
    expect(history.filter(({ alertId }) => alertId !== undefined)).toHaveLength(alerts)
  }
  await second.stop()
})

test('a stop waits for the evaluation that is under way', async () => {
  const stores = createMemoryStores()
  const clock = createFakeClock()
  const { fleet, run, stop } = await service(stores, clock)
  addTerminals(fleet, clock.now() - DAY)
  await run(10 * MINUTE)
  const evaluated = clock.advance(30 * SECOND)
  await stop()
  await evaluated
  expect((await stores.fleet.load()).chunks).toHaveLength(1)
})
