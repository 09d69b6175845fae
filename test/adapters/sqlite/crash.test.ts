import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { startScript } from '../../support/child-script.ts'
import { outage, terminalRow, terminalsOf } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

const CHILD = new URL('./crash-child.ts', import.meta.url)

test('a process killed while it writes leaves every resolved call and no half of any call', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.db')
  let next = 0
  for (const extraMs of [0, 7, 23, 41]) {
    await using child = startScript(CHILD, [path, String(next)])
    await until(() => child.lines.length >= 20, 20_000)
    // A moment that falls anywhere between and inside the writes.
    await delay(extraMs)
    await child.kill()
    const resolved = Number(child.lines.at(-1))
    next = await storedSteps(path)
    expect(next).toBeGreaterThan(resolved)
  }
}, 90_000)

/** A step that was cut between its calls is written again by the next run. */
function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)]
}

/** The number of steps in the database, having checked that they are complete. */
async function storedSteps(path: string): Promise<number> {
  const stores = await openSqliteStores({ path })
  try {
    const loaded = await stores.fleet.load()
    const { journal, heartbeatAt } = loaded
    const terminals = terminalsOf(loaded)
    const steps = terminals.length
    expect(terminals).toEqual(Array.from({ length: steps }, (_, n) => terminalRow(n)))
    const numbers = Array.from({ length: steps }, (_, n) => n)
    const entries = journal.map((entry) => Number(new TextDecoder().decode(entry)))
    expect(distinct(entries)).toEqual(numbers)
    expect(heartbeatAt).toBe(steps - 1)

    const outages = (await stores.outages.load()).toReversed()
    expect(outages).toEqual(outages.map((_, n) => outage(`outage-${n}`, n)))
    // The three calls of a step come one after the other: the kill may fall between them.
    const rounds = distinct((await stores.outages.trace(0, steps)).map(({ at }) => at))
    expect(rounds).toEqual(numbers.slice(0, rounds.length))
    expect(rounds.length).toBeGreaterThanOrEqual(steps - 1)
    expect(rounds.length).toBeGreaterThanOrEqual(outages.length)
    const { items, total } = await stores.outbox.list({ limit: 100_000 })
    expect(total).toBe(outages.length)
    expect(items.map(({ subject }) => subject)).toEqual(outages.map(({ id }) => id).reverse())
    expect(outages.length).toBeGreaterThanOrEqual(steps - 1)
    return outages.length
  } finally {
    await stores.close()
  }
}
