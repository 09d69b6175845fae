import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { CHUNK_ROWS, ensureRow, markDirty } from '../../../src/core/fleet/terminal-table.ts'
import { createFleetWriter } from '../../../src/workers/fleet-writer.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createScenario } from '../../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('a database that the journal has filled is relieved by a checkpoint, also of more chunks than make a part', async () => {
  using folder = tempFolder()
  const stores = await openSqliteStores({ path: join(folder.path, 'watch.db'), maxPages: 6000 })
  try {
    const clock = createFakeClock()
    const { fleet } = createScenario()
    const [log, metrics] = [createRecordingLog(), createRecordingMetrics()]
    const writer = createFleetWriter({ clock, fleet, store: stores.fleet, log, metrics, takeBlind: () => [] })
    const rows = 100 * CHUNK_ROWS
    ensureRow(fleet.table, rows - 1)
    const hearAll = (): void => {
      for (let row = 0; row < rows; row++) markDirty(fleet.table, row)
    }
    hearAll()
    await writer.write(false)
    await writer.checkpoint(() => false)
    expect(writer.troubles()).toEqual([])

    for (let n = 0; n < 20 && writer.troubles().length === 0; n++) {
      hearAll()
      await writer.write(false)
    }
    expect(writer.troubles()).toEqual([expect.stringMatching(/no space is left/)])
    await writer.checkpoint(() => false)
    expect(writer.troubles()).toEqual([])
    expect(fleet.table.dirty).toEqual([])
  } finally {
    await stores.close()
  }
})
