import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openSqliteStores } from '../../src/adapters/sqlite/stores.ts'
import { startScript } from '../support/child-script.ts'
import { createFaultySmtp } from '../support/faulty-smtp.ts'
import { playLetterScenario, SCENARIO_RECIPIENTS } from '../support/letter-scenario.ts'
import { tempFolder } from '../support/temp-folder.ts'

const CHILD = new URL('./letter-crash-child.ts', import.meta.url)

/** Two cores. */
const AT_ONCE = 2

test('SIGKILL after any commit, claim, delivery or settlement of an outage loses no letter', async () => {
  const points = await pointsOfTheOutage()
  for (const name of ['append', 'commit', 'claim', 'delivery', 'settle']) {
    expect(points.filter((point) => point === name).length, name).toBeGreaterThan(4)
  }
  const waiting = points.map((name, index) => ({ nth: index + 1, name }))
  const doubled = new Map<string, number>()
  let unharmed = 0
  async function killAtTheRest(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const end = await killAt(next.nth, `point ${next.nth}, ${next.name}`)
      if (!end.killed) unharmed++
      doubled.set(next.name, (doubled.get(next.name) ?? 0) + end.doubled)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, killAtTheRest))
  // Two letters are claimed at once or one after the other, so a run may have a point or two less than the first one.
  expect(unharmed).toBeLessThan(4)
  // Killed between a delivery and its settlement the service cannot know, so the letter goes out twice.
  expect(doubled.get('delivery')).toBeGreaterThan(4)
}, 400_000)

async function pointsOfTheOutage(): Promise<readonly string[]> {
  using folder = tempFolder()
  const server = await createFaultySmtp()
  await using child = startScript(CHILD, [folder.file('watch.sqlite'), server.url, '0'])
  expect(await once(child.process, 'exit')).toEqual([0, null])
  await server.close()
  return child.lines
}

/** Plays the outage until it is killed, then to its end. `doubled`: letters that came more than once. */
async function killAt(
  nth: number,
  name: string,
): Promise<{ readonly killed: boolean; readonly doubled: number }> {
  using folder = tempFolder()
  const database = folder.file('watch.sqlite')
  const server = await createFaultySmtp()
  await using child = startScript(CHILD, [database, server.url, String(nth)])
  const end = await once(child.process, 'exit')
  expect([
    [null, 'SIGKILL'],
    [0, null],
  ]).toContainEqual(end)
  await playLetterScenario({ database, smtpUrl: server.url })
  await server.close()
  const doubled = await expectEveryDutyKept(database, server.bodies, name)
  return { killed: end[1] === 'SIGKILL', doubled }
}

async function expectEveryDutyKept(
  database: string,
  bodies: readonly string[],
  killedAt: string,
): Promise<number> {
  const stores = await openSqliteStores({ path: database })
  try {
    const outages = await stores.outages.outages(10)
    expect(outages, killedAt).toMatchObject([{ state: 'closed', letterDueAt: expect.any(Number) }])
    const { items } = await stores.outbox.list({ limit: 1000 })
    let copies = 0
    let doubled = 0
    for (const { id, state, kind } of items) {
      const stored = Buffer.from((await stores.outbox.get(id))?.mime ?? []).toString('latin1')
      const received = bodies.filter((body) => body === stored).length
      expect(received > 0, `${killedAt}: ${kind} is ${state}`).toBe(state === 'sent')
      copies += received
      if (received > 1) doubled++
    }
    // Every copy that came is one of a stored letter, byte for byte.
    expect(copies, killedAt).toBe(bodies.length)
    for (const recipient of SCENARIO_RECIPIENTS) {
      const left = items.filter((letter) => letter.recipient === recipient && letter.state === 'sent')
      const kinds = left.map(({ kind }) => kind).filter((kind) => kind !== 'update')
      expect([['recovery', 'initial'], ['combined']], killedAt).toContainEqual(kinds)
    }
    return doubled
  } finally {
    await stores.close()
  }
}
