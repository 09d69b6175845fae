import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { HistoryPoint } from '../../src/core/history/point.ts'
import { MINUTE } from '../../src/core/time.ts'
import type { Stores } from '../../src/ports.ts'
import type { HistoryOffer } from '../../src/workers/history-queue.ts'
import { tellHistory } from '../../src/workers/history-taps.ts'
import { flushOf, letter, outage, round, settlement, T0, transition } from '../support/store-rows.ts'

const NO_LETTERS = { letters: { add: [], supersede: [] }, audit: [] }

function openTold() {
  const points: HistoryPoint[] = []
  const offer: HistoryOffer = (items, point) => {
    for (const item of items) points.push(...[point(item)].filter((one) => one !== null))
  }
  const memory = createMemoryStores()
  const told = (): string[] =>
    points.splice(0).map(({ measurement, tags }) => [measurement, ...Object.values(tags)].join(' '))
  return { memory, stores: tellHistory(memory, offer), told }
}

test('changes of state are told when they are stored, by a flush or with a checkpoint, and not when that failed', async () => {
  const { memory, stores, told } = openTold()
  await stores.fleet.flush(flushOf({ transitions: [transition()] }))
  expect(told()).toEqual(['terminal_state gate stale fresh'])
  await stores.fleet.checkpoint({
    chunks: [],
    flush: flushOf({ transitions: [transition({ from: 'stale', to: 'fresh' })] }),
  })
  await stores.fleet.checkpoint({ chunks: [] })
  expect(told()).toEqual(['terminal_state gate fresh stale'])
  const flush = (): Promise<never> => Promise.reject(new Error('full'))
  const failing: Stores = { ...memory, fleet: { ...memory.fleet, flush } }
  const offered: unknown[] = []
  const { fleet } = tellHistory(failing, (items) => void offered.push(...items))
  await expect(fleet.flush(flushOf({ transitions: [transition()] }))).rejects.toThrow('full')
  expect(offered).toEqual([])
})

test('rounds are told, and clock steps are not', async () => {
  const { stores, told } = openTold()
  await stores.outages.append(round(T0))
  await stores.outages.append({ kind: 'step', at: T0, deltaMs: 1000 })
  expect(told()).toEqual(['probe service round ok', 'probe web http ok'])
})

test('an outage is told as it goes on, also by a service that was started in the middle of it', async () => {
  const { memory, stores, told } = openTold()
  const open = outage('20260101T000000Z', T0)
  await stores.outages.commit({ outages: [open], ...NO_LETTERS })
  await stores.outages.commit({ outages: [{ ...open, downMs: 5 * MINUTE }], ...NO_LETTERS })
  expect(told()).toEqual(['outage started'])

  const later: string[] = []
  const restarted = tellHistory(memory, (items, point) => {
    for (const item of items) later.push(String(point(item)?.tags['event']))
  })
  await restarted.outages.load()
  const due = { ...open, letterDueAt: T0 + 61 * MINUTE }
  await restarted.outages.commit({ outages: [due], ...NO_LETTERS })
  await restarted.outages.commit({
    outages: [{ ...due, state: 'closed', end: T0 + 70 * MINUTE }],
    ...NO_LETTERS,
  })
  expect(later).toEqual(['notice-due', 'ended'])
})

test('a letter is told with what became of it when its attempt has ended', async () => {
  const { stores, told } = openTold()
  const added = letter('initial', 'a@example.org')
  await stores.outbox.add([added])
  await stores.outbox.claim(T0, 10)
  expect(told()).toEqual([])
  await stores.outbox.settle(added.id, settlement('sent'))
  expect(told()).toEqual(['letter initial sent'])
})
