import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { openFleet } from '../../src/compose/fleet.ts'
import { parseConfig } from '../../src/config/load.ts'
import { encodeRows } from '../../src/core/fleet/register-codec.ts'
import { createTable, ensureRow } from '../../src/core/fleet/terminal-table.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { CODE } from '../../src/core/freshness/state.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { flushOf, incident, terminalRow } from '../support/store-rows.ts'
import { tempFolder } from '../support/temp-folder.ts'

test('what an open incident explains raises no alert at a start that brings a new inventory file, the rest does', async () => {
  using folder = tempFolder()
  await writeFile(folder.file('fleet.csv'), 'terminal_id,name\n9,Lorry\n')
  const parsed = parseConfig(
    JSON.stringify({
      sources: [{ id: 'push', kind: 'http', token: 'push-token' }],
      fleet: { terminals: folder.file('fleet.csv') },
      service: { components: [] },
    }),
    {},
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const clock = createFakeClock()
  const now = clock.now()
  const stores = createMemoryStores()
  const table = createTable()
  const terminals = [0, 1].map((row) => {
    ensureRow(table, row)
    const spoken = { terminalId: String(row), source: 'push', receivedAt: now - HOUR, kind: 'live' } as const
    applyObservation(table, row, spoken, 1)
    table.state[row] = CODE.stale
    table.leaveAt[row] = 0
    return terminalRow(row, { id: String(row), operator: 'MTS', aliases: [], firstSeenAt: now - DAY })
  })
  const open = incident('mts', now - HOUR, { dimension: 'operator', group: 'MTS' })
  await stores.fleet.flush(
    flushOf({
      at: now,
      terminals,
      journal: [encodeRows(table, [0, 1])],
      incidents: [{ incident: open, rows: Uint32Array.of(0) }],
    }),
  )

  const base = { clock, log: createRecordingLog(), metrics: createRecordingMetrics() }
  const opened = await openFleet({ ...base, stores }, parsed.config)
  await clock.advance(MINUTE)
  expect(opened.fleet.rows.get('9')).toBe(2)
  const alerts = async (id: string) =>
    (await stores.fleet.history(id, 0, Infinity, 10)).filter(({ alertId }) => alertId !== undefined)
  expect(await alerts('0')).toEqual([])
  expect(await alerts('1')).toMatchObject([{ contactAt: now - HOUR }])
  await opened.stop()
})
